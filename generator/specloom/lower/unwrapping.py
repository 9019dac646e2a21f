"""What only points elsewhere: which schema another one stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from specloom.lower.intersections import parts_of
from specloom.lower.shape import (
    Shape,
    is_null_schema,
    members,
    says_nullable,
    shape_of,
    stands_alone,
    structural_keys,
)
from specloom.lower.variants import is_heir

if TYPE_CHECKING:
    from specloom.description.node import Node


def unwrap(node: Node) -> tuple[Node, bool]:
    """Follow what only points elsewhere; tells whether null was allowed on the way.

    Where that leads in a circle, the place is the same wherever it is entered.
    """
    if stands_alone(node):
        return node, says_nullable(node)
    if parts := parts_of(node):
        found = [unwrap(part) for part in parts]
        return _narrowest(node, [place for place, _ in found]), all(null for _, null in found)
    nullable = False
    seen: dict[str, Node] = {}
    while node.pointer not in seen:
        seen[node.pointer] = node
        nullable = nullable or says_nullable(node)
        following, by_null_member = _sole_meaning(node)
        nullable = nullable or by_null_member
        if following is None:
            return node, nullable
        node = following
    circle = list(seen)[list(seen).index(node.pointer) :]
    return seen[min(circle)], nullable


def _narrowest(node: Node, places: list[Node]) -> Node:
    """The one of several schemas that says what they say together, the nearest first."""
    shapes = {place.pointer: shape_of(place) for place in places}
    left = [one for one in places if not _is_implied(one, places, shapes)] or places
    whole = _content(shape_of(node))
    same = (one for one in reversed(left) if _content(shapes[one.pointer]) == whole)
    return left[0] if len(left) == 1 else next(same, node)


def _is_implied(place: Node, places: list[Node], shapes: dict[str, Shape]) -> bool:
    """Whether a schema says no more than its type, and another one says that and more."""
    if place.ref is not None or not structural_keys(place.value) <= {"type"}:
        return False
    own = set(shapes[place.pointer].types)
    others = [
        shapes[one.pointer]
        for one in places
        if one.ref is not None or not structural_keys(one.value) <= {"type"}
    ]
    return any(set(one.types) <= own and _says_more(one) for one in others)


def _says_more(shape: Shape) -> bool:
    return bool(shape.types or shape.variants or shape.values or shape.is_object)


def _content(shape: Shape) -> tuple[object, ...]:
    """What a schema says of a value, to be compared."""
    return (
        sorted(shape.types),
        shape.format,
        repr(shape.values),
        {name: prop.pointer for name, prop in shape.properties.items()},
        shape.required,
        shape.extra.pointer if shape.extra else None,
        [one.pointer for one in shape.pattern_values],
        [one.pointer for one in shape.first_items],
        shape.items.pointer if shape.items else None,
        [[one.pointer for one in group] for group in shape.variants],
    )


def _is_repeated(node: Node) -> bool:
    """Whether the type beside a reference is that of what it leads to; null may come in addition.

    ``{$ref: …, type: [object, "null"]}`` is a common way to say that it may be null.
    """
    target = node.target()
    merged, alone = shape_of(node), shape_of(target)
    is_narrower = says_nullable(target) and not says_nullable(node)
    return bool(alone.types) and merged.types == alone.types and not is_narrower


def _sole_meaning(node: Node) -> tuple[Node | None, bool]:
    """The one schema this one stands for (a bare $ref, an allOf or union of one), and null-ness."""
    if not isinstance(node.value, dict) or node.value.get("required"):
        return None, False
    own = structural_keys(node.value)
    if node.ref is not None:
        is_bare = not own or (own == {"type"} and _is_repeated(node))
        return (node.target() if is_bare else None), False
    parts = members(node, "allOf")
    if own <= {"allOf", "type"} and parts:
        typed = [part for part in parts if part.ref is not None or structural_keys(part.value)]
        null_part = any(says_nullable(part) for part in parts if part not in typed)
        demands = any(part.value.get("required") for part in parts if part.ref is None)
        if len(typed) == 1 and not demands and not is_heir(node, typed[0].follow()):
            return typed[0], null_part
    for key in ("oneOf", "anyOf"):
        if own == {key}:
            group = members(node, key)
            rest = [member for member in group if not is_null_schema(member)]
            if len(rest) == 1:
                return rest[0], len(rest) < len(group)
            return None, len(rest) < len(group)
    return None, False
