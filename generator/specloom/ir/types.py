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
        """The types of an array with this many items; None if it cannot have so many."""
        return [self.item] * count


@dataclass(frozen=True, slots=True)
class TupleOf(ListOf):
    """A JSON array whose items have types by position; ``item`` is the union of all of them.

    ``rest`` is the type of the items after ``first``; None if no keyword gives it.
    """

    first: tuple[TypeRef, ...]
    rest: TypeRef | None = None

    def types_of(self, count: int) -> list[TypeRef] | None:
        """The types of an array with this many items; None if it cannot have so many."""
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
    """A set of values.

    ``const``: no other value is possible, so a tag narrows. ``enum``: callers pass one of these,
    but servers may add values. ``open``: the description itself allows other values.
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

    ``tag`` is the wire name of the property that distinguishes object members, and ``mapping`` maps
    its values to the keys of members. ``default`` is the key of the member for other or missing
    tags (OpenAPI 3.2, ``defaultMapping``).
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
    """A property of an object.

    ``replaced_by`` is the wire name of its successor. ``is_named``: its name comes from x-sdk.
    """

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
    is_named: bool = False


@dataclass(frozen=True, slots=True)
class Model:
    """An object with known properties.

    ``extra`` is the type of further properties; None if the description does not mention them, and
    then callers cannot pass any. ``is_named``: its name comes from x-sdk, whatever other names it
    has.
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
