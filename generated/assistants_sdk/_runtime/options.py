"""The options of one call or of a client, and ``omit``, which means "not given"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple, TypedDict

from .errors import ConfigurationError
from .retries import Retries

__all__ = ["DEFAULT_TIMEOUT", "Omit", "RequestOptions", "Timeout", "omit"]


class Omit:
    """The type of ``omit``: an input that is not given and not sent. ``None`` is JSON null.

    There is one instance. It is false, and copies and pickles are that same instance.
    """

    __slots__ = ()

    def __new__(cls) -> Omit:
        return _INSTANCES.setdefault(cls, object.__new__(cls))

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "omit"

    def __reduce__(self) -> str:
        return "omit"


_INSTANCES: dict[type[Omit], Omit] = {}
omit = Omit()


class _Phases(NamedTuple):
    connect: float | None
    read: float | None
    write: float | None
    pool: float | None
    total: float | None = None


_MOST: Final = 1e9  # seconds; the clocks of sockets and event loops go not much further


class Timeout(_Phases):
    """How long a call and each phase of a request may take, in seconds. ``None`` means no limit.

    Args:
        timeout: For each phase that is not given. Without it, they have their defaults: 5 seconds
            to connect, 600 for the others.
        connect: To connect.
        read: Until some bytes of the response come.
        write: Until some bytes of the request are sent.
        pool: Until one of the 1,000 connections is free.
        total: The whole call: all attempts, the waits between them, and redirects, until the
            response is read, or has begun where it is a stream. Without it there is no such limit.

    Raises:
        ConfigurationError: A value is negative, infinite, or not a number of seconds.
    """

    __slots__ = ()

    def __new__(
        cls,
        timeout: float | Omit | None = omit,
        *,
        connect: float | Omit | None = omit,
        read: float | Omit | None = omit,
        write: float | Omit | None = omit,
        pool: float | Omit | None = omit,
        total: float | None = None,
    ) -> Timeout:
        given = (connect, read, write, pool)
        defaults = (5.0, 600.0, 600.0, 600.0) if isinstance(timeout, Omit) else (timeout,) * 4
        phases = zip(given, defaults, strict=True)
        seconds = [_seconds(other if each is omit else each) for each, other in phases]
        return cls._make([*seconds, _seconds(total)])

    def phases(self) -> dict[str, float | None]:
        """The phases by name, as ``httpx2`` takes them."""
        return {
            "connect": self.connect,
            "read": self.read,
            "write": self.write,
            "pool": self.pool,
        }

    def __reduce__(self) -> tuple[Any, ...]:
        return Timeout._make, (tuple(self),)


def _seconds(value: Any) -> float | None:
    if value is None:
        return None
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= _MOST:
        return value
    raise ConfigurationError(f"Expected a timeout in seconds from 0 to 1e9, or None, not {value!r}")


DEFAULT_TIMEOUT: Final = Timeout()


class RequestOptions(TypedDict, total=False):
    """Options that every method takes, in addition to its own arguments.

    Attributes:
        extra_headers: Headers that go over those of the client. ``omit`` as a value removes one.
        extra_query: Query parameters that go over those of the method, by wire name.
        extra_body: What goes over the body: merged into a JSON object, or sent in its place.
        timeout: Seconds for each phase, a ``Timeout``, or ``None`` for no limit.
        max_retries: How often a failed request is sent again. 0 sends it once.
        retries: Which failures are retried, and the waits between attempts.
        idempotency_key: The key of this call, if the API takes one. Else the client makes one.
        strict: Whether a response that breaks the description raises
            ``APIResponseValidationError``.
    """

    extra_headers: Mapping[str, str | Omit]
    extra_query: Mapping[str, object]
    extra_body: object
    timeout: float | Timeout | None
    max_retries: int
    retries: Retries
    idempotency_key: str
    strict: bool
