"""Examples: for an operation, a program that runs, sync and async."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from specloom import ir
from specloom.names import Names
from specloom.plan.pages.code import Arguments, call
from specloom.plan.pages.fitting import fits
from specloom.plan.pages.results import Result, result_of
from specloom.plan.pages.samples import Samples


class Examples:
    """Writes the examples of one API.

    ``paths`` gives for each operation's pointer the method's path under the client, ``credentials``
    the arguments that a client needs and the environment does not give.
    """

    def __init__(
        self, api: ir.Api, names: Names, paths: dict[str, str], credentials: Arguments
    ) -> None:
        self._api = api
        self._names = names
        self._paths = paths
        self._samples = Samples(api)
        self.constructor = call(
            api.settings.client, credentials, column=len("client = "), indent=0
        )
        self.async_constructor = call(
            f"Async{api.settings.client}", credentials, column=15, indent=4, after=len(" as client:")
        )

    def program(self, operation: ir.Operation, *, streaming: bool = False) -> str:
        """An example of a call, from the import on."""
        settings = self._api.settings
        lines = self.use(operation, streaming=streaming)
        return "\n".join(
            [
                f"from {settings.package} import {settings.client}",
                "",
                f"client = {self.constructor}",
                *lines,
            ]
        )

    def async_program(self, operation: ir.Operation, *, streaming: bool = False) -> str:
        """The same with the async client."""
        settings = self._api.settings
        lines = self.use(operation, streaming=streaming, is_async=True, indent=8)
        return "\n".join(
            [
                "import asyncio",
                "",
                f"from {settings.package} import Async{settings.client}",
                "",
                "",
                "async def main() -> None:",
                f"    async with {self.async_constructor} as client:",
                *lines,
                "",
                "",
                "asyncio.run(main())",
            ]
        )

    def use(
        self,
        operation: ir.Operation,
        *,
        streaming: bool = False,
        is_async: bool = False,
        indent: int = 0,
        extra: Arguments = (),
    ) -> list[str]:
        """A call, and what one does with its result."""
        result = result_of(operation, self._api, self._names)
        if streaming and operation.stream is not None:
            result = Result("stream", "event", _shown_event(operation.stream))
        text = _Statement(is_async, indent)
        arguments = [*self.arguments(operation, streaming=streaming), *extra]

        def called(before: str, after: str = "") -> str:
            return before + call(
                f"client.{self._paths[operation.pointer]}",
                arguments,
                column=indent + len(before),
                indent=indent,
                after=len(after),
            ) + after

        return [text.margin + line for line in text.lines(result, called)]

    def arguments(self, operation: ir.Operation, *, streaming: bool = False) -> list[tuple[str, Any]]:
        """What an example gives: what is required, and what the description's example holds."""
        given = self._names.arguments[operation.pointer]
        path = [one for one in operation.parameters if one.location == "path"]
        found = [("", self._samples.of_parameter(one)) for one in path[-1:]]
        found += [
            (given[(one.location, one.wire_name)], self._samples.of_parameter(one))
            for one in (*path[:-1], *(p for p in operation.parameters if p.location != "path"))
            if one.required and one.constant is None
        ]
        return [*found, *self._body(operation, given, streaming=streaming)]

    def _body(
        self, operation: ir.Operation, given: dict[tuple[str, str], str], *, streaming: bool
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
                if streaming:
                    yield name, True
            elif field.wire_name in example:
                yield name, example[field.wire_name]
            elif field.required:
                yield name, self._samples.of_field(field)

    def _whole_body(
        self, body: ir.RequestBody, name: str, examples: list[Any]
    ) -> Iterator[tuple[str, Any]]:
        fitting = [one for one in examples if fits(one, body.type, self._api, request=True)]
        if fitting:
            yield name, fitting[0]
        elif body.required:
            yield name, self._samples.of_type(body.type, ("body",), request=True)

    def _fitting(self, fields: tuple[ir.Field, ...], examples: list[Any]) -> dict[str, Any]:
        """What fits of the description's first example."""
        example = examples[0] if examples and isinstance(examples[0], dict) else {}
        return {
            field.wire_name: example[field.wire_name]
            for field in fields
            if field.wire_name in example
            and fits(example[field.wire_name], field.type, self._api, request=True)
        }

    def response(self, operation: ir.Operation) -> Any:
        """What the server might answer: the description's example, or a made-up one."""
        for one in operation.examples:
            if one.status is not None and one.status.startswith("2") and "json" in (one.media_type or ""):
                return one.value
        return None


@dataclass(frozen=True, slots=True)
class _Statement:
    """The statements around a call, for one of sync and async."""

    is_async: bool
    indent: int

    @property
    def margin(self) -> str:
        return " " * self.indent

    def lines(self, result: Result, called: Callable[..., str]) -> list[str]:
        wait, prefix = ("await ", "async ") if self.is_async else ("", "")
        if result.kind == "page":
            return [called(f"{prefix}for {result.name} in ", ":"), f"    print({result.shown})"]
        if result.kind == "stream":
            return [
                called(f"{prefix}with {wait}", " as stream:"),
                f"    {prefix}for {result.name} in stream:",
                f"        print({result.shown})",
            ]
        if result.kind == "nothing":
            return [called(wait)]
        assigned = called(f"{result.name} = {wait}")
        if result.kind == "bytes":
            return [assigned, f'{result.name}.write_to_file("download")']
        return [assigned, f"print({result.shown})"]


def _shown_event(stream: ir.Stream) -> str:
    return "event.event" if stream.envelope else "event"
