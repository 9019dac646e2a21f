"""Connections to servers, kept from one request to the next.

A pool of ``httpcore2`` looks at all its connections before and after each request, those that are
idle down to their sockets: that is a fifth of a call, and of 50 calls at once it is half. Here a
request takes the connection that was used last, and what is idle for long goes by its age.
"""

from __future__ import annotations

import time
from collections import deque
from threading import Lock, Semaphore
from typing import TYPE_CHECKING, Final, Generic, TypeVar

import httpcore2
from anyio import CancelScope

from .certificates import certificates

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator

    from .options import Timeout

__all__ = ["AsyncConnections", "Connections"]

_MOST: Final = 1000  # connections
_KEPT: Final = 5.0  # seconds that an idle connection is kept

ConnectionT = TypeVar("ConnectionT", httpcore2.HTTPConnection, httpcore2.AsyncHTTPConnection)


class _Idle(Generic[ConnectionT]):
    """Connections that no request uses, and since when; the last was used last."""

    def __init__(self) -> None:
        self._kept: deque[tuple[ConnectionT, float]] = deque()
        self._lock = Lock()

    def keep(self, connection: ConnectionT) -> None:
        with self._lock:
            self._kept.append((connection, time.monotonic()))

    def take(self, origin: httpcore2.Origin) -> ConnectionT | None:
        with self._lock:
            for position in reversed(range(len(self._kept))):
                connection = self._kept[position][0]
                if connection.can_handle_request(origin):
                    del self._kept[position]
                    return connection
        return None

    def too_old(self, age: float) -> Iterator[ConnectionT]:
        """Those that are idle for ``age`` seconds; they are not kept any more."""
        limit = time.monotonic() - age
        while self._kept:
            with self._lock:
                if not self._kept or self._kept[0][1] > limit:
                    return
                connection, _ = self._kept.popleft()
            yield connection


class Connections:
    """Connections for requests from many threads."""

    def __init__(self) -> None:
        self._idle: _Idle[httpcore2.HTTPConnection] = _Idle()
        self._in_use: set[httpcore2.HTTPConnection] = set()
        self._room = Semaphore(_MOST)

    def take(self, origin: httpcore2.Origin, timeout: Timeout) -> httpcore2.HTTPConnection:
        """A connection for one request; it is to be given back.

        Raises:
            httpcore2.PoolTimeout: There were too many for as long as ``timeout`` says.
        """
        if not self._room.acquire(timeout=timeout.pool):
            raise httpcore2.PoolTimeout("Too many connections are in use")
        try:
            connection = self._open(origin)
        except BaseException:
            self._room.release()
            raise
        self._in_use.add(connection)
        return connection

    def _open(self, origin: httpcore2.Origin) -> httpcore2.HTTPConnection:
        while (connection := self._idle.take(origin)) is not None:
            if not connection.has_expired():  # the server may have closed it
                return connection
            connection.close()
        return httpcore2.HTTPConnection(origin, _context(origin), _KEPT)

    def give_back(self, connection: httpcore2.HTTPConnection) -> None:
        """Keep it for the next request, if it can be used again."""
        self._in_use.discard(connection)
        self._room.release()
        if connection.is_connected() and connection.is_idle():
            self._idle.keep(connection)
        elif not connection.is_closed():
            connection.close()
        for old in self._idle.too_old(_KEPT):
            old.close()

    def close(self) -> None:
        """Close them all; responses that are not read to their end are cut off."""
        for connection in (*self._idle.too_old(0.0), *self._in_use):
            connection.close()


class AsyncConnections:
    """As ``Connections``, for one event loop."""

    def __init__(self) -> None:
        from asyncio import Semaphore

        self._idle: _Idle[httpcore2.AsyncHTTPConnection] = _Idle()
        self._in_use: set[httpcore2.AsyncHTTPConnection] = set()
        self._room = Semaphore(_MOST)

    async def take(
        self, origin: httpcore2.Origin, timeout: Timeout
    ) -> httpcore2.AsyncHTTPConnection:
        """A connection for one request; see ``Connections.take``."""
        await self._enter(timeout.pool)
        try:
            connection = await self._open(origin)
        except BaseException:
            self._room.release()
            raise
        self._in_use.add(connection)
        return connection

    async def _enter(self, seconds: float | None) -> None:
        if not self._room.locked():
            await self._room.acquire()
            return
        from asyncio import timeout

        try:
            async with timeout(seconds):
                await self._room.acquire()
        except TimeoutError:
            raise httpcore2.PoolTimeout("Too many connections are in use") from None

    async def _open(self, origin: httpcore2.Origin) -> httpcore2.AsyncHTTPConnection:
        while (connection := self._idle.take(origin)) is not None:
            if not connection.has_expired():
                return connection
            await _closed(connection)
        return httpcore2.AsyncHTTPConnection(origin, _context(origin), _KEPT)

    async def give_back(self, connection: httpcore2.AsyncHTTPConnection) -> None:
        """Keep it for the next request, if it can be used again."""
        self._in_use.discard(connection)
        self._room.release()
        if connection.is_connected() and connection.is_idle():
            self._idle.keep(connection)
        elif not connection.is_closed():
            await _closed(connection)
        for old in self._idle.too_old(_KEPT):
            await _closed(old)

    async def close(self) -> None:
        """Close them all; responses that are not read to their end are cut off."""
        for connection in (*self._idle.too_old(0.0), *self._in_use):
            await _closed(connection)


async def _closed(connection: httpcore2.AsyncHTTPConnection) -> None:
    """Close a connection, also where who waits for it is cancelled."""
    with CancelScope(shield=True):
        await connection.aclose()


def _context(origin: httpcore2.Origin) -> ssl.SSLContext | None:
    return certificates() if origin.scheme == b"https" else None
