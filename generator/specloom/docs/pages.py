"""The data that all pages share: the users of each type, and hand-written mixins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from specloom import ir
from specloom.custom_code import Include
from specloom.docs.calls import Examples
from specloom.docs.places import Place, Places, guide, href, public_name
from specloom.docs.prose import code, item
from specloom.docs.samples import is_number
from specloom.ir.usage import Usage, dependencies, is_result, refs_in, request_refs
from specloom.naming.names import Names, address_of, method_name, streams_of
from specloom.sdk.method_docstrings import error_class, waiting_address

_READ = {
    "string": "`str`",
    "integer": "`int`",
    "number": "`float`",
    "boolean": "`bool`",
    "null": "`None`",
    "any": "any JSON value",
    "date": "`date`",
    "date-time": "`datetime`",
    "binary": "`bytes`",
}
_WRITTEN = _READ | {"date": "`date` or `str`", "date-time": "`datetime` or `str`"}
_LIMITS = {
    "exclusiveMinimum": "more than {}",
    "exclusiveMaximum": "less than {}",
    "multipleOf": "a multiple of {}",
    "pattern": "pattern {}",
    "format": "{}",
}
# Limits that come in pairs: the words for both, the lower one alone, the upper one alone.
_RANGES = (
    ("minimum", "maximum", ""),
    ("minLength", "maxLength", " characters"),
    ("minItems", "maxItems", " entries"),
)


class Wording:
    """Words for the types on one page."""

    def __init__(self, pages: Pages, page: str) -> None:
        self._names = pages.names
        self._usage = pages.usage
        self._places = pages.places
        self.page = page

    def read(self, type_ref: ir.TypeRef) -> str:
        """A type of a response."""
        return self._type(type_ref, request=False)

    def written(self, type_ref: ir.TypeRef) -> str:
        """A type of a request."""
        return self._type(type_ref, request=True)

    def link(self, key: str, *, request: bool = False) -> str:
        """A named type; in a request it has the name of its TypedDict."""
        name = public_name(key, self._names, self._usage)
        if request:
            name = self._names.params.get(key, name)
        place = self._places.type(key)
        return f"[`{name}`]({href(place, self.page)})" if place else f"`{name}`"

    def _type(self, type_ref: ir.TypeRef, *, request: bool) -> str:
        if isinstance(type_ref, ir.Ref):
            return self.link(type_ref.key, request=request)
        if isinstance(type_ref, ir.TupleOf) and not request:
            first = ", ".join(self._inner(one, request=request) for one in type_ref.first)
            rest = type_ref.rest and f", then {self._inner(type_ref.rest, request=request)}"
            return f"tuple of {first}{rest or ''}"
        if isinstance(type_ref, ir.ListOf):
            return f"list of {self._inner(type_ref.item, request=request)}"
        if isinstance(type_ref, ir.MapOf):
            return f"dict of `str` to {self._inner(type_ref.value, request=request)}"
        if isinstance(type_ref, ir.Nullable):
            return either([*self._members(type_ref.inner, request=request), "`None`"])
        if isinstance(type_ref, ir.UnionOf | ir.Literal):
            return either(self._members(type_ref, request=request))
        return self._scalar(type_ref, request=request)

    def _members(self, type_ref: ir.TypeRef, *, request: bool) -> list[str]:
        if isinstance(type_ref, ir.UnionOf):
            return [
                text
                for member in type_ref.members
                for text in self._members(member, request=request)
            ]
        if isinstance(type_ref, ir.Literal):
            values = [literal_code(value) for value in type_ref.values]
            kinds = dict.fromkeys(f"`{type(value).__name__}`" for value in type_ref.values)
            return [*values, *kinds] if type_ref.kind == "open" else values
        return [self._type(type_ref, request=request)]

    def _inner(self, type_ref: ir.TypeRef, *, request: bool) -> str:
        text = self._type(type_ref, request=request)
        is_choice = isinstance(type_ref, ir.UnionOf | ir.Nullable) or (
            isinstance(type_ref, ir.Literal) and len(type_ref.values) > 1
        )
        return f"({text})" if is_choice else text

    def _scalar(self, scalar: ir.Scalar, *, request: bool) -> str:
        if request and scalar.kind == "binary":
            return f"[file]({href(guide('files', 'uploads'), self.page)})"
        return (_WRITTEN if request else _READ)[scalar.kind]


def either(texts: Iterable[str]) -> str:
    """``a, b or c``."""
    *first, last = dict.fromkeys(texts)
    return f"{', '.join(first)} or {last}" if first else last


def literal_code(value: Any) -> str:
    """A value as Python, in code."""
    if isinstance(value, str) and '"' not in value and "\\" not in value and value.isprintable():
        return code(f'"{value}"')
    return code(repr(value))


def limit_phrases(limits: tuple[tuple[str, Any], ...]) -> list[str]:
    """The limits of a value, a phrase for each."""
    if not limits:
        return []
    given = dict(limits)
    found = [
        text
        for lower, upper, what in _RANGES
        if (text := _range(given.get(lower), given.get(upper), what))
    ]
    for key, phrase in _LIMITS.items():
        # OpenAPI 3.0 has booleans here, which change what the limit beside them means.
        if isinstance(given.get(key), str):
            found.append(phrase.format(code(given[key])))
        elif is_number(given.get(key)):
            found.append(phrase.format(given[key]))
    return [*found, "no entry twice"] if given.get("uniqueItems") is True else found


def _range(lower: Any, upper: Any, what: str) -> str:
    lower = lower if is_number(lower) else None
    upper = upper if is_number(upper) else None
    if lower is None or (lower == 0 and what):
        return "" if upper is None else f"at most {upper}{what}"
    if upper is None:
        return "not empty" if lower == 1 and what else f"at least {lower}{what}"
    return f"{lower}{what}" if lower == upper else f"{lower} to {upper}{what}"


def default_phrases(value: Any) -> list[str]:
    """The phrase for the server's default value."""
    return [] if value is None else [f"default {literal_code(value)}"]


