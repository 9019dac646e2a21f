"""Untyped values: what they are, what they hold, and dates as text.

The tests of a type say ``Any`` of what is inside. After ``isinstance(value, list)`` itself, strict
type checkers report every use of the unknown items.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any, SupportsIndex, TypeGuard

__all__ = [
    "FineDatetime",
    "asks_for",
    "is_array",
    "is_bytes",
    "is_list",
    "is_mapping",
    "is_path",
    "is_scalar",
    "is_tuple",
    "iso_text",
    "member",
    "plain",
    "pointer_parts",
]


def is_mapping(value: object) -> TypeGuard[Mapping[Any, Any]]:
    """Whether it becomes a JSON object."""
    return isinstance(value, Mapping)


def is_list(value: object) -> TypeGuard[list[Any]]:
    """Whether it is a list, as decoded JSON has them."""
    return isinstance(value, list)


def is_array(value: object) -> TypeGuard[list[Any] | tuple[Any, ...]]:
    """Whether it becomes a JSON array."""
    return isinstance(value, (list, tuple))


def is_scalar(value: object) -> bool:
    """Whether it is a number, a boolean or a date: a value that is written as a short text."""
    return isinstance(value, (bool, int, float, date, time))


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
    """A model as a dict by wire names; anything else as it is."""
    return value.to_dict() if hasattr(value, "to_dict") else value


def member(value: object, name: str) -> Any:
    """The member of an object or the item of a list; ``None`` if there is none."""
    if is_mapping(value):
        return value.get(name)
    if is_list(value) and name.isdecimal() and int(name) < len(value):
        return value[int(name)]
    return None


def asks_for(body: object, name: str) -> bool:
    """Whether a body has ``true`` in the property that asks for something."""
    return member(plain(body), name) is True


def pointer_parts(pointer: str) -> Iterable[str]:
    """The names in a JSON Pointer (RFC 6901), from the root on."""
    return (part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:])


class FineDatetime(datetime):
    """A date-time that came with more than six digits after the second.

    The value itself is cut to microseconds. ``text`` is what came. Copies and pickles keep it;
    values that are computed from this one have none.
    """

    text: str | None = None

    @classmethod
    def of(cls, value: datetime, text: str) -> FineDatetime:
        """A value together with the text that it was read from."""
        day = value.year, value.month, value.day
        clock = value.hour, value.minute, value.second, value.microsecond
        fine = cls(*day, *clock, tzinfo=value.tzinfo)
        fine.text = text
        return fine

    def __reduce_ex__(self, protocol: SupportsIndex) -> tuple[Any, ...]:
        if self.text is None:
            return super().__reduce_ex__(protocol)  # type: ignore[return-value]
        return FineDatetime.of, (datetime.combine(self.date(), self.timetz()), self.text)


def iso_text(value: datetime | date | time) -> str:
    """A date or time in ISO 8601. UTC is written ``Z``."""
    if isinstance(value, FineDatetime) and value.text is not None:
        return value.text
    text = value.isoformat()
    return text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text
