"""A page for each resource with a section for each operation, and ``api.md``, the list of calls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from specloom import ir
from specloom.docs.calls import has_switch, inputs_of
from specloom.docs.pages import (
    Addition,
    Deprecation,
    Pages,
    addition,
    default_phrases,
    deprecated_mark,
    either,
    error_entries,
    limit_phrases,
    literal_code,
)
from specloom.docs.places import API_LIST, INDEX, Place, guide, href, resource_place
from specloom.docs.prose import block, code, item
from specloom.ir.usage import is_redirection, results_of
from specloom.layout import literal
from specloom.naming.identifiers import CONTENT_TYPE, class_name
from specloom.naming.names import (
    PAGE_STYLES,
    address_of,
    all_resources,
    client_path,
    page_classes,
    resource_class,
)
from specloom.sdk.method_docstrings import place_of, what_it_does
from specloom.sdk.views import PlannedFile


def resource_pages(pages: Pages) -> Iterator[PlannedFile]:
    """The page of every resource."""
    for resource in all_resources(pages.api.resources):
        page = resource_place(resource.path).page
        added = addition(resource_class(resource), resource.mixin, pages.include, page)
        context = _context(resource, pages, page, added)
        yield PlannedFile(page, "docs/resources/resource.md.j2", context)


def _context(
    resource: ir.Resource, pages: Pages, page: str, added: Addition | None
) -> dict[str, object]:
    sections = Sections(pages, page)
    return {
        "path": client_path(resource),
        "description": block(resource.description, page),
        "index": href(Place(INDEX), page),
        "options": href(guide("configuration", "options-of-one-call"), page),
        "contents": list(_contents(resource, pages, page)),
        "sections": [*_sections(resource, sections)],
        "former": list(_former(resource, pages, page, is_alias=False)),
        "aliases": list(_former(resource, pages, page, is_alias=True)),
        "addition": added,
    }


def _former(resource: ir.Resource, pages: Pages, page: str, *, is_alias: bool) -> Iterator[str]:
    """The former names of methods, or aliases."""
    deprecation = Deprecation(pages, page)
    names = tuple(one for one in resource.former if one.is_alias == is_alias)
    resource = replace(resource, former=names)
    for former, note in deprecation.former(resource, pages.places.operations):
        yield f"{former}: {note}"


def _sections(resource: ir.Resource, sections: Sections) -> Iterator[Section]:
    for operation in resource.operations:
        yield sections.section(operation)
        if operation.poll is not None:
            yield sections.waiting(operation, operation.poll)


def _contents(resource: ir.Resource, pages: Pages, page: str) -> Iterator[str]:
    """Sentences: the methods, and the resources below."""
    names = [
        name
        for one in resource.operations
        for name in (pages.names.methods[one.pointer], pages.names.polls.get(one.pointer, ""))
    ]
    methods = [f"[`{name}`](#{name})" for name in names if name]
    children = [
        f"[`{client_path(child)}`]({href(resource_place(child.path), page)})"
        for child in resource.children
    ]
    if methods:
        yield f"Methods: {', '.join(methods)}."
    if children:
        yield f"Sub-resources: {', '.join(children)}."


@dataclass(frozen=True, slots=True)
class Section:
    """An operation; every text is Markdown. Texts that do not apply are empty."""

    name: str
    description: str
    deprecated: str
    endpoint: str
    id: str
    example: str
    async_example: str
    arguments: list[str]
    returns: str
    streaming: str
    switch: str
    streaming_example: str
    errors: list[str]


class Sections:
    """Makes the sections of one page."""

    def __init__(self, pages: Pages, page: str) -> None:
        self._names = pages.names
        self._places = pages.places
        self._wording = pages.wording(page)
        self._examples = pages.examples
        self._meanings = pages.meanings
        self._page = page
        self._deprecation = Deprecation(pages, page)

    def section(self, operation: ir.Operation) -> Section:
        """The section of an operation."""
        switched = has_switch(operation)
        return Section(
            name=self._names.methods[operation.pointer],
            description=block(what_it_does(operation), self._page),
            deprecated=self._deprecation.operation(operation),
            endpoint=code(f"{operation.http_method} {operation.path}"),
            id=code(operation.id) if operation.has_own_id else "",
            example=self._examples.program(operation),
            async_example=self._examples.async_program(operation),
            arguments=list(self._arguments(operation)),
            returns=self.returns(operation),
            streaming=self.streaming(operation) if switched else "",
            switch=self._switch(operation),
            streaming_example=self._examples.program(operation, "stream") if switched else "",
            errors=error_entries(operation, self._meanings, self._page),
        )

    def waiting(self, operation: ir.Operation, poll: ir.Poll) -> Section:
        """The section of the polling method of an operation."""
        plain = self._link(operation)
        tree = href(guide("errors", "exception-hierarchy"), self._page)
        return replace(
            self.section(operation),
            name=self._names.polls[operation.pointer],
            description=self._how_it_waits(plain, poll),
            example=self._examples.program(operation, "poll"),
            async_example=self._examples.async_program(operation, "poll"),
            arguments=list(self._waiting_arguments(plain, operation, poll)),
            streaming="",
            errors=[
                f"- [`PollTimeoutError`]({tree}): The job did not end in time.",
                f"- the errors of {plain}",
            ],
        )

    def _how_it_waits(self, plain: str, poll: ir.Poll) -> str:
        # A subset of operations may lack the one that reads the state; then it has no page.
        reading = self._places.operations.get(poll.read)
        again = self._link(reading) if reading else "the operation that reads the state"
        first = f"Calls {plain}, then {again}" if again != plain else f"Calls {plain}"
        states = either(literal_code(state) for state in poll.until)
        ending = f"until {code(poll.field)} is {states}. Returns the last result."
        return f"{first} repeatedly, {ending}"

    def _link(self, operation: ir.Operation) -> str:
        place = self._places.operation(operation)
        return f"[`{self._names.methods[operation.pointer]}`]({href(place, self._page)})"

    def _waiting_arguments(
        self, plain: str, operation: ir.Operation, poll: ir.Poll
    ) -> Iterator[str]:
        stream = operation.stream
        given = self._names.arguments[operation.pointer]
        switch = given[stream.switch] if stream and has_switch(operation) else ""
        yield f"- the arguments of {plain}{f', except `{switch}`' if switch else ''}"
        interval = f"Default: the server's value, else {poll.interval:g}."
        yield f"- `poll_interval` (`float`): Seconds between two requests. {interval}"
        default = "" if poll.timeout is None else f", default `{poll.timeout:g}`"
        limit = "Maximum wait in seconds; `None` for no limit."
        yield f"- `poll_timeout` (`float` or `None`{default}): {limit}"

    def _arguments(self, operation: ir.Operation) -> Iterator[str]:
        given = self._names.arguments[operation.pointer]
        body = operation.body
        for one in inputs_of(operation):
            yield self._argument(given, one)
        if body is not None and body.fields is None:
            yield self._whole_body(given[("body", "")], body)
        if body is not None and body.alternatives:
            yield from self._other_kinds(body, given)

    def _argument(
        self, given: dict[tuple[str, str], str], one: ir.Parameter | ir.Field, *also: str
    ) -> str:
        name = given[(place_of(one), one.wire_name)]
        beside = {wire: name for (_, wire), name in given.items()} if one.deprecated else {}
        marks = [
            self._wording.written(one.type),
            *(["required"] if one.required else []),
            *limit_phrases(one.limits),
            *default_phrases(one.default),
            *deprecated_mark(one, beside),
            *also,
        ]
        return _entry(name, marks, one.description, self._page)

    def _whole_body(self, name: str, body: ir.RequestBody, *also: str) -> str:
        marks = [self._wording.written(body.type), *(["required"] if body.required else []), *also]
        return _entry(name, marks, body.description or "The request body.", self._page)

    def _other_kinds(
        self, body: ir.RequestBody, given: dict[tuple[str, str], str]
    ) -> Iterator[str]:
        """The arguments of the body's other media types."""
        kinds = either(literal_code(kind.media_type) for kind in body.kinds())
        description = "The media type of the body. Default: the first one."
        yield _entry(CONTENT_TYPE, [kinds], description, self._page)
        known = {field.wire_name for field in body.fields or ()}
        for kind in body.alternatives:
            only = f"with {code(f'{CONTENT_TYPE}={literal(kind.media_type)}')}"
            if kind.fields is None:
                yield self._whole_body(given[("body", "")], kind, only)
            for field in kind.fields or ():
                if field.wire_name not in known:
                    yield self._argument(given, field, only)

    def returns(self, operation: ir.Operation) -> str:
        """The type of the result, with links."""
        pages, stream = operation.pagination, operation.stream
        if pages is not None:
            page = f"Sync{PAGE_STYLES[pages.style]}Page"
            if pages.name:
                page = page_classes(pages.name)[0]
            address = href(guide("pages"), self._page)
            items = self._wording.read(pages.item_type)
            return f"[`{page}`]({address}) of {items}: iterating fetches all pages"
        if stream is not None and stream.is_always:
            return self.streaming(operation)
        found = [
            self._content(one) for one in results_of(operation) if one is None or not one.is_stream
        ]
        if any(is_redirection(one, operation) for one in operation.responses):
            found.append("`Redirection`")
        if stream is not None and not has_switch(operation):
            found.append(self.streaming(operation))
        return either(found or ["`None`"])

    def _content(self, content: ir.Content | None) -> str:
        if content is None:
            return "`None`"
        if content.kind == "binary":
            return f"[`BinaryContent`]({href(guide('files', 'downloads'), self._page)})"
        return self._wording.read(content.result)

    def _switch(self, operation: ir.Operation) -> str:
        if operation.stream is None or not has_switch(operation):
            return ""
        return f"`{self._names.arguments[operation.pointer][operation.stream.switch]}=True`"

    def streaming(self, operation: ir.Operation) -> str:
        """The type of the stream, with links."""
        stream: Any = operation.stream
        name = class_name(stream.name) if stream.name else "Stream"
        address = href(guide("streams", name.lower() if stream.name else ""), self._page)
        return f"[`{name}`]({address}) of {self._wording.read(stream.type)}"


