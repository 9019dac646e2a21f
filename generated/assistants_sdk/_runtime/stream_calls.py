"""The calls of a session that are answered with a stream.

A stream is a ``Stream``, or of a class that this API gives its own streams; that class is named by
a function, so that it is loaded when the first stream has begun.
"""

from __future__ import annotations

from .call import Call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar, Unpack

    from .arguments import Inputs
    from .operation import Operation
    from .reply import Reply
    from .streaming import AsyncStream, Stream

    ResultT = TypeVar("ResultT")
    EventT = TypeVar("EventT")
    StreamT = TypeVar("StreamT", bound=Stream[Any])
    AsyncStreamT = TypeVar("AsyncStreamT", bound=AsyncStream[Any])

__all__ = ["AsyncStreamCalls", "StreamCalls"]


class StreamCalls:
    """Calls that return a stream, or choose between that and a value; they raise as ``call``."""

    def stream(self, operation: Operation[Any, EventT], **inputs: Unpack[Inputs]) -> Stream[EventT]:
        """Call an operation and return its events as they come."""
        from .streaming import Stream

        stream: Stream[EventT] = self._deliver(Call(operation, **inputs), Stream, is_stream=True)
        return stream

    def stream_as(
        self,
        kind: Callable[[], type[StreamT]],
        operation: Operation[Any, Any],
        **inputs: Unpack[Inputs],
    ) -> StreamT:
        """As ``stream``, of the class that ``kind`` gives."""
        stream: StreamT = self._deliver(Call(operation, **inputs), kind(), is_stream=True)
        return stream

    def call_or_stream(
        self, operation: Operation[ResultT, EventT], streaming: bool, **inputs: Unpack[Inputs]
    ) -> ResultT | Stream[EventT]:
        """``stream`` where ``streaming``, else ``call``."""
        return self.stream(operation, **inputs) if streaming else self.call(operation, **inputs)

    def call_or_stream_as(
        self,
        kind: Callable[[], type[StreamT]],
        operation: Operation[ResultT, Any],
        streaming: bool,
        **inputs: Unpack[Inputs],
    ) -> ResultT | StreamT:
        """``stream_as`` where ``streaming``, else ``call``."""
        if streaming:
            return self.stream_as(kind, operation, **inputs)
        return self.call(operation, **inputs)

    def call(self, operation: Operation[ResultT, Any], **inputs: Unpack[Inputs]) -> ResultT:
        """Call an operation and return its value."""
        raise NotImplementedError

    def _deliver(
        self, call: Call, parse: Callable[[Reply], Any], *, is_stream: bool = False
    ) -> Any:
        """What the caller gets of a call: what ``parse`` makes of its reply, or the response."""
        raise NotImplementedError


class AsyncStreamCalls:
    """As ``StreamCalls``, for one event loop."""

    async def stream(
        self, operation: Operation[Any, EventT], **inputs: Unpack[Inputs]
    ) -> AsyncStream[EventT]:
        """Call an operation and return its events as they come."""
        from .streaming import AsyncStream

        call = Call(operation, **inputs)
        stream: AsyncStream[EventT] = await self._deliver(call, AsyncStream, is_stream=True)
        return stream

    async def stream_as(
        self,
        kind: Callable[[], type[AsyncStreamT]],
        operation: Operation[Any, Any],
        **inputs: Unpack[Inputs],
    ) -> AsyncStreamT:
        """As ``stream``, of the class that ``kind`` gives."""
        stream: AsyncStreamT = await self._deliver(
            Call(operation, **inputs), kind(), is_stream=True
        )
        return stream

    async def call_or_stream(
        self, operation: Operation[ResultT, EventT], streaming: bool, **inputs: Unpack[Inputs]
    ) -> ResultT | AsyncStream[EventT]:
        """``stream`` where ``streaming``, else ``call``."""
        if streaming:
            return await self.stream(operation, **inputs)
        return await self.call(operation, **inputs)

    async def call_or_stream_as(
        self,
        kind: Callable[[], type[AsyncStreamT]],
        operation: Operation[ResultT, Any],
        streaming: bool,
        **inputs: Unpack[Inputs],
    ) -> ResultT | AsyncStreamT:
        """``stream_as`` where ``streaming``, else ``call``."""
        if streaming:
            return await self.stream_as(kind, operation, **inputs)
        return await self.call(operation, **inputs)

    async def call(self, operation: Operation[ResultT, Any], **inputs: Unpack[Inputs]) -> ResultT:
        """Call an operation and return its value."""
        raise NotImplementedError

    async def _deliver(
        self, call: Call, parse: Callable[[Reply], Any], *, is_stream: bool = False
    ) -> Any:
        """What the caller gets of a call: what ``parse`` makes of its reply, or the response."""
        raise NotImplementedError
