"""Proposes a name for every operation, for the user to review."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from specloom import ir
from specloom.description.document import Document
from specloom.description.references import find_or_none
from specloom.description.tree import uri_of
from specloom.ir.words import split_words
from specloom.lower.behaviour import success_type
from specloom.lower.places import PathReading, Place, operation_words
from specloom.naming.identifiers import attribute
from specloom.naming.names import attribute_path
from specloom.naming.reserved import RESOURCE_ATTRIBUTES

Grouping = Literal["paths", "tags"]

_MOST_TAGS = 30
"""The largest number of resources in which a reader still finds a method."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ORDER = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True, slots=True)
class Proposed:
    """What one operation is called: ``client.<resource>.<method>``.

    ``pointer`` is where the operation stands. ``is_settable`` is False where an overlay cannot
    reach it alone: it stands in another file, or serves two paths. ``instead_of`` is the method
    that it would have, were that not another's.
    """

    operation: ir.Operation
    pointer: str
    resource: str
    method: str
    is_settable: bool
    instead_of: str = ""


def grouping_of(api: ir.Api) -> Grouping:
    """The better grouping: tags, if every operation has one and there are not too many tags."""
    operations = api.operations()
    tags = {one.tags[0] for one in operations if one.tags}
    is_tagged = all(one.tags and _has_id(one) for one in operations)
    return "tags" if is_tagged and len(tags) <= _MOST_TAGS else "paths"


def proposed(document: Document, api: ir.Api, grouping: Grouping) -> list[Proposed]:
    """Every operation with a name of its own, in the order of resources and methods.

    ``api`` has been read by tags. What x-sdk says stays.
    """
    read = _by_paths(document, api) if grouping == "paths" else _by_tags(document, api)
    taken: set[str] = set()
    resources = {prefix for one in read for prefix in _prefixes(one.resource)}
    settled: list[Proposed] = []
    for one in sorted(read, key=_rank):
        settled.append(_settled(one, taken, resources))
        taken.add(f"{one.resource}.{settled[-1].method}")
    return sorted(settled, key=lambda one: (one.resource.split("."), one.method))


def has_clashes(proposal: list[Proposed]) -> bool:
    """Whether a name clash remains that an overlay cannot resolve."""
    places = [f"{one.resource}.{one.method}" for one in proposal]
    resources = {prefix for one in proposal for prefix in _prefixes(one.resource)}
    return len(set(places)) < len(places) or not resources.isdisjoint(places)


def _by_tags(document: Document, api: ir.Api) -> list[Proposed]:
    return [
        _named(one, Place(one.resource, one.name), place) for one, place in _real(document, api)
    ]


def _by_paths(document: Document, api: ir.Api) -> list[Proposed]:
    methods: dict[str, set[str]] = {}
    for one in api.operations():
        methods.setdefault(one.path, set()).add(one.http_method.lower())
    reading = PathReading(methods)
    found: list[Proposed] = []
    for one, place in _real(document, api):
        returns = success_type(one.responses, "json")
        returns_list = one.pagination is not None or isinstance(returns, ir.ListOf)
        read = reading.place(one.http_method.lower(), one.path, returns_list)
        said = _said(document, place[0])
        resource = one.resource if "resource" in said else read.resource
        method = one.name if "method" in said else read.method
        found.append(_named(one, Place(_lowered(resource), method), place))
    return found


def _has_id(operation: ir.Operation) -> bool:
    """Whether the operation has an operationId."""
    return operation.id.partition(" ")[2] != operation.path


def _real(document: Document, api: ir.Api) -> Iterator[tuple[ir.Operation, tuple[str, bool]]]:
    """Operations, their real places, and whether an overlay can change each one alone."""
    pointers = {one.pointer: _resolved(document, one.pointer) for one in api.operations()}
    uses = Counter(pointers.values())
    for one in api.operations():
        pointer = pointers[one.pointer]
        yield one, (pointer, uri_of(pointer) == document.entry and uses[pointer] == 1)


def _resolved(document: Document, pointer: str) -> str:
    """A pointer with all references on its path resolved."""
    uri, _, path = pointer.partition("#")
    found = find_or_none(document, f"#{path}", f"{uri}#")
    return pointer if found is None else found[0]


def _said(document: Document, pointer: str) -> dict[str, Any]:
    """The operation's ``x-sdk``."""
    operation = document.at(pointer)
    said = operation.get("x-sdk") if isinstance(operation, dict) else None
    return said if isinstance(said, dict) else {}


def _named(operation: ir.Operation, place: Place, real: tuple[str, bool]) -> Proposed:
    resource = attribute_path(ir.Resource(place.resource, (), ()))
    method = attribute(place.method, RESOURCE_ATTRIBUTES)
    return Proposed(operation, real[0], resource, method, _can_be_said(resource, method, real[1]))


def _can_be_said(resource: str, method: str, is_reached: bool) -> bool:
    """Whether x-sdk accepts these names, which must be ASCII."""
    return is_reached and all(map(_NAME.fullmatch, [*resource.split("."), method]))


def _lowered(resource: tuple[ir.Words, ...]) -> tuple[ir.Words, ...]:
    return tuple(tuple(word.lower() for word in words) for words in resource)


def _rank(one: Proposed) -> tuple[bool, int, int, int, str, str]:
    """Which operation keeps a clashing name: one that cannot be renamed, then the simpler path."""
    operation = one.operation
    method = operation.http_method
    return (
        one.is_settable,
        operation.path.count("{"),
        operation.path.count("/"),
        _ORDER.index(method) if method in _ORDER else len(_ORDER),
        operation.path,
        method,
    )


def _settled(one: Proposed, taken: set[str], resources: set[str]) -> Proposed:
    """The operation with the first free name, unchanged if it cannot be renamed."""
    if not one.is_settable:
        return one
    for method in _candidates(one):
        place = f"{one.resource}.{method}"
        if place not in taken and place not in resources:
            return replace(
                one, method=method, instead_of=one.method if method != one.method else ""
            )
    raise AssertionError("there is always a number that is free")


def _candidates(one: Proposed) -> Iterator[str]:
    operation = one.operation
    method = operation.http_method.lower()
    yield one.method
    for name in (operation.id if _has_id(operation) else None, None):
        told = operation_words(name, method, operation.path)
        if _NAME.fullmatch(attribute(told, RESOURCE_ATTRIBUTES)):
            yield attribute(told, RESOURCE_ATTRIBUTES)
    number = 2
    while True:
        yield attribute((*split_words(one.method), str(number)), RESOURCE_ATTRIBUTES)
        number += 1


def _prefixes(resource: str) -> Iterator[str]:
    steps = resource.split(".")
    return (".".join(steps[:end]) for end in range(1, len(steps) + 1))
