"""Examples: for each operation a program that runs, sync and async."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from specloom import ir
from specloom.docs.code import Arguments, call, is_object
from specloom.docs.samples import Samples
from specloom.ir.usage import is_redirection, preferred, results_of
from specloom.ir.words import singular, snake
from specloom.naming.identifiers import KEYWORDS
from specloom.naming.names import Names

Way = Literal["call", "stream", "poll"]


class Examples:
    """Writes the examples of one API.

    ``resources`` gives for each operation's pointer the attribute path of its resource;
    ``credentials`` the arguments that a client needs and the environment does not give,
    ``test_credentials`` those that it is given in a test.
    """

    def __init__(
        self,
        api: ir.Api,
        names: Names,
        resources: dict[str, str],
        credentials: Arguments,
        test_credentials: Arguments,
    ) -> None:
        self._api = api
        self._names = names
        self._resources = resources
        self._samples = Samples(api)
        self.client = api.settings.client
        self.credentials = credentials
        self.test_credentials = test_credentials
        self.constructor = call(self.client, credentials, column=len("client = "), indent=0)

    def program(self, operation: ir.Operation, way: Way = "call", *, given: Arguments = ()) -> str:
        """An example of a call, from the import on; ``given`` are more arguments of the client."""
        client = call(self.client, [*self.credentials, *given], column=len("client = "), indent=0)
        settings = self._api.settings
        return (
            f"from {settings.package} import {settings.client}\n\n"
            f"client = {client}\n"
            f"{self.use(operation, way)}"
        )

    def async_program(
        self, operation: ir.Operation, way: Way = "call", *, given: Arguments = ()
    ) -> str:
        """The same with the async client."""
        client = call(
            f"Async{self.client}",
            [*self.credentials, *given],
            column=15,
            indent=4,
            after=len(" as client:"),
        )
        settings = self._api.settings
        return (
            "import asyncio\n\n"
            f"from {settings.package} import Async{settings.client}\n\n\n"
            "async def main() -> None:\n"
            f"    async with {client} as client:\n"
            f"{self.use(operation, way, is_async=True, indent=8)}\n\n\n"
            "asyncio.run(main())"
        )

    def use(
        self,
        operation: ir.Operation,
        way: Way = "call",
        *,
        is_async: bool = False,
        indent: int = 0,
        extra: Arguments = (),
        client: str = "client",
    ) -> str:
        """A call on ``client``, and what one does with its result; all lines are indented."""
        result = result_of(operation, self._api, self._names)
        if way == "stream" and operation.stream is not None:
            result = stream_result(operation.stream, self._api)
        arguments = [*self.arguments(operation, way), *extra]
        function = f"{client}.{self.method(operation, way)}"
        before, after, rest = _around(result, is_async=is_async)
        column = indent + len(before)
        text = call(function, arguments, column=column, indent=indent, after=len(after))
        margin = " " * indent
        return "\n".join([margin + before + text + after, *(margin + line for line in rest)])

    def method(self, operation: ir.Operation, way: Way = "call") -> str:
        """The method's path under the client."""
        methods = self._names.polls if way == "poll" else self._names.methods
        resource = self._resources[operation.pointer]
        return ".".join(filter(None, [resource, methods[operation.pointer]]))

    def expression(self, operation: ir.Operation, *, column: int, view: str = "") -> str:
        """The call alone, from ``column`` on; ``view`` is an attribute of the resource to go by."""
        resource, _, method = self.method(operation).rpartition(".")
        function = ".".join(filter(None, ["client", resource, view, method]))
        return call(function, self.arguments(operation), column=column, indent=0)

    def answer(self, operation: ir.Operation) -> Any:
        """What the server might answer as JSON; None where it answers something else."""
        kinds = [(one.status.text, preferred(one, operation)) for one in operation.responses]
        for status, content in kinds:
            if content is None or content.kind != "json" or not status.startswith("2"):
                continue
            for one in operation.examples:
                is_its_own = (one.status, one.media_type) == (status, content.media_type)
                if is_its_own and self._samples.accepts(one.value, content.type, request=False):
                    return one.value
            return self._samples.of_type(content.type, ("value",), request=False)
        return None

    def arguments(self, operation: ir.Operation, way: Way = "call") -> list[tuple[str, Any]]:
        """What an example gives: what is required, and what the description's example holds."""
        given = self._names.arguments[operation.pointer]
        path = [one for one in operation.parameters if one.location == "path"]
        found = [("", self._samples.of_parameter(one, operation.path)) for one in path[-1:]]
        found += [
            (given[(one.location, one.wire_name)], self._samples.of_parameter(one, operation.path))
            for one in (*path[:-1], *(p for p in operation.parameters if p.location != "path"))
            if one.required and one.constant is None
        ]
        stream = operation.stream
        if way == "stream" and stream is not None and stream.location == "query" and stream.when:
            found.append((given[stream.switch], True))
        return [*found, *self._body(operation, given, way)]

    def _body(
        self, operation: ir.Operation, given: dict[tuple[str, str], str], way: Way
    ) -> Iterator[tuple[str, Any]]:
        body = operation.body
        if body is None:
            return
        examples = [
            one.value
            for one in operation.examples
            if one.status is None and one.media_type == body.media_type
        ]
        if body.fields is None:
            yield from self._whole_body(body, given[("body", "")], examples)
            return
        switch = operation.stream.when if operation.stream is not None else None
        example = self._fitting(body.fields, examples)
        for field in sorted(body.fields, key=lambda one: not one.required):
            name = given[("body", field.wire_name)]
            if field.wire_name == switch:
                if way == "stream":
                    yield name, True
            elif field.wire_name in example:
                yield name, example[field.wire_name]
            elif field.required:
                yield name, self._samples.of_field(field)

    def _whole_body(
        self, body: ir.RequestBody, name: str, examples: list[Any]
    ) -> Iterator[tuple[str, Any]]:
        fitting = [one for one in examples if self._samples.accepts(one, body.type, request=True)]
        if fitting:
            yield name, fitting[0]
        elif body.required:
            yield name, self._samples.of_type(body.type, ("body",), request=True)

    def _fitting(self, fields: tuple[ir.Field, ...], examples: list[Any]) -> dict[str, Any]:
        """What fits of the description's first example."""
        example = examples[0] if examples and is_object(examples[0]) else {}
        return {
            field.wire_name: example[field.wire_name]
            for field in fields
            if field.wire_name in example
            and self._samples.accepts(example[field.wire_name], field.type, request=True)
        }