class Deprecation:
    """Writes the deprecation notes of one page."""

    def __init__(self, pages: Pages, page: str) -> None:
        self._names = pages.names
        self._places = pages.places
        self._page = page

    def operation(self, operation: ir.Operation) -> str:
        """``Deprecated: use …``; empty if the operation is not deprecated."""
        if not operation.deprecated:
            return ""
        pointer = self._names.successors.get(operation.pointer)
        if pointer is None:
            return "Deprecated."
        place = self._places.at(pointer)
        return f"Deprecated: use {self._method(self._names.addresses[pointer], place)}."

    def former(
        self, resource: ir.Resource, operations: Mapping[str, ir.Operation]
    ) -> Iterator[tuple[str, str]]:
        """Former addresses of methods, and aliases, each with its successor."""
        for former in resource.former:
            operation = operations[former.operation]
            place = self._places.operation(operation)
            address = self._names.addresses[operation.pointer]
            if former.waits:
                if operation.poll is None:
                    continue
                address = waiting_address(operation, self._names)
                place = Place(place.page, self._names.polls[operation.pointer])
            old = address_of(resource, method_name(former.name, resource))
            if former.is_alias:
                yield code(old), f"The same as {self._method(address, place)}."
            else:
                yield f"~~{code(old)}~~", f"Deprecated: use {self._method(address, place)}."

    def _method(self, address: str, place: Place | None) -> str:
        link = code(f"client.{address}")
        # A subset of an API may lack the successor.
        return link if place is None else f"[{link}]({href(place, self._page)})"


def deprecated_mark(one: ir.Parameter | ir.Field, names: Mapping[str, str]) -> list[str]:
    """The deprecation note of an input or a property; ``names`` are keyed by wire name."""
    if not one.deprecated:
        return []
    other = names.get(one.replaced_by or "")
    return [f"deprecated: use {code(other)}" if other else "deprecated"]


def former_type_notes(names: Names) -> dict[str, str]:
    """The notes about former names of types, by key."""
    found: dict[str, str] = {}
    for old, (key, _) in sorted(names.former_types.items()):
        note = f"Its former name {code(old)} still works, with a warning."
        found[key] = f"{found[key]} {note}" if key in found else note
    return found


Meanings = dict[str, str]
"""By status: its meaning, if more than one operation declares it, always with the same words."""


def meanings_of(api: ir.Api) -> Meanings:
    """The statuses that mean the same in every operation."""
    found: dict[str, list[str]] = {}
    for operation in api.operations():
        for response in error_responses(operation):
            found.setdefault(response.status.text, []).append(response.description)
    return {
        status: texts[0]
        for status, texts in sorted(found.items())
        if len(texts) > 1 and len(set(texts)) == 1 and texts[0]
    }


