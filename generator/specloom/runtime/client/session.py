"""The functions that generated methods call: for a value, pages, a stream, or the end of a job.

This module is loaded with the SDK. The first call loads what takes time: attempts, pages, polls.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar, Unpack

from ..connections.transport import AsyncTransport, SyncTransport
from ..options import Omit, omit
from ..request.call import Call, Inputs
from ..response.reply import is_streamed
from ..settings import Settings
from .stream_calls import AsyncStreamCalls, StreamCalls

if TYPE_CHECKING:  # the first call loads them
    from ..api.operation import Operation, Poll
    from ..pagination.pages import (
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
    from ..response.raw import AsyncStreamedResponse, RawResponse, StreamedResponse
    from ..response.reply import Reply
    from ..sending.attempts import AsyncAttempts, Attempts

__all__ = ["AsyncSession", "SyncSession"]

ResultT = TypeVar("ResultT")
SyncPageT = TypeVar("SyncPageT", bound="SyncPage[Any]")
AsyncPageT = TypeVar("AsyncPageT", bound="AsyncPage[Any]")


class SyncSession(StreamCalls):
    """Calls operations. Many threads can use one session and its connections.

    Args:
        settings: What holds for every call.
        transport: Sends requests.
        sleep: Waits for some seconds. By default, the transport does, until it is closed.
        view: What calls return of a response, instead of its value.
    """

    def __init__(
        self,
        settings: Settings,
        transport: SyncTransport,
        sleep: Callable[[float], object] | None = None,
        view: type[RawResponse[Any] | StreamedResponse[Any]] | None = None,
    ) -> None:
        self.settings = settings
        self.transport = transport
        self._sleep = sleep
        self._view = view

    @cached_property
    def _attempts(self) -> Attempts:
        from ..sending.attempts import Attempts

        return Attempts(self.settings, self.transport, self._sleep)

    def with_settings(
        self, settings: Settings, transport: SyncTransport | None = None
    ) -> SyncSession:
        """A session with other settings, over the same connections unless others are given."""
        return SyncSession(settings, transport or self.transport, self._sleep, self._view)

    def raw(self) -> SyncSession:
        """A session whose methods return a ``RawResponse`` of the value."""
        from ..response.raw import RawResponse

        return SyncSession(self.settings, self.transport, self._sleep, RawResponse)

    def streamed(self) -> SyncSession:
        """A session whose methods return a ``StreamedResponse`` of the value."""
        from ..response.raw import StreamedResponse

        return SyncSession(self.settings, self.transport, self._sleep, StreamedResponse)

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
        """Call a list that continues after a cursor. Returns one page; raises as ``call`` does."""
        from ..pagination.pages import SyncCursorPage

        kind: type[SyncCursorPage[ResultT]] = SyncCursorPage
        return self._page(kind, Call(operation, **inputs))

    def offset_page(
        self, operation: Operation[ResultT, Any], **inputs: Unpack[Inputs]
    ) -> SyncOffsetPage[ResultT]:
        """Call a list that counts its items."""
        from ..pagination.pages import SyncOffsetPage

        kind: type[SyncOffsetPage[ResultT]] = SyncOffsetPage
        return self._page(kind, Call(operation, **inputs))

    def number_page(
        self, operation: Operation[ResultT, Any], **inputs: Unpack[Inputs]
    ) -> SyncNumberPage[ResultT]:
        """Call a list that counts its pages."""
        from ..pagination.pages import SyncNumberPage

        kind: type[SyncNumberPage[ResultT]] = SyncNumberPage
        return self._page(kind, Call(operation, **inputs))

    def link_page(
        self, operation: Operation[ResultT, Any], **inputs: Unpack[Inputs]
    ) -> SyncLinkPage[ResultT]:
        """Call a list whose server links to the next page."""
        from ..pagination.pages import SyncLinkPage

        kind: type[SyncLinkPage[ResultT]] = SyncLinkPage
        return self._page(kind, Call(operation, **inputs))

    def page_as(
        self,
        kind: Callable[[], type[SyncPageT]],
        operation: Operation[Any, Any],
        **inputs: Unpack[Inputs],
    ) -> SyncPageT:
        """Call a list whose pages are of the class that ``kind`` returns."""
        return self._page(kind(), Call(operation, **inputs))

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
        """Call ``first``, then ``again`` until its result is in an end state. Return that result.

        Args:
            first: The operation that takes the inputs: it starts something, or reads it.
            again: The operation that reads it again.
            poll: When it has ended, and how to wait for that.
            interval: Seconds between two requests, which overrides the server's hint.
            timeout: The most seconds to wait. ``None``: no limit.
            **inputs: As for ``call``. A body, also one from the options, is only for ``first``.

        Raises:
            PollTimeoutError: It did not end in time.
            APIError: A call failed, or a result has no state.
        """
        from ..polling import Polling

        polling = Polling(Call(first, **inputs), again, poll, interval, timeout)
        while True:
            reply = self._attempts.perform(polling.call, is_stream=False, read=True)
            result: ResultT = self._attempts.value(reply)
            delay = polling.next_delay(result, reply)
            if delay is None:
                return result
            self._attempts.sleep(delay)

    def _page(self, kind: type[SyncPageT], call: Call) -> SyncPageT:
        from ..pagination.next_page import page_content

        following = SyncSession(self.settings, self.transport, self._sleep)

        def parse(reply: Reply) -> SyncPageT:
            return kind(page_content(call, reply), lambda call: following._page(kind, call))

        page: SyncPageT = self._deliver(call, parse)
        return page

    def _deliver(
        self,
        call: Call,
        parse: Callable[[Reply], Any],
        *,
        is_stream: bool = False,
        as_stream: Callable[[Reply], Any] | None = None,
    ) -> Any:
        read = not is_stream and (self._view is None or self._view.is_read)
        asked = None if as_stream is not None else is_stream
        reply = self._attempts.perform(call, is_stream=asked, read=read)
        if as_stream is not None and is_streamed(reply):
            parse, is_stream = as_stream, True
        return parse(reply) if self._view is None else self._view(reply, parse, is_stream=is_stream)


class AsyncSession(AsyncStreamCalls):
    """As ``SyncSession``, for one event loop."""

    def __init__(
        self,
        settings: Settings,
        transport: AsyncTransport,
        sleep: Callable[[float], Awaitable[object]] | None = None,
        view: type[RawResponse[Any] | AsyncStreamedResponse[Any]] | None = None,
    ) -> None:
        self.settings = settings
        self.transport = transport
        self._sleep = sleep
        self._view = view

    @cached_property
    def _attempts(self) -> AsyncAttempts:
        from ..sending.attempts import AsyncAttempts

        return AsyncAttempts(self.settings, self.transport, self._sleep)

    def with_settings(
        self, settings: Settings, transport: AsyncTransport | None = None
    ) -> AsyncSession:
        """A session with other settings, over the same connections unless others are given."""
        return AsyncSession(settings, transport or self.transport, self._sleep, self._view)

    def raw(self) -> AsyncSession:
        """A session whose methods return a ``RawResponse`` of the value."""
        from ..response.raw import RawResponse

        return AsyncSession(self.settings, self.transport, self._sleep, RawResponse)

    def streamed(self) -> AsyncSession:
        """A session whose methods return an ``AsyncStreamedResponse`` of the value."""
        from ..response.raw import AsyncStreamedResponse

        return AsyncSession(self.settings, self.transport, self._sleep, AsyncStreamedResponse)

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
        """Call a list that continues after a cursor, when the result is awaited or iterated."""
        from ..pagination.pages import AsyncCursorPage

        kind: type[AsyncCursorPage[ResultT]] = AsyncCursorPage
        return self._paginator(kind, Call(operation, **inputs))

    def offset_page(
        self, operation: Operation[ResultT, Any], **inputs: Unpack[Inputs]
    ) -> AsyncPaginator[ResultT, AsyncOffsetPage[ResultT]]:
        """Call a list that counts its items."""
        from ..pagination.pages import AsyncOffsetPage

        kind: type[AsyncOffsetPage[ResultT]] = AsyncOffsetPage
        return self._paginator(kind, Call(operation, **inputs))

    def number_page(
        self, operation: Operation[ResultT, Any], **inputs: Unpack[Inputs]
    ) -> AsyncPaginator[ResultT, AsyncNumberPage[ResultT]]:
        """Call a list that counts its pages."""
        from ..pagination.pages import AsyncNumberPage

        kind: type[AsyncNumberPage[ResultT]] = AsyncNumberPage
        return self._paginator(kind, Call(operation, **inputs))

    def link_page(
        self, operation: Operation[ResultT, Any], **inputs: Unpack[Inputs]
    ) -> AsyncPaginator[ResultT, AsyncLinkPage[ResultT]]:
        """Call a list whose server links to the next page."""
        from ..pagination.pages import AsyncLinkPage

        kind: type[AsyncLinkPage[ResultT]] = AsyncLinkPage
        return self._paginator(kind, Call(operation, **inputs))

    def page_as(
        self,
        kind: Callable[[], type[AsyncPageT]],
        operation: Operation[Any, Any],
        **inputs: Unpack[Inputs],
    ) -> AsyncPaginator[Any, AsyncPageT]:
        """Call a list whose pages are of the class that ``kind`` returns."""
        return self._paginator(kind(), Call(operation, **inputs))

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
        from ..polling import Polling

        polling = Polling(Call(first, **inputs), again, poll, interval, timeout)
        while True:
            reply = await self._attempts.perform(polling.call, is_stream=False, read=True)
            result: ResultT = self._attempts.value(reply)
            delay = polling.next_delay(result, reply)
            if delay is None:
                return result
            await self._attempts.sleep(delay)

    def _paginator(self, kind: type[AsyncPageT], call: Call) -> AsyncPaginator[Any, AsyncPageT]:
        from ..pagination.pages import AsyncPaginator

        return AsyncPaginator(lambda: self._page(kind, call))

    async def _page(self, kind: type[AsyncPageT], call: Call) -> AsyncPageT:
        from ..pagination.next_page import page_content

        following = AsyncSession(self.settings, self.transport, self._sleep)

        def parse(reply: Reply) -> AsyncPageT:
            return kind(page_content(call, reply), lambda call: following._page(kind, call))

        page: AsyncPageT = await self._deliver(call, parse)
        return page

    async def _deliver(
        self,
        call: Call,
        parse: Callable[[Reply], Any],
        *,
        is_stream: bool = False,
        as_stream: Callable[[Reply], Any] | None = None,
    ) -> Any:
        read = not is_stream and (self._view is None or self._view.is_read)
        asked = None if as_stream is not None else is_stream
        reply = await self._attempts.perform(call, is_stream=asked, read=read)
        if as_stream is not None and is_streamed(reply):
            parse, is_stream = as_stream, True
        return parse(reply) if self._view is None else self._view(reply, parse, is_stream=is_stream)
