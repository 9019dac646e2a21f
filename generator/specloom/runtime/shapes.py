"""Asks what an untyped value is. Strict type checkers take ``isinstance(x, list)`` for a list of unknowns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeGuard

__all__ = ["is_array", "is_list", "is_mapping"]


def is_mapping(value: object) -> TypeGuard[Mapping[Any, Any]]:
    """Whether it becomes a JSON object."""
    return isinstance(value, Mapping)


def is_list(value: object) -> TypeGuard[list[Any]]:
    """Whether it is a list, as decoded JSON has them."""
    return isinstance(value, list)


def is_array(value: object) -> TypeGuard[list[Any] | tuple[Any, ...]]:
    """Whether it becomes a JSON array."""
    return isinstance(value, (list, tuple))
