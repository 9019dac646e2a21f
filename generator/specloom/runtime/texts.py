"""Scalars that JSON lacks, as text: dates, UUIDs, and so on."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from typing import Any, SupportsIndex
from uuid import UUID

from .values import is_array, is_mapping, is_path

__all__ = ["FineDatetime", "iso_text", "refuse_non_finite", "refuse_wrong_formats", "sent_text"]


class FineDatetime(datetime):
    """A date-time that came without an offset, or with more than six digits after the second.

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


def sent_text(value: object) -> str | None:
    """A scalar in its usual text, to be sent; ``None`` for any value that JSON has itself.

    Raises:
        ValueError: A date-time has no offset, which RFC 3339 demands, or a number is not finite.
    """
    match value:
        case datetime() if value.tzinfo is None and getattr(value, "text", None) is None:
            raise ValueError(
                f"Expected a datetime with a time zone, but {value!r} has none: give "
                "value.astimezone() for local time, or value.replace(tzinfo=timezone.utc)"
            )
        case datetime() | date() | time():
            return iso_text(value)
        case UUID():
            return str(value)
        case Decimal():
            refuse_non_finite(value)
            return format(value, "f")
        case timedelta():
            return _duration(value)
        case _:
            return os.fsdecode(value) if is_path(value) else None


def _duration(value: timedelta) -> str:
    """A duration in ISO 8601, such as ``P1DT2H``."""
    from pydantic_core import to_json

    return to_json(value).decode().strip('"')


def refuse_non_finite(value: float | Decimal) -> None:
    """Raise for a number that JSON does not have (RFC 8259, 6).

    Raises:
        ValueError: It is not a number, or infinite.
    """
    if not isfinite(value):
        raise ValueError(f"Expected a finite number, not {value}")


def refuse_wrong_formats(
    value: Any, formats: Mapping[str, str], places: tuple[str, ...] = ("",)
) -> None:
    """Raise for a datetime where a date is described, and the other way round.

    Args:
        value: An input, with all that it contains.
        formats: See ``Operation``.
        places: The name of the value, and its further names in ``formats``.

    Raises:
        ValueError: It says what to give.
    """
    if isinstance(value, date):
        expected = next((formats[one] for one in places if one in formats), None)
        if expected and isinstance(value, datetime) != (expected == "date-time"):
            hint = "give value.date()" if expected == "date" else "give a datetime"
            name, kind = places[0] or "body", type(value).__name__
            raise ValueError(f"Expected a {expected} for `{name}`, not a {kind}: {hint}")
    elif is_mapping(value):
        inherited = tuple(f"{one}/*" for one in places)
        for key, each in value.items():
            if type(each) is not str:  # as most are
                refuse_wrong_formats(each, formats, (str(key), *inherited))
    elif is_array(value):
        for each in value:
            refuse_wrong_formats(each, formats, places)
