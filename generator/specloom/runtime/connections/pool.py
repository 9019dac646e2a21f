"""Connections to servers, reused from one request to the next.

The pool of ``httpcore2`` looks at all its connections before and after each request, and at the
sockets of those that are idle. That takes an eighth of a request, and two thirds when 50 run at
once. This pool takes the idle connection that was used last, and drops others by their age.
"""

from __future__ import annotations

import ssl
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar
from weakref import WeakSet

import httpcore2

from ..errors import ConfigurationError
from ..options import Timeout
from .certificates import certificates
from .network import AsyncNetwork, Network, Stream

if TYPE_CHECKING:
    from asyncio import Timeout as Scope

__all__ = ["AsyncConnectionPool", "ConnectionPool", "stream_of"]

_MAX_IN_USE: Final = 1000
_MAX_IDLE: Final = 1000
_IDLE_SECONDS: Final = 5.0  # then an idle connection is dropped
_PATIENCE: Final = 0.005  # seconds between two checks while waiting for a connection
_TOO_MANY_IN_USE: Final = "Too many connections are in use"

ResponseT = TypeVar("ResponseT")
ConnectionT = TypeVar("ConnectionT", httpcore2.HTTPConnection, httpcore2.AsyncHTTPConnection)


class _Connections(Generic[ConnectionT]):
    """The connections in use, and the idle ones with the time of their last use, in that order.

    Its methods return the connections that have to be closed. They never wait. One in use that
    nobody refers to any more, as an exception of a signal handler hit in between, does not count.
    ``answering`` refers to those whose response has come: the response gives them back, also when
    it is dropped.
    """

    def __init__(
        self, new: Callable[[httpcore2.Origin, ssl.SSLContext | None, float], ConnectionT]
    ) -> None:
        self._new: Callable[..., ConnectionT] = new
        self.idle: deque[tuple[ConnectionT, float]] = deque()
        self.in_use: WeakSet[ConnectionT] = WeakSet()
        self.answering: dict[ConnectionT, object] = {}
        self.is_closed = False

    def take(
        self, origin: httpcore2.Origin, *, fresh: bool
    ) -> tuple[ConnectionT, list[ConnectionT]]:
        """A connection, which is in use from now on, and those that the server has closed.

        Args:
            origin: The server.
            fresh: Whether it must be a new one.

        Raises:
            ConfigurationError: The pool is closed, or the certificates cannot be read.
        """
        if self.is_closed:
            raise ConfigurationError("The client is closed")
        connection, dropped = (None, []) if fresh else self._take_idle(origin)
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

    def give_back(self, connection: ConnectionT, *, is_sound: bool) -> list[ConnectionT]:
        """Make a connection idle if it can be used again.

        One that an exception has gone through is not sound: a signal handler's may have left a lock
        of ``httpcore2`` taken.
        """
        self.forget(connection)
        now = time.monotonic()
        dropped: list[ConnectionT] = []
        if is_sound and not self.is_closed and _is_reusable(connection):
            self.idle.append((connection, now))
        elif not connection.is_closed():
            dropped.append(connection)
        while len(self.idle) > _MAX_IDLE or (self.idle and self.idle[0][1] <= now - _IDLE_SECONDS):
            dropped.append(self.idle.popleft()[0])
        return dropped

    def forget(self, connection: ConnectionT) -> None:
        """Count a connection as in use no longer."""
        self.in_use.discard(connection)
        self.answering.pop(connection, None)

    def close(self) -> list[ConnectionT]:
        """Drop all connections, and give out none from now on."""
        self.is_closed = True
        found = list(self.in_use)
        while self.idle:
            found.append(self.idle.popleft()[0])
        return found


