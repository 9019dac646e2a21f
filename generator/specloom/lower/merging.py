"""One type for several: nulls outermost, unions flat, enums joined."""

from __future__ import annotations

from collections.abc import Iterable

from specloom import ir

LiteralValue = str | int | float | bool

ANY = ir.Scalar("any")
NULL = ir.Scalar("null")
_STRING = ir.Scalar("string")


def nullable_of(inner: ir.TypeRef) -> ir.TypeRef:
    """``inner`` or null, without doubling: any value already includes null."""
    return inner if isinstance(inner, ir.Nullable) or inner in (ANY, NULL) else ir.Nullable(inner)


def without_null(type_ref: ir.TypeRef) -> ir.TypeRef:
    """The type of the values that are not null."""
    return type_ref.inner if isinstance(type_ref, ir.Nullable) else type_ref


def distinct(values: Iterable[LiteralValue]) -> tuple[LiteralValue, ...]:
    """Values, each once: ``true`` is not ``1``, though Python takes them for equal."""
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
    """Enums next to each other become one; an enum of strings next to ``string`` is open."""
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
