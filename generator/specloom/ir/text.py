"""Types as text, and back: what is read back is equal to what was written."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields
from operator import attrgetter
from typing import Any

from specloom.ir.types import (
    Alias,
    Field,
    ListOf,
    Literal,
    MapOf,
    Model,
    NamedType,
    Nullable,
    Ref,
    Scalar,
    TypeRef,
    UnionOf,
)

Said = list[Any]
"""What JSON makes of a dataclass: its name, and the values of its fields."""


def as_text(value: object) -> str:
    """Dataclasses of the IR, and plain values with them in, as text that differs where they do."""
    return _ENCODER.encode(value)


def named_type(said: Said) -> NamedType:
    """The named type that some text says."""
    kind, values = said
    if kind == "Alias":
        key, name, wire_name, pointer, type_said, *rest = values
        return Alias(key, tuple(name), wire_name, pointer, type_ref(type_said), *rest)
    key, name, wire_name, pointer, fields_said, description, extra, *rest = values
    found = tuple(_field(one) for one in fields_said)
    value = None if extra is None else type_ref(extra)
    return Model(key, tuple(name), wire_name, pointer, found, description, value, *rest)


def type_ref(said: Said) -> TypeRef:
    """The type that some text says."""
    kind, values = said
    return _TYPE_REFS[kind](*values)


def _field(said: Said) -> Field:
    name, wire_name, pointer, type_said, *rest, limits, example = said[1]
    found = tuple((name, limit) for name, limit in limits)
    values = (tuple(name), wire_name, pointer, type_ref(type_said), *rest, found, example)
    return Field(*values)


def _union(members: list[Said], tag: str | None, mapping: list[list[str]]) -> UnionOf:
    pairs = tuple((value, key) for value, key in mapping)
    return UnionOf(tuple(type_ref(member) for member in members), tag, pairs)


_TYPE_REFS: dict[str, Callable[..., TypeRef]] = {
    "Scalar": Scalar,
    "Ref": Ref,
    "ListOf": lambda item: ListOf(type_ref(item)),
    "MapOf": lambda value: MapOf(type_ref(value)),
    "Nullable": lambda inner: Nullable(type_ref(inner)),
    "Literal": lambda values, kind: Literal(tuple(values), kind),
    "UnionOf": _union,
}


def _parts(value: object) -> tuple[object, ...]:
    """A dataclass by its name and the values of its fields."""
    kind = type(value)
    if kind not in _FIELDS:
        _FIELDS[kind] = _getter([field.name for field in fields(kind)])  # type: ignore[arg-type]
    return kind.__name__, _FIELDS[kind](value)


def _getter(names: list[str]) -> Callable[[object], object]:
    get = attrgetter(*names)
    return get if len(names) > 1 else lambda value: (get(value),)


_FIELDS: dict[type, Callable[[object], object]] = {}
_ENCODER = json.JSONEncoder(default=_parts, check_circular=False, separators=(",", ":"))
