"""Whether a value that the description gives as an example is one: many are not."""

from __future__ import annotations

from typing import Any

from specloom import ir
from specloom.plan.pages.json_values import is_array, is_object
from specloom.usage import fields_in

_PYTHON: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "date": (str,),
    "date-time": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


def fits(value: Any, type_ref: ir.TypeRef, api: ir.Api, *, request: bool) -> bool:
    """Whether a type checker and the server would take a JSON value as this type.

    Bytes never fit: JSON has none.
    """
    if isinstance(type_ref, ir.Nullable):
        return value is None or fits(value, type_ref.inner, api, request=request)
    if isinstance(type_ref, ir.UnionOf):
        return any(fits(value, member, api, request=request) for member in type_ref.members)
    if isinstance(type_ref, ir.ListOf):
        return is_array(value) and all(
            fits(one, type_ref.item, api, request=request) for one in value
        )
    if isinstance(type_ref, ir.MapOf):
        return is_object(value) and all(
            isinstance(key, str) and fits(one, type_ref.value, api, request=request)
            for key, one in value.items()
        )
    if isinstance(type_ref, ir.Ref):
        return _fits_named(value, api.types[type_ref.key], api, request=request)
    if isinstance(type_ref, ir.Literal):
        return _fits_literal(value, type_ref)
    return _fits_scalar(value, type_ref)


def _fits_named(value: Any, named: ir.NamedType, api: ir.Api, *, request: bool) -> bool:
    if isinstance(named, ir.Alias):
        return fits(value, named.type, api, request=request)
    if not is_object(value):
        return False
    fields = {field.wire_name: field for field in fields_in(named, request=request)}
    if any(field.required and name not in value for name, field in fields.items()):
        return False
    return all(
        name in fields and fits(one, fields[name].type, api, request=request)
        for name, one in value.items()
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
