"""What ``with_raw_response`` and ``with_streaming_response`` return: responses, not values."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import TracebackType
from typing import Any, ClassVar, Generic, TypeVar

from ..connections.received import TransportError, connection_error
from ..lazy_httpx2 import httpx2
from .reply import Reply

__all__ = [
    "AsyncResponseManager",
    "AsyncStreamedResponse",
    "RawResponse",
    "ResponseManager",
    "StreamedResponse",
]

ResultT = TypeVar("ResultT")


class _Response(Generic[ResultT]):
    """A response and its metadata.

    Attributes:
        retries_taken: How often the request was sent again.
        elapsed: The time from the start of the last attempt to its response.
        request_id: The server's id of the request.
        is_read: Whether the body is read before the response is returned, unless it is a stream.
    """

    is_read: ClassVar[bool] = False

    def __init__(self, reply: Reply, parse: Callable[[Reply], Any], *, is_stream: bool) -> None:
        self._reply = reply
        self._parse = parse
        self._is_stream = is_stream
        self.retries_taken: int = reply.retries_taken
        self.elapsed = timedelta(seconds=reply.elapsed)
        self.request_id: str | None = reply.request_id

    @property
    def http_response(self) -> httpx2.Response:
        """The response as ``httpx2`` has it."""
        return self._reply.response.whole()

    @property
    def headers(self) -> httpx2.Headers:
        """The headers of the response."""
        return self.http_response.headers

    @property
    def status_code(self) -> int:
        """The HTTP status."""
        return self._reply.response.status_code

    @property
    def http_request(self) -> httpx2.Request:
        """The request that was sent last."""
        return self.http_response.request

    @property
    def is_closed(self) -> bool:
        """Whether its connection is free again."""
        return self.http_response.is_closed

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.status_code}>"


class RawResponse(_Response[ResultT]):
    """A response whose body was read already."""

    is_read: ClassVar[bool] = True

    @property
    def content(self) -> bytes:
        """The body, its transfer compression undone."""
        return self._reply.response.content

    @property
    def text(self) -> str:
        """The body as text."""
        return self.http_response.text

    def parse(self) -> ResultT:
        """The value that the method returns without ``with_raw_response``.

        Raises:
            APIResponseValidationError: The body cannot be read as that value.
        """
        result: ResultT = self._parse(self._reply)
        return result


class StreamedResponse(_Response[ResultT]):
    """A response whose body is read on demand."""

    def read(self) -> bytes:
        """The whole body."""
        with _translated_failures(self._reply):
            return self._reply.response.read()

    def iter_bytes(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """The body in chunks, its transfer compression undone."""
        with _translated_failures(self._reply):
            yield from self.http_response.iter_bytes(chunk_size)

    def iter_text(self, chunk_size: int | None = None) -> Iterator[str]:
        """The body in chunks of text."""
        with _translated_failures(self._reply):
            yield from self.http_response.iter_text(chunk_size)

    def iter_lines(self) -> Iterator[str]:
        """The body in lines of text, without their ends."""
        with _translated_failures(self._reply):
            yield from self.http_response.iter_lines()

    def parse(self) -> ResultT:
        """Read the body and return the value that the method returns otherwise.

        Raises:
            APIResponseValidationError: The body cannot be read as that value.
        """
        if not self._is_stream:
            self.read()
        result: ResultT = self._parse(self._reply)
        return result

    def close(self) -> None:
        """Close the connection."""
        self._reply.response.close()


class AsyncStreamedResponse(_Response[ResultT]):
    """As ``StreamedResponse``, with ``await`` and ``async for``."""

    async def read(self) -> bytes:
        """The whole body."""
        with _translated_failures(self._reply):
            return await self._reply.response.aread()

    async def iter_bytes(self, chunk_size: int | None = None) -> AsyncIterator[bytes]:
        """The body in chunks, its transfer compression undone."""
        with _translated_failures(self._reply):
            async for chunk in self.http_response.aiter_bytes(chunk_size):
                yield chunk

    async def iter_text(self, chunk_size: int | None = None) -> AsyncIterator[str]:
        """The body in chunks of text."""
        with _translated_failures(self._reply):
            async for chunk in self.http_response.aiter_text(chunk_size):
                yield chunk

    async def iter_lines(self) -> AsyncIterator[str]:
        """The body in lines of text, without their ends."""
        with _translated_failures(self._reply):
            async for line in self.http_response.aiter_lines():
                yield line

    async def parse(self) -> ResultT:
        """Read the body and return the value that the method returns otherwise.

        Raises:
            APIResponseValidationError: The body cannot be read as that value.
        """
        if not self._is_stream:
            await self.read()
        result: ResultT = self._parse(self._reply)
        return result

    async def close(self) -> None:
        """Close the connection."""
        await self._reply.response.aclose()


@contextmanager
def _translated_failures(reply: Reply) -> Generator[None]:
    from ..connections.client_transport import translated_failures

    try:
        with translated_failures():
            yield
    except TransportError as error:
        raise connection_error(error, reply.retries_taken) from error.cause


class ResponseManager(Generic[ResultT]):
    """Sends the request when a ``with`` block is entered. Leaving it closes the connection."""

    def __init__(self, send: Callable[[], StreamedResponse[ResultT]]) -> None:
        self._send = send

    def __enter__(self) -> StreamedResponse[ResultT]:
        self._response = self._send()
        return self._response

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._response.close()


class AsyncResponseManager(Generic[ResultT]):
    """As ``ResponseManager``, for ``async with``."""

    def __init__(self, send: Callable[[], Awaitable[AsyncStreamedResponse[ResultT]]]) -> None:
        self._send = send

    async def __aenter__(self) -> AsyncStreamedResponse[ResultT]:
        self._response = await self._send()
        return self._response

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._response.close()
