"""``api.md``: every operation on a few lines, with its call and its types."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from specloom import ir
from specloom.docs.pages import Deprecation, Pages, either, literal_code
from specloom.docs.places import API_LIST, Place, guide, href, resource_place
from specloom.docs.prose import code
from specloom.docs.resources import Sections, has_switch, inputs_of
from specloom.naming.identifiers import CONTENT_TYPE
from specloom.naming.names import address_of, all_resources, client_path
from specloom.sdk.method_docstrings import place_of
from specloom.sdk.views import PlannedFile

Arguments: TypeAlias = dict[tuple[str, str], str]
"""The names of the arguments of an operation, by place and wire name."""


class Call(NamedTuple):
    """A method; every text is Markdown. Texts that do not apply are empty."""

    link: str
    call: str
    endpoint: str
    types: str
    result: str
    deprecated: str


class _Input(NamedTuple):
    """An argument: its name, its types with links, and whether a call needs it."""

    name: str
    types: str
    required: bool


def api_list(pages: Pages) -> PlannedFile:
    """The file of all calls, sorted by resource."""
    listed = _Calls(pages)
    found = [(one, list(listed.of(one))) for one in all_resources(pages.api.resources)]
    context = {
        "distribution": pages.api.settings.distribution,
        "client": pages.api.settings.client,
        "options": href(guide("configuration", "options-of-one-call"), API_LIST),
        "resources": [
            (f"[`{client_path(one)}`]({href(resource_place(one.path), API_LIST)})", calls)
            for one, calls in found
            if calls
        ],
    }
    return PlannedFile(API_LIST, "api.md.j2", context)


class _Calls:
    """Writes the calls of one API."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._names = pages.names
        self._wording = pages.wording(API_LIST)
        self._deprecation = Deprecation(pages.names, pages.places, API_LIST)
        self._sections = Sections(
            pages.names, pages.places, self._wording, pages.examples, pages.meanings
        )

    def of(self, resource: ir.Resource) -> Iterator[Call]:
        """The methods of a resource, polling methods included."""
        for operation in resource.operations:
            inputs = list(self._inputs(operation))
            stream = ""
            if has_switch(operation):
                stream = f", or {self._sections.streaming(operation)} for a stream"
            method = self._names.methods[operation.pointer]
            yield self._call(operation, resource, method, inputs, stream)
            if operation.poll is not None:
                method = self._names.polls[operation.pointer]
                yield self._call(operation, resource, method, self._polling(operation, inputs))

    def _call(
        self,
        operation: ir.Operation,
        resource: ir.Resource,
        method: str,
        inputs: list[_Input],
        stream: str = "",
    ) -> Call:
        place = Place(self._pages.places.operation(operation).page, method)
        has_path = any(one.location == "path" for one in operation.parameters)
        return Call(
            link=f"[`{method}`]({href(place, API_LIST)})",
            call=code(f"client.{address_of(resource, method)}({_signature(inputs, has_path)})"),
            endpoint=code(f"{operation.http_method} {operation.path}"),
            types="; ".join(f"`{one.name}`: {one.types}" for one in inputs),
            result=self._sections.returns(operation) + stream,
            deprecated=self._deprecation.operation(operation),
        )

    def _inputs(self, operation: ir.Operation) -> Iterator[_Input]:
        given = self._names.arguments[operation.pointer]
        body = operation.body
        # A body of another media type has other fields.
        optional = body.fields or () if body is not None and body.alternatives else ()
        for one in inputs_of(operation):
            yield self._input(given, one, one.required and one not in optional)
        if body is None:
            return
        kinds = [body, *body.alternatives]
        if any(kind.fields is None for kind in kinds):
            types = either(self._wording.written(one.type) for one in kinds if one.fields is None)
            yield _Input(given["body", ""], types, body.required and not body.alternatives)
        known = {one.wire_name for one in body.fields or ()}
        for one in [one for kind in body.alternatives for one in kind.fields or ()]:
            if one.wire_name not in known:
                known.add(one.wire_name)
                yield self._input(given, one, False)
        if body.alternatives:
            types = either(literal_code(kind.media_type) for kind in body.kinds())
            yield _Input(CONTENT_TYPE, types, False)

    def _input(self, given: Arguments, one: ir.Parameter | ir.Field, required: bool) -> _Input:
        return _Input(
            given[place_of(one), one.wire_name], self._wording.written(one.type), required
        )

    def _polling(self, operation: ir.Operation, inputs: list[_Input]) -> list[_Input]:
        switch = operation.stream.switch if operation.stream and has_switch(operation) else None
        left_out = self._names.arguments[operation.pointer][switch] if switch else ""
        kept = [one for one in inputs if one.name != left_out]
        limits = {"poll_interval": "`float`", "poll_timeout": "`float` or `None`"}
        return [*kept, *(_Input(name, types, False) for name, types in limits.items())]


def _signature(inputs: list[_Input], has_path: bool) -> str:
    """The arguments: the last path parameter by position, all others by name."""
    texts = [one.name if one.required else f"{one.name}=..." for one in inputs]
    if has_path:
        return ", ".join([texts[0], "*", *texts[1:]] if texts[1:] else texts)
    return ", ".join(["*", *texts] if texts else [])
