"""A walk over everything in a description that OpenAPI gives a meaning.

One table says what stands where. The walk follows references, so that what an external file holds
is seen as what it is used as; it enters no example, default, enum or extension but our own: a
`$ref` in there is data.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Literal, NamedTuple, TypeAlias

from specloom.description.document import Document
from specloom.description.references import find_or_none
from specloom.description.tree import Value, child, members

Kind: TypeAlias = Literal[
    "openapi",
    "info",
    "server",
    "tag",
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
    "security-requirement",
    "schema",
    "discriminator",
    "x-sdk",
    "stream",
]


@dataclass(frozen=True, slots=True)
class Shape:
    """What a field holds: an object of a kind, or a list or mapping of them."""

    kind: Kind
    container: type[list[Value]] | type[dict[str, Value]] | None = None


def _list(kind: Kind) -> Shape:
    return Shape(kind, list)


def _map(kind: Kind) -> Shape:
    return Shape(kind, dict)


METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
"""The fields of a path item that hold an operation; `query` since OpenAPI 3.2."""

_PARAMETER: Mapping[str, Shape] = {
    "schema": Shape("schema"),
    "content": _map("media-type"),
    "examples": _map("example"),
}
_SCHEMA_MAPS = ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas")
_SCHEMA_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
_SCHEMA_ONES = (
    "items",
    "additionalProperties",
    "additionalItems",
    "unevaluatedProperties",
    "unevaluatedItems",
    "contains",
    "propertyNames",
    "contentSchema",
    "not",
    "if",
    "then",
    "else",
)

FIELDS: Mapping[Kind, Mapping[str, Shape]] = {
    "openapi": {
        "info": Shape("info"),
        "servers": _list("server"),
        "tags": _list("tag"),
        "security": _list("security-requirement"),
        "paths": Shape("paths"),
        "webhooks": _map("path-item"),
        "components": Shape("components"),
    },
    "components": {
        "schemas": _map("schema"),
        "responses": _map("response"),
        "parameters": _map("parameter"),
        "examples": _map("example"),
        "requestBodies": _map("request-body"),
        "headers": _map("header"),
        "securitySchemes": _map("security-scheme"),
        "links": _map("link"),
        "callbacks": _map("callback"),
        "pathItems": _map("path-item"),
        "mediaTypes": _map("media-type"),
    },
    "path-item": {
        "servers": _list("server"),
        "parameters": _list("parameter"),
        **dict.fromkeys(METHODS, Shape("operation")),
        "additionalOperations": _map("operation"),
    },
    "operation": {
        "parameters": _list("parameter"),
        "requestBody": Shape("request-body"),
        "responses": Shape("responses"),
        "callbacks": _map("callback"),
        "security": _list("security-requirement"),
        "servers": _list("server"),
        "x-sdk": Shape("x-sdk"),
    },
    "x-sdk": {"stream": Shape("stream")},
    "stream": {"events": Shape("schema")},
    "parameter": _PARAMETER,
    "header": _PARAMETER,
    "request-body": {"content": _map("media-type")},
    "response": {
        "headers": _map("header"),
        "content": _map("media-type"),
        "links": _map("link"),
    },
    "media-type": {
        "schema": Shape("schema"),
        "itemSchema": Shape("schema"),
        "examples": _map("example"),
        "encoding": _map("encoding"),
        "prefixEncoding": _list("encoding"),
        "itemEncoding": Shape("encoding"),
    },
    "encoding": {"headers": _map("header"), "encoding": _map("encoding")},
    "link": {"server": Shape("server")},
    "schema": {
        **dict.fromkeys(_SCHEMA_MAPS, _map("schema")),
        **dict.fromkeys(_SCHEMA_LISTS, _list("schema")),
        **dict.fromkeys(_SCHEMA_ONES, Shape("schema")),
        "discriminator": Shape("discriminator"),
    },
}
"""What the fields of each kind hold; what is not listed is no part of the walk."""

STATUS = re.compile(r"[1-5](\d\d|[Xx]{2})|default", re.ASCII)
"""The keys of `responses` that mean something."""

PATTERNED: Mapping[Kind, Kind] = {
    "paths": "path-item",
    "callback": "path-item",
    "responses": "response",
}
"""Kinds whose keys are names, apart from extensions: what stands under each."""


class Visit(NamedTuple):
    """Something in the description, what it is, and where; `value` may be of a wrong type."""

    kind: Kind
    pointer: str
    value: Value


Find: TypeAlias = Callable[[str, str], "tuple[str, Value] | None"]
"""Takes a reference's text and the pointer it stands at; None if it leads to nothing."""


@lru_cache(maxsize=2)  # several checks go over them; `diff` has two documents
def visits(document: Document) -> tuple[Visit, ...]:
    """Everything in `document` that OpenAPI gives a meaning, in text order.

    A broken reference is passed over.
    """
    start = Visit("openapi", f"{document.entry}#", document.root)
    return tuple(walk([start], partial(find_or_none, document)))


def walk(start: Sequence[Visit], find: Find) -> Iterator[Visit]:
    """Every object in `start` and in what it refers to, once, in text order."""
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
    """What stands directly in `visit`, and what it refers to."""
    kind, pointer, value = visit
    found: list[Visit] = []
    if not isinstance(value, dict):
        return found
    ref = value.get("$ref")
    if isinstance(ref, str):
        target = find(ref, pointer)
        if target:
            found.append(Visit(kind, *target))
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
                found += _members(shape, child(pointer, key), inner)
    return found


def _members(shape: Shape, pointer: str, value: Value) -> Iterable[Visit]:
    # Before JSON Schema 2020-12, `items` could be a list of schemas.
    listed = shape.kind == "schema" and isinstance(value, list)
    if shape.container is None and not listed:
        return (Visit(shape.kind, pointer, value),)
    if isinstance(value, shape.container or list):
        return [Visit(shape.kind, child(pointer, key), inner) for key, inner in members(value)]
    return ()
