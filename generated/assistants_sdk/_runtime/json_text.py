"""Values to JSON text, and JSON text to plain values."""

from __future__ import annotations

from typing import Any

from pydantic_core import from_json, to_json

from .models import to_wire

__all__ = ["decode", "encode"]

_SCALARS = frozenset({str, int, float, bool, type(None)})
_CONTAINERS = frozenset({dict, list})
_MOST = 10_000
"""Containers that are looked at: one that holds itself has no end."""


def encode(value: Any) -> bytes:
    """JSON (RFC 8259) without white space; models go out by their wire names.

    Raises:
        TypeError: A value has no JSON form.
    """
    try:
        return to_json(value if _is_plain(value) else to_wire(value))
    except ValueError as error:
        raise TypeError(str(error)) from error


def _is_plain(value: object) -> bool:
    """Whether it is JSON as it is: dicts, lists and scalars alone, as almost all that is sent."""
    if type(value) not in _CONTAINERS:
        return type(value) in _SCALARS
    containers: list[Any] = [value]
    for container in containers:  # which grows meanwhile
        held: object = container
        each: object
        for each in container.values() if type(held) is dict else container:
            if type(each) not in _SCALARS:
                if type(each) not in _CONTAINERS or len(containers) > _MOST:
                    return False
                containers.append(each)
    return True


def decode(text: bytes) -> Any:
    """Plain values of JSON text.

    Raises:
        ValueError: It is no JSON.
    """
    return from_json(text)
