"""Requests and responses of the pool as objects of ``httpx2``, which callers expect."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Iterator
from datetime import timedelta
from typing import Protocol

import httpcore2
import httpx2

from .client_transport import transport_error
from .decompression import replace_decoder
from .received import Sent, TransportError, extensions_of

__all__ = ["Readable", "error_of", "misuse_error", "request_of", "response_of"]


class Readable(Protocol):
    """The data of an ``httpx2.Response``. ``PoolResponse`` is one, and describes it."""

    status_code: int
    sent: Sent
    received: httpcore2.Response
    raw: bytes | None
    is_taken: bool
    seconds: float | None
    limit: int

    def pieces(self) -> Iterator[bytes]: ...
    def apieces(self) -> AsyncIterator[bytes]: ...
    def end(self) -> None: ...
    async def aend(self) -> None: ...


def request_of(sent: Sent) -> httpx2.Request:
    """The request that was sent."""
    body = sent.request.body or b""
    message = httpx2.Request(
        sent.request.method,
        sent.request.url,
        headers=sent.fields,
        stream=httpx2.ByteStream(body) if isinstance(body, bytes) else _SentBody(),
    )
    if isinstance(body, bytes):
        message.read()
    message.method = sent.request.method  # httpx2 makes capitals, but case counts
    return message


def response_of(received: Readable) -> httpx2.Response:
    """The response that came. It reads what was not read yet."""
    response = httpx2.Response(
        received.status_code,
        headers=received.received.headers,
        stream=_body(received),
        request=request_of(received.sent),
        extensions=extensions_of(received.received),
    )
    replace_decoder(response, received.limit)
    if received.raw is None:
        response.is_stream_consumed = received.is_taken
        response.is_closed = received.seconds is not None
    return response


def error_of(error: Exception, sent: Sent) -> httpx2.RequestError:
    """A failure of ``httpcore2`` as one of ``httpx2``, where its class has the same name."""
    kind: type[httpx2.RequestError] = getattr(httpx2, type(error).__name__)
    found = kind(str(error), request=request_of(sent))
    found.__cause__ = error
    return found


def misuse_error(*, is_closed: bool) -> TransportError:
    """The error of reading a body a second time, or after it was closed."""
    return transport_error(httpx2.StreamClosed() if is_closed else httpx2.StreamConsumed())


class _SentBody(httpx2.SyncByteStream, httpx2.AsyncByteStream):
    """The body of a request, which was consumed when it was sent and cannot be read again."""

    def __iter__(self) -> Iterator[bytes]:
        raise httpx2.StreamConsumed

    async def __aiter__(self) -> AsyncIterator[bytes]:
        raise httpx2.StreamConsumed
        yield b""


def _body(received: Readable) -> httpx2.SyncByteStream | httpx2.AsyncByteStream:
    if received.raw is not None:
        return _ReadBody(received, received.raw)
    if isinstance(received.received.stream, AsyncIterable):
        return _AsyncBody(received)
    return _SyncBody(received)


class _Timed:
    """Knows how long a response took. ``httpx2`` asks the stream of a response for that."""

    def __init__(self, received: Readable) -> None:
        self._received = received

    @property
    def elapsed(self) -> timedelta | None:
        """From the request to the end of the response. ``None`` before the end."""
        seconds = self._received.seconds
        return None if seconds is None else timedelta(seconds=seconds)


class _ReadBody(_Timed, httpx2.ByteStream):
    """A body that was read already."""

    def __init__(self, received: Readable, raw: bytes) -> None:
        _Timed.__init__(self, received)
        httpx2.ByteStream.__init__(self, raw)


class _SyncBody(_Timed, httpx2.SyncByteStream):
    """A body that was not read yet."""

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._received.pieces()
        except TransportError as error:
            raise error.cause from error.cause.__cause__

    def close(self) -> None:
        self._received.end()


class _AsyncBody(_Timed, httpx2.AsyncByteStream):
    """As ``_SyncBody``, for an async client."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for piece in self._received.apieces():
                yield piece
        except TransportError as error:
            raise error.cause from error.cause.__cause__

    async def aclose(self) -> None:
        await self._received.aend()
