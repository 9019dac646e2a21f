"""Connections to servers, kept from one request to the next.

A pool of ``httpcore2`` looks at all its connections before and after each request, those that are
idle down to their sockets: an eighth of a request, and of 50 at once two thirds. Here a
request takes the connection that was used last, and what is idle for long goes by its age.
"""

from __future__ import annotations

import time
from collections import deque
from threading import Condition, Lock
from typing import TYPE_CHECKING, Final, Generic, TypeVar

import httpcore2

from .certificates import certificates
from .errors import ConfigurationError

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    from .options import Timeout

__all__ = ["AsyncConnections", "Connections"]

_MOST: Final = 1000  # connections in use
_MOST_IDLE: Final = 100
_KEPT: Final = 5.0  # seconds that an idle connection is kept
_TOO_MANY: Final = "Too many connections are in use"

ConnectionT = TypeVar("ConnectionT", httpcore2.HTTPConnection, httpcore2.AsyncHTTPConnection)


class _Kept(Generic[ConnectionT]):
    """Connections in use, and idle ones with the time since when; the last was used last.

    Its methods give the connections that have to be closed, and wait for nothing themselves.
    """

    def __init__(
        self, new: Callable[[httpcore2.Origin, ssl.SSLContext | None, float], ConnectionT]
    ) -> None:
        self._new: Callable[..., ConnectionT] = new
        self.idle: deque[tuple[ConnectionT, float]] = deque()
        self.in_use: set[ConnectionT] = set()
        self.is_closed = False

    def take(self, origin: httpcore2.Origin) -> tuple[ConnectionT, list[ConnectionT]]:
        """A connection that is in use now, and those that the server has closed meanwhile.

        Raises:
            ConfigurationError: All were closed, or the certificates cannot be read.
        """
        if self.is_closed:
            raise ConfigurationError("The client is closed")
        connection, gone = self._idle(origin)
        if connection is None:
            context = certificates() if origin.scheme == b"https" else None
            connection = self._new(origin, context, _KEPT)
        self.in_use.add(connection)
        return connection, gone

    def _idle(self, origin: httpcore2.Origin) -> tuple[ConnectionT | None, list[ConnectionT]]:
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
        """Keep one for the next request, if it can be used again."""
        self.in_use.discard(connection)
        now = time.monotonic()
        gone: list[ConnectionT] = []
        if not self.is_closed and connection.is_connected() and connection.is_idle():
            self.idle.append((connection, now))
        elif not connection.is_closed():
            gone.append(connection)
        while len(self.idle) > _MOST_IDLE or (self.idle and self.idle[0][1] <= now - _KEPT):
            gone.append(self.idle.popleft()[0])
        return gone

    def close(self) -> list[ConnectionT]:
        """Keep none, and give none any more."""
        self.is_closed = True
        found = list(self.in_use)
        while self.idle:
            found.append(self.idle.popleft()[0])
        return found


class Connections:
    """Connections for requests from many threads."""

    def __init__(self) -> None:
        self._kept: _Kept[httpcore2.HTTPConnection] = _Kept(httpcore2.HTTPConnection)
        self._changed = Condition(Lock())
        self._waiting: deque[object] = deque()

    def take(self, origin: httpcore2.Origin, timeout: Timeout) -> httpcore2.HTTPConnection:
        """A connection for one request; it is to be given back.

        Raises:
            httpcore2.PoolTimeout: There were too many for as long as ``timeout`` says.
            ConfigurationError: All were closed, or the certificates cannot be read.
        """
        with self._changed:
            if self._waiting or self._is_full():
                self._wait(timeout.pool)
            connection, gone = self._kept.take(origin)
        for each in gone:
            each.close()
        return connection

    def _is_full(self) -> bool:
        return len(self._kept.in_use) >= _MOST and not self._kept.is_closed

    def _wait(self, seconds: float | None) -> None:
        """Wait for room, in turn."""
        ticket = object()
        self._waiting.append(ticket)
        try:
            if not self._changed.wait_for(
                lambda: self._waiting[0] is ticket and not self._is_full(), seconds
            ):
                raise httpcore2.PoolTimeout(_TOO_MANY)
        finally:
            self._waiting.remove(ticket)
            self._changed.notify_all()

    def give_back(self, connection: httpcore2.HTTPConnection) -> None:
        """Keep it for the next request, if it can be used again. Giving it twice is fine."""
        with self._changed:
            if connection not in self._kept.in_use:
                return
            gone = self._kept.give_back(connection)
            if self._waiting:
                self._changed.notify_all()
        for each in gone:
            each.close()

    def close(self) -> None:
        """Close them all; what is read of responses after that fails."""
        with self._changed:
            found = self._kept.close()
            self._changed.notify_all()
        for connection in found:
            connection.close()


class AsyncConnections:
    """As ``Connections``, for one event loop."""

    def __init__(self) -> None:
        from asyncio import Semaphore

        self._kept: _Kept[httpcore2.AsyncHTTPConnection] = _Kept(httpcore2.AsyncHTTPConnection)
        self._room = Semaphore(_MOST)

    async def take(
        self, origin: httpcore2.Origin, timeout: Timeout
    ) -> httpcore2.AsyncHTTPConnection:
        """A connection for one request; see ``Connections.take``."""
        await self._enter(timeout.pool)
        try:
            connection, gone = self._kept.take(origin)
        except BaseException:
            self._room.release()
            raise
        try:
            await _close(gone)
        except BaseException:
            await self.give_back(connection)
            raise
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
        """Keep it for the next request, if it can be used again. Giving it twice is fine."""
        if connection not in self._kept.in_use:
            return
        gone = self._kept.give_back(connection)
        self._room.release()
        await _close(gone)

    async def close(self) -> None:
        """Close them all; what is read of responses after that fails."""
        found = self._kept.close()
        self._room.release()  # wakes who waits for room, each the next, to be refused
        await _close(found)


async def _close(connections: list[httpcore2.AsyncHTTPConnection]) -> None:
    """Close connections, also where who waits for that is cancelled."""
    if connections:
        from asyncio import gather, shield

        closing = (connection.aclose() for connection in connections)
        await shield(gather(*closing, return_exceptions=True))
