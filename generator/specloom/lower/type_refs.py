"""Types of the IR: merged unions, scalars, limits of size, and the properties of a type."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from specloom import ir
from specloom.description.places import refusal
from specloom.description.tree import escape, unescape
from specloom.lower.shape import SHAPING, Shape
from specloom.runtime.media_types import kind_of

if TYPE_CHECKING:
    from specloom.description.document import Document


LiteralValue = str | int | float | bool

ANY = ir.Scalar("any")
NULL = ir.Scalar("null")
_STRING = ir.Scalar("string")


def nullable_of(inner: ir.TypeRef) -> ir.TypeRef:
    """``inner`` or null, without nesting: any value already includes null."""
    return inner if isinstance(inner, ir.Nullable) or inner in (ANY, NULL) else ir.Nullable(inner)


def without_null(type_ref: ir.TypeRef) -> ir.TypeRef:
    """The type of the values that are not null."""
    return type_ref.inner if isinstance(type_ref, ir.Nullable) else type_ref


def distinct(values: Iterable[LiteralValue]) -> tuple[LiteralValue, ...]:
    """Values without duplicates: ``true`` is not ``1``, although Python compares them as equal."""
    return tuple({(type(value), value): value for value in values}.values())


def _identity(type_ref: ir.TypeRef) -> object:
    if isinstance(type_ref, ir.Literal):
        return (type_ref, tuple(map(type, type_ref.values)))
    return type_ref


def merge_union(found: list[ir.TypeRef]) -> ir.TypeRef:
    """One type for several: flat, without repeats, null outermost, enums beside str made open."""
    if len(found) == 1 and isinstance(found[0], ir.Scalar | ir.ListOf | ir.MapOf | ir.Ref):
        return found[0]
    flat: list[ir.TypeRef] = []
    nullable = any(isinstance(entry, ir.Nullable) or entry == NULL for entry in found)
    for entry in found:
        inner = without_null(entry)
        if inner != NULL:
            flat.extend(inner.members if isinstance(inner, ir.UnionOf) else (inner,))
    flat = list({_identity(entry): entry for entry in flat}.values())
    if ANY in flat:
        return ANY
    flat = _merge_literals(flat)
    if not flat:
        return NULL if nullable else ANY
    union: ir.TypeRef = flat[0] if len(flat) == 1 else ir.UnionOf(tuple(flat))
    return nullable_of(union) if nullable else union


def _merge_literals(flat: list[ir.TypeRef]) -> list[ir.TypeRef]:
    """Merge adjacent enums into one; an enum of strings beside ``string`` is open."""
    literals = [entry for entry in flat if isinstance(entry, ir.Literal)]
    if not literals:
        return flat
    values = distinct(value for entry in literals for value in entry.values)
    rest = [entry for entry in flat if not isinstance(entry, ir.Literal)]
    if _STRING in rest and all(isinstance(value, str) for value in values):
        rest.remove(_STRING)
        return [ir.Literal(values, "open"), *rest]
    if any(entry.kind == "open" for entry in literals):
        return [ir.Literal(values, "open"), *rest]
    return [ir.Literal(values, "enum" if len(values) > 1 else "const"), *rest]


MAX_DEPTH = 16
"""The maximum nesting of unnamed schemas: each level takes some frames of Python's stack.

Published descriptions reach six.
"""

MAX_INNER_TYPES = 200
"""The maximum number of parts of an unnamed type.

Without it, unions of lists that each contain the previous one twice would double in size at each
step.
"""


MAX_WRITTEN = 300_000
"""The maximum number of properties and variants of all types and bodies, with repetitions.

