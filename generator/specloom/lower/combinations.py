"""Several oneOf or anyOf that hold at once: what a value can be that satisfies each of them."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from math import prod
from typing import TYPE_CHECKING

from specloom.lower.intersections import intersection
from specloom.lower.schema_names import variant_names
from specloom.lower.shape import (
    Shape,
    is_null_schema,
    is_requirement_only,
    joined_properties,
    shape_of,
)

if TYPE_CHECKING:
    from specloom import ir
    from specloom.description.node import Node

_MAX_COMBINATIONS = 40
"""How many variants two or more groups may have together; beyond that they are one object."""


def real_variants(group: list[Node]) -> list[Node]:
    """The variants that have a type; none where all only demand properties."""
    if all(is_requirement_only(member) for member in group):
        return []
    return [member for member in group if not is_null_schema(member)]


def combined(
    shape: Shape, groups: list[list[Node]], words: ir.Words
) -> list[tuple[Node, Shape, ir.Words]]:
    """One object for each choice of a variant from every group, with its place and name.

    None where a group has something else than plain objects: what holds of text beside another
    text has no type of Python.
    """
    named = [list(zip(group, variant_names(group, words), strict=True)) for group in groups]
    shapes = {one.pointer: shape_of(one) for group in groups for one in group}
    if not all(one.is_object and not one.variants for one in shapes.values()):
        return []
    if prod(map(len, groups)) > _MAX_COMBINATIONS:
        every = [shapes[one.pointer] for group in groups for one in group]
        return [(groups[0][0], _joined(shape, every, demand=False), words)]
    return [
        (
            choice[0][0],
            _joined(shape, [shapes[one.pointer] for one, _ in choice], demand=True),
            (*words, *(word for _, name in choice for word in name[len(words) :])),
        )
        for choice in product(*named)
    ]


def common_variants(groups: list[list[Node]]) -> list[Node]:
    """What a value may be that is one of each group; nothing where that cannot be said."""
    found, *others = groups
    for group in others:
        pairs = [(one, other) for one in found for other in group if _may_be_both(one, other)]
        if len(pairs) > _MAX_COMBINATIONS:
            return []
        found = [intersection(one, other) for one, other in pairs]
    return found


def _may_be_both(one: Node, other: Node) -> bool:
    first, second = shape_of(one), shape_of(other)
    if first.values is not None and second.values is not None:
        return any(value in second.values for value in first.values)
    types, others = _types_of(first), _types_of(second)
    return not types or not others or not types.isdisjoint(others)


def _types_of(shape: Shape) -> set[str]:
    """The types that a value may have; none where a schema does not say."""
    if shape.variants:
        return set()
    found = set(shape.types)
    if not found and shape.is_object:
        return {"object"}
    return found | ({"integer"} if "number" in found else set())


def _joined(shape: Shape, parts: list[Shape], *, demand: bool) -> Shape:
    for part in parts:
        shape = replace(
            shape,
            properties=joined_properties(shape.properties, part.properties),
            required=shape.required | part.required if demand else shape.required,
            extra=part.extra or shape.extra,
            pattern_values=[*shape.pattern_values, *part.pattern_values],
        )
    return shape
