"""The words of the pages: types with links, limits, deprecation notes, error statuses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from specloom import ir
from specloom.docs.code import is_number
from specloom.docs.places import Place, Places, guide, href, public_name
from specloom.docs.prose import code, item
from specloom.ir.usage import Usage, is_result
from specloom.naming.deprecated import waiting_address
from specloom.naming.names import Names, address_of, method_name
from specloom.sdk.method_docstrings import error_class

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

    def __init__(self, api: ir.Api, names: Names, usage: Usage, places: Places, page: str) -> None:
        self._api = api
        self._names = names
        self._usage = usage
        self._places = places
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
    """What a value has to keep to, a phrase for each limit."""
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
    """The value that the server takes where none is given."""
    return [] if value is None else [f"default {literal_code(value)}"]


class Deprecation:
    """Writes the deprecation notes of one page."""

    def __init__(self, names: Names, places: Places, page: str) -> None:
        self._names = names
        self._places = places
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
        """Former addresses of methods, each with its successor."""
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
            yield code(old), f"Deprecated: use {self._method(address, place)}."

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


@dataclass(frozen=True, slots=True)
class Meanings:
    """The statuses that more than one operation declares, always with the same words."""

    by_status: dict[str, str]


def meanings_of(api: ir.Api) -> Meanings:
    """The statuses that mean the same in every operation."""
    found: dict[str, list[str]] = {}
    for operation in api.operations():
        for response in error_responses(operation):
            found.setdefault(response.status.text, []).append(response.description)
    return Meanings(
        {
            status: texts[0]
            for status, texts in sorted(found.items())
            if len(texts) > 1 and len(set(texts)) == 1 and texts[0]
        }
    )


def error_responses(operation: ir.Operation) -> list[ir.Response]:
    """The error responses of an operation, sorted by status."""
    raised = (one for one in operation.responses if not is_result(one, operation))
    return sorted(raised, key=lambda one: one.status.text)


def error_entries(operation: ir.Operation, meanings: Meanings, page: str) -> list[str]:
    """Entries of a list: the operation's own errors with text, the shared ones by name."""
    shared: list[ir.Response] = []
    own: list[ir.Response] = []
    for response in error_responses(operation):
        is_shared = response.status.text in meanings.by_status
        (shared if is_shared else own).append(response)
    tree = href(guide("errors", "exception-hierarchy"), page)
    entries = [
        item(
            f"[`{error_class(one.status.text)}`]({tree}) ({_status(one)}):",
            one.description,
            page,
        )
        for one in own
    ]
    if shared:
        names = ", ".join(f"`{error_class(one.status.text)}` ({_status(one)})" for one in shared)
        address = href(guide("errors", "what-each-status-means"), page)
        entries.append(f"- {names}: see [what each status means]({address})")
    return entries


def _status(response: ir.Response) -> str:
    return "any other status" if response.status.text == "default" else response.status.text


def meaning_entries(meanings: Meanings, page: str) -> list[str]:
    """Entries of a list: the statuses that mean the same in every operation."""
    return [
        item(
            f"{'any other status' if status == 'default' else status}, `{error_class(status)}`:",
            text,
            page,
        )
        for status, text in meanings.by_status.items()
    ]