def _around(result: Result, *, is_async: bool) -> tuple[str, str, list[str]]:
    """What stands before and after a call on its line, and the lines that follow."""
    wait, prefix = ("await ", "async ") if is_async else ("", "")
    if result.kind == "page":
        return f"{prefix}for {result.name} in ", ":", [f"    print({result.shown})"]
    if result.kind == "stream":
        loop = f"    {prefix}for {result.name} in stream:"
        return f"{prefix}with {wait}", " as stream:", [loop, f"        print({result.shown})"]
    if result.kind == "nothing":
        return wait, "", []
    if result.kind == "bytes":
        return f"{result.name} = {wait}", "", [f'{result.name}.write_to_file("download")']
    return f"{result.name} = {wait}", "", [f"print({result.shown})"]


Kind = Literal["page", "stream", "nothing", "bytes", "value"]

# Names that an example uses itself, or that a reader would take for something else.
_TAKEN = KEYWORDS | frozenset(
    "client main asyncio print page stream event httpx2 type object list dict str int float bool"
    " bytes set id input iter next open range sum max min map filter all any file dir".split()
)
_TELLING = ("id", "name", "title", "status")


@dataclass(frozen=True, slots=True)
class Result:
    """The result of a call: its kind, a variable's name for it (of a page: for an item), and an
    expression worth printing."""

    kind: Kind
    name: str
    shown: str


def result_of(operation: ir.Operation, api: ir.Api, names: Names) -> Result:
    """What a plain call of an operation gives, without a stream where that is a choice."""
    if operation.pagination is not None:
        result = _value("page", operation.pagination.item_type, api, names)
        return _as_resource_item(result, operation)
    if operation.stream is not None and operation.stream.is_always:
        return stream_result(operation.stream, api)
    contents = list(results_of(operation))
    if not contents and any(is_redirection(one, operation) for one in operation.responses):
        return Result("value", "result", "result.location")
    if all(content is None for content in contents):
        return Result("nothing", "", "")
    if len(contents) == 1 and contents[0] is not None:
        if contents[0].kind == "binary":
            return Result("bytes", "content", "")
        if contents[0].kind == "json":
            return _value("value", contents[0].type, api, names)
    return Result("value", "result", "result")


def stream_result(stream: ir.Stream, api: ir.Api) -> Result:
    """What a call gives that streams."""
    if not stream.envelope:
        return Result("stream", "event", "event")
    named = api.types[stream.type.key] if isinstance(stream.type, ir.Ref) else None
    has_no_name = isinstance(named, ir.Model) and all(
        field.wire_name != "event" for field in named.fields
    )
    return Result("stream", "event", "event.data" if has_no_name else "event.event")


def _as_resource_item(result: Result, operation: ir.Operation) -> Result:
    """The item of a page by the name of its resource, where its type has a long name or none.

    ``for worker in client.workers.list()`` for items of the type ``SchemasWorkerResponse``.
    """
    resource = operation.resource[-1] if operation.resource else ()
    name = snake(singular(resource))
    is_usable = name.isidentifier() and name.isascii() and name not in _TAKEN
    is_plural = bool(resource) and singular(resource)[-1] != "item"
    is_long = result.name == "item" or result.name.count("_") > 1
    if not (is_plural and is_usable and is_long):
        return result
    return Result(result.kind, name, result.shown.replace(result.name, name, 1))


def _value(kind: Kind, type_ref: ir.TypeRef, api: ir.Api, names: Names) -> Result:
    named = api.types[type_ref.key] if isinstance(type_ref, ir.Ref) else None
    if named is None:
        plain = "item" if kind == "page" else "result"
        return Result(kind, plain, plain)
    name = snake(named.name)
    if len(named.name) > 3 or name in _TAKEN or not name.isidentifier() or not name.isascii():
        name = "item" if kind == "page" else "result"
    return Result(kind, name, _telling(named, name, names))


def _telling(named: ir.NamedType, name: str, names: Names) -> str:
    """The attribute that says the most in a line; the whole thing if none does."""
    required = {
        field.wire_name
        for field in (named.fields if isinstance(named, ir.Model) else ())
        if field.required and not field.write_only and _is_plain(field.type)
    }
    wire_name = next((each for each in _TELLING if each in required), None)
    return f"{name}.{names.fields[named.key][wire_name]}" if wire_name else name


def _is_plain(type_ref: ir.TypeRef) -> bool:
    return isinstance(type_ref, ir.Literal | ir.Ref) or type_ref in (
        ir.Scalar("string"),
        ir.Scalar("integer"),
    )
