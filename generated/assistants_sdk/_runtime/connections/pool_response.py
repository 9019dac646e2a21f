"""Responses that came over connections of ``httpcore2``. See ``Received``."""

from __future__ import annotations

import time
from collections.abc import (
    AsyncGenerator,
    AsyncIterable,
    Callable,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import AbstractContextManager, aclosing, suppress
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import httpcore2

from .network import FAILURES, H11_ERROR
from .received import MAX_DECOMPRESSED, Sent, TransportError

if TYPE_CHECKING:
    import httpx2

__all__ = ["PoolResponse", "failure"]

GiveBack: TypeAlias = Callable[[bool], Any]  # after an async request its result is awaited


def failure(error: Exception, sent: Sent) -> TransportError:
    """A failure of ``httpcore2``, as if ``httpx2`` had reported it; or one that it lets through."""
    from .as_httpx2 import error_of, request_of
    from .client_transport import transport_error

    if isinstance(error, (H11_ERROR, OSError, UnicodeError, AssertionError)):
        is_hopeless = isinstance(error, UnicodeError)
        return TransportError(error, is_hopeless=is_hopeless, request=request_of(sent))
    return transport_error(error_of(error, sent))


class PoolResponse:
    """A response that came over a connection of the pool.

    This class reads whole bodies, and streams that are not compressed. Everything else is left to
    an ``httpx2.Response``, which is made when it is asked for. From then on that one reads.

    Args:
        sent: The request.
        received: The response.
        give_back: Called or awaited once, when the connection is free again, with whether the body
            was read and closed without an exception.
        abandon: Called with this if it is dropped before it was read or closed.

    Attributes:
        raw: The body as it came, once this class has read it.
        limit: The maximum size of the decompressed body, in bytes.
        is_taken: Whether reading of the body has begun.
        seconds: From the request to the end of the response, once that is closed.
    """

    _is_returned = True  # until it is complete: an exception of a signal handler may come first

    def __init__(
        self,
        sent: Sent,
        received: httpcore2.Response,
        give_back: GiveBack,
        abandon: Callable[[PoolResponse], None],
    ) -> None:
        self.status_code = received.status
        self.headers: Mapping[str, str] = _joined(received.headers)
        self.sent = sent
        self.received = received
        self.raw: bytes | None = None
        self.limit = MAX_DECOMPRESSED
        self.seconds: float | None = None
        self._give_back = give_back
        self._abandon = abandon
        self._is_whole = False
        self._content: bytes | None = None
        self.is_taken = False
        self._whole: httpx2.Response | None = None
        self._is_returned = False

    def __del__(self) -> None:
        if not self._is_returned:
            with suppress(Exception):  # the interpreter may be about to end
                self._abandon(self)

    def bound(self, limit: int) -> None:
        self.limit = limit

    @property
    def content(self) -> bytes:
        if self._content is None:
            raise RuntimeError("The body was not read")
        return self._content

    def whole(self) -> httpx2.Response:
        if self._whole is None:
            from .as_httpx2 import response_of

            self._whole = response_of(self)
            if self.raw is not None:
                from httpx2 import DecodingError

                with suppress(DecodingError):  # the head can be read all the same
                    self._whole.read()
        return self._whole

    def read(self) -> bytes:
        if self._content is None:
            if self._whole is None:
                try:
                    self.raw = b"".join(self.pieces())
                finally:
                    self.end()
                self._content = self._decoded(self.raw)
            else:
                with _translated_failures():
                    self._content = self._whole.read()
        return self._content

    async def aread(self) -> bytes:
        if self._content is None:
            if self._whole is None:
                try:
                    self.raw = b"".join([piece async for piece in self.apieces()])
                finally:
                    await self.aend()
                self._content = self._decoded(self.raw)
            else:
                with _translated_failures():
                    self._content = await self._whole.aread()
        return self._content

    def _decoded(self, raw: bytes) -> bytes:
        coding = self.headers.get("content-encoding")
        if coding is None:
            return raw
        from .decompression import decoder_for

        decoder = decoder_for(coding, self.limit)
        if decoder is None or self._whole is not None:
            with _translated_failures():
                return self.whole().content
        try:
            return b"".join([*decoder.decode(raw), *decoder.flush()])
        except Exception as error:
            with _translated_failures():  # loads httpx2, whose error it is
                raise error

    def iter_bytes(self) -> Iterator[bytes]:
        if self._whole is None and "content-encoding" not in self.headers:
            yield from self.pieces()
        else:
            with _translated_failures():
                yield from self.whole().iter_bytes()

    async def aiter_bytes(self) -> AsyncGenerator[bytes]:
        if self._whole is None and "content-encoding" not in self.headers:
            async with aclosing(self.apieces()) as pieces:
                async for piece in pieces:
                    yield piece
        else:
            chunks: Any = self.whole().aiter_bytes()
            with _translated_failures():
                async with aclosing(chunks):
                    async for chunk in chunks:
                        yield chunk

    def pieces(self) -> Iterator[bytes]:
        """The body as it comes. It can be read once."""
        self._take()
        try:
            yield from cast(Iterable[bytes], self.received.stream)
            self._is_whole = True
        except FAILURES as error:
            raise failure(error, self.sent) from error

    async def apieces(self) -> AsyncGenerator[bytes]:
        """As ``pieces``."""
        self._take()
        try:
            async for piece in cast(AsyncIterable[bytes], self.received.stream):
                yield piece
            self._is_whole = True
        except FAILURES as error:
            raise failure(error, self.sent) from error

    def _take(self) -> None:
        if self.is_taken or self.seconds is not None:
            from .as_httpx2 import misuse_error

            raise misuse_error(is_closed=not self.is_taken)
        self.is_taken = True

    def close(self) -> None:
        if self._whole is None or self._whole.is_closed:
            self.end()
        else:
            self._whole.close()

    async def aclose(self) -> None:
        if self._whole is None or self._whole.is_closed:
            await self.aend()
        else:
            await self._whole.aclose()

    def end(self) -> None:
        """Give the connection back."""
        if self._is_first_end():
            is_sound = False
            try:
                self.received.close()
                is_sound = self._is_whole
            finally:
                self._give_back(is_sound)
                self._is_returned = True

    async def aend(self) -> None:
        """Give the connection back, even if the caller is cancelled meanwhile."""
        if self._is_first_end():
            is_sound = False
            try:
                await self.received.aclose()
                is_sound = self._is_whole
            finally:
                await self._give_back(is_sound)
                self._is_returned = True

    def _is_first_end(self) -> bool:
        if self.seconds is not None:
            return False
        self.seconds = time.perf_counter() - self.sent.started
        return True


def _joined(fields: Sequence[tuple[bytes, bytes]]) -> dict[str, str]:
    """Header fields by name. The values of one name are joined (RFC 9110, 5.3)."""
    headers: dict[str, str] = {}
    for name, value in fields:
        key, text = name.lower().decode("latin-1"), _text(value)
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return headers


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _translated_failures() -> AbstractContextManager[None]:
    from .client_transport import translated_failures

    return translated_failures()
