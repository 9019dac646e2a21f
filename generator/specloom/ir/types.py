"""Types of values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from typing import Literal as OneOf

Words = tuple[str, ...]
ScalarKind = OneOf[
    "string", "integer", "number", "boolean", "date", "date-time", "binary", "any", "null"
]


@dataclass(frozen=True, slots=True)
class Scalar:
    """A type without parts; ``any`` is every JSON value, ``binary`` is raw bytes."""

    kind: ScalarKind


@dataclass(frozen=True, slots=True)
class ListOf:
    """A JSON array."""

    item: TypeRef

    def types_of(self, count: int) -> list[TypeRef] | None:
        """The types of so many items; None if the array cannot have so many."""
        return [self.item] * count


@dataclass(frozen=True, slots=True)
class TupleOf(ListOf):
    """A JSON array whose items have types by their places; ``item`` is the union of all of them.

    ``rest`` is the type of the items after ``first``; None if no keyword says so.
    """

    first: tuple[TypeRef, ...]
    rest: TypeRef | None = None

    def types_of(self, count: int) -> list[TypeRef] | None:
        """The types of so many items; None if the array cannot have so many."""
        further = count - len(self.first)
        if further < 0 or (further and self.rest is None):
            return None
        return [*self.first, *([self.rest] if self.rest is not None else []) * further]


@dataclass(frozen=True, slots=True)
class MapOf:
    """A JSON object with arbitrary keys."""

    value: TypeRef


@dataclass(frozen=True, slots=True)
class Literal:
    """A set of values. ``const``: only these, so that a tag narrows; ``enum``: callers give one of
    these, servers may send others some day; ``open``: the description itself allows others.
    """

    values: tuple[str | int | float | bool, ...]
    kind: OneOf["const", "enum", "open"] = "enum"


@dataclass(frozen=True, slots=True)
class Nullable:
    """``inner`` or JSON null."""

    inner: TypeRef


@dataclass(frozen=True, slots=True)
class UnionOf:
    """One of several types.

    ``tag`` is the wire name of the property that tells object members apart, ``mapping`` gives for
    each tag value the key of the member it means; ``default`` is the key of the member that every
    other value means, and none (OpenAPI 3.2, ``defaultMapping``).
    """

    members: tuple[TypeRef, ...]
    tag: str | None = None
    mapping: tuple[tuple[str, str], ...] = ()
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Ref:
    """A named type, by its key in ``Api.types``."""

    key: str


TypeRef = Scalar | ListOf | MapOf | Literal | Nullable | UnionOf | Ref


@dataclass(frozen=True, slots=True)
class Field:
    """A property of an object. ``replaced_by`` is the wire name of the one to use instead."""

    name: Words
    wire_name: str
    pointer: str
    type: TypeRef
    required: bool
    description: str = ""
    default: Any = None
    read_only: bool = False
    write_only: bool = False
    deprecated: bool = False
    replaced_by: str | None = None
    limits: tuple[tuple[str, Any], ...] = ()
    example: Any = None


@dataclass(frozen=True, slots=True)
class Model:
    """An object with known properties.

    ``extra`` is the type of further ones that the description invites; None if it says nothing
    of them, so that callers give none. ``is_named``: by x-sdk, whatever it is called elsewhere.
    """

    key: str
    name: Words
    wire_name: str
    pointer: str
    fields: tuple[Field, ...]
    description: str = ""
    extra: TypeRef | None = None
    deprecated: bool = False
    is_named: bool = False


@dataclass(frozen=True, slots=True)
class Alias:
    """A name for a type that is not an object: a union, an enum, a recursive list."""

    key: str
    name: Words
    wire_name: str
    pointer: str
    type: TypeRef
    description: str = ""
    deprecated: bool = False
    is_named: bool = False


NamedType = Model | Alias
