"""A walk over all parts of a description that OpenAPI defines.

The walk follows references, so the content of an external file is visited as the object that refers
to it. It skips examples, defaults, enums and extensions other than `x-sdk`: a `$ref` in there is
data.

`coverage.csv` is the table of all fields in OpenAPI 3.0, 3.1 and 3.2 and JSON Schema 2020-12, with
their effect on the SDK. The walk reads from it the kinds of objects, the checks the names and types
of fields, and `docs/coverage.md` is generated from it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib import resources
from typing import Literal, NamedTuple, TypeAlias, cast, get_args
from weakref import WeakKeyDictionary

from specloom.description.document import Document
from specloom.description.references import MAX_HOPS, find_or_none
from specloom.description.tree import Value, child, members, reference_in

Outcome = Literal["becomes", "warned", "silent"]


class Field(NamedTuple):
    """A field of an object; a name in braces stands for every other key.

    `since` is the first version of OpenAPI with the field. `holds` is the kind of its value or a
    plain type: in brackets a list, in braces a mapping, with slashes a choice. `outcome` and `says`
    give its effect in the SDK, the text of the warning `unused-field`, or the reason why clients do
    not need it.
    """

    object: str
    name: str
    since: str
    holds: str
    outcome: Outcome
    says: str


PLAIN: Mapping[str, tuple[type, ...]] = {
    "any": (object,),
    "text": (str,),
    "number": (int, float),
    "boolean": (bool,),
}
"""The plain types of fields."""


@cache
def fields() -> Mapping[str, Mapping[str, Field]]:
    """Every field by object and name, in the order of the specification."""
    table = resources.files("specloom.description").joinpath("coverage.csv")
    found: dict[str, dict[str, Field]] = {}
    for row in csv.DictReader(table.read_text(encoding="utf-8").splitlines()):
        field = Field(
            object=row["object"],
            name=row["field"],
            since=row["since"],
            holds=row["holds"],
            outcome=cast("Outcome", row["outcome"]),
            says=row["says"],
        )
        found.setdefault(field.object, {})[field.name] = field
    return found


def title(name: str) -> str:
    """The name of an object in the specification: "path-item" is the "Path Item Object"."""
    words = {"oauth": "OAuth", "xml": "XML", "openapi": "OpenAPI", "docs": "Documentation"}
    return " ".join([*(words.get(word, word.title()) for word in name.split("-")), "Object"])


Kind: TypeAlias = Literal[
    "openapi",
    "info",
    "contact",
    "license",
    "server",
    "server-variable",
    "tag",
    "external-docs",
    "paths",
    "path-item",
    "operation",
    "parameter",
    "header",
    "request-body",
    "responses",
    "response",
    "media-type",
    "encoding",
    "example",
    "link",
    "callback",
    "components",
    "security-scheme",
    "oauth-flows",
    "oauth-flow",
    "security-requirement",
    "schema",
    "discriminator",
    "xml",
    "x-sdk",
    "stream",
    "reference",
]


@dataclass(frozen=True, slots=True)
class Shape:
    """The content of a field: an object of a kind, or a list or mapping of such objects."""

    kind: Kind
    container: type[list[Value]] | type[dict[str, Value]] | None = None


def _shape(holds: str) -> Shape | None:
    """The content of a field that the walk enters; None for plain values."""
    kind = holds.strip("[]{}")
    if kind not in _KINDS:
        return None
    if holds[0] == "[":
        return Shape(cast("Kind", kind), list)
    return Shape(cast("Kind", kind), dict if holds[0] == "{" else None)


METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
"""The fields of a path item that contain an operation; `query` since OpenAPI 3.2."""

STYLES: Mapping[str, tuple[str, ...]] = {
    "query": ("form", "spaceDelimited", "pipeDelimited", "deepObject"),
    "querystring": ("querystring",),
    "path": ("simple", "label", "matrix"),
    "header": ("simple",),
    "cookie": ("form", "cookie"),
}
"""The styles of the parameters of each location, the default first (OpenAPI, Style Values)."""

_OWN: Mapping[Kind, Mapping[str, Shape]] = {
    "operation": {"x-sdk": Shape("x-sdk")},
    "x-sdk": {"stream": Shape("stream")},
    "stream": {"events": Shape("schema")},
}
_KINDS = frozenset(get_args(Kind))


def _shapes(kind: Kind) -> Mapping[str, Shape]:
    found = {name: _shape(field.holds) for name, field in fields().get(kind, {}).items()}
    named = {name: shape for name, shape in found.items() if shape and name[0] != "{"}
    return named | dict(_OWN.get(kind, {}))


FIELDS: Mapping[Kind, Mapping[str, Shape]] = {kind: _shapes(kind) for kind in get_args(Kind)}
"""The fields of each kind that the walk enters; it skips all others."""

SCHEMA_ONES = tuple(name for name, shape in FIELDS["schema"].items() if shape == Shape("schema"))
"""Keywords that contain one schema."""

STATUS = re.compile(r"[1-5](\d\d|[Xx]{2})|default", re.ASCII)
"""The valid keys of `responses`."""

PATTERNED: Mapping[Kind, Kind] = {
    kind: shape.kind
    for kind in get_args(Kind)
    for name, field in fields().get(kind, {}).items()
    if name[0] == "{" and (shape := _shape(field.holds))
}
"""Kinds whose keys are names, apart from extensions; the value is the kind under each key."""


SPARE: frozenset[Kind] = frozenset(("security-scheme", "link", "example", "header", "callback"))
"""Kinds that an SDK can be made without: a reference that leads to none of them is a warning."""


class Visit(NamedTuple):
    """A visited value with its kind and its place; `value` may have a wrong type."""

    kind: Kind
    pointer: str
    value: Value

    @property
    def fields(self) -> dict[str, Value]:
        """The fields of an object; none for another value."""
        return self.value if isinstance(self.value, dict) else {}


Find: TypeAlias = Callable[[str, str], "tuple[str, Value] | None"]
"""Takes the text of a reference and its pointer; returns None if there is no target."""


_kept: WeakKeyDictionary[Document, Sequence[Visit]] = WeakKeyDictionary()


def visits(document: Document) -> Sequence[Visit]:
    """All parts of `document` that OpenAPI defines, in text order, without broken references."""
    if document not in _kept:
        start = Visit("openapi", f"{document.entry}#", document.root)
        keep(document, walk([start], partial(find_or_none, document)))
    return _kept[document]


def keep(document: Document, found: Iterable[Visit]) -> None:
    """Keep the result of `visits`, which several checks use, as long as the document lives."""
    _kept[document] = tuple(found)


def walk(start: Sequence[Visit], find: Find) -> Iterator[Visit]:
    """Every object in `start` and behind its references, once, in text order."""
    seen: set[tuple[Kind, int]] = set()
    stack = [*reversed(start)]
    while stack:
        visit = stack.pop()
        if isinstance(visit.value, dict | list):
            if (visit.kind, id(visit.value)) in seen:
                continue
            seen.add((visit.kind, id(visit.value)))
        yield visit
        stack.extend(reversed(inside(visit, find)))


def inside(visit: Visit, find: Find) -> list[Visit]:
    """The direct contents of `visit`, and its references."""
    kind, pointer, value = visit
    found: list[Visit] = []
    if not isinstance(value, dict):
        return found
    ref = reference_in(value)
    target = find(ref, pointer) if ref is not None and kind != "reference" else None
    if target:
        found.append(Visit(kind, *target))
    if kind == "discriminator":
        return [*found, *_mapped(visit, find)]
    patterned = PATTERNED.get(kind)
    if patterned:
        found += [
            Visit(patterned, child(pointer, key), inner)
            for key, inner in value.items()
            if not key.startswith("x-") and key != "$ref"
        ]
        return found
    fields = FIELDS.get(kind)
    if fields:
        for key, inner in value.items():
            shape = fields.get(key)
            if shape:
                found += _members(shape, f"{pointer}/{key}", inner, find)
    return found


def _members(shape: Shape, pointer: str, value: Value, find: Find) -> list[Visit]:
    # Before JSON Schema 2020-12, `items` could be a list of schemas.
    listed = shape.kind == "schema" and isinstance(value, list)
    if shape.container is None and not listed:
        return [Visit(shape.kind, pointer, value)]
    found: list[Visit] = []
    for place, target in chained(pointer, value, find):
        if reference_in(target) is not None:
            found.append(Visit("reference", place, target))
        if isinstance(target, shape.container or list):
            found += [
                Visit(shape.kind, child(place, key), inner)
                for key, inner in members(target)
                if key != "$ref" or not isinstance(inner, str)
            ]
    return found


def chained(pointer: str, value: Value, find: Find) -> Iterator[tuple[str, Value]]:
    """A value and, if it is a reference, every value on the way to its end."""
    seen: set[str] = set()
    while pointer not in seen and len(seen) < MAX_HOPS:
        seen.add(pointer)
        yield pointer, value
        ref = reference_in(value)
        target = find(ref, pointer) if ref is not None else None
        if target is None:
            return
        pointer, value = target


def item_links(document: Document, item: Visit) -> list[Visit]:
    """A path item and what its `$ref` leads to. The fields of the first that has them count."""
    find = partial(find_or_none, document)
    return [Visit("path-item", *place) for place in chained(item.pointer, item.value, find)]


def _mapped(visit: Visit, find: Find) -> Iterator[Visit]:
    """The schemas that a discriminator names by reference, possibly in other files.

    A value without a slash or a suffix may be the plain name of a component.
    """
    for pointer, ref in mapped_references(visit.pointer, visit.value):
        target = find(ref, pointer) if _REFERENCE.search(ref) else None
        if target:
            yield Visit("schema", *target)


_REFERENCE = re.compile(r"[/#]|\.(?:ya?ml|json)$")


def mapped_references(pointer: str, discriminator: Value) -> Iterator[tuple[str, str]]:
    """The targets of a discriminator's `mapping` and (3.2) `defaultMapping`, with places."""
    fields = discriminator if isinstance(discriminator, dict) else {}
    for key, target in members(fields.get("mapping")):
        if isinstance(target, str):
            yield child(pointer, "mapping", key), target
    default = fields.get("defaultMapping")
    if isinstance(default, str):
        yield child(pointer, "defaultMapping"), default
