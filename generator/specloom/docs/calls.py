"""Examples: for each operation a complete program, sync and async."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from specloom import ir
from specloom.docs.samples import Samples
from specloom.errors import Problems, did_you_mean
from specloom.ir.usage import is_redirection, preferred, results_of
from specloom.ir.words import one_of_many, singular, snake
from specloom.layout import Arguments, call
from specloom.naming.identifiers import KEYWORDS
from specloom.naming.names import Names

Way = Literal["call", "stream", "poll"]


class Examples:
    """Writes the examples of one API.

    ``resources``: the attribute path of the resource by the operation's pointer. ``credentials``:
    the arguments of a client that the environment does not provide; ``test_credentials``: the same
    in a test.
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
        self._readme = readme_operation(api, names)
        self.client = api.settings.client
        self.credentials = credentials
        self.test_credentials = test_credentials
        self.constructor = call(self.client, credentials, column=len("client = "), indent=0)

    def with_base_url(self, url: str) -> Examples:
        """The same examples with a base URL in every client."""
        given = [*self.credentials, ("base_url", url)]
        return Examples(self._api, self._names, self._resources, given, self.test_credentials)

    def program(self, operation: ir.Operation, way: Way = "call") -> str:
        """An example of a call with its imports."""
        settings = self._api.settings
        return (
            f"from {settings.package} import {settings.client}\n\n"
            f"client = {self.constructor}\n"
            f"{self.use(operation, way)}"
        )

    def async_program(self, operation: ir.Operation, way: Way = "call") -> str:
        """The same with the async client."""
        client = call(
            f"Async{self.client}",
            self.credentials,
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
        """A call on ``client``, and the use of its result; all lines are indented."""
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
        """The call alone, starting at ``column``; ``view`` is an attribute of the resource."""
        resource, _, method = self.method(operation).rpartition(".")
        function = ".".join(filter(None, ["client", resource, view, method]))
        return call(function, self.arguments(operation), column=column, indent=0)

    def answer(self, operation: ir.Operation) -> Any:
        """A possible response as JSON; None if the response is not JSON."""
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

    def by_hand(self, operation: ir.Operation) -> tuple[str, str]:
        """An expression that builds the model of a result, and the attribute that it sets.

        Both are empty if the result is no model, or has no field of text, numbers or booleans.
        """
        key, values = self._model_of(operation), self.answer(operation)
        attributes = self._names.fields.get(key, {})
        for wire_name, value in values.items() if isinstance(values, dict) and attributes else ():
            if isinstance(value, (str, int, float)) and wire_name in attributes:
                attribute, given = attributes[wire_name], [(attributes[wire_name], value)]
                build = f"types.{self._names.types[key]}.model_construct"
                return call(build, given, column=len("value = "), indent=0), attribute
        return "", ""

    def _model_of(self, operation: ir.Operation) -> str:
        """The key of the type of the result; empty if it has no name."""
        contents = (one for one in results_of(operation) if one is not None and one.kind == "json")
        return next((one.type.key for one in contents if isinstance(one.type, ir.Ref)), "")

    def arguments(self, operation: ir.Operation, way: Way = "call") -> list[tuple[str, Any]]:
        """The values of an example: required inputs, and those of the description's example.

        For the README's first call, the arguments in x-sdk.
        """
        found, readme = self._arguments(operation, way), self._api.settings.readme
        if readme is None or self._readme is not operation or way != "call":
            return found
        path = operation.path_parameters()
        names = self._names.arguments[operation.pointer]
        positional = names[("path", path[0].wire_name)] if path else ""
        own = {"" if name == positional else name: value for name, value in readme.arguments}
        return [*((name, own.pop(name, one)) for name, one in found), *own.items()]

    def _arguments(self, operation: ir.Operation, way: Way) -> list[tuple[str, Any]]:
        given = self._names.arguments[operation.pointer]
        path = [one for one in operation.path_parameters() if one.required]
        first, rest = path[: operation.positions], path[operation.positions :]
        found = [("", self._samples.of_parameter(one, operation.path)) for one in first]
        found += [
            (given[(one.location, one.wire_name)], self._samples.of_parameter(one, operation.path))
            for one in (*rest, *(p for p in operation.parameters if p.location != "path"))
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
        """The valid part of the description's first example."""
        example = examples[0] if examples and isinstance(examples[0], dict) else {}
        return {
            field.wire_name: example[field.wire_name]
            for field in fields
            if field.wire_name in example
            and self._samples.accepts(example[field.wire_name], field.type, request=True)
        }


def _around(result: Result, *, is_async: bool) -> tuple[str, str, list[str]]:
    """The text before and after a call on its line, and the lines that follow."""
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

# Names that an example uses itself, or that would confuse a reader.
_TAKEN = KEYWORDS | frozenset(
    "client main asyncio print page stream event httpx2 type object list dict str int float bool"
    " bytes set id input iter next open range sum max min map filter all any file dir".split()
)
_TELLING = ("id", "name", "title", "status")


@dataclass(frozen=True, slots=True)
class Result:
    """The result of a call: its kind, its variable (of a page: an item), and what to print."""

    kind: Kind
    name: str
    shown: str


def result_of(operation: ir.Operation, api: ir.Api, names: Names) -> Result:
    """The result of a plain call, without a stream if that is optional."""
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
            result = _value("value", contents[0].result, api, names)
            return _by_resource(result, contents[0].result, operation, api)
    return Result("value", "result", "result")


def stream_result(stream: ir.Stream, api: ir.Api) -> Result:
    """The result of a streaming call."""
    if not stream.envelope:
        return Result("stream", "event", "event")
    named = api.types[stream.type.key] if isinstance(stream.type, ir.Ref) else None
    has_no_name = isinstance(named, ir.Model) and all(
        field.wire_name != "event" for field in named.fields
    )
    return Result("stream", "event", "event.data" if has_no_name else "event.event")


_OF_ONE = frozenset("create retrieve get update replace".split())


def _by_resource(
    result: Result, type_ref: ir.TypeRef, operation: ir.Operation, api: ir.Api
) -> Result:
    """A result whose type is named after its method gets the name of its resource, if it is one."""
    named = api.types[type_ref.key] if isinstance(type_ref, ir.Ref) else None
    if named is None or named.wire_name or snake(named.name[-1:]) != "response":
        return result
    plain = Result(result.kind, "result", result.shown.replace(result.name, "result", 1))
    if snake(operation.name) not in _OF_ONE:
        return plain
    by_resource = _as_resource_item(replace(plain, name="item"), operation)
    if by_resource.name == "item":
        return plain
    return replace(by_resource, shown=plain.shown.replace("result", by_resource.name, 1))


def _as_resource_item(result: Result, operation: ir.Operation) -> Result:
    """The item of a page gets the name of its resource if its type has a long name or none.

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
    plain = "item" if kind == "page" else "result"
    named = api.types[type_ref.key] if isinstance(type_ref, ir.Ref) else None
    if named is None:
        return Result(kind, plain, plain)
    words = named.name[:-1] if re.fullmatch(r"[vV]\d+", named.name[-1]) else named.name
    name = snake(one_of_many(words) if kind == "page" else words)
    if len(words) > 3 or name in _TAKEN or not name.isidentifier() or not name.isascii():
        name = plain
    return Result(kind, name, _telling(named, name, names))


def _telling(named: ir.NamedType, name: str, names: Names) -> str:
    """The most informative attribute for one line; the whole value if there is none."""
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


def inputs_of(operation: ir.Operation) -> list[ir.Parameter | ir.Field]:
    """The parameters and the fields of the body, in the order of the arguments."""
    entries: list[ir.Parameter | ir.Field] = [*operation.path_parameters()]
    others: list[ir.Parameter | ir.Field] = [
        *(operation.body.fields or () if operation.body else ()),
        *(one for one in operation.parameters if one.location != "path" and one.constant is None),
    ]
    return entries + sorted(others, key=lambda one: not one.required)


def has_switch(operation: ir.Operation) -> bool:
    """Whether an argument requests a stream."""
    stream = operation.stream
    return stream is not None and stream.when is not None and not stream.is_inside


def readme_operation(api: ir.Api, names: Names) -> ir.Operation | None:
    """The operation that x-sdk selects for the start of the README, if it exists."""
    if api.settings.readme is None:
        return None
    wanted, operations = api.settings.readme.operation, api.operations()
    by_address = (one for one in operations if names.addresses[one.pointer] == wanted)
    by_id = (one for one in operations if one.id == wanted)
    return next(by_address, None) or next(by_id, None)


def check_readme(api: ir.Api, names: Names, root: str, problems: Problems) -> None:
    """Report an operation or an argument of `x-sdk.readme` that does not exist."""
    readme = api.settings.readme
    if readme is None:
        return
    place, operation = f"{root}/x-sdk/readme", readme_operation(api, names)
    if operation is None:
        known = {*names.addresses.values(), *(one.id for one in api.operations())}
        message = f"no operation of the SDK is named {readme.operation!r}"
        hint = _nearest(readme.operation, known)
        problems.error("bad-x-sdk", message, f"{place}/operation", hint)
        return
    given = set(names.arguments[operation.pointer].values())
    for name, _ in readme.arguments:
        if name not in given:
            message = f"client.{names.addresses[operation.pointer]} has no argument {name!r}"
            hint = _nearest(name, given)
            key = name.replace("~", "~0").replace("/", "~1")  # RFC 6901 §4
            problems.error("bad-x-sdk", message, f"{place}/arguments/{key}", hint)


def _nearest(name: str, known: set[str]) -> str:
    return did_you_mean(name, known, f"known: {', '.join(sorted(known)[:10])}")
