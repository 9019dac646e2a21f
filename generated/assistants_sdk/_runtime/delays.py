"""How long a server asks to wait."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Final

__all__ = ["MAX_SERVER_DELAY", "asked_delay"]

MAX_SERVER_DELAY: Final = 120.0
"""The maximum wait in seconds that a server may ask for."""


def asked_delay(
    headers: Mapping[str, str], now: float, hint_header: str | None = None
) -> float | None:
    """Seconds that the server asks to wait; ``None`` if it asks for none.

    Reads ``retry-after-ms``, and ``Retry-After`` in seconds or as a date (RFC 9110, 10.2.3).

    Args:
        headers: The response's headers.
        now: The time, in seconds since 1970.
        hint_header: A header to read before these two; in milliseconds if it ends in ``-ms``.
    """
    names = ((hint_header or "").lower(), "retry-after-ms", "retry-after")
    delays = (_seconds(name, headers.get(name), now) for name in names)
    return next((each for each in delays if each is not None), None)


def _seconds(name: str, value: str | None, now: float) -> float | None:
    if value is None:
        return None
    try:
        seconds = float(value) / (1000 if name.lower().endswith("-ms") else 1)
    except ValueError:
        return _seconds_until(value, now)
    return seconds if isfinite(seconds) and seconds >= 0 else None


def _seconds_until(date: str, now: float) -> float | None:
    from email.utils import parsedate_to_datetime  # a large import for a rare form

    try:
        return max(parsedate_to_datetime(date).timestamp() - now, 0.0)
    except ValueError:
        return None
