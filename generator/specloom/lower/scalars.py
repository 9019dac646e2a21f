"""Scalars: what `type` and `format` of a schema say of a single value."""

from __future__ import annotations

from typing import Any

from specloom import ir
from specloom.lower.merging import nullable_of
from specloom.lower.shape import SHAPING, Shape

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
    """The type of a schema that is one scalar and no more, as four of five are; None of others."""
    name = value.get("type")
    if not isinstance(name, str) or name not in _PLAIN_SCALARS or not SHAPING.isdisjoint(value):
        return None
    kind = SCALARS[name]
    if kind == "string":
        said = value.get("format")
        kind = _STRING_FORMATS.get(said, kind) if isinstance(said, str) else kind
    return nullable_of(ir.Scalar(kind)) if value.get("nullable") is True else ir.Scalar(kind)


def string_kind(shape: Shape) -> ir.ScalarKind:
    """What text is, by its format and its media type."""
    if shape.content.get("contentMediaType") == "application/octet-stream" and (
        "contentEncoding" not in shape.content
    ):
        return "binary"
    return _STRING_FORMATS.get(shape.format, "string")
