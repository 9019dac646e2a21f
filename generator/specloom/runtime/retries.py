"""Which failures a client sends a request again for, and how long it waits before."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from math import isfinite
from threading import Lock
from typing import Any, Final, NamedTuple, TypeGuard

from .delays import MAX_SERVER_DELAY
from .errors import APIError, ConfigurationError

__all__ = ["DEFAULT_RETRIES", "Retries", "Retry", "RetryBudget"]


class Retry(NamedTuple):
    """A retry that is about to come.

    Attributes:
        operation: The id of the operation.
        number: How many retries of this call it makes, from 1 on.
        delay: The seconds to wait before it.
        error: The error that the call would raise without it.
    """

    operation: str
    number: int
    delay: float
    error: APIError


class RetryBudget:
    """A number of retries that calls share, to protect a failing server.

    Args:
        capacity: How many retries it allows at first, and at most.
        refill: The part of a retry that each successful call adds.

    Raises:
        ConfigurationError: A value is negative, or no number.
    """

    def __init__(self, capacity: float, refill: float = 0.1) -> None:
        self._capacity = _seconds("capacity", capacity)
        self._refill = _seconds("refill", refill)
        self._lock = Lock()
        self._left = self._capacity

    @property
    def left(self) -> float:
        """How many retries are left."""
        return self._left

    def take(self) -> bool:
        """Use one retry. Whether one was left."""
        with self._lock:
            if self._left < 1:
                return False
            self._left -= 1
            return True

    def succeed(self) -> None:
        """Note that a call succeeded."""
        with self._lock:
            self._left = min(self._left + self._refill, self._capacity)


class Retries:
    """How a client repeats requests. ``max_retries`` says how often.

    Args:
        statuses: The statuses to retry, such as ``{429, *range(500, 600)}``. Otherwise 408, 409,
            429 and all from 500 on, unless the server says so in ``x-should-retry``. With
            ``statuses``, the server can only forbid a retry.
        methods: The HTTP methods to retry, such as ``{"GET"}``. Otherwise all.
        timeouts: Whether a request that timed out is sent again.
        first_delay: Seconds to wait before the first retry. The wait doubles with each one.
        max_delay: The most seconds to wait, unless the server asks for a time.
        jitter: The part of a wait, from 0 to 1, that is taken off at random to spread clients.
        max_server_delay: The most seconds to wait because the server asks for it. If it asks for
            more, the call fails at once.
        budget: A number of retries that calls share.
        on_retry: Called before each wait. An exception in it ends the call. It may be async for an
            async client.

    Raises:
        ConfigurationError: A value cannot be used.
    """

    def __init__(
        self,
        *,
        statuses: Collection[int] | None = None,
        methods: Collection[str] | None = None,
        timeouts: bool = True,
        first_delay: float = 0.5,
        max_delay: float = 8.0,
        jitter: float = 0.25,
        max_server_delay: float = MAX_SERVER_DELAY,
        budget: RetryBudget | None = None,
        on_retry: Callable[[Retry], Awaitable[object] | None] | None = None,
    ) -> None:
        self.statuses = None if statuses is None else _statuses(statuses)
        self.methods = None if methods is None else _methods(methods)
        self.timeouts = timeouts
        self.first_delay = _seconds("first_delay", first_delay)
        self.max_delay = _seconds("max_delay", max_delay)
        self.jitter = _seconds("jitter", jitter, most=1)
        self.max_server_delay = _seconds("max_server_delay", max_server_delay)
        self.budget = _instance("budget", budget, RetryBudget)
        self.on_retry = on_retry
        if on_retry is not None and not callable(on_retry):
            raise ConfigurationError(f"Expected on_retry to be a function, not {on_retry!r}")

    def repeats(self, method: str) -> bool:
        """Whether requests of an HTTP method are sent again."""
        return self.methods is None or method.upper() in self.methods

    def is_retryable(self, status_code: int, headers: Mapping[str, str]) -> bool:
        """Whether another attempt may help. The server can decide that by ``x-should-retry``."""
        advice = headers.get("x-should-retry")
        if self.statuses is not None:
            return status_code in self.statuses and advice != "false"
        if advice in {"true", "false"}:
            return advice == "true"
        return status_code in {408, 409, 429} or status_code >= 500

    def backoff(self, retries_taken: int, random: Callable[[], float]) -> float:
        """Seconds to wait.

        Args:
            retries_taken: How often the request was sent again already.
            random: Returns a number from 0 to 1.
        """
        delay: float = min(self.first_delay * 2 ** min(retries_taken, 100), self.max_delay)
        return delay * (1 - self.jitter * random())


def _seconds(name: str, value: Any, most: float | None = None) -> float:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if is_number and isfinite(value) and value >= 0 and (most is None or value <= most):
        return float(value)
    limit = "from 0 on" if most is None else f"from 0 to {most}"
    raise ConfigurationError(f"Expected {name} to be a number {limit}, not {value!r}")


def _statuses(values: Any) -> Collection[int]:
    if _is_collection(values) and all(type(each) is int and 100 <= each <= 599 for each in values):
        return frozenset(values)
    raise ConfigurationError(f"Expected statuses to be HTTP statuses, not {values!r}")


def _methods(values: Any) -> Collection[str]:
    if _is_collection(values) and all(isinstance(each, str) for each in values):
        return frozenset(each.upper() for each in values)
    raise ConfigurationError(f"Expected methods to be a set of HTTP methods, not {values!r}")


def _is_collection(value: object) -> TypeGuard[Collection[Any]]:
    return isinstance(value, Collection) and not isinstance(value, str)


def _instance(name: str, value: Any, kind: type[Any]) -> Any:
    if value is None or isinstance(value, kind):
        return value
    raise ConfigurationError(f"Expected {name} to be a {kind.__name__}, not {value!r}")


DEFAULT_RETRIES: Final = Retries()
