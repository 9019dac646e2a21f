"""What the transports' modules share: what was sent, what came, and how sending fails.

``client_transport`` and ``pool_transport`` implement this. Their callers know neither library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from ..errors import APIConnectionError, APITimeoutError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence

    import httpcore2
    import httpx2

    from ..request.build import Request

__all__ = [
    "MAX_DECOMPRESSED",
    "Received",
    "Sent",
    "TransportError",
    "connection_error",
    "extensions_of",
]


MAX_DECOMPRESSED: Final = 1 << 30
"""The most bytes that decompression makes of a body, unless the client says otherwise."""


class Sent(NamedTuple):
    """A request as it was sent.

    Attributes:
        request: The request that it was made from.
        fields: Its header fields.
        started: When it was sent, in seconds of ``time.perf_counter``.
    """

    request: Request
    fields: Sequence[tuple[bytes, bytes]]
    started: float

    def __repr__(self) -> str:
        """Without header fields, which may hold credentials; tracebacks show this."""
        return f"<Sent {self.request!r}>"


class TransportError(Exception):
    """No whole response came. Callers of the SDK get an ``APIConnectionError``.

    Attributes:
        cause: What the library raised.
        is_timeout: Whether the server took too long.
        is_hopeless: Whether the same request can never succeed.
        request: The request, if the failure came after it was built.
    """

    def __init__(
        self,
        cause: Exception,
        *,
        is_timeout: bool = False,
        is_hopeless: bool = False,
        request: httpx2.Request | None = None,
    ) -> None:
        super().__init__(str(cause) or type(cause).__name__)
        self.cause = cause
        self.is_timeout = is_timeout
        self.is_hopeless = is_hopeless
        self.request = request


def connection_error(error: TransportError, retries_taken: int) -> APIConnectionError:
    """The error that the caller gets for a failure of a transport."""
    if error.is_timeout:
        message = f"The server took longer than the timeout allows: {error}"
        return APITimeoutError(message, request=error.request, retries_taken=retries_taken)
    return APIConnectionError(
        f"Connection failed: {error}", request=error.request, retries_taken=retries_taken
    )


def extensions_of(response: httpcore2.Response) -> dict[str, Any]:
    """The extensions of a response. Its own annotations lack them."""
    untyped: Any = response
    extensions: dict[str, Any] = untyped.extensions
    return extensions


class Received(Protocol):
    """A response whose status and headers have come. Reading its body raises ``TransportError``.

    Attributes:
        status_code: The HTTP status.
        headers: The headers, by names in lower case.
    """

    status_code: int
    headers: Mapping[str, str]

    @property
    def content(self) -> bytes:
        """The body, its transfer compression undone.

        Raises:
            RuntimeError: It was not read yet.
        """
        ...

    def bound(self, limit: int) -> None:
        """Limit the size of the decompressed body, before it is read."""
        ...

    def whole(self) -> httpx2.Response:
        """The response as an ``httpx2.Response``, with all that it can do."""
        ...

    def read(self) -> bytes:
        """Read the body and close."""
        ...

    async def aread(self) -> bytes:
        """Read the body and close."""
        ...

    def iter_bytes(self) -> Iterator[bytes]:
        """The body in chunks as they come, its transfer compression undone."""
        ...

    def aiter_bytes(self) -> AsyncGenerator[bytes]:
        """The body in chunks as they come, its transfer compression undone."""
        ...

    def close(self) -> None:
        """Give the connection back. Closing twice is fine."""
        ...

    async def aclose(self) -> None:
        """Give the connection back. Closing twice is fine."""
        ...
