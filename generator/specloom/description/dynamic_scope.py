"""Dynamic scope: what a `$dynamicRef` means depends on the references that lead to it.

Of all schemas on the way that declare its `$dynamicAnchor`, themselves or in their `$defs`, the
outermost one is meant (JSON Schema 2020-12, Core 8.2.3.2). So a template such as a page of items
is described once, and each schema that refers to it says what the items are.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from specloom.description.references import find_or_none, follow
from specloom.description.tree import Value, child, escape, members, reference_in

if TYPE_CHECKING:
    from specloom.description.document import Document

Scope: TypeAlias = "tuple[tuple[str, str], ...]"
"""Names of dynamic anchors, and pointers to the schemas that they mean."""

_WITH = re.compile(r"/\(with [^()]*\)")
_PLAIN = frozenset(("$ref", "$dynamicAnchor", "$comment", "title", "description"))


def plain_pointer(pointer: str) -> str:
    """The JSON pointer of the schema that a scoped pointer names."""
    return _WITH.sub("", pointer) if "/(with " in pointer else pointer


def scope_within(document: Document, pointer: str, value: Value, scope: Scope) -> Scope:
    """The scope that applies inside a schema, and in the schemas it refers to."""
    own = _declared(document, plain_pointer(pointer), value)
    return tuple(sorted((own | dict(scope)).items())) if own else scope


def entered(document: Document, pointer: str, value: Value, scope: Scope) -> tuple[str, Scope]:
    """A pointer and a scope for what a reference leads to: as far as it depends on the scope."""
    if not scope:
        return pointer, ()
    own, used = _declared(document, pointer, value), _used(document, pointer)
    left = tuple((name, place) for name, place in scope if name in used and own.get(name) != place)
    if not left:
        return pointer, ()
    text = ", ".join(f"{name}={place}" for name, place in left)
    # One step of a pointer, and no brackets in it but its own.
    step = escape(text).replace("(", "%28").replace(")", "%29")
    return f"{pointer}/(with {step})", left


def _declared(document: Document, pointer: str, value: Value) -> dict[str, str]:
    """The dynamic anchors of a schema and of its `$defs`, and where they lead."""
    if not isinstance(value, dict):
        return {}
    found: dict[str, str] = {}
    definitions = [(child(pointer, "$defs", key), one) for key, one in members(value.get("$defs"))]
    for place, one in [*definitions, (pointer, value)]:
        name = one.get("$dynamicAnchor") if isinstance(one, dict) else None
        if isinstance(one, dict) and isinstance(name, str):
            is_name = "$ref" in one and one.keys() <= _PLAIN and place != pointer
            found[name] = follow(document, place, one)[0] if is_name else place
    return found


@lru_cache(maxsize=4096)
def _used(document: Document, pointer: str) -> frozenset[str]:
    """The dynamic anchors that a schema, or what it refers to, asks for."""
    found: set[str] = set()
    seen: set[str] = set()
    pending: list[tuple[str, Value]] = [(pointer, document.at(pointer))]
    while pending:
        place, value = pending.pop()
        if place in seen:
            continue
        seen.add(place)
        pending.extend((child(place, key), one) for key, one in members(value))
        ref = reference_in(value)
        target = find_or_none(document, ref, place) if ref is not None else None
        if target is not None:
            pending.append(target)
        if isinstance(value, dict) and isinstance(value.get("$dynamicRef"), str):
            found.add(str(value["$dynamicRef"]).partition("#")[2])
    return frozenset(found)
