"""Whether to send a failed request again, and when. Nothing here waits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime

__all__ = ["backoff", "is_retryable", "server_delay"]

_FIRST_DELAY = 0.5
_MAX_DELAY = 8.0
_MAX_SERVER_DELAY = 120.0
_JITTER = 0.25


def is_retryable(status_code: int, headers: Mapping[str, str]) -> bool:
    """Whether another attempt may help. The server can decide that by ``x-should-retry``."""
    advice = headers.get("x-should-retry")
    if advice in {"true", "false"}:
        return advice == "true"
    return status_code in {408, 409, 429} or status_code >= 500


def backoff(retries_taken: int, random: Callable[[], float]) -> float:
    """Seconds to wait: 0.5, doubled up to 8, minus up to a quarter at random to spread clients.

    Args:
        retries_taken: How often the request was sent again already.
        random: Returns a number from 0 to 1.
    """
    delay: float = min(_FIRST_DELAY * 2 ** min(retries_taken, 10), _MAX_DELAY)
    return delay * (1 - _JITTER * random())


def server_delay(
    headers: Mapping[str, str], now: float, hint_header: str | None = None
) -> float | None:
    """Seconds that the server asks to wait; ``None`` if it asks for none or for more than 120.

    Reads ``retry-after-ms``, and ``Retry-After`` in seconds or as a date (RFC 9110, 10.2.3).

    Args:
        headers: The response's headers.
        now: The time, in seconds since 1970.
        hint_header: A header to read before these two; in milliseconds if it ends in ``-ms``.
    """
    names = ((hint_header or "").lower(), "retry-after-ms", "retry-after")
    delays = (_seconds(name, headers.get(name), now) for name in names)
    delay = next((each for each in delays if each is not None), None)
    return delay if delay is not None and 0 <= delay <= _MAX_SERVER_DELAY else None


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
