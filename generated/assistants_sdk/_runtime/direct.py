"""Requests handed straight to the transport of a client that the SDK made itself.

Such a client has no hooks, authentication, defaults or proxies that a request would take part in;
it only keeps cookies, and writes the log of ``httpx2``. To do without it saves a sixth of a call.
A caller's own client is never passed by.
"""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import httpx2

from .options import DEFAULT_TIMEOUT
from .outgoing import parsed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping

    from .lanes import Lanes
    from .options import Timeout
    from .request import Request

__all__ = ["AsyncDirect", "Direct"]

_HAVE_LENGTH: Final = frozenset({"POST", "PUT", "PATCH", "QUERY"})  # RFC 9110, 8.6: even if it is 0
_CODINGS: Final = b"accept-encoding"
_log: Final = logging.getLogger("httpx2")


class Direct:
    """Sends requests by the transport of a client.

    Args:
        client: The client; its cookies are kept and sent as it would itself.
        transport: The one transport that it has.
    """

    def __init__(self, client: httpx2.Client, transport: httpx2.HTTPTransport) -> None:
        self._transport = transport
        self._cookies = client.cookies
        self._defaults = _encoded(client.headers)

    def takes(self, request: Request) -> bool:
        """Whether it can send a request: its body is at hand, and nobody reads the log."""
        return _is_simple(request)

    def send(self, request: Request, timeout: Timeout | None) -> httpx2.Response:
        """Send a request; see ``SyncTransport.send``."""
        started = time.perf_counter()
        message = _message(request, self._defaults, self._cookies, timeout)
        try:
            response = self._transport.handle_request(message)
        except httpx2.RequestError as error:
            error.request = message  # as those of a client tell it
            raise
        return _Response(response, message, started, self._cookies)


class AsyncDirect:
    """As ``Direct``, for one event loop."""

    def __init__(self, client: httpx2.AsyncClient, transport: Lanes) -> None:
        self._transport = transport
        self._cookies = client.cookies
        self._defaults = _encoded(client.headers)

    def takes(self, request: Request) -> bool:
        """Whether it can send a request; see ``Direct.takes``."""
        return _is_simple(request)

    async def close(self) -> None:
        """Close what the client does not."""
        await self._transport.aclose()

    async def send(self, request: Request, timeout: Timeout | None) -> httpx2.Response:
        """Send a request; see ``AsyncTransport.send``."""
        started = time.perf_counter()
        message = _message(request, self._defaults, self._cookies, timeout)
        try:
            response = await self._transport.handle_async_request(message)
        except httpx2.RequestError as error:
            error.request = message
            raise
        return _Response(response, message, started, self._cookies)


def _is_simple(request: Request) -> bool:
    is_whole = request.body is None or isinstance(request.body, bytes)
    return is_whole and not _log.isEnabledFor(logging.INFO)


class _NoBody(httpx2.ByteStream):
    """A body without a chunk: one chunk that is empty is sent like any other."""

    def __iter__(self) -> Iterator[bytes]:
        return iter(())

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self:
            yield chunk


_NO_BODY: Final = _NoBody(b"")


def _message(
    request: Request,
    defaults: dict[bytes, bytes],
    cookies: httpx2.Cookies,
    timeout: Timeout | None,
) -> httpx2.Request:
    """As ``outgoing.message``; with the stream given, ``httpx2`` looks for no headers to add."""
    url = parsed(request.url)
    message = httpx2.Request(
        request.method,
        url,
        headers=_headers(request, defaults, url),
        cookies=None if request.elsewhere else cookies,
        stream=httpx2.ByteStream(request.body) if isinstance(request.body, bytes) else _NO_BODY,
        extensions={"timeout": (timeout or DEFAULT_TIMEOUT)._asdict()},
    )
    message.read()
    message.url = url
    message.method = request.method
    return message


def _headers(
    request: Request, defaults: dict[bytes, bytes], url: httpx2.URL
) -> list[tuple[bytes, bytes]]:
    if request.elsewhere:
        defaults = {_CODINGS: defaults.get(_CODINGS, b"")}
    fields = {b"host": url.netloc, **defaults, **_encoded(request.headers)}
    length = len(request.body) if isinstance(request.body, bytes) else 0
    if (length or request.method in _HAVE_LENGTH) and b"transfer-encoding" not in fields:
        fields.setdefault(b"content-length", b"%d" % length)
    return list(fields.items())


def _encoded(headers: Mapping[str, str]) -> dict[bytes, bytes]:
    return {name.encode("ascii"): value.encode("ascii") for name, value in headers.items()}


class _Response(httpx2.Response):
    """A response whose body, if it is not compressed, is read without going through its iterators.

    These are many; going through them takes longer than reading the body.
    """

    def __init__(
        self,
        received: httpx2.Response,
        message: httpx2.Request,
        started: float,
        cookies: httpx2.Cookies,
    ) -> None:
        self._started = started
        super().__init__(
            received.status_code,
            headers=received.headers,
            stream=received.stream,
            request=message,
            extensions=received.extensions,
        )
        fields = received.headers.raw
        if all(value.isascii() for _, value in fields):  # else they are all decoded to find out
            self.headers.encoding = "ascii"
        names = {name.lower() for name, _ in fields}
        if b"set-cookie" in names:
            cookies.extract_cookies(self)
        self._is_plain = b"content-encoding" not in names

    def read(self) -> bytes:
        if self._is_untouched() and isinstance(self.stream, httpx2.SyncByteStream):
            self.is_stream_consumed = True
            try:
                self._take(b"".join(self.stream))
            except httpx2.RequestError as error:
                error.request = self.request
                raise
            finally:
                self.close()
        return super().read()

    async def aread(self) -> bytes:
        if self._is_untouched() and isinstance(self.stream, httpx2.AsyncByteStream):
            self.is_stream_consumed = True
            try:
                self._take(b"".join([part async for part in self.stream]))
            except httpx2.RequestError as error:
                error.request = self.request
                raise
            finally:
                await self.aclose()
        return await super().aread()

    def _is_untouched(self) -> bool:
        return self._is_plain and not (self.is_stream_consumed or self.is_closed)

    def _take(self, body: bytes) -> None:
        self._content = body
        self._num_bytes_downloaded = len(body)

    def close(self) -> None:
        self._stop()
        super().close()

    async def aclose(self) -> None:
        self._stop()
        await super().aclose()

    def _stop(self) -> None:
        if not self.is_closed:
            self.elapsed = timedelta(seconds=time.perf_counter() - self._started)
