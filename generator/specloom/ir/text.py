"""Types and operations as text, and back: what is read back is equal to what was written."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields
from operator import attrgetter
from typing import Any, cast

from specloom.ir.operations import (
    Content,
    Example,
    Operation,
    Parameter,
    PartEncoding,
    RequestBody,
    Response,
    StatusPattern,
)
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
    return cast("NamedType", _read(said))


def type_ref(said: Said) -> TypeRef:
    """The type that some text says."""
    return cast("TypeRef", _read(said))


def operation(said: Said) -> Operation:
    """The operation that some text says, which has no pages, stream or poll."""
    return cast("Operation", _read(said))


def _read(said: Said) -> object:
    kind, values = said[0], [*said[1]]
    make, readers = _KINDS[kind]
    for index, read in readers:
        if values[index] is not None:
            values[index] = read(values[index])
    return make(*values)


def _all(said: list[Said]) -> tuple[object, ...]:
    return tuple(map(_read, said))


def _tuples(said: list[list[Any]]) -> tuple[tuple[Any, ...], ...]:
    return tuple(map(tuple, said))


_Reader = Callable[[Any], object]
_KINDS: dict[str, tuple[type, list[tuple[int, _Reader]]]] = {}
"""The dataclasses by their names, and those of their fields that JSON has in another form."""


def _know(kind: type, **readers: _Reader) -> None:
    places = {field.name: index for index, field in enumerate(fields(kind))}
    _KINDS[kind.__name__] = (kind, [(places[name], read) for name, read in readers.items()])


_know(Scalar)
_know(Ref)
_know(ListOf, item=_read)
_know(MapOf, value=_read)
_know(Nullable, inner=_read)
_know(Literal, values=tuple)
_know(UnionOf, members=_all, mapping=_tuples)
_know(Field, name=tuple, type=_read, limits=_tuples)
_know(Model, name=tuple, fields=_all, extra=_read)
_know(Alias, name=tuple, type=_read)
_know(Parameter, name=tuple, type=_read, limits=_tuples)
_know(PartEncoding)
_know(RequestBody, type=_read, fields=_all, encoding=_all, alternatives=_all)
_know(StatusPattern)
_know(Content, type=_read)
_know(Response, status=_read, contents=_all, headers=tuple)
_know(Example)
_know(
    Operation,
    resource=_tuples,
    name=tuple,
    parameters=_all,
    body=_read,
    responses=_all,
    tags=tuple,
    security=_tuples,
    examples=_all,
)


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
