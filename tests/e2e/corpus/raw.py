"""A description as plain values: its operations and what their parts refer to.

This reads the document for itself, so that what specloom loses is missed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
Values = Mapping[str, Any]


class OutsideError(LookupError):
    """A ``$ref`` that does not lead to a value of this document."""


def follow(root: Values, node: Any) -> Any:
    """What a node stands for: its ``$ref``, to the end.

    Raises:
        OutsideError: The reference leads out of the document, or nowhere.
    """
    seen: set[str] = set()
    while isinstance(node, Mapping) and isinstance(node.get("$ref"), str):
        if node["$ref"] in seen:
            raise OutsideError(f"{node['$ref']} leads back to itself")
        seen.add(node["$ref"])
        node = target(root, node["$ref"])
    return node


def target(root: Values, ref: str) -> Any:
    """What a reference points at (RFC 6901, as a URI fragment)."""
    if ref != "#" and not ref.startswith("#/"):
        raise OutsideError(ref)
    value: Any = root
    for token in ref.split("/")[1:]:
        key = unquote(token).replace("~1", "/").replace("~0", "~")
        try:
            value = value[int(key)] if isinstance(value, list) else value[key]
        except (LookupError, TypeError, ValueError):
            raise OutsideError(ref) from None
    return value


@dataclass(frozen=True)
class Endpoint:
    """An operation as the document has it. ``parameters`` are by place and name."""

    method: str
    path: str
    operation: Values
    parameters: Mapping[tuple[str, str], Values]

    @property
    def key(self) -> tuple[str, str]:
        """What identifies it: method in capitals, and path."""
        return self.method, self.path

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def endpoints(root: Values) -> Iterator[Endpoint]:
    """Every operation of every path."""
    for path, declared in (root.get("paths") or {}).items():
        if not path.startswith("/"):
            continue
        item = follow(root, declared)
        if not isinstance(item, Mapping):
            continue
        named = [(method.upper(), item.get(method)) for method in METHODS]
        named += (item.get("additionalOperations") or {}).items()
        for method, operation in named:
            if isinstance(operation, Mapping):
                yield Endpoint(method, path, operation, _parameters(root, item, operation))


def _parameters(root: Values, *holders: Values) -> dict[tuple[str, str], Values]:
    found: dict[tuple[str, str], Values] = {}
    for holder in holders:
        for declared in holder.get("parameters") or ():
            parameter = follow(root, declared)
            if isinstance(parameter, Mapping):
                found[parameter["in"], parameter["name"]] = parameter
    return found


def schema_of(parameter: Values) -> Any:
    """The schema of a parameter: its own, or that of its content."""
    for media in (parameter.get("content") or {}).values():
        return (media or {}).get("schema")
    return parameter.get("schema")
