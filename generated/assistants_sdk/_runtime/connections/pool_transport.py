"""Sends requests over a pool of ``httpcore2``'s connections, the library below ``httpx2``.

A client of ``httpx2`` that the SDK made itself would have no hooks, defaults or proxies: it would
only store cookies and log. Without it a call costs a quarter less, and ``httpx2`` is not loaded.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator, Sequence
from threading import Lock
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final, cast

import httpcore2

from ..credentials import Hidden
from ..logs import shown_url
from ..options import DEFAULT_TIMEOUT, Timeout
from ..request.build import Request
from .addresses import Address, address_of
from .network import FAILURES, checked_fields
from .pool import AsyncConnectionPool, ConnectionPool, stream_of
from .pool_response import PoolResponse, failure
from .received import Received, Sent, extensions_of

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop, Task

    import httpx2

__all__ = ["AsyncPoolTransport", "PoolTransport"]

# Methods whose requests say the length of their body even if it is 0 (RFC 9110, 8.6).
_HAVE_LENGTH: Final = frozenset({"POST", "PUT", "PATCH", "QUERY"})
# How a connection fails that the server has dropped while it was idle (RFC 9112, 9.3.1).
_DROPPED: Final = (httpcore2.RemoteProtocolError, httpcore2.ReadError, httpcore2.WriteError)
_log: Final = logging.getLogger("httpx2")


class _Cookies:
    """The cookies that servers set (RFC 6265), for later calls, as ``httpx2`` handles them."""

    def __init__(self) -> None:
        self._jar: httpx2.Cookies | None = None
        self._lock = Lock()

    def store(self, request: Request, fields: Sequence[tuple[bytes, bytes]]) -> None:
        """Store the cookies of a response from its header fields."""
        found = [field for field in fields if field[0].lower() == b"set-cookie"]
        if not found:
            return
        import httpx2

        with self._lock:
            if self._jar is None:
                self._jar = httpx2.Cookies()
        sent = httpx2.Request(request.method, request.url)
        self._jar.extract_cookies(httpx2.Response(200, headers=found, request=sent))

    def header(self, request: Request) -> str | None:
        """The value of the header ``Cookie`` of a request, ``None`` if it has none."""
        if self._jar is None or request.elsewhere:
            return None
        import httpx2

        return httpx2.Request("GET", request.url, cookies=self._jar).headers.get("cookie")


class _DroppedError(Exception):
    """A connection was dropped while it was idle; the request may be sent again by another."""


class PoolTransport:
    """Sends requests. Many threads can use it."""

    def __init__(self) -> None:
        self._pool = ConnectionPool()
        self._cookies = _Cookies()
        self._encoder = _Encoder()

    def send(self, request: Request, timeout: Timeout | None) -> Received:
        """Send a request. See ``SyncTransport.send``."""
        address = address_of(request.url)
        phases = timeout or DEFAULT_TIMEOUT
        fields = self._encoder.encoded(_fields(request, address, self._cookies))
        sent = Sent(request, fields, perf_counter())
        try:
            return self._send(sent, address, phases, fresh=False)
        except _DroppedError:
            return self._send(sent, address, phases, fresh=True)

    def _send(self, sent: Sent, address: Address, phases: Timeout, *, fresh: bool) -> PoolResponse:
        body = sent.request.body
        content = _whole_body(body) if body is None or isinstance(body, bytes) else body.in_sync()
        message = _PoolRequest(sent, address, content, phases)
        try:
            connection = self._pool.take(address.origin, phases, fresh=fresh)
            stream = stream_of(connection)  # None if it is new
            if stream is not None:
                stream.has_written = False
            try:
                response = connection.handle_request(message)
            except BaseException as error:
                self._pool.give_back(connection, is_sound=False)
                if stream is None or not isinstance(error, _DROPPED):
                    raise
                if sent.request.may_come_again(has_come=stream.has_written):
                    raise _DroppedError from error
                raise
        except FAILURES as error:
            if error is getattr(body, "error", None):
                raise  # of the caller's own source of bytes
            raise failure(error, sent) from error
        received = PoolResponse(
            sent,
            response,
            lambda is_sound: self._pool.give_back(connection, is_sound=is_sound),
            lambda _: self._pool.abandon(connection, sent),
        )
        self._pool.answers(connection, sent)
        try:
            _record(sent, response, self._cookies)
        except BaseException:
            received.end()
            raise
        return received

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()


class AsyncPoolTransport:
    """As ``PoolTransport``, for one event loop."""

    def __init__(self) -> None:
        self._pool = AsyncConnectionPool()
        self._cookies = _Cookies()
        self._encoder = _Encoder()

    async def send(self, request: Request, timeout: Timeout | None) -> Received:
        """Send a request. See ``AsyncTransport.send``."""
        address = address_of(request.url)
        phases = timeout or DEFAULT_TIMEOUT
        fields = self._encoder.encoded(_fields(request, address, self._cookies))
        sent = Sent(request, fields, perf_counter())
        try:
            return await self._send(sent, address, phases, fresh=False)
        except _DroppedError:
            return await self._send(sent, address, phases, fresh=True)

    async def _send(
        self, sent: Sent, address: Address, phases: Timeout, *, fresh: bool
    ) -> PoolResponse:
        import asyncio  # sync callers do not load it

        body = sent.request.body
        content = _whole_body(body) if body is None or isinstance(body, bytes) else body.in_async()
        message = _PoolRequest(sent, address, content, phases)
        try:
            connection = await self._pool.take(address.origin, phases, fresh=fresh)
            was_used = connection.is_idle()
            try:
                coming = connection.handle_async_request(message)
                response = await (coming if was_used else self._pool.first_response(coming))
            except BaseException as error:
                await self._pool.give_back(connection, is_sound=False)
                if was_used and isinstance(error, _DROPPED) and sent.request.may_come_again():
                    raise _DroppedError from error
                raise
        except FAILURES as error:
            if error is getattr(body, "error", None):
                raise  # of the caller's own source of bytes
            raise failure(error, sent) from error
        received = PoolResponse(
            sent,
            response,
            lambda is_sound: self._pool.give_back(connection, is_sound=is_sound),
            _ends_in(asyncio.get_running_loop()),
        )
        self._pool.answers(connection, sent)
        try:
            _record(sent, response, self._cookies)
        except BaseException:
            await received.aend()
            raise
        return received

    async def close(self) -> None:
        """Close all connections."""
        await self._pool.close()


_ending: Final[set[Task[None]]] = set()


def _ends_in(loop: AbstractEventLoop) -> Callable[[PoolResponse], None]:
    """What ends a response that was dropped unread, in the loop that its connection belongs to."""

    def begin(response: PoolResponse) -> None:
        task = loop.create_task(response.aend())
        _ending.add(task)  # a loop alone does not keep its tasks
        task.add_done_callback(_ending.discard)

    def end(response: PoolResponse) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(begin, response)

    return end


class _WholeBody:
    """A body in memory. An absent one has no chunks, for an empty chunk would be sent."""

    def __init__(self, *chunks: bytes) -> None:
        self._chunks = chunks

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._chunks)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self._chunks:
            yield chunk


_NO_BODY: Final = _WholeBody()


def _whole_body(body: bytes | None) -> _WholeBody:
    return _WholeBody(body) if body else _NO_BODY


class _PoolRequest(httpcore2.Request):
    """A request whose parts are already as they are sent. Its base class would check each again."""

    def __init__(
        self,
        sent: Sent,
        address: Address,
        content: Iterable[bytes] | AsyncIterable[bytes],
        timeout: Timeout,
    ) -> None:
        self.method = sent.request.method.encode("ascii")
        self.url = address.url
        self.headers = cast(Any, sent.fields)  # annotated as a list, which it need not be
        self.stream = content
        self.extensions = {"timeout": timeout.phases()}


class _Encoder:
    """Encodes header fields, and keeps those of the last request: the next one mostly has the same.

    To encode and to check them takes a twentieth of a call.
    """

    def __init__(self) -> None:
        self._last: tuple[dict[str, str], Sequence[tuple[bytes, bytes]]] | None = None

    def encoded(self, fields: dict[str, str]) -> Sequence[tuple[bytes, bytes]]:
        """The fields as they are sent."""
        last = self._last
        if last is None or last[0] != fields:
            pairs = [(name.encode(), value.encode()) for name, value in fields.items()]
            self._last = last = (fields, checked_fields(pairs))
        return last[1]


def _fields(request: Request, address: Address, cookies: _Cookies) -> Hidden[str]:
    """The header fields of a request: its own, and those that a client of ``httpx2`` would add."""
    fields = Hidden({"host": address.host, "accept-encoding": "gzip, deflate"})
    if not request.elsewhere:
        fields["connection"] = "keep-alive"
    fields |= request.headers
    if address.authorization is not None and not request.elsewhere:
        fields["authorization"] = address.authorization
    if "cookie" not in fields and (cookie := cookies.header(request)) is not None:
        fields["cookie"] = cookie
    if "transfer-encoding" not in fields and "content-length" not in fields:
        fields |= _framing(request)
    return fields


def _framing(request: Request) -> dict[str, str]:
    """The header field that says where the body ends, unless the request has one already."""
    body = request.body
    if body is not None and not isinstance(body, bytes):
        return {"transfer-encoding": "chunked"}
    if body or request.method.upper() in _HAVE_LENGTH:
        return {"content-length": str(len(body or b""))}
    return {}


def _record(sent: Sent, response: httpcore2.Response, cookies: _Cookies) -> None:
    """Store the cookies of a response, and log it."""
    cookies.store(sent.request, response.headers)
    if _log.isEnabledFor(logging.INFO):
        _log_request(sent, response)


def _log_request(sent: Sent, response: httpcore2.Response) -> None:
    """Write the line that ``httpx2`` would write to its log."""
    extensions = extensions_of(response)
    _log.info(
        'HTTP Request: %s %s "%s %d %s"',
        sent.request.method,
        shown_url(sent.request.url),
        extensions["http_version"].decode("ascii", "ignore"),
        response.status,
        extensions["reason_phrase"].decode("ascii", "ignore"),
    )
