"""Connections to servers, kept from one request to the next.

A pool of ``httpcore2`` looks at all its connections before and after each request, those that are
idle down to their sockets: that is a fifth of a call, and of 50 calls at once it is half. Here a
request takes the connection that was used last, and what is idle for long goes by its age.
"""

from __future__ import annotations

import time
from collections import deque
from threading import Condition, Lock
from typing import TYPE_CHECKING, Final, Generic, TypeVar

import httpcore2
from anyio import CancelScope

from .certificates import certificates

if TYPE_CHECKING:
    import ssl

    from .options import Timeout

__all__ = ["AsyncConnections", "Connections"]

_MOST: Final = 1000  # connections
_KEPT: Final = 5.0  # seconds that an idle connection is kept
_TOO_MANY: Final = "Too many connections are in use"

ConnectionT = TypeVar("ConnectionT", httpcore2.HTTPConnection, httpcore2.AsyncHTTPConnection)


class _Kept(Generic[ConnectionT]):
    """Connections in use, and idle ones with the time since when; the last was used last."""

    def __init__(self) -> None:
        self.idle: deque[tuple[ConnectionT, float]] = deque()
        self.in_use: set[ConnectionT] = set()

    def take(self, origin: httpcore2.Origin) -> tuple[ConnectionT | None, list[ConnectionT]]:
        """An idle connection, if there is one; and those that the server has closed meanwhile."""
        gone: list[ConnectionT] = []
        for position in reversed(range(len(self.idle))):
            connection = self.idle[position][0]
            if connection.can_handle_request(origin):
                del self.idle[position]
                if not connection.has_expired():
                    return connection, gone
                gone.append(connection)
        return None, gone

    def give_back(self, connection: ConnectionT) -> list[ConnectionT]:
        """Keep one for the next request, if it can be used again; those that are to be closed."""
        self.in_use.discard(connection)
        now = time.monotonic()
        gone: list[ConnectionT] = []
        if connection.is_connected() and connection.is_idle():
            self.idle.append((connection, now))
        elif not connection.is_closed():
            gone.append(connection)
        while self.idle and self.idle[0][1] <= now - _KEPT:
            gone.append(self.idle.popleft()[0])
        return gone

    def all(self) -> list[ConnectionT]:
        """Every connection; none is kept any more."""
        found = list(self.in_use)
        while self.idle:
            found.append(self.idle.popleft()[0])
        return found


class Connections:
    """Connections for requests from many threads."""

    def __init__(self) -> None:
        self._kept: _Kept[httpcore2.HTTPConnection] = _Kept()
        self._changed = Condition(Lock())
        self._waiting = 0

    def take(self, origin: httpcore2.Origin, timeout: Timeout) -> httpcore2.HTTPConnection:
        """A connection for one request; it is to be given back.

        Raises:
            httpcore2.PoolTimeout: There were too many for as long as ``timeout`` says.
        """
        with self._changed:
            if len(self._kept.in_use) >= _MOST:
                self._wait(timeout.pool)
            connection, gone = self._kept.take(origin)
            if connection is None:
                connection = httpcore2.HTTPConnection(origin, _context(origin), _KEPT)
            self._kept.in_use.add(connection)
        for each in gone:
            each.close()
        return connection

    def _wait(self, seconds: float | None) -> None:
        self._waiting += 1
        try:
            if not self._changed.wait_for(lambda: len(self._kept.in_use) < _MOST, seconds):
                raise httpcore2.PoolTimeout(_TOO_MANY)
        finally:
            self._waiting -= 1

    def give_back(self, connection: httpcore2.HTTPConnection) -> None:
        """Keep it for the next request, if it can be used again."""
        with self._changed:
            gone = self._kept.give_back(connection)
            if self._waiting:
                self._changed.notify()
        for each in gone:
            each.close()

    def close(self) -> None:
        """Close them all; responses that are not read to their end are cut off."""
        with self._changed:
            found = self._kept.all()
        for connection in found:
            connection.close()


class AsyncConnections:
    """As ``Connections``, for one event loop."""

    def __init__(self) -> None:
        from asyncio import Semaphore

        self._kept: _Kept[httpcore2.AsyncHTTPConnection] = _Kept()
        self._room = Semaphore(_MOST)

    async def take(
        self, origin: httpcore2.Origin, timeout: Timeout
    ) -> httpcore2.AsyncHTTPConnection:
        """A connection for one request; see ``Connections.take``."""
        await self._enter(timeout.pool)
        try:
            connection, gone = self._kept.take(origin)
            if connection is None:
                connection = httpcore2.AsyncHTTPConnection(origin, _context(origin), _KEPT)
        except BaseException:
            self._room.release()
            raise
        self._kept.in_use.add(connection)
        for each in gone:
            await _closed(each)
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
            raise httpcore2.PoolTimeout(_TOO_MANY) from None

    async def give_back(self, connection: httpcore2.AsyncHTTPConnection) -> None:
        """Keep it for the next request, if it can be used again."""
        gone = self._kept.give_back(connection)
        self._room.release()
        for each in gone:
            await _closed(each)

    async def close(self) -> None:
        """Close them all; responses that are not read to their end are cut off."""
        for connection in self._kept.all():
            await _closed(connection)


async def _closed(connection: httpcore2.AsyncHTTPConnection) -> None:
    """Close a connection, also where who waits for it is cancelled."""
    with CancelScope(shield=True):
        await connection.aclose()


def _context(origin: httpcore2.Origin) -> ssl.SSLContext | None:
    return certificates() if origin.scheme == b"https" else None
