"""The way to the network: an ``httpx2`` client, the caller's own or one made when needed."""

from __future__ import annotations

from _thread import allocate_lock  # ``threading`` takes longer to load than all of this

from .errors import ConfigurationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    import httpx2

    from .direct import AsyncDirect, Direct
    from .options import Timeout
    from .request import Request

__all__ = ["AsyncTransport", "SyncTransport"]

_CLOSED: Final = "The client is closed"


class SyncTransport:
    """Sends requests. Copies of a client that ``with_options`` makes share one.

    A client that the caller gave is closed too, as ``httpx2`` does with its transports.
    """

    def __init__(self, http_client: httpx2.Client | None = None) -> None:
        self._client = http_client
        self._direct: Direct | None = None
        self._lock = allocate_lock()
        self.is_closed = False

    def send(self, request: Request, timeout: Timeout | None) -> httpx2.Response:
        """Send a request; redirects are not followed and the body of the response is not read.

        Args:
            request: The request.
            timeout: For each phase; ``None``: what the caller's own client says, or the default.
        """
        from . import outgoing

        client = self._opened()
        if self._direct is not None and self._direct.takes(request):
            return self._direct.send(request, timeout)
        body = request.body
        content = body if body is None or isinstance(body, bytes) else body.in_sync()
        message = outgoing.message(request, client, timeout, content)
        if request.elsewhere:
            return client.send(message, stream=True, follow_redirects=False, auth=None)
        return client.send(message, stream=True, follow_redirects=False)

    def _opened(self) -> httpx2.Client:
        if self.is_closed:
            raise ConfigurationError(_CLOSED)
        with self._lock:
            if self._client is None:
                from . import direct, outgoing

                self._client, transport = outgoing.new_client()
                if transport is not None:
                    self._direct = direct.Direct(self._client, transport)
        if self._client.is_closed:
            raise ConfigurationError(_CLOSED)
        return self._client

    def close(self) -> None:
        """Close all connections. Closing twice is fine."""
        self.is_closed = True
        if self._client is not None:
            self._client.close()


class AsyncTransport:
    """As ``SyncTransport``, for one event loop."""

    def __init__(self, http_client: httpx2.AsyncClient | None = None) -> None:
        self._client = http_client
        self._direct: AsyncDirect | None = None
        self.is_closed = False

    async def send(self, request: Request, timeout: Timeout | None) -> httpx2.Response:
        """Send a request; redirects are not followed and the body of the response is not read.

        Args:
            request: The request.
            timeout: For each phase; ``None``: what the caller's own client says, or the default.
        """
        from . import outgoing

        client = self._opened()
        if self._direct is not None and self._direct.takes(request):
            return await self._direct.send(request, timeout)
        body = request.body
        content = body if body is None or isinstance(body, bytes) else body.in_async()
        message = outgoing.message(request, client, timeout, content)
        if request.elsewhere:
            return await client.send(message, stream=True, follow_redirects=False, auth=None)
        return await client.send(message, stream=True, follow_redirects=False)

    def _opened(self) -> httpx2.AsyncClient:
        if self.is_closed:
            raise ConfigurationError(_CLOSED)
        if self._client is None:
            from . import direct, outgoing

            self._client, transport = outgoing.new_async_client()
            if transport is not None:
                self._direct = direct.AsyncDirect(self._client, transport)
        if self._client.is_closed:
            raise ConfigurationError(_CLOSED)
        return self._client

    async def close(self) -> None:
        """Close all connections. Closing twice is fine."""
        self.is_closed = True
        if self._direct is not None:
            await self._direct.close()
        if self._client is not None:
            await self._client.aclose()
