"""Connections to servers, reused from one request to the next.

The pool of ``httpcore2`` looks at all its connections before and after each request, and at the
sockets of those that are idle. That takes an eighth of a request, and two thirds when 50 run at
once. This pool takes the idle connection that was used last, and drops others by their age.
"""

from __future__ import annotations

import ssl
import time
from collections import deque
from collections.abc import Callable
from threading import Condition, Lock
from typing import Final, Generic, TypeVar

import httpcore2

from ..errors import ConfigurationError
from ..options import Timeout
from .certificates import certificates

__all__ = ["AsyncConnectionPool", "ConnectionPool"]

_MAX_IN_USE: Final = 1000
_MAX_IDLE: Final = 100
_IDLE_SECONDS: Final = 5.0  # then an idle connection is dropped
_TOO_MANY_IN_USE: Final = "Too many connections are in use"

ConnectionT = TypeVar("ConnectionT", httpcore2.HTTPConnection, httpcore2.AsyncHTTPConnection)


class _Connections(Generic[ConnectionT]):
    """The connections in use, and the idle ones with the time of their last use, in that order.

    Its methods return the connections that have to be closed. They never wait.
    """

    def __init__(
        self, new: Callable[[httpcore2.Origin, ssl.SSLContext | None, float], ConnectionT]
    ) -> None:
        self._new: Callable[..., ConnectionT] = new
        self.idle: deque[tuple[ConnectionT, float]] = deque()
        self.in_use: set[ConnectionT] = set()
        self.is_closed = False

    def take(self, origin: httpcore2.Origin) -> tuple[ConnectionT, list[ConnectionT]]:
        """A connection, which is in use from now on, and those that the server has closed.

        Raises:
            ConfigurationError: The pool is closed, or the certificates cannot be read.
        """
        if self.is_closed:
            raise ConfigurationError("The client is closed")
        connection, dropped = self._take_idle(origin)
        if connection is None:
            context = certificates() if origin.scheme == b"https" else None
            connection = self._new(origin, context, _IDLE_SECONDS)
        self.in_use.add(connection)
        return connection, dropped

    def _take_idle(self, origin: httpcore2.Origin) -> tuple[ConnectionT | None, list[ConnectionT]]:
        dropped: list[ConnectionT] = []
        for position in reversed(range(len(self.idle))):
            connection = self.idle[position][0]
            if connection.can_handle_request(origin):
                del self.idle[position]
                if not connection.has_expired():
                    return connection, dropped
                dropped.append(connection)
        return None, dropped

    def give_back(self, connection: ConnectionT) -> list[ConnectionT]:
        """Make a connection idle if it can be used again."""
        self.in_use.discard(connection)
        now = time.monotonic()
        dropped: list[ConnectionT] = []
        if not self.is_closed and connection.is_connected() and connection.is_idle():
            self.idle.append((connection, now))
        elif not connection.is_closed():
            dropped.append(connection)
        while len(self.idle) > _MAX_IDLE or (self.idle and self.idle[0][1] <= now - _IDLE_SECONDS):
            dropped.append(self.idle.popleft()[0])
        return dropped

    def close(self) -> list[ConnectionT]:
        """Drop all connections, and give out none from now on."""
        self.is_closed = True
        found = list(self.in_use)
        while self.idle:
            found.append(self.idle.popleft()[0])
        return found


class ConnectionPool:
    """Connections for requests from many threads."""

    def __init__(self) -> None:
        self._connections = _Connections(httpcore2.HTTPConnection)
        self._changed = Condition(Lock())
        self._waiting: deque[object] = deque()

    def take(self, origin: httpcore2.Origin, timeout: Timeout) -> httpcore2.HTTPConnection:
        """A connection for one request. The caller gives it back.

        Raises:
            httpcore2.PoolTimeout: Too many were in use for as long as ``timeout`` says.
            ConfigurationError: The pool is closed, or the certificates cannot be read.
        """
        with self._changed:
            if self._waiting or self._is_full():
                self._wait(timeout.pool)
            connection, dropped = self._connections.take(origin)
        for each in dropped:
            each.close()
        return connection

    def _is_full(self) -> bool:
        return len(self._connections.in_use) >= _MAX_IN_USE and not self._connections.is_closed

    def _wait(self, seconds: float | None) -> None:
        """Wait in turn until another connection may be used."""
        ticket = object()
        self._waiting.append(ticket)
        try:
            if not self._changed.wait_for(
                lambda: self._waiting[0] is ticket and not self._is_full(), seconds
            ):
                raise httpcore2.PoolTimeout(_TOO_MANY_IN_USE)
        finally:
            self._waiting.remove(ticket)
            self._changed.notify_all()

    def give_back(self, connection: httpcore2.HTTPConnection) -> None:
        """Return a connection to the pool after a request. Returning it twice is fine."""
        with self._changed:
            if connection not in self._connections.in_use:
                return
            dropped = self._connections.give_back(connection)
            if self._waiting:
                self._changed.notify_all()
        for each in dropped:
            each.close()

    def close(self) -> None:
        """Close all connections. Reading a response after that fails."""
        with self._changed:
            found = self._connections.close()
            self._changed.notify_all()
        for connection in found:
            connection.close()


class AsyncConnectionPool:
    """As ``ConnectionPool``, for one event loop."""

    def __init__(self) -> None:
        from asyncio import Semaphore

        self._connections = _Connections(httpcore2.AsyncHTTPConnection)
        self._room = Semaphore(_MAX_IN_USE)

    async def take(
        self, origin: httpcore2.Origin, timeout: Timeout
    ) -> httpcore2.AsyncHTTPConnection:
        """A connection for one request. See ``ConnectionPool.take``."""
        await self._enter(timeout.pool)
        try:
            connection, dropped = self._connections.take(origin)
        except BaseException:
            self._room.release()
            raise
        try:
            await _close(dropped)
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
            raise httpcore2.PoolTimeout(_TOO_MANY_IN_USE) from None

    async def give_back(self, connection: httpcore2.AsyncHTTPConnection) -> None:
        """Return a connection to the pool after a request. Returning it twice is fine."""
        if connection not in self._connections.in_use:
            return
        dropped = self._connections.give_back(connection)
        self._room.release()
        await _close(dropped)

    async def close(self) -> None:
        """Close all connections. Reading a response after that fails."""
        found = self._connections.close()
        self._room.release()  # wakes the first that waits; it is refused and wakes the next
        await _close(found)


async def _close(connections: list[httpcore2.AsyncHTTPConnection]) -> None:
    """Close connections, even if the caller is cancelled meanwhile."""
    if connections:
        from asyncio import gather, shield

        closing = (connection.aclose() for connection in connections)
        await shield(gather(*closing, return_exceptions=True))
