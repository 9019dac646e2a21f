"""Streams: iterators over the events of a response while it comes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from types import TracebackType
from typing import Generic, Self, TypeVar

from ..connections.received import TransportError, connection_error
from ..lazy_httpx2 import httpx2
from ..response.reply import Reply
from .sse import Listener

__all__ = ["AsyncStream", "Stream"]

EventT = TypeVar("EventT")


class Stream(Generic[EventT]):
    """Iterates over the events of a response as they come.

    Leaving a ``with`` block closes the connection, and so does reading to the end. An event that
    reports an error raises ``APIError``. A stream that is cut off raises ``APIConnectionError``.
    """

    def __init__(self, reply: Reply) -> None:
        self._reply = reply
        self._events: Iterator[EventT] = self._read()

    @property
    def response(self) -> httpx2.Response:
        """The response that the events come from."""
        return self._reply.response.whole()

    @property
    def request_id(self) -> str | None:
        """The server's id of the request."""
        return self._reply.request_id

    def _listener(self) -> Listener:
        """A function to call with the data of each event, for subclasses that follow the events."""
        return None

    def __iter__(self) -> Iterator[EventT]:
        return self._events

    def __next__(self) -> EventT:
        return next(self._events)

    def _read(self) -> Iterator[EventT]:
        """The events. A subclass may wrap this method."""
        from .events import reader_for  # it loads pydantic

        response = self._reply.response
        try:
            reader = reader_for(self._reply, self._listener())
            for chunk in response.iter_bytes():
                yield from reader.feed(chunk)
                if reader.is_done:
                    return
            yield from reader.finish()
        except TransportError as error:
            raise connection_error(error, self._reply.retries_taken) from error.cause
        finally:
            response.close()

    def close(self) -> None:
        """Close the connection. Events that have not arrived yet are lost."""
        self._reply.response.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


class AsyncStream(Generic[EventT]):
    """As ``Stream``, with ``async for`` and ``async with``."""

    def __init__(self, reply: Reply) -> None:
        self._reply = reply
        self._events: AsyncIterator[EventT] = self._read()

    @property
    def response(self) -> httpx2.Response:
        """The response that the events come from."""
        return self._reply.response.whole()

    @property
    def request_id(self) -> str | None:
        """The server's id of the request."""
        return self._reply.request_id

    def _listener(self) -> Listener:
        """See ``Stream._listener``."""
        return None

    def __aiter__(self) -> AsyncIterator[EventT]:
        return self._events

    async def __anext__(self) -> EventT:
        return await anext(self._events)

    async def _read(self) -> AsyncIterator[EventT]:
        """The events. A subclass may wrap this method."""
        from .events import reader_for  # it loads pydantic

        response = self._reply.response
        try:
            reader = reader_for(self._reply, self._listener())
            async with aclosing(response.aiter_bytes()) as chunks:
                async for chunk in chunks:
                    for event in reader.feed(chunk):
                        yield event
                    if reader.is_done:
                        return
            for event in reader.finish():
                yield event
        except TransportError as error:
            raise connection_error(error, self._reply.retries_taken) from error.cause
        finally:
            await response.aclose()

    async def close(self) -> None:
        """Close the connection. Events that have not arrived yet are lost."""
        await self._reply.response.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()
