"""What went by our own connections as ``httpx2`` has it, as callers expect; and it can do more."""

from __future__ import annotations

from collections.abc import AsyncIterable
from datetime import timedelta
from typing import TYPE_CHECKING

import httpx2

from .by_client import transport_error
from .pool_response import extensions_of
from .received import TransportError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from .pool_response import PoolResponse, Sent

__all__ = ["error_of", "misuse", "request_of", "response_of"]


def request_of(sent: Sent) -> httpx2.Request:
    """The request that was sent."""
    body = sent.request.body or b""
    message = httpx2.Request(
        sent.request.method,
        sent.request.url,
        headers=sent.fields,
        stream=httpx2.ByteStream(body) if isinstance(body, bytes) else _Gone(),
    )
    if isinstance(body, bytes):
        message.read()
    message.method = sent.request.method  # its case counts, and httpx2 makes capitals
    return message


def response_of(received: PoolResponse) -> httpx2.Response:
    """The response that came; what of it was not read yet, it reads."""
    response = httpx2.Response(
        received.status_code,
        headers=received.received.headers,
        stream=_body(received),
        request=request_of(received.sent),
        extensions=extensions_of(received.received),
    )
    if received.raw is None:
        response.is_stream_consumed = received.is_taken
        response.is_closed = received.seconds is not None
    return response


def error_of(error: Exception, sent: Sent) -> httpx2.RequestError:
    """A failure of ``httpcore2``, whose kinds have the same names in ``httpx2``."""
    kind: type[httpx2.RequestError] = getattr(httpx2, type(error).__name__)
    found = kind(str(error), request=request_of(sent))
    found.__cause__ = error
    return found


def misuse(*, is_closed: bool) -> TransportError:
    """What it is to read a body again, or after it was closed."""
    return transport_error(httpx2.StreamClosed() if is_closed else httpx2.StreamConsumed())


class _Gone(httpx2.SyncByteStream, httpx2.AsyncByteStream):
    """A body that was read while it was sent, and cannot be read here."""

    def __iter__(self) -> Iterator[bytes]:
        raise httpx2.StreamConsumed

    async def __aiter__(self) -> AsyncIterator[bytes]:
        raise httpx2.StreamConsumed
        yield b""


def _body(received: PoolResponse) -> httpx2.SyncByteStream | httpx2.AsyncByteStream:
    if received.raw is not None:
        return _Read(received, received.raw)
    if isinstance(received.received.stream, AsyncIterable):
        return _AsyncBody(received)
    return _SyncBody(received)


class _Timed:
    """Says how long a response took, as ``httpx2`` asks its stream."""

    def __init__(self, received: PoolResponse) -> None:
        self._received = received

    @property
    def elapsed(self) -> timedelta | None:
        """How long all took; ``None`` before the end."""
        seconds = self._received.seconds
        return None if seconds is None else timedelta(seconds=seconds)


class _Read(_Timed, httpx2.ByteStream):
    """A body that was read."""

    def __init__(self, received: PoolResponse, raw: bytes) -> None:
        _Timed.__init__(self, received)
        httpx2.ByteStream.__init__(self, raw)


class _SyncBody(_Timed, httpx2.SyncByteStream):
    """A body that is still to come."""

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
