"""The calls of a session that are answered with a stream.

The stream is a ``Stream``, or of a subclass that this API has for it. A function returns that
subclass, so that it is only loaded when the first stream has begun.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, Unpack

from ..request.call import Call, Inputs

if TYPE_CHECKING:  # the first resource or stream loads them
    from ..api.operation import Operation
    from ..response.reply import Reply
    from ..streaming.stream import AsyncStream, Stream

__all__ = ["AsyncStreamCalls", "StreamCalls"]

ResultT = TypeVar("ResultT")
EventT = TypeVar("EventT")
StreamT = TypeVar("StreamT", bound="Stream[Any]")
AsyncStreamT = TypeVar("AsyncStreamT", bound="AsyncStream[Any]")


class StreamCalls:
    """Calls that return a stream, or either a stream or a value. They raise what ``call`` does."""

    def stream(self, operation: Operation[Any, EventT], **inputs: Unpack[Inputs]) -> Stream[EventT]:
        """Call an operation and return its events as they come."""
        from ..streaming.stream import Stream

        stream: Stream[EventT] = self._deliver(Call(operation, **inputs), Stream, is_stream=True)
        return stream

    def stream_as(
        self,
        kind: Callable[[], type[StreamT]],
        operation: Operation[Any, Any],
        **inputs: Unpack[Inputs],
    ) -> StreamT:
        """As ``stream``, of the class that ``kind`` returns."""
        stream: StreamT = self._deliver(Call(operation, **inputs), kind(), is_stream=True)
        return stream

    def call_or_stream(
        self,
        operation: Operation[ResultT, EventT],
        streaming: bool | None,
        **inputs: Unpack[Inputs],
    ) -> ResultT | Stream[EventT]:
        """``stream`` if ``streaming``, else ``call``. ``None``: what the answer is."""
        from ..streaming.stream import Stream

        if streaming is None:
            either: ResultT | Stream[EventT] = self._as_answered(Stream, operation, **inputs)
            return either
        return self.stream(operation, **inputs) if streaming else self.call(operation, **inputs)

    def call_or_stream_as(
        self,
        kind: Callable[[], type[StreamT]],
        operation: Operation[ResultT, Any],
        streaming: bool | None,
        **inputs: Unpack[Inputs],
    ) -> ResultT | StreamT:
        """``stream_as`` if ``streaming``, else ``call``. ``None``: what the answer is."""
        if streaming is None:
            either: ResultT | StreamT = self._as_answered(kind(), operation, **inputs)
            return either
        if streaming:
            return self.stream_as(kind, operation, **inputs)
        return self.call(operation, **inputs)

    def _as_answered(
        self, kind: Callable[[Reply], Any], operation: Operation[Any, Any], **inputs: Unpack[Inputs]
    ) -> Any:
        from ..response.reading import read_value

        return self._deliver(Call(operation, **inputs), read_value, as_stream=kind)

    def call(self, operation: Operation[ResultT, Any], **inputs: Unpack[Inputs]) -> ResultT:
        """Call an operation and return its value."""
        raise NotImplementedError

    def _deliver(
        self,
        call: Call,
        parse: Callable[[Reply], Any],
        *,
        is_stream: bool = False,
        as_stream: Callable[[Reply], Any] | None = None,
    ) -> Any:
        """Perform a call. The caller gets the result of ``parse``, or the response.

        With ``as_stream`` the answer decides: it is parsed by that if it is a stream.
        """
        raise NotImplementedError


class AsyncStreamCalls:
    """As ``StreamCalls``, for one event loop."""

    async def stream(
        self, operation: Operation[Any, EventT], **inputs: Unpack[Inputs]
    ) -> AsyncStream[EventT]:
        """Call an operation and return its events as they come."""
        from ..streaming.stream import AsyncStream

        call = Call(operation, **inputs)
        stream: AsyncStream[EventT] = await self._deliver(call, AsyncStream, is_stream=True)
        return stream

    async def stream_as(
        self,
        kind: Callable[[], type[AsyncStreamT]],
        operation: Operation[Any, Any],
        **inputs: Unpack[Inputs],
    ) -> AsyncStreamT:
        """As ``stream``, of the class that ``kind`` returns."""
        stream: AsyncStreamT = await self._deliver(
            Call(operation, **inputs), kind(), is_stream=True
        )
        return stream

    async def call_or_stream(
        self,
        operation: Operation[ResultT, EventT],
        streaming: bool | None,
        **inputs: Unpack[Inputs],
    ) -> ResultT | AsyncStream[EventT]:
        """``stream`` if ``streaming``, else ``call``. ``None``: what the answer is."""
        from ..streaming.stream import AsyncStream

        if streaming is None:
            either: ResultT | AsyncStream[EventT] = await self._as_answered(
                AsyncStream, operation, **inputs
            )
            return either
        if streaming:
            return await self.stream(operation, **inputs)
        return await self.call(operation, **inputs)

    async def call_or_stream_as(
        self,
        kind: Callable[[], type[AsyncStreamT]],
        operation: Operation[ResultT, Any],
        streaming: bool | None,
        **inputs: Unpack[Inputs],
    ) -> ResultT | AsyncStreamT:
        """``stream_as`` if ``streaming``, else ``call``. ``None``: what the answer is."""
        if streaming is None:
            either: ResultT | AsyncStreamT = await self._as_answered(kind(), operation, **inputs)
            return either
        if streaming:
            return await self.stream_as(kind, operation, **inputs)
        return await self.call(operation, **inputs)

    async def _as_answered(
        self, kind: Callable[[Reply], Any], operation: Operation[Any, Any], **inputs: Unpack[Inputs]
    ) -> Any:
        from ..response.reading import read_value

        return await self._deliver(Call(operation, **inputs), read_value, as_stream=kind)

    async def call(self, operation: Operation[ResultT, Any], **inputs: Unpack[Inputs]) -> ResultT:
        """Call an operation and return its value."""
        raise NotImplementedError

    async def _deliver(
        self,
        call: Call,
        parse: Callable[[Reply], Any],
        *,
        is_stream: bool = False,
        as_stream: Callable[[Reply], Any] | None = None,
    ) -> Any:
        """Perform a call. The caller gets the result of ``parse``, or the response.

        With ``as_stream`` the answer decides: it is parsed by that if it is a stream.
        """
        raise NotImplementedError
