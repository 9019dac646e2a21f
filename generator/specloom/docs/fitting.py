"""Whether a value that the description gives as an example is one: many are not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from specloom import ir
from specloom.docs.code import is_array, is_object
from specloom.ir.usage import fields_in

_PYTHON: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "date": (str,),
    "date-time": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


MOST_STEPS = 10_000
"""How many parts of a value are compared with parts of a type. Where lists may hold lists of two
kinds, each level of an example doubles the ways to read it."""


def fits(value: Any, type_ref: ir.TypeRef, api: ir.Api, *, request: bool) -> bool:
    """Whether a type checker and the server would take a JSON value as this type.

    Bytes never fit: JSON has none. What takes very long to find out does not fit either.
    """
    return _Fitting(api, request).fits(value, type_ref)


@dataclass
class _Fitting:
    """One question, with the steps that are left for its answer."""

    api: ir.Api
    request: bool
    left: int = MOST_STEPS

    def fits(self, value: Any, type_ref: ir.TypeRef) -> bool:
        """Whether the value is of the type."""
        self.left -= 1
        if self.left < 0:
            return False
        if isinstance(type_ref, ir.Nullable):
            return value is None or self.fits(value, type_ref.inner)
        if isinstance(type_ref, ir.UnionOf):
            return any(self.fits(value, member) for member in type_ref.members)
        if isinstance(type_ref, ir.TupleOf):
            return is_array(value) and self._fits_tuple(value, type_ref)
        if isinstance(type_ref, ir.ListOf):
            return is_array(value) and all(self.fits(one, type_ref.item) for one in value)
        if isinstance(type_ref, ir.MapOf):
            return is_object(value) and all(
                isinstance(key, str) and self.fits(one, type_ref.value)
                for key, one in value.items()
            )
        if isinstance(type_ref, ir.Ref):
            return self._fits_named(value, self.api.types[type_ref.key])
        if isinstance(type_ref, ir.Literal):
            return _fits_literal(value, type_ref)
        return _fits_scalar(value, type_ref)

    def _fits_tuple(self, value: Sequence[Any], items: ir.TupleOf) -> bool:
        first, rest = value[: len(items.first)], value[len(items.first) :]
        fits = map(self.fits, first, items.first)
        return len(first) == len(items.first) and all(
            [*fits, *(items.rest is not None and self.fits(one, items.rest) for one in rest)]
        )

    def _fits_named(self, value: Any, named: ir.NamedType) -> bool:
        if isinstance(named, ir.Alias):
            return self.fits(value, named.type)
        if not is_object(value):
            return False
        fields = {field.wire_name: field for field in fields_in(named, request=self.request)}
        if any(field.required and name not in value for name, field in fields.items()):
            return False
        return all(
            name in fields and self.fits(one, fields[name].type) for name, one in value.items()
        )


def _fits_literal(value: Any, literal: ir.Literal) -> bool:
    if any(type(one) is type(value) and one == value for one in literal.values):
        return True
    return literal.kind == "open" and type(value) in {type(one) for one in literal.values}


def _fits_scalar(value: Any, scalar: ir.Scalar) -> bool:
    if scalar.kind == "any":
        return True
    if isinstance(value, bool):
        return scalar.kind == "boolean"
    return isinstance(value, _PYTHON.get(scalar.kind, ()))
