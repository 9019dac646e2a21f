"""What the runtime needs of a response, whichever way it came, and how a way to the network fails.

``by_client`` and ``by_pool`` are the two ways. What calls them knows neither's library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping

    import httpx2

__all__ = ["Received", "TransportError"]


class TransportError(Exception):
    """No whole response came. The SDK tells its callers so by ``APIConnectionError``.

    Attributes:
        cause: What the library raised.
        is_timeout: Whether the server took too long.
        is_hopeless: Whether the same request can never succeed.
        request: What was to be sent, if there was a request already.
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


class Received(Protocol):
    """A response whose status and headers have come. What reads raises ``TransportError``.

    Attributes:
        status_code: The HTTP status.
        headers: The headers; they are asked for by names in lower case.
    """

    status_code: int
    headers: Mapping[str, str]

    @property
    def content(self) -> bytes:
        """The body, its transfer compression undone.

        Raises:
            RuntimeError: It was not read.
        """
        ...

    def whole(self) -> httpx2.Response:
        """The response as ``httpx2`` has it, and all that this can do."""
        ...

    def read(self) -> bytes:
        """Read the body, and close."""
        ...

    async def aread(self) -> bytes:
        """Read the body, and close."""
        ...

    def iter_bytes(self) -> Iterator[bytes]:
        """The body in the pieces in which it comes, its transfer compression undone."""
        ...

    def aiter_bytes(self) -> AsyncIterator[bytes]:
        """The body in the pieces in which it comes, its transfer compression undone."""
        ...

    def close(self) -> None:
        """Give the connection back. Closing twice is fine."""
        ...

    async def aclose(self) -> None:
        """Give the connection back. Closing twice is fine."""
        ...
