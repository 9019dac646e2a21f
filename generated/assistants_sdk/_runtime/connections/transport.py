"""The way to the network. It is chosen with the first request.

An HTTP client of the caller's sends the requests if there is one. Otherwise the SDK's own pool of
connections does, or, if the environment names a proxy, a client of ``httpx2``.
"""

from __future__ import annotations

import os
import sys
import time
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from ..errors import ConfigurationError
from ..options import Timeout
from .forks import forget_after_fork
from .received import MAX_DECOMPRESSED

if TYPE_CHECKING:  # the first request loads them
    import httpx2

    from ..request.build import Request
    from .client_transport import AsyncClientTransport, ClientTransport
    from .pool_transport import AsyncPoolTransport, PoolTransport
    from .received import Received

__all__ = ["AsyncTransport", "SyncTransport"]

_CLOSED: Final = "The client is closed"
_PATIENCE: Final = 0.1  # seconds between two looks at whether the client was closed


class SyncTransport:
    """Sends requests. Copies of a client that ``with_options`` makes share one.

    Closing it closes the caller's HTTP client too, as ``httpx2`` does with a transport.
    """

    def __init__(self, http_client: httpx2.Client | None = None) -> None:
        self._client = http_client
        self._chosen: ClientTransport | PoolTransport | None = None
        self._replaced: list[ClientTransport | PoolTransport] = []
        self._lock = Lock()
        self.is_closed = False
        self.max_decompressed = MAX_DECOMPRESSED
        forget_after_fork(self)

    def send(self, request: Request, timeout: Timeout | None) -> Received:
        """Send a request. Does not follow redirects, and does not read the body of the response.

        Args:
            request: The request.
            timeout: For each phase. ``None`` takes that of the caller's HTTP client, or the
                default.

        Raises:
            TransportError: No response came.
            ConfigurationError: The client is closed.
        """
        if self.is_closed:
            raise ConfigurationError(_CLOSED)
        received = (self._chosen or self._choose_once()).send(request, timeout)
        received.bound(self.max_decompressed)
        return received

    def forget(self) -> None:
        """Leave the connections to the process that this one was forked from."""
        self._lock = Lock()
        if self._client is None:
            self._chosen = None

    def _choose_once(self) -> ClientTransport | PoolTransport:
        with self._lock:
            if self._chosen is None:
                self._chosen = self._choose()
        if self.is_closed:  # meanwhile
            self._chosen.close()
        return self._chosen

    def _choose(self) -> ClientTransport | PoolTransport:
        if self._client is None and not _has_proxies():
            from .pool_transport import PoolTransport

            return PoolTransport()
        from .client_transport import ClientTransport, new_client

        return ClientTransport(self._client or new_client())

    @property
    def http_client(self) -> httpx2.Client | None:
        """The caller's HTTP client. Another one sends later requests."""
        return self._client

    @http_client.setter
    def http_client(self, value: httpx2.Client) -> None:
        with self._lock:
            if self._client is None and self._chosen is not None:
                self._replaced.append(self._chosen)  # calls may still use it
            self._client, self._chosen = value, None

    def wait(self, seconds: float) -> None:
        """Wait before the next request; at most until the client is closed."""
        end = time.monotonic() + seconds
        while not self.is_closed and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, _PATIENCE))

    def close(self) -> None:
        """Close all connections. Closing twice is fine."""
        self.is_closed = True
        for each in self._replaced:
            each.close()
        if self._chosen is not None:
            self._chosen.close()
        elif self._client is not None:
            self._client.close()


