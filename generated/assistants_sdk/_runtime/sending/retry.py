"""Whether to send a failed request again, and when. Nothing here waits."""

from __future__ import annotations

from collections.abc import Callable, Mapping

__all__ = ["backoff", "is_retryable"]

_FIRST_DELAY = 0.5
_MAX_DELAY = 8.0
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
