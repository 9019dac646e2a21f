"""Sessions that answer with responses instead of values; see ``raw``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .raw import AsyncStreamedResponse, RawResponse, StreamedResponse
from .session import AsyncSession, SyncSession

if TYPE_CHECKING:
    from collections.abc import Callable

    from .call import Call
    from .reply import Reply

__all__ = ["AsyncRawSession", "AsyncStreamedSession", "RawSession", "StreamedSession"]


class RawSession(SyncSession):
    """Its methods return a ``RawResponse`` of what they say they return."""

    def _deliver(
        self, call: Call, parse: Callable[[Reply], Any], *, is_stream: bool = False
    ) -> RawResponse[Any]:
        reply = self._attempts.perform(call, is_stream=is_stream, read=not is_stream)
        return RawResponse(reply, parse, is_stream=is_stream)


class StreamedSession(SyncSession):
    """Its methods return a ``StreamedResponse`` of what they say they return."""

    def _deliver(
        self, call: Call, parse: Callable[[Reply], Any], *, is_stream: bool = False
    ) -> StreamedResponse[Any]:
        reply = self._attempts.perform(call, is_stream=is_stream, read=False)
        return StreamedResponse(reply, parse, is_stream=is_stream)


class AsyncRawSession(AsyncSession):
    """Its methods return a ``RawResponse`` of what they say they return."""

    async def _deliver(
        self, call: Call, parse: Callable[[Reply], Any], *, is_stream: bool = False
    ) -> RawResponse[Any]:
        reply = await self._attempts.perform(call, is_stream=is_stream, read=not is_stream)
        return RawResponse(reply, parse, is_stream=is_stream)


class AsyncStreamedSession(AsyncSession):
    """Its methods return an ``AsyncStreamedResponse`` of what they say they return."""

    async def _deliver(
        self, call: Call, parse: Callable[[Reply], Any], *, is_stream: bool = False
    ) -> AsyncStreamedResponse[Any]:
        reply = await self._attempts.perform(call, is_stream=is_stream, read=False)
        return AsyncStreamedResponse(reply, parse, is_stream=is_stream)
