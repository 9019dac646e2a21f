"""Rewrites pydantic's core schemas: exact about values, tolerant of broken descriptions.

A core schema is a tree of plain dicts (``pydantic_core.core_schema``). Nodes of a kind that is not
named here stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeAlias, cast

from pydantic import BaseModel
from pydantic_core import CoreSchema, PydanticCustomError, SchemaValidator, core_schema

from ..texts import FineDatetime

__all__ = ["exact", "models_in", "tolerant", "whole_numbers"]

_Node: TypeAlias = dict[str, Any]
_Visit: TypeAlias = Callable[[_Node], _Node]
_SINGLE = (
    "schema",
    "items_schema",
    "keys_schema",
    "values_schema",
    "extras_schema",
    "json_schema",
    "python_schema",
    "lax_schema",
    "strict_schema",
)
_SEVERAL = ("items_schema", "choices", "steps", "definitions")
_MAPPED = ("choices", "fields")
_LIMITS = ("ge", "gt", "le", "lt", "multiple_of")
_STRICT = "strict:"
_FINE = re.compile(r"\.\d{7}")
_ANY: _Node = {"type": "any"}
_IN_FLOAT: dict[str, Any] = {"in_float": True}  # marks an integer that a float field may hold


def models_in(schema: CoreSchema) -> set[type[BaseModel]]:
    """The models that a schema describes."""
    found: set[type[BaseModel]] = set()

    def visit(node: _Node) -> _Node:
        if node["type"] == "model":
            found.add(node["cls"])
        return rebuilt(node, visit)

    visit(cast(_Node, schema))
    return found


def exact(schema: CoreSchema) -> CoreSchema:
    """Make a schema preserve what pydantic loses when it reads JSON.

    An integer in a ``float`` field stays an ``int``, so that ``1`` is written as ``1`` again. A
    string of digits is not a date, though pydantic reads it as a Unix time. ``true`` is not 1 in an
    enum, though they are equal in Python. ``Literal[...] | str`` becomes ``str``, which accepts the
    same values and is faster.
    """
    return cast(CoreSchema, _exact(cast(_Node, schema)))


def _exact(node: _Node) -> _Node:
    match node["type"]:
        case "float":
            limits = {key: node[key] for key in _LIMITS if key in node}
            return _union(core_schema.int_schema(**limits, metadata=_IN_FLOAT), node)
        case "datetime" | "date":
            return _iso_only(node)
        case "literal":
            return _by_kind(node)
        case "union":
            return _open_enum(rebuilt(node, _exact))
        case "tuple":
            return _open_tuple(rebuilt(node, _exact))
        case _:
            return rebuilt(node, _exact)


def _iso_only(node: _Node) -> _Node:
    dates = SchemaValidator(cast(CoreSchema, node))

    def read(value: Any) -> Any:
        if isinstance(value, str) and value[4:5] == "-":
            text: Any = value
            read = dates.validate_strings(text, strict=True)
            is_naive = isinstance(read, datetime) and read.tzinfo is None
            return FineDatetime.of(read, text) if is_naive or _FINE.search(text) else read
        raise PydanticCustomError("iso_date", "not a date in the form of ISO 8601")

    return cast(_Node, core_schema.no_info_plain_validator_function(read))


def _by_kind(node: _Node) -> _Node:
    """An enum in which a boolean or an integer matches only its own kind."""
    values = node["expected"]
    if not any(isinstance(value, int) and value in (0, 1) for value in values):
        return node
    choices = [
        {"type": "chain", "steps": [{"type": kind.__name__, "strict": True}, _enum(own)]}
        for kind in (bool, int)
        if (own := [value for value in values if type(value) is kind])
    ]
    others = [value for value in values if not isinstance(value, int)]
    choices += [_enum(others)] if others else []
    return _union(*choices) if len(choices) > 1 else choices[0]


def _enum(values: list[Any]) -> _Node:
    return {"type": "literal", "expected": values}


def _open_enum(union: _Node) -> _Node:
    if {"type": "str"} not in union["choices"]:
        return union
    others = [choice for choice in union["choices"] if not _is_text_enum(choice)]
    return {**union, "choices": others} if len(others) > 1 else {"type": "str"}


def _open_tuple(node: _Node) -> _Node:
    """Further items are kept, as unknown fields are."""
    if "variadic_item_index" in node:
        return node
    first = node["items_schema"]
    return {**node, "items_schema": [*first, _ANY], "variadic_item_index": len(first)}


def _is_text_enum(choice: _Node | tuple[_Node, str]) -> bool:
    return (
        isinstance(choice, dict)
        and choice["type"] == "literal"
        and all(isinstance(value, str) for value in choice["expected"])
    )


def tolerant(schema: CoreSchema) -> CoreSchema:
    """Make a schema accept what breaks it, and preserve the value of the wire.

    A required field that is missing reads as ``None`` and counts as not set. A field, list item or
    map value of the wrong type stays the JSON value that it is. Members of a union without a tag
    stay strict, or the first would match everything. They use a strict copy of each definition.
    """
    node = cast(_Node, schema)
    if node["type"] != "definitions":
        return cast(CoreSchema, _tolerant(node))
    definitions = [_tolerant(each) for each in node["definitions"]]
    definitions += [_strict_copy(each) for each in node["definitions"]]
    whole = {**node, "schema": _tolerant(node["schema"]), "definitions": definitions}
    return cast(CoreSchema, whole)


def _tolerant(node: _Node) -> _Node:
    match node["type"]:
        case "model-fields":
            return rebuilt(node, _tolerant_field)
        case "list" | "dict" | "tuple":
            return rebuilt(node, _or_any)
        case "union":
            return _tolerant_union(node)
        case _:
            return rebuilt(node, _tolerant)


def whole_numbers(schema: CoreSchema) -> CoreSchema:
    """Make a schema read ``1.0`` as an integer, which it is (JSON Schema 2020-12, Core, 4.2.3)."""
    return cast(CoreSchema, _whole_numbers(cast(_Node, schema)))


def _whole_numbers(node: _Node) -> _Node:
    if node["type"] != "int" or node.get("metadata") == _IN_FLOAT:
        return rebuilt(node, _whole_numbers)
    read = core_schema.no_info_after_validator_function(_to_int, core_schema.float_schema())
    return _union(node, core_schema.chain_schema([read, cast(CoreSchema, node)]))


def _to_int(value: float) -> int:
    if not value.is_integer():
        raise PydanticCustomError("int_type", "not a whole number")
    return int(value)


def _tolerant_field(node: _Node) -> _Node:
    if node["type"] == "model-field":
        return rebuilt(node, _tolerant_field)
    if node["type"] == "default":
        return {**node, "schema": _or_any(node["schema"])}
    return {"type": "default", "default": None, "schema": _or_any(node)}


def _or_any(node: _Node) -> _Node:
    return _union(_tolerant(node), _ANY)


def _tolerant_union(union: _Node) -> _Node:
    choices = [
        _tolerant(choice) if choice["type"] == "tagged-union" else _strict_copy(choice)
        for choice in map(_without_label, union["choices"])
    ]
    models = [
        choice
        for choice in map(_without_label, union["choices"])
        if choice["type"] in {"model", "definition-ref"}
    ]
    if len(models) == 1:  # an object can only be this one
        choices.append(_tolerant(models[0]))
    return {**union, "choices": choices}


def _strict_copy(node: _Node) -> _Node:
    copy = rebuilt(node, _strict_copy)
    for key in ("ref", "schema_ref"):
        if key in copy:
            copy[key] = _STRICT + copy[key]
    return copy


def _without_label(choice: _Node | tuple[_Node, str]) -> _Node:
    return choice[0] if isinstance(choice, tuple) else choice


def _union(*choices: object) -> _Node:
    return {"type": "union", "mode": "left_to_right", "choices": list(choices)}


def rebuilt(node: _Node, visit: _Visit) -> _Node:
    """A copy of ``node`` whose direct children are replaced by the results of ``visit``."""
    copy = dict(node)
    for key in _SINGLE:
        if isinstance(node.get(key), dict):
            copy[key] = visit(node[key])
    for key in _SEVERAL:
        if isinstance(node.get(key), list):
            copy[key] = [visit(_without_label(child)) for child in node[key]]
    for key in _MAPPED:
        if isinstance(node.get(key), dict):
            copy[key] = {name: visit(child) for name, child in node[key].items()}
    return copy