class ConnectionPool:
    """Connections for requests from many threads.

    A plain lock guards them: an exception of a signal handler cannot leave it taken. A
    ``Condition`` could be left taken, so that who waits for a connection looks again and again.
    """

    def __init__(self) -> None:
        self._network = Network()
        new = partial(httpcore2.HTTPConnection, network_backend=self._network)
        self._connections = _Connections(new)
        self._lock = Lock()
        self._waiting: deque[object] = deque()

    def take(
        self, origin: httpcore2.Origin, timeout: Timeout, *, fresh: bool = False
    ) -> httpcore2.HTTPConnection:
        """A connection for one request. The caller gives it back.

        Raises:
            httpcore2.PoolTimeout: Too many were in use for as long as ``timeout`` says.
            ConfigurationError: The pool is closed, or the certificates cannot be read.
        """
        taken = self._take(None, origin, fresh) or self._wait(origin, fresh, timeout.pool)
        for each in taken[1]:
            each.close()
        return taken[0]

    def _take(
        self, ticket: object, origin: httpcore2.Origin, fresh: bool
    ) -> tuple[httpcore2.HTTPConnection, list[httpcore2.HTTPConnection]] | None:
        """A connection, unless there are too many or it is the turn of another ticket."""
        with self._lock:
            if (self._waiting and self._waiting[0] is not ticket) or self._is_full():
                return None
            return self._connections.take(origin, fresh=fresh)

    def _is_full(self) -> bool:
        return len(self._connections.in_use) >= _MAX_IN_USE and not self._connections.is_closed

    def _wait(
        self, origin: httpcore2.Origin, fresh: bool, seconds: float | None
    ) -> tuple[httpcore2.HTTPConnection, list[httpcore2.HTTPConnection]]:
        """Wait in turn until another connection may be used."""
        end = None if seconds is None else time.monotonic() + seconds
        ticket = object()
        try:
            self._waiting.append(ticket)
            while (taken := self._take(ticket, origin, fresh)) is None:
                if end is not None and time.monotonic() >= end:
                    raise httpcore2.PoolTimeout(_TOO_MANY_IN_USE)
                time.sleep(_PATIENCE)
            return taken
        finally:
            with suppress(ValueError):
                self._waiting.remove(ticket)

    def give_back(self, connection: httpcore2.HTTPConnection, *, is_sound: bool = True) -> None:
        """Return a connection to the pool after a request. Returning it twice is fine.

        Args:
            connection: The connection.
            is_sound: Whether the request and its response went through without an exception.
        """
        with self._lock:
            if connection not in self._connections.in_use:
                return
            dropped = self._connections.give_back(connection, is_sound=is_sound)
        for each in dropped:
            each.close()

    def answers(self, connection: httpcore2.HTTPConnection, request: object) -> None:
        """Note that a response to this request came, which gives the connection back."""
        self._connections.answering[connection] = request

    def abandon(self, connection: httpcore2.HTTPConnection, request: object) -> None:
        """Close a connection if it still answers this request, whose response was dropped unread.

        The garbage collector calls this at any time, so it takes no lock.
        """
        if self._connections.answering.get(connection) is request:
            self._connections.forget(connection)
            connection.close()

    def close(self) -> None:
        """Close all connections. Calls in other threads that wait for a server fail at once."""
        with self._lock:
            found = self._connections.close()
        self._network.close()
        for connection in found:
            connection.close()


def _is_reusable(connection: httpcore2.HTTPConnection | httpcore2.AsyncHTTPConnection) -> bool:
    """Whether the next call may use it: the server has sent what was asked for, and no more."""
    if not connection.is_connected() or not connection.is_idle():
        return False
    state: Any = getattr(getattr(connection, "_connection", None), "_h11_state", None)
    return state is None or not state.trailing_data[0]


def stream_of(connection: httpcore2.HTTPConnection) -> Stream | None:
    """The socket of a connection that has one."""
    stream = getattr(getattr(connection, "_connection", None), "_network_stream", None)
    return stream if isinstance(stream, Stream) else None


class AsyncConnectionPool:
    """As ``ConnectionPool``, for one event loop."""

    def __init__(self) -> None:
        from asyncio import Semaphore

        self._network = AsyncNetwork()
        new = partial(httpcore2.AsyncHTTPConnection, network_backend=self._network)
        self._connections = _Connections(new)
        self._room = Semaphore(_MAX_IN_USE)
        self._beginning: set[Scope] = set()

    async def take(
        self, origin: httpcore2.Origin, timeout: Timeout, *, fresh: bool = False
    ) -> httpcore2.AsyncHTTPConnection:
        """A connection for one request. See ``ConnectionPool.take``."""
        await self._enter(timeout.pool)
        try:
            connection, dropped = self._connections.take(origin, fresh=fresh)
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

    async def give_back(
        self, connection: httpcore2.AsyncHTTPConnection, *, is_sound: bool = True
    ) -> None:
        """Return a connection to the pool. See ``ConnectionPool.give_back``."""
        if connection not in self._connections.in_use:
            return
        dropped = self._connections.give_back(connection, is_sound=is_sound)
        self._room.release()
        await _close(dropped)

    def answers(self, connection: httpcore2.AsyncHTTPConnection, request: object) -> None:
        """Note that a response to this request came, which gives the connection back."""
        self._connections.answering[connection] = request

    async def first_response(self, response: Awaitable[ResponseT]) -> ResponseT:
        """Wait for the first response of a connection, which has to connect before.

        Raises:
            httpcore2.ConnectError: The pool was closed meanwhile.
        """
        from asyncio import timeout

        scope = timeout(None)
        self._beginning.add(scope)
        try:
            async with scope:
                return await response
        except TimeoutError:
            if scope.expired():
                raise httpcore2.ConnectError("The client was closed") from None
            raise
        finally:
            self._beginning.discard(scope)

    async def close(self) -> None:
        """Close all connections. Reading a response after that fails, and connecting ends."""
        self._network.is_closed = True
        # A handshake that is cancelled does not close its socket.
        streams = list(self._network.streams) if self._beginning else []
        for scope in self._beginning:
            scope.reschedule(0)
        found = self._connections.close()
        self._room.release()  # wakes the first that waits; it is refused and wakes the next
        await _close([*found, *streams])


async def _close(
    connections: Sequence[httpcore2.AsyncHTTPConnection | httpcore2.AsyncNetworkStream],
) -> None:
    """Close connections, even if the caller is cancelled meanwhile."""
    if connections:
        from asyncio import gather, shield

        closing = (connection.aclose() for connection in connections)
        await shield(gather(*closing, return_exceptions=True))
