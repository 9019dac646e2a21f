"""Breaks descriptions like a careless or a malicious author."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from random import Random
from typing import Any, TypeAlias

from support.untrusted import TEXTS

Json: TypeAlias = Any
Place: TypeAlias = "tuple[Any, Any]"
"""A container, and a key or an index in it."""

_WORDS = [
    "$ref",
    "$self",
    "$id",
    "$anchor",
    "$defs",
    "allOf",
    "oneOf",
    "anyOf",
    "not",
    "if",
    "then",
    "else",
    "discriminator",
    "propertyName",
    "mapping",
    "x-sdk",
    "nullable",
    "enum",
    "const",
    "default",
    "type",
    "format",
    "items",
    "prefixItems",
    "properties",
    "patternProperties",
    "additionalProperties",
    "required",
    "readOnly",
    "writeOnly",
    "deprecated",
    "description",
    "title",
    "summary",
    "example",
    "examples",
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "multipleOf",
    "contentMediaType",
    "contentEncoding",
    "contentSchema",
    "content",
    "schema",
    "itemSchema",
    "headers",
    "parameters",
    "in",
    "name",
    "style",
    "explode",
    "allowReserved",
    "requestBody",
    "responses",
    "callbacks",
    "security",
    "servers",
    "tags",
    "operationId",
    "encoding",
    "contentType",
    "links",
    "webhooks",
    "paths",
    "components",
    "variables",
    "url",
    "info",
    "version",
    "additionalOperations",
    "value",
    "resource",
    "method",
    "pagination",
    "stream",
    "poll",
    "when",
    "events",
    "done",
    "error",
    "scheme",
    "until",
    "read",
    "field",
    "cursor",
    "has_more",
    "parameter",
    "previous",
    "limit",
    "package",
    "client",
    "resources",
    "environment",
    "log_environment",
    "polling",
    "idempotency_header",
    "errors",
    "interval",
    "timeout",
    "200",
    "4XX",
    "get",
    "post",
    "query",
    "path",
    "header",
    "cookie",
    "deepObject",
    "string",
    "object",
    "array",
    "integer",
    "boolean",
    "null",
    "date-time",
    "binary",
    "application/json",
    "multipart/form-data",
    "text/event-stream",
    "#/components/schemas/None",
]
_NUMBERS = (0, 1, -1, 1.5, -0.0, 2**63, 10**30, 1e308, 5e-324)


def mutated(document: Json, random: Random) -> Json:
    """A copy of the document, broken in one or a few places."""
    broken = copy.deepcopy(document)
    for _ in range(random.choice((1, 1, 1, 2, 4))):
        places = list(_places(broken))
        if places:
            random.choice(_MUTATIONS)(places, random)
    return broken


def _places(value: Json) -> Iterator[Place]:
    pairs = list(value.items() if isinstance(value, dict) else enumerate(value))
    for key, inner in pairs:
        yield value, key
        if isinstance(inner, dict | list):
            yield from _places(inner)


def _value(random: Random, depth: int = 0) -> Json:
    """A JSON value from words that have a meaning in descriptions."""
    kind = random.randrange(9 if depth < 3 else 7)
    if kind < 3:
        return random.choice(_WORDS)
    if kind < 7:
        return copy.deepcopy(random.choice((*_NUMBERS, *TEXTS.values(), None, True, False, [], {})))
    values = [_value(random, depth + 1) for _ in range(random.randrange(1, 4))]
    return values if kind == 7 else {_key(random): value for value in values}


def _key(random: Random) -> str:
    return random.choice((*_WORDS, *TEXTS.values()))


def _any(places: list[Place], random: Random) -> Json:
    """A copy of a random value."""
    holder, key = random.choice(places)
    return copy.deepcopy(holder[key])


def _replace(places: list[Place], random: Random) -> None:
    holder, key = random.choice(places)
    holder[key] = _value(random)


def _graft(places: list[Place], random: Random) -> None:
    holder, key = random.choice(places)
    holder[key] = _any(places, random)


def _swap(places: list[Place], random: Random) -> None:
    (one, key), (two, other) = random.choice(places), random.choice(places)
    one[key], two[other] = copy.deepcopy(two[other]), copy.deepcopy(one[key])


def _delete(places: list[Place], random: Random) -> None:
    holder, key = random.choice(places)
    del holder[key]


def _rename(places: list[Place], random: Random) -> None:
    holder, key = random.choice(places)
    if isinstance(holder, dict):
        name = _key(random)
        items = [(name if one == key else one, value) for one, value in holder.items()]
        holder.clear()
        holder.update(items)


def _duplicate(places: list[Place], random: Random) -> None:
    holder, key = random.choice(places)
    twin = copy.deepcopy(holder[key])
    if isinstance(holder, list):
        holder.append(twin)
    else:
        holder[f"{key}{random.choice(('2', '_', '-', ' ', 'X'))}"] = twin


def _add(places: list[Place], random: Random) -> None:
    holders = [holder for holder, _ in places if isinstance(holder, dict)]
    if holders:
        value = _any(places, random) if random.random() < 0.5 else _value(random)
        random.choice(holders)[random.choice(_WORDS)] = value


def _refer(places: list[Place], random: Random) -> None:
    """Insert another reference of the document somewhere."""
    refs = [holder[key] for holder, key in places if key == "$ref"]
    holder, key = random.choice(places)
    if refs:
        holder[key] = {"$ref": copy.deepcopy(random.choice(refs))}  # it may be no text


def _retext(places: list[Place], random: Random) -> None:
    strings = [(holder, key) for holder, key in places if isinstance(holder[key], str)]
    if strings:
        holder, key = random.choice(strings)
        holder[key] = random.choice((*_WORDS, *TEXTS.values()))


def _wrap(places: list[Place], random: Random) -> None:
    holder, key = random.choice(places)
    holder[key] = {random.choice(("allOf", "oneOf", "anyOf", "items")): [holder[key]]}


_MUTATIONS: tuple[Callable[[list[Place], Random], None], ...] = (
    _replace,
    _graft,
    _swap,
    _delete,
    _rename,
    _duplicate,
    _add,
    _add,
    _refer,
    _retext,
    _wrap,
)
