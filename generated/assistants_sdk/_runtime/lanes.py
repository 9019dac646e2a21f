"""Several small pools of connections instead of a large one, for many calls at once.

Before and after each request a pool of ``httpcore2`` looks at all its connections, those that are
idle down to their sockets: with 50 calls at once that is two fifths of a call's cost, and it grows
with their number. So they are kept in lanes of a few; a call takes the first that has room.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from typing import Final

import httpx2

from .certificates import AsyncLateTransport

__all__ = ["Lanes"]

_WIDTH: Final = 10
_MOST: Final = 100  # lanes
_LIMITS: Final = httpx2.Limits(max_connections=_WIDTH, max_keepalive_connections=_WIDTH)
_KEPT: Final = 5.0  # seconds that an idle lane is kept, as a pool keeps an idle connection


class _Lane:
    """A pool, how many of its responses are open, and since when it is idle."""

    def __init__(self, transport: httpx2.AsyncHTTPTransport) -> None:
        self.transport = transport
        self.taken = 0
        self.idle_since = 0.0

    def leave(self) -> None:
        """One response less."""
        self.taken -= 1
        self.idle_since = time.monotonic()


class Lanes:
    """Several transports in the place of one; for one event loop.

    Args:
        first: The transport of the first lane, which is closed by who gives it.
    """

    def __init__(self, first: httpx2.AsyncHTTPTransport) -> None:
        self._lanes = [_Lane(first)]

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request by the first lane that has room; where none has, it waits for one."""
        lane = self._free_lane()
        lane.taken += 1
        try:
            await self._drop_idle()
            response = await lane.transport.handle_async_request(request)
        except BaseException:
            lane.leave()
            raise
        response.stream = _InLane(response.stream, lane)
        return response

    def _free_lane(self) -> _Lane:
        for lane in self._lanes:
            if lane.taken < _WIDTH:
                return lane
        if len(self._lanes) == _MOST:
            return min(self._lanes[1:], key=lambda lane: lane.taken)
        self._lanes.append(_Lane(AsyncLateTransport(_LIMITS)))
        return self._lanes[-1]

    async def _drop_idle(self) -> None:
        """Close the last lane, never the first, if it has been idle for long."""
        last = self._lanes[-1]
        if last is self._lanes[0] or last.taken or time.monotonic() - last.idle_since < _KEPT:
            return
        self._lanes.pop()
        await last.transport.aclose()

    async def aclose(self) -> None:
        """Close all connections but those of the first lane."""
        while len(self._lanes) > 1:
            await self._lanes.pop().transport.aclose()


class _InLane(httpx2.AsyncByteStream):
    """The body of a response; when it is closed, its lane has room again."""

    def __init__(self, stream: httpx2.SyncByteStream | httpx2.AsyncByteStream, lane: _Lane) -> None:
        assert isinstance(stream, httpx2.AsyncByteStream)
        self._stream = stream
        self._lane: _Lane | None = lane

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._stream.__aiter__()

    async def aclose(self) -> None:
        lane, self._lane = self._lane, None
        if lane is not None:
            lane.leave()
        await self._stream.aclose()
