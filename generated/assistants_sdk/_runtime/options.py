"""What a caller may set for one call or for a client, and ``omit``, the mark of "not given"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple, TypedDict

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


class Timeout(NamedTuple):
    """How long each phase of a request may take, in seconds. ``None`` waits without a limit."""

    connect: float | None = 5.0
    read: float | None = 600.0
    write: float | None = 600.0
    pool: float | None = 600.0


DEFAULT_TIMEOUT: Final = Timeout()


class RequestOptions(TypedDict, total=False):
    """Options that every method takes besides its own arguments.

    Attributes:
        extra_headers: Headers that go over those of the client. ``omit`` as a value removes one.
        extra_query: Query parameters that go over those of the method, by wire name.
        extra_body: What goes over the body: merged into a JSON object, or sent in its place.
        timeout: Seconds for each phase, a ``Timeout``, or ``None`` for no limit.
        max_retries: How often a failed request is sent again. 0 sends it once.
        idempotency_key: The key of this call, if the API takes one. Else the client makes one.
        strict: Whether a response that breaks the description raises
            ``APIResponseValidationError``.
    """

    extra_headers: Mapping[str, str | Omit]
    extra_query: Mapping[str, object]
    extra_body: object
    timeout: float | Timeout | None
    max_retries: int
    idempotency_key: str
    strict: bool
