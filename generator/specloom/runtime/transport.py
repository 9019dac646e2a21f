"""The way to the network: a client of the caller's, or connections of our own."""

from __future__ import annotations

import os
import sys
from _thread import allocate_lock  # ``threading`` takes longer to load than all of this

from .errors import ConfigurationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    import httpx2

    from .by_client import AsyncByClient, ByClient
    from .by_pool import AsyncByPool, ByPool
    from .options import Timeout
    from .received import Received
    from .request import Request

__all__ = ["AsyncTransport", "SyncTransport"]

_CLOSED: Final = "The client is closed"


class SyncTransport:
    """Sends requests. Copies of a client that ``with_options`` makes share one.

    A client that the caller gave is closed too, as ``httpx2`` does with its transports.
    """

    def __init__(self, http_client: httpx2.Client | None = None) -> None:
        self._client = http_client
        self._way: ByClient | ByPool | None = None
        self._lock = allocate_lock()
        self.is_closed = False

    def send(self, request: Request, timeout: Timeout | None) -> Received:
        """Send a request; redirects are not followed and the body of the response is not read.

        Args:
            request: The request.
            timeout: For each phase; ``None``: what the caller's own client says, or the default.

        Raises:
            TransportError: No response came.
            ConfigurationError: The client is closed.
        """
        if self.is_closed:
            raise ConfigurationError(_CLOSED)
        return (self._way or self._found()).send(request, timeout)

    def _found(self) -> ByClient | ByPool:
        with self._lock:
            if self._way is None:
                self._way = self._chosen()
        return self._way

    def _chosen(self) -> ByClient | ByPool:
        if self._client is None and not _has_proxies():
            from .by_pool import ByPool

            return ByPool()
        from . import by_client

        return by_client.ByClient(self._client or by_client.new_client())

    def close(self) -> None:
        """Close all connections. Closing twice is fine."""
        self.is_closed = True
        if self._way is not None:
            self._way.close()
        elif self._client is not None:
            self._client.close()


class AsyncTransport:
    """As ``SyncTransport``, for one event loop."""

    def __init__(self, http_client: httpx2.AsyncClient | None = None) -> None:
        self._client = http_client
        self._way: AsyncByClient | AsyncByPool | None = None
        self.is_closed = False

    async def send(self, request: Request, timeout: Timeout | None) -> Received:
        """Send a request; see ``SyncTransport.send``."""
        if self.is_closed:
            raise ConfigurationError(_CLOSED)
        if self._way is None:
            self._way = self._chosen()
        return await self._way.send(request, timeout)

    def _chosen(self) -> AsyncByClient | AsyncByPool:
        if self._client is None and not _has_proxies():
            from .by_pool import AsyncByPool

            return AsyncByPool()
        from . import by_client

        return by_client.AsyncByClient(self._client or by_client.new_async_client())

    async def close(self) -> None:
        """Close all connections. Closing twice is fine."""
        self.is_closed = True
        if self._way is not None:
            await self._way.close()
        elif self._client is not None:
            await self._client.aclose()


def _has_proxies() -> bool:
    """Whether the environment, or the system, names a proxy; ``no`` names hosts without one."""
    is_known_by_name = sys.platform not in {"darwin", "win32"}
    if is_known_by_name and not any(name.lower().endswith("_proxy") for name in os.environ):
        return False
    from urllib.request import getproxies  # takes a while to load

    return any(scheme != "no" for scheme in getproxies())
