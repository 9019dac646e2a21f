"""What only points elsewhere: which schema another one stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from specloom.lower.shape import (
    is_null_schema,
    members,
    says_nullable,
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


def _sole_meaning(node: Node) -> tuple[Node | None, bool]:
    """The one schema this one stands for (a bare $ref, an allOf or union of one), and null-ness."""
    if not isinstance(node.value, dict) or node.value.get("required"):
        return None, False
    own = structural_keys(node.value)
    if node.ref is not None:
        return (node.target() if not own else None), False
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
