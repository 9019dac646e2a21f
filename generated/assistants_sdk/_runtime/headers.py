"""Header fields, whose names are case-insensitive (RFC 9110, 5.1). Here they are lower case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .omit import Omit

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["lay_over"]


def lay_over(headers: dict[str, str], layer: Mapping[str, str | Omit]) -> None:
    """Set the headers of ``layer`` in ``headers``; ``omit`` removes one.

    Raises:
        ValueError: A value cannot stand in a header. It may be secret, so only its name is told.
    """
    for name, value in layer.items():
        key = name.lower()
        if isinstance(value, Omit):
            headers.pop(key, None)
        elif value.isascii() and value.isprintable():
            headers[key] = value
        else:
            raise ValueError(f"Expected printable ASCII text for the header `{name}`")
