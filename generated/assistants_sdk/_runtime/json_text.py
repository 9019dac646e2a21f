"""Values to JSON text, and JSON text to plain values."""

from __future__ import annotations

from typing import Any

from pydantic_core import from_json, to_json

from .models import to_wire

__all__ = ["decode", "encode"]


def encode(value: Any) -> bytes:
    """JSON (RFC 8259) without white space; models go out by their wire names.

    Raises:
        TypeError: A value has no JSON form.
    """
    try:
        return to_json(to_wire(value))
    except ValueError as error:
        raise TypeError(str(error)) from error


def decode(text: bytes) -> Any:
    """Plain values of JSON text.

    Raises:
        ValueError: It is no JSON.
    """
    return from_json(text)