`allOf` and nested unions repeat properties. The limit is about 60 MB of Python. Google's compute
API (2 MB) has 4,777.
"""


@dataclass
class Budget:
    """The remaining budget."""

    left: int = MAX_WRITTEN

    def spend(self, count: int, document: Document, pointer: str) -> None:
        """Take from the remaining budget. Raises SpecError at the schema that exceeds it."""
        self.left -= count
        if self.left < 0:
            message = f"all types together have more than {MAX_WRITTEN:,} properties and variants"
            hint = (
                "many schemas repeat the same properties: put them into one schema, and refer to it"
            )
            raise refusal("too-large", message, document, pointer, hint)


def is_bulky(lowered: ir.TypeRef) -> bool:
    """Whether a type is too large to be repeated at each use."""
    if isinstance(lowered, ir.TupleOf) and lowered.rest is not None:
        return True
    count = 0
    pending = [(lowered, 0)]
    while pending:
        type_ref, depth = pending.pop()
        count += 1
        if count > MAX_INNER_TYPES or depth > MAX_DEPTH:
            return True
        pending.extend((inner, depth + 1) for inner in _inner_types(type_ref))
    return False


def _inner_types(type_ref: ir.TypeRef) -> tuple[ir.TypeRef, ...]:
    match type_ref:
        case ir.TupleOf(first=first, item=item):
            return (*first, item)
        case ir.ListOf(item=inner) | ir.MapOf(value=inner) | ir.Nullable(inner=inner):
            return (inner,)
        case ir.UnionOf(members=members):
            return members
        case _:
            return ()


SCALARS: dict[str, ir.ScalarKind] = {
    "string": "string",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
    "null": "null",
    "file": "binary",
}
_PLAIN_SCALARS = frozenset({"string", "integer", "number", "boolean"})
_STRING_FORMATS: dict[str, ir.ScalarKind] = {
    "date-time": "date-time",
    "date": "date",
    "binary": "binary",
}


def plain_scalar(value: dict[str, Any]) -> ir.TypeRef | None:
    """The type of a schema that is one scalar and no more, as most are; None for others."""
    name = value.get("type")
    if not isinstance(name, str) or name not in _PLAIN_SCALARS or not SHAPING.isdisjoint(value):
        return None
    kind = SCALARS[name]
    if kind == "string":
        said = value.get("format")
        kind = _STRING_FORMATS.get(said, kind) if isinstance(said, str) else kind
    return nullable_of(ir.Scalar(kind)) if value.get("nullable") is True else ir.Scalar(kind)


_WRITTEN = {"integer": re.compile(r"-?(?:0|[1-9]\d{0,17})"), "boolean": re.compile("true|false")}


def of_kind(value: Any, types: list[str]) -> object:
    """A value of an enum as its schema's type says: YAML and generators err about quotes."""
    if types == ["string"] and isinstance(value, bool | int | float):
        return json.dumps(value)
    written = _WRITTEN.get("/".join(types)) if isinstance(value, str) else None
    return json.loads(value) if written and written.fullmatch(value) else value


def string_kind(shape: Shape) -> ir.ScalarKind:
    """The type of text, by its format and its media type."""
    return "binary" if media_type_of(shape) else _STRING_FORMATS.get(shape.format, "string")


def media_type_of(shape: Shape) -> str:
    """The media type of bytes that are not written as text (OpenAPI 3.1.1, 4.8.24.5.4), or none."""
    said = shape.content.get("contentMediaType")
    is_bytes = isinstance(said, str) and kind_of(said) == "binary" and "/" in said
    return str(said) if is_bytes and "contentEncoding" not in shape.content else ""


Types = Mapping[str, ir.NamedType]

_DEEPEST = 3


def found_at(start: ir.TypeRef, name: str, types: Types) -> ir.TypeRef | None:
    """The type of the value that ``name`` selects in ``start``, without null.

    A name is a property; with a leading slash it is a JSON Pointer, and the empty pointer is the
    whole value. The result is ``any`` if the description leaves the content open, and None if it
    excludes any content.
    """
    found: ir.TypeRef | None = resolved(start, types)
    for step in steps_of(name):
        found = _property(found, step, types) if found is not None else None
    return found


def member_type(start: ir.TypeRef, name: str, types: Types) -> ir.TypeRef | None:
    """The type of the property that ``name`` selects, with null if it may be missing.

    None if the description lacks the property, or has several of different types.
    """
    found, may_lack = start, False
    for step in steps_of(name):
        holders = [_field_of(one, step, types) for one in _alternatives(found, types)]
        fields = [one for one in holders if one is not None]
        if len({one.type for one in fields}) != 1:
            return None
        may_be_null = isinstance(found, ir.Nullable)
        may_lack |= may_be_null or len(fields) < len(holders) or not fields[0].required
        found = fields[0].type
    return nullable_of(found) if may_lack else found


