"""What a JSON value is, as type checkers understand it."""

from __future__ import annotations

from typing import Any, TypeGuard

_LARGEST = 1e300


def is_object(value: object) -> TypeGuard[dict[Any, Any]]:
    """Whether a value is an object; YAML has keys that are no text."""
    return isinstance(value, dict)


def is_array(value: object) -> TypeGuard[list[Any]]:
    """Whether a value is an array."""
    return isinstance(value, list)


def is_number(value: object) -> TypeGuard[int | float]:
    """Whether a value is a number, and one that a float can hold."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    return -_LARGEST < value < _LARGEST
