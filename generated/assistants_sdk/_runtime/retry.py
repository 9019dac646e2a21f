"""Whether a failed request is sent again, and when. Nothing here waits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime

__all__ = ["backoff", "is_retryable", "server_delay"]

_FIRST_DELAY = 0.5
_LONGEST_DELAY = 8.0
_LONGEST_OBEYED = 120.0
_JITTER = 0.25


def is_retryable(status_code: int, headers: Mapping[str, str]) -> bool:
    """Whether trying again may help; ``x-should-retry`` is the server's own word on it."""
    advice = headers.get("x-should-retry")
    if advice in {"true", "false"}:
        return advice == "true"
    return status_code in {408, 409, 429} or status_code >= 500


def backoff(retries_taken: int, random: Callable[[], float]) -> float:
    """Seconds to wait: 0.5 doubling to 8, less up to a quarter by chance, so that clients spread.

    Args:
        retries_taken: How often the request was sent again already.
        random: Returns a number from 0 to 1.
    """
    delay: float = min(_FIRST_DELAY * 2 ** min(retries_taken, 10), _LONGEST_DELAY)
    return delay * (1 - _JITTER * random())


def server_delay(
    headers: Mapping[str, str], now: float, hint_header: str | None = None
) -> float | None:
    """Seconds that the server asks to wait; ``None`` where it does not say, or more than 120.

    Reads ``retry-after-ms`` and ``Retry-After`` as seconds or as a date (RFC 9110, 10.2.3).

    Args:
        headers: The response's headers.
        now: The time, in seconds since 1970.
        hint_header: A header that comes before these two; in milliseconds if it ends in ``-ms``.
    """
    names = ((hint_header or "").lower(), "retry-after-ms", "retry-after")
    delays = (_seconds(name, headers.get(name), now) for name in names)
    delay = next((each for each in delays if each is not None), None)
    return delay if delay is not None and 0 <= delay <= _LONGEST_OBEYED else None


def _seconds(name: str, value: str | None, now: float) -> float | None:
    if value is None:
        return None
    try:
        return float(value) / (1000 if name.lower().endswith("-ms") else 1)
    except ValueError:
        return _seconds_until(value, now)


def _seconds_until(date: str, now: float) -> float | None:
    try:
        return max(parsedate_to_datetime(date).timestamp() - now, 0.0)
    except ValueError:
        return None