def error_responses(operation: ir.Operation) -> list[ir.Response]:
    """The error responses of an operation, sorted by status."""
    raised = (one for one in operation.responses if not is_result(one, operation))
    return sorted(raised, key=lambda one: one.status.text)


def error_entries(operation: ir.Operation, meanings: Meanings, page: str) -> list[str]:
    """Entries of a list: the operation's own errors with text, the shared ones by name."""
    responses = [(one.status.text, one.description) for one in error_responses(operation)]
    tree = href(guide("errors", "exception-hierarchy"), page)
    entries = [
        item(f"[`{error_class(status)}`]({tree}) ({_status(status)}):", text, page)
        for status, text in responses
        if status not in meanings
    ]
    shared = [status for status, _ in responses if status in meanings]
    if shared:
        names = ", ".join(f"`{error_class(one)}` ({_status(one)})" for one in shared)
        address = href(guide("errors", "what-each-status-means"), page)
        entries.append(f"- {names}: see [what each status means]({address})")
    return entries


def _status(status: str) -> str:
    return "any other status" if status == "default" else status


def meaning_entries(meanings: Meanings, page: str) -> list[str]:
    """Entries of a list: the statuses that mean the same in every operation."""
    return [
        item(f"{_status(status)}, `{error_class(status)}`:", text, page)
        for status, text in meanings.items()
    ]


@dataclass(slots=True)
class Uses:
    """By the key of a type: pointers of operations, and keys of types. Dicts keep the order."""

    returned_by: dict[str, dict[str, ir.Operation]] = field(
        default_factory=dict[str, dict[str, ir.Operation]]
    )
    taken_by: dict[str, dict[str, ir.Operation]] = field(
        default_factory=dict[str, dict[str, ir.Operation]]
    )
    part_of: dict[str, dict[str, None]] = field(default_factory=dict[str, dict[str, None]])
    errors: set[str] = field(default_factory=set[str])


def uses_of(api: ir.Api) -> Uses:
    """The direct uses of every type."""
    uses = Uses()
    for operation in api.operations():
        for key in _returned(operation):
            uses.returned_by.setdefault(key, {})[operation.pointer] = operation
        for key in _taken(operation):
            uses.taken_by.setdefault(key, {})[operation.pointer] = operation
        for response in operation.responses:
            if not is_result(response, operation):
                for content in response.contents:
                    uses.errors.update(refs_in(content.type))
    for named in api.types.values():
        for request in (False, True):
            for key in dependencies(named, request=request):
                if key != named.key:
                    uses.part_of.setdefault(key, {})[named.key] = None
    return uses


def _returned(operation: ir.Operation) -> Iterator[str]:
    for response in operation.responses:
        if is_result(response, operation):
            for content in response.contents:
                yield from refs_in(content.type)
    if operation.stream is not None:
        yield from refs_in(operation.stream.type)
    if operation.pagination is not None:
        yield from refs_in(operation.pagination.item_type)


def _taken(operation: ir.Operation) -> Iterator[str]:
    for type_ref in request_refs(operation):
        yield from refs_in(type_ref)


@dataclass(frozen=True, slots=True)
class Addition:
    """A class that inherits a mixin: its name, the mixin's docstring, and its members as entries.

    The docstring is Markdown by the SDK's authors, and the page shows it unchanged.
    """

    name: str
    description: str
    members: list[str]


def addition(name: str, mixin: str, include: Include | None, page: str) -> Addition | None:
    """The members that a class inherits from its mixin; None without a readable mixin."""
    written = include.classes.get(mixin) if include is not None else None
    if written is None:
        return None
    members = [
        item(f"`{one.call}`" + (":" if one.summary else ""), one.summary, page)
        for one in written.members
    ]
    return Addition(name, written.docstring, members)


def stream_additions(api: ir.Api, include: Include | None, page: str) -> list[Addition]:
    """The named stream classes, including those without a mixin."""
    return [
        addition(name, operations[0].stream.mixin, include, page) or Addition(name, "", [])
        for name, operations in streams_of(api).items()
        if operations[0].stream is not None
    ]


@dataclass(frozen=True, slots=True)
class Pages:
    """The data that all pages share."""

    api: ir.Api
    names: Names
    usage: Usage
    places: Places
    uses: Uses
    examples: Examples
    meanings: Meanings
    include: Include | None = None

    def wording(self, page: str) -> Wording:
        """Words for types on a page."""
        return Wording(self, page)