def _entry(name: str, marks: list[str], description: str, page: str) -> str:
    label = f"`{name}` ({', '.join(marks)})"
    return item(f"{label}:" if description.strip() else label, description, page)


class _Input(NamedTuple):
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
        self._deprecation = Deprecation(pages, API_LIST)
        self._sections = Sections(pages, API_LIST)

    def of(self, resource: ir.Resource) -> Iterator[dict[str, str]]:
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
    ) -> dict[str, str]:
        """The texts of a method as Markdown; those that do not apply are empty."""
        place = Place(self._pages.places.operation(operation).page, method)
        positions = len(operation.positional_parameters())
        if operation.has_positional_body:
            body = self._names.arguments[operation.pointer]["body", ""]
            others = sorted(inputs[positions:], key=lambda one: one.name != body)
            inputs, positions = [*inputs[:positions], *others], positions + 1
        signature = _signature(inputs, positions)
        return {
            "link": f"[`{method}`]({href(place, API_LIST)})",
            "call": code(f"client.{address_of(resource, method)}({signature})"),
            "endpoint": code(f"{operation.http_method} {operation.path}"),
            "types": "; ".join(f"`{one.name}`: {one.types}" for one in inputs),
            "result": self._sections.returns(operation) + stream,
            "deprecated": self._deprecation.operation(operation),
        }

    def _inputs(self, operation: ir.Operation) -> Iterator[_Input]:
        given = self._names.arguments[operation.pointer]
        body = operation.body
        kinds = [body, *body.alternatives] if body is not None else []
        fields = {one.wire_name: one for kind in reversed(kinds) for one in kind.fields or ()}
        named = inputs_of(operation)
        # With several media types each field is optional: another type has other fields.
        named += [one for one in fields.values() if len(kinds) > 1 and one not in named]
        for one in named:
            required = one.required and (len(kinds) < 2 or one not in fields.values())
            name = given[place_of(one), one.wire_name]
            yield _Input(name, self._wording.written(one.type), required)
        if whole := [one for one in kinds if one.fields is None]:
            types = either(self._wording.written(one.type) for one in whole)
            yield _Input(given["body", ""], types, len(kinds) == 1 and whole[0].required)
        if body is not None and body.alternatives:
            types = either(literal_code(kind.media_type) for kind in body.kinds())
            yield _Input(CONTENT_TYPE, types, False)

    def _polling(self, operation: ir.Operation, inputs: list[_Input]) -> list[_Input]:
        switch = operation.stream.switch if operation.stream and has_switch(operation) else None
        left_out = self._names.arguments[operation.pointer][switch] if switch else ""
        others = [one for one in inputs if one.name != left_out]
        limits = {"poll_interval": "`float`", "poll_timeout": "`float` or `None`"}
        return [*others, *(_Input(name, types, False) for name, types in limits.items())]


def _signature(inputs: list[_Input], positions: int) -> str:
    """The arguments: the first ``positions`` are positional, all others keywords."""
    texts = [one.name if one.required else f"{one.name}=..." for one in inputs]
    named = texts[positions:]
    return ", ".join([*texts[:positions], *(["*"] if named else []), *named])
