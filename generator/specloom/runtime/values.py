"""Untyped values: what they are, and what they hold.

The tests of a type say ``Any`` of what is inside. After ``isinstance(value, list)`` itself, strict
type checkers report every use of the unknown items.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any, TypeGuard

__all__ = [
    "asks_for",
    "is_array",
    "is_bytes",
    "is_list",
    "is_mapping",
    "is_path",
    "is_tuple",
    "items_of",
    "member",
    "plain",
    "pointer_parts",
    "wire_value",
]


def is_mapping(value: object) -> TypeGuard[Mapping[Any, Any]]:
    """Whether it becomes a JSON object."""
    return isinstance(value, Mapping)


def is_list(value: object) -> TypeGuard[list[Any]]:
    """Whether it is a list, as decoded JSON has them."""
    return isinstance(value, list)


def is_array(
    value: object,
) -> TypeGuard[list[Any] | tuple[Any, ...] | set[Any] | frozenset[Any]]:
    """Whether it becomes a JSON array."""
    return isinstance(value, (list, tuple, set, frozenset))


def items_of(array: Iterable[Any]) -> Iterable[Any]:
    """The items of an array. Those of a set, which has no order, are sorted as text."""
    return sorted(array, key=str) if isinstance(array, (set, frozenset)) else array


def is_tuple(value: object) -> TypeGuard[tuple[Any, ...]]:
    """Whether it is a tuple."""
    return isinstance(value, tuple)


def is_bytes(value: object) -> TypeGuard[bytes | bytearray | memoryview[int]]:
    """Whether it is bytes in memory."""
    return isinstance(value, (bytes, bytearray, memoryview))


def is_path(value: object) -> TypeGuard[os.PathLike[str]]:
    """Whether it is the path of a file. A ``str`` is not."""
    return isinstance(value, os.PathLike)


def plain(value: Any) -> Any:
    """A model as a dict with wire names; other values unchanged."""
    if hasattr(value, "_to_request"):
        return value._to_request()
    return value.to_dict() if hasattr(value, "to_dict") else value


def member(value: object, name: str) -> Any:
    """The member of an object or the item of a list; otherwise ``None``."""
    if is_mapping(value):
        return value.get(name)
    if is_list(value) and name.isdecimal() and int(name) < len(value):
        return value[int(name)]
    return None


def wire_value(value: Any, name: str) -> Any:
    """The part of a decoded value at a wire name or a JSON Pointer (RFC 6901).

    A pointer begins with a slash; the empty one leads to the value itself.
    """
    for part in pointer_parts(name) if not name or name.startswith("/") else (name,):
        value = value._member(part) if hasattr(value, "_member") else member(value, part)
    return value


def asks_for(body: object, name: str) -> bool:
    """Whether a body has ``true`` in the property that asks for something."""
    return member(plain(body), name) is True


def pointer_parts(pointer: str) -> Iterable[str]:
    """The names in a JSON Pointer (RFC 6901), from the root on."""
    return (part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:])
