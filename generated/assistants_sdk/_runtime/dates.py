"""Dates and times as text, also where the text is finer than Python's date-times."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any, SupportsIndex

__all__ = ["FineDatetime", "iso_text"]


class FineDatetime(datetime):
    """A date-time that was received with more than six digits after the second.

    Its value is cut to microseconds. ``text`` is what was received; copies and pickles keep it, and
    what is computed from it has none.
    """

    text: str | None = None

    @classmethod
    def of(cls, value: datetime, text: str) -> FineDatetime:
        """A value with the text that it was read from."""
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
    """ISO 8601; UTC is written ``Z``."""
    if isinstance(value, FineDatetime) and value.text is not None:
        return value.text
    text = value.isoformat()
    return text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text
