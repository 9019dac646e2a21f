"""What a caller may set for one call, or for a client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, TypedDict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .omit import Omit

__all__ = ["DEFAULT_TIMEOUT", "RequestOptions", "Timeout"]


class Timeout(NamedTuple):
    """How long each phase of a request may take, in seconds; ``None`` waits for ever."""

    connect: float | None = 5.0
    read: float | None = 600.0
    write: float | None = 600.0
    pool: float | None = 600.0


DEFAULT_TIMEOUT: Final = Timeout()


class RequestOptions(TypedDict, total=False):
    """Options that every method takes besides its own arguments.

    Attributes:
        extra_headers: Headers laid over the client's; ``omit`` as a value removes one.
        extra_query: Query parameters laid over the method's own, by wire name.
        extra_body: Laid over the body: merged into a JSON object, or sent in its place.
        timeout: Seconds for each phase, a ``Timeout``, or ``None``: no limit.
        max_retries: How often a failed request is sent again; 0 sends it once.
        idempotency_key: The key of this call, where the API takes one; else the client makes it.
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
