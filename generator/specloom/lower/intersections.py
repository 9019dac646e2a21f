"""What several schemas of one ``allOf`` say of one property: a value satisfies each of them.

They are read as one schema, an ``allOf`` of references to them (JSON Schema 2020-12, Core 10.2.1).
"""

from __future__ import annotations

import posixpath
from typing import Any
from urllib.parse import quote

from specloom.description.node import Node
from specloom.description.tree import escape, uri_of

_MARK = "/(and "
_TEXTS = ("title", "description", "default", "example", "examples", "pattern", "multipleOf")
_SWITCHES = ("deprecated", "readOnly", "writeOnly", "uniqueItems")
_LEAST = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_MOST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")


def intersection(earlier: Node, later: Node) -> Node:
    """The schema of values that both allow. The texts of ``later``, the nearer one, win."""
    parts = {part.pointer: part for one in (earlier, later) for part in parts_of(one) or [one]}
    if later.value == earlier.value and (later.ref is None or later.uri == earlier.uri):
        return later
    if len(parts) == 1 or later.pointer == earlier.pointer or earlier.scope or later.scope:
        return later
    *others, nearest = parts
    pointer = f"{nearest}{_MARK}{escape(' '.join(others))})"
    value = _annotations(earlier) | _annotations(later) | _limits(earlier, later)
    value["allOf"] = [{"$ref": _reference(part, uri_of(pointer))} for part in parts]
    return Node(later.document, pointer, value)


def parts_of(node: Node) -> list[Node]:
    """The schemas that an intersection consists of; none where a node is no intersection."""
    if not (node.pointer.endswith(")") and _MARK in node.pointer):
        return []
    declared = node.own("allOf")
    return [part.target() for part in declared.entries()] if declared is not None else []


def _reference(pointer: str, base: str) -> str:
    uri, _, fragment = pointer.partition("#")
    path = "" if uri == base else uri
    if path and "://" not in path:
        path = posixpath.relpath(uri, posixpath.dirname(base) or ".")
    return f"{path}#{quote(fragment, safe='/~')}"


def _annotations(node: Node) -> dict[str, Any]:
    own, target = node.value, node.follow().value
    every = {**(target if isinstance(target, dict) else {}), **own}
    found = {key: every[key] for key in _TEXTS if key in every}
    found |= {key: True for key in _SWITCHES if every.get(key) is True}
    return found | {key: said for key, said in own.items() if key.startswith("x-")}


def _limits(*nodes: Node) -> dict[str, Any]:
    """The narrowest of the limits that are numbers."""
    found: dict[str, Any] = {}
    for keys, narrowest in ((_LEAST, max), (_MOST, min)):
        for key in keys:
            said = [
                value
                for node in nodes
                for value in [{**_mapping(node.follow()), **node.value}.get(key)]
                if isinstance(value, int | float) and not isinstance(value, bool)
            ]
            if said:
                found[key] = narrowest(said)
    return found


def _mapping(node: Node) -> dict[str, Any]:
    return dict(node.value) if isinstance(node.value, dict) else {}
