"""What generated methods call: an operation for its value, its pages, its stream, or until its end.

This module is loaded with the SDK; what needs time to load is imported by the first call.
"""

from __future__ import annotations

import time

from .call import Call
from .lazy import cached_property
from .omit import omit
from .stream_calls import AsyncStreamCalls, StreamCalls

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any, TypeVar, Unpack

    from .arguments import Inputs
    from .attempts import AsyncAttempts, Attempts
    from .omit import Omit
    from .operation import Operation, Poll
    from .pagination import (
        AsyncCursorPage,
        AsyncLinkPage,
        AsyncNumberPage,
        AsyncOffsetPage,
        AsyncPage,
        AsyncPaginator,
        SyncCursorPage,
        SyncLinkPage,
        SyncNumberPage,
        SyncOffsetPage,
        SyncPage,
    )
    from .reply import Reply
    from .settings import Settings
    from .transport import AsyncTransport, SyncTransport

    ResultT = TypeVar("ResultT")
    SyncPageT = TypeVar("SyncPageT", bound=SyncPage[Any])
    AsyncPageT = TypeVar("AsyncPageT", bound=AsyncPage[Any])

__all__ = ["AsyncSession", "SyncSession"]


class SyncSession(StreamCalls):
    """Calls operations. One session, and its connections, can be used from many threads."""

    def __init__(
        self,
        settings: Settings,
        transport: SyncTransport,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self.settings = settings
        self.transport = transport
        self._sleep = sleep

    @cached_property
    def _attempts(self) -> Attempts:
        from .attempts import Attempts

        return Attempts(self.settings, self.transport, self._sleep)

    def with_settings(self, settings: Settings) -> SyncSession:
        """A session with other settings, over the same connections."""
        return type(self)(settings, self.transport, self._sleep)

    def raw(self) -> SyncSession:
        """A session whose methods return a ``RawResponse`` of what they say they return."""
        from .answering import RawSession

        return RawSession(self.settings, self.transport, self._sleep)

    def streamed(self) -> SyncSession:
        """A session whose methods return a ``StreamedResponse`` of what they say they return."""
        from .answering import StreamedSession

        return StreamedSession(self.settings, self.transport, self._sleep)

    def call(self, operation: Operation[ResultT, Any], **inputs: Unpack[Inputs]) -> ResultT:
        """Call an operation and return its value.

        Raises:
            APIError: The call failed.
            ConfigurationError: A credential is missing, or the client is closed.
            ValueError: An argument cannot be sent.
        """
        result: ResultT = self._deliver(Call(operation, **inputs), self._attempts.value)
        return result

    def page(
        self, operation: Operation[ResultT, Any], **inputs: Unpack[Inputs]
    ) -> SyncCursorPage[ResultT]:
        """Call a list that goes on after a cursor; returns one page, raises as ``call`` does."""
        from .pagination import SyncCursorPage

        kind: type[SyncCursorPage[ResultT]] = SyncCursorPage
        return self._page(kind, Call(operation, **inputs))

    def offset_page(
        self, operation: Operation[ResultT, Any], **inputs: Unpack[Inputs]
    ) -> SyncOffsetPage[ResultT]:
        """Call a list that counts its items."""
        from .pagination import SyncOffsetPage

        kind: type[SyncOffsetPage[ResultT]] = SyncOffsetPage
        return self._page(kind, Call(operation, **inputs))

    def number_page(
        self, operation: Operation[ResultT, Any], **inputs: Unpack[Inputs]
    ) -> SyncNumberPage[ResultT]:
        """Call a list that counts its pages."""
        from .pagination import SyncNumberPage

        kind: type[SyncNumberPage[ResultT]] = SyncNumberPage
        return self._page(kind, Call(operation, **inputs))

    def link_page(
        self, operation: Operation[ResultT, Any], **inputs: Unpack[Inputs]
    ) -> SyncLinkPage[ResultT]:
        """Call a list whose server links to the next page."""
        from .pagination import SyncLinkPage

        kind: type[SyncLinkPage[ResultT]] = SyncLinkPage
        return self._page(kind, Call(operation, **inputs))

    def poll(
        self,
        first: Operation[ResultT, Any],
        again: Operation[ResultT, Any],
        poll: Poll,
        *,
        interval: float | Omit = omit,
        timeout: float | Omit | None = omit,
        **inputs: Unpack[Inputs],
    ) -> ResultT:
        """Call ``first``, then ``again`` until its result is in an end state; returns that result.

        Args:
            first: What is called with the inputs: it begins something, or reads it.
            again: Reads it again.
            poll: When it has ended, and how to wait for that.
            interval: Seconds from one reading to the next, whatever the server says.
            timeout: Seconds to wait at most; ``None``: for ever.
            **inputs: As for ``call``; a body, also by options, is only for ``first``.

        Raises:
            PollTimeoutError: It has not ended in time.
            APIError: A call failed, or a result has no state.
        """
        from .polling import Polling

        polling = Polling(Call(first, **inputs), again, poll, interval, timeout)
        while True:
            reply = self._attempts.perform(polling.call, is_stream=False, read=True)
            result: ResultT = self._attempts.value(reply)
            delay = polling.next_delay(result, reply)
            if delay is None:
                return result
            self._attempts.sleep(delay)

    def _page(self, kind: type[SyncPageT], call: Call) -> SyncPageT:
        from .paging import page_content

        following = SyncSession(self.settings, self.transport, self._sleep)

        def parse(reply: Reply) -> SyncPageT:
            return kind(page_content(call, reply), lambda call: following._page(kind, call))

        page: SyncPageT = self._deliver(call, parse)
        return page

    def _deliver(
        self, call: Call, parse: Callable[[Reply], Any], *, is_stream: bool = False
    ) -> Any:
        return parse(self._attempts.perform(call, is_stream=is_stream, read=not is_stream))


class AsyncSession(AsyncStreamCalls):
    """As ``SyncSession``, for one event loop."""

    def __init__(
        self,
        settings: Settings,
        transport: AsyncTransport,
        sleep: Callable[[float], Awaitable[object]] | None = None,
    ) -> None:
        self.settings = settings
        self.transport = transport
        self._sleep = sleep

    @cached_property
    def _attempts(self) -> AsyncAttempts:
        from .attempts import AsyncAttempts

        return AsyncAttempts(self.settings, self.transport, self._sleep)

    def with_settings(self, settings: Settings) -> AsyncSession:
        """A session with other settings, over the same connections."""
        return type(self)(settings, self.transport, self._sleep)

    def raw(self) -> AsyncSession:
        """A session whose methods return a ``RawResponse`` of what they say they return."""
        from .answering import AsyncRawSession

        return AsyncRawSession(self.settings, self.transport, self._sleep)

    def streamed(self) -> AsyncSession:
        """A session whose methods return an ``AsyncStreamedResponse`` of what they say."""
        from .answering import AsyncStreamedSession

        return AsyncStreamedSession(self.settings, self.transport, self._sleep)

    async def call(self, operation: Operation[ResultT, Any], **inputs: Unpack[Inputs]) -> ResultT:
        """Call an operation and return its value.

        Raises:
            APIError: The call failed.
            ConfigurationError: A credential is missing, or the client is closed.
            ValueError: An argument cannot be sent.
        """
        result: ResultT = await self._deliver(Call(operation, **inputs), self._attempts.value)
        return result

    def page(
        self, operation: Operation[ResultT, Any], **inputs: Unpack[Inputs]
    ) -> AsyncPaginator[ResultT, AsyncCursorPage[ResultT]]:
        """Call a list that goes on after a cursor, when the result is awaited or iterated."""
        from .pagination import AsyncCursorPage

        kind: type[AsyncCursorPage[ResultT]] = AsyncCursorPage
        return self._paginator(kind, Call(operation, **inputs))

    def offset_page(
        self, operation: Operation[ResultT, Any], **inputs: Unpack[Inputs]
    ) -> AsyncPaginator[ResultT, AsyncOffsetPage[ResultT]]:
        """Call a list that counts its items."""
        from .pagination import AsyncOffsetPage

        kind: type[AsyncOffsetPage[ResultT]] = AsyncOffsetPage
        return self._paginator(kind, Call(operation, **inputs))

    def number_page(
        self, operation: Operation[ResultT, Any], **inputs: Unpack[Inputs]
    ) -> AsyncPaginator[ResultT, AsyncNumberPage[ResultT]]:
        """Call a list that counts its pages."""
        from .pagination import AsyncNumberPage

        kind: type[AsyncNumberPage[ResultT]] = AsyncNumberPage
        return self._paginator(kind, Call(operation, **inputs))

    def link_page(
        self, operation: Operation[ResultT, Any], **inputs: Unpack[Inputs]
    ) -> AsyncPaginator[ResultT, AsyncLinkPage[ResultT]]:
        """Call a list whose server links to the next page."""
        from .pagination import AsyncLinkPage

        kind: type[AsyncLinkPage[ResultT]] = AsyncLinkPage
        return self._paginator(kind, Call(operation, **inputs))

    async def poll(
        self,
        first: Operation[ResultT, Any],
        again: Operation[ResultT, Any],
        poll: Poll,
        *,
        interval: float | Omit = omit,
        timeout: float | Omit | None = omit,
        **inputs: Unpack[Inputs],
    ) -> ResultT:
        """As ``SyncSession.poll``."""
        from .polling import Polling

        polling = Polling(Call(first, **inputs), again, poll, interval, timeout)
        while True:
            reply = await self._attempts.perform(polling.call, is_stream=False, read=True)
            result: ResultT = self._attempts.value(reply)
            delay = polling.next_delay(result, reply)
            if delay is None:
                return result
            await self._attempts.sleep(delay)

    def _paginator(self, kind: type[AsyncPageT], call: Call) -> AsyncPaginator[Any, AsyncPageT]:
        from .pagination import AsyncPaginator

        return AsyncPaginator(lambda: self._page(kind, call))

    async def _page(self, kind: type[AsyncPageT], call: Call) -> AsyncPageT:
        from .paging import page_content

        following = AsyncSession(self.settings, self.transport, self._sleep)

        def parse(reply: Reply) -> AsyncPageT:
            return kind(page_content(call, reply), lambda call: following._page(kind, call))

        page: AsyncPageT = await self._deliver(call, parse)
        return page

    async def _deliver(
        self, call: Call, parse: Callable[[Reply], Any], *, is_stream: bool = False
    ) -> Any:
        return parse(await self._attempts.perform(call, is_stream=is_stream, read=not is_stream))