class AsyncTransport:
    """As ``SyncTransport``, for event loops. Each has its own connections."""

    def __init__(self, http_client: httpx2.AsyncClient | None = None) -> None:
        self._client = http_client
        self._by_loop: dict[object, AsyncClientTransport | AsyncPoolTransport] = {}
        self.is_closed = False
        self.max_decompressed = MAX_DECOMPRESSED
        forget_after_fork(self)

    async def send(self, request: Request, timeout: Timeout | None) -> Received:
        """Send a request; see ``SyncTransport.send``."""
        if self.is_closed:
            raise ConfigurationError(_CLOSED)
        way = self._by_loop.get(_run() if self._client is None else None) or self._choose_once()
        received = await way.send(request, timeout)
        received.bound(self.max_decompressed)
        return received

    def forget(self) -> None:
        """Leave the connections to the process that this one was forked from."""
        if self._client is None:
            self._by_loop = {}

    def _choose_once(self) -> AsyncClientTransport | AsyncPoolTransport:
        """The way to the network for the event loop that runs. That of a loop that ended goes."""
        run = _run() if self._client is None else None
        for each in list(self._by_loop):
            if _has_ended(each):
                self._by_loop.pop(each, None)
        way = self._by_loop[run] = self._choose()
        return way

    def _choose(self) -> AsyncClientTransport | AsyncPoolTransport:
        if self._client is None and not _has_proxies() and running_loop() is not None:
            from .pool_transport import AsyncPoolTransport

            return AsyncPoolTransport()
        from .client_transport import AsyncClientTransport, new_async_client

        return AsyncClientTransport(self._client or new_async_client())

    async def close(self) -> None:
        """Close all connections. Those of other event loops close soon. Closing twice is fine."""
        self.is_closed = True
        from asyncio import AbstractEventLoop, run_coroutine_threadsafe

        own, ways, self._by_loop = _run(), self._by_loop, {}
        for run, way in ways.items():
            if run is None or run is own:
                await way.close()
            elif isinstance(run, AbstractEventLoop) and run.is_running():
                run_coroutine_threadsafe(way.close(), run)
        if self._client is not None and None not in ways:
            await self._client.aclose()

    @property
    def http_client(self) -> httpx2.AsyncClient | None:
        """The caller's HTTP client. Another one sends later requests."""
        return self._client

    @http_client.setter
    def http_client(self, value: httpx2.AsyncClient) -> None:
        self._by_loop.pop(None, None)  # those of loops are closed with the client
        self._client = value

    async def wait(self, seconds: float) -> None:
        """Wait before the next request; at most until the client is closed."""
        end = time.monotonic() + seconds
        while not self.is_closed and (left := end - time.monotonic()) > 0:
            await _sleep(min(left, _PATIENCE))


def running_loop() -> object:
    """The event loop of this thread; ``None`` under trio, whose connections belong to no loop."""
    from asyncio import get_running_loop  # sync callers do not load it

    try:
        return get_running_loop()
    except RuntimeError:
        return None


def _run() -> object:
    """What connections belong to: the event loop of this thread, or the token of a run of trio."""
    loop = running_loop()
    if loop is not None:
        return loop
    if "trio" not in sys.modules:
        raise ConfigurationError("The async client runs in asyncio and in trio")
    return sys.modules["trio"].lowlevel.current_trio_token()


def _has_ended(run: Any) -> bool:
    """Whether an event loop is closed. A run of trio does not say, so that a later one ends it."""
    return run is not None and (not hasattr(run, "is_closed") or bool(run.is_closed()))


async def _sleep(seconds: float) -> None:
    """Sleep in the event loop of asyncio, or else in trio, which is loaded where it runs."""
    if running_loop() is None:
        await sys.modules["trio"].sleep(seconds)
        return
    from asyncio import sleep  # sync callers do not load it

    await sleep(seconds)


def _has_proxies() -> bool:
    """Whether the environment or the system names a proxy. ``no_proxy`` alone names none."""
    is_known_by_name = sys.platform not in {"darwin", "win32"}
    if is_known_by_name and not any(name.lower().endswith("_proxy") for name in os.environ):
        return False
    from urllib.request import getproxies  # slow to load

    return any(scheme != "no" for scheme in getproxies())