def _field_of(holder: ir.TypeRef, name: str, types: Types) -> ir.Field | None:
    named = types.get(holder.key) if isinstance(holder, ir.Ref) else None
    fields = named.fields if isinstance(named, ir.Model) else ()
    return next((one for one in fields if one.wire_name == name), None)


def names_in(start: ir.TypeRef, types: Types) -> Iterator[tuple[str, ir.TypeRef]]:
    """JSON Pointers to the parts of a type, each with its type; top-level ones come first."""
    level = [("", resolved(start, types))]
    for _ in range(_DEEPEST):
        level = [
            (f"{pointer}/{escape(field.wire_name)}", resolved(field.type, types))
            for pointer, holder in level
            for field in _fields(holder, types)
        ]
        yield from level


def plain_name(pointer: str) -> str:
    """The name of a top-level property for a pointer; other pointers unchanged."""
    return unescape(pointer[1:]) if pointer.count("/") == 1 else pointer


def resolved(type_ref: ir.TypeRef, types: Types) -> ir.TypeRef:
    """A type without null and without aliases."""
    for _ in range(len(types) + 1):
        named = types.get(type_ref.key) if isinstance(type_ref, ir.Ref) else None
        if isinstance(type_ref, ir.Nullable):
            type_ref = type_ref.inner
        elif isinstance(named, ir.Alias):
            type_ref = named.type
        else:
            break
    return type_ref


def list_of(type_ref: ir.TypeRef, types: Types) -> ir.ListOf | None:
    """The list that a type is, if it is one. One of several lists is a list of their items."""
    found = resolved(type_ref, types)
    if isinstance(found, ir.UnionOf):
        lists = [list_of(one, types) for one in found.members]
        items = [one.item for one in lists if one is not None]
        return ir.ListOf(merge_union(items)) if len(items) == len(lists) else None
    return found if isinstance(found, ir.ListOf) else None


def model_of(type_ref: ir.TypeRef, types: Types) -> ir.Model | None:
    """The model that a type is, if it is one."""
    found = resolved(type_ref, types)
    named = types.get(found.key) if isinstance(found, ir.Ref) else None
    return named if isinstance(named, ir.Model) else None


def steps_of(name: str) -> list[str]:
    """The names of properties on the way of a name."""
    if not name or name.startswith("/"):
        return [unescape(step) for step in name.split("/")[1:]]
    return [name]


def _property(holder: ir.TypeRef, name: str, types: Types) -> ir.TypeRef | None:
    found = [_property_of(one, name, types) for one in _alternatives(holder, types)]
    known = list(dict.fromkeys(one for one in found if one is not None))
    return known[0] if len(known) == 1 else ANY if known else None


def _property_of(holder: ir.TypeRef, name: str, types: Types) -> ir.TypeRef | None:
    match holder:
        case ir.Scalar("any"):
            return ANY
        case ir.MapOf(value):
            return resolved(value, types)
        case ir.TupleOf(first=first) if name.isdigit() and int(name) < len(first):
            return resolved(first[int(name)], types)
        case ir.ListOf(item):
            return resolved(item, types) if name.isdigit() else None
        case ir.Ref():
            for field in _fields(holder, types):
                if field.wire_name == name:
                    return resolved(field.type, types)
            named = types.get(holder.key)
            extra = named.extra if isinstance(named, ir.Model) else None
            return resolved(extra, types) if extra is not None else None
        case _:
            return None


def _fields(holder: ir.TypeRef, types: Types) -> Iterator[ir.Field]:
    for one in _alternatives(holder, types):
        named = types.get(one.key) if isinstance(one, ir.Ref) else None
        yield from named.fields if isinstance(named, ir.Model) else ()


def _alternatives(type_ref: ir.TypeRef, types: Types) -> Iterator[ir.TypeRef]:
    """The members of a union and its nested unions, without duplicates; else the type itself."""
    pending, seen = [type_ref], set[ir.TypeRef]()
    while pending:
        one = resolved(pending.pop(), types)
        if one not in seen:
            seen.add(one)
            if isinstance(one, ir.UnionOf):
                pending.extend(reversed(one.members))
            else:
                yield one
