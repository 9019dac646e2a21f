"""Requests handed straight to connections of ``httpcore2``, on which ``httpx2`` stands.

A client that the SDK makes itself has no hooks, defaults or proxies that a request would take part
in: it only keeps cookies, and logs. Without it a call costs a quarter less; nor is it loaded.
"""

from __future__ import annotations

import logging
from time import perf_counter
from typing import TYPE_CHECKING, Final

import httpcore2

from .addresses import address_of
from .connections import AsyncConnections, Connections
from .cookies import Cookies
from .logs import shown_url
from .options import DEFAULT_TIMEOUT
from .pool_response import FAILURES, PoolResponse, Sent, extensions_of, failure

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator

    from .addresses import Address
    from .options import Timeout
    from .received import Received
    from .request import Request

__all__ = ["AsyncByPool", "ByPool"]

_HAVE_LENGTH: Final = frozenset({"POST", "PUT", "PATCH", "QUERY"})  # RFC 9110, 8.6: even if it is 0
_log: Final = logging.getLogger("httpx2")


class ByPool:
    """Sends requests; can be used from many threads."""

    def __init__(self) -> None:
        self._connections = Connections()
        self._cookies = Cookies()

    def send(self, request: Request, timeout: Timeout | None) -> Received:
        """Send a request; see ``SyncTransport.send``."""
        address = address_of(request.url)
        phases = timeout or DEFAULT_TIMEOUT
        sent = Sent(request, _fields(request, address, self._cookies), perf_counter())
        body = request.body
        content = _whole(body) if body is None or isinstance(body, bytes) else body.in_sync()
        message = _Message(sent, address, content, phases)
        try:
            connection = self._connections.take(address.origin, phases)
            try:
                response = connection.handle_request(message)
                _note(sent, response, self._cookies)
            except BaseException:
                self._connections.give_back(connection)
                raise
        except FAILURES as error:
            raise failure(error, sent) from error
        return PoolResponse(sent, response, lambda: self._connections.give_back(connection))

    def close(self) -> None:
        """Close all connections."""
        self._connections.close()


class AsyncByPool:
    """As ``ByPool``, for one event loop."""

    def __init__(self) -> None:
        self._connections = AsyncConnections()
        self._cookies = Cookies()

    async def send(self, request: Request, timeout: Timeout | None) -> Received:
        """Send a request; see ``AsyncTransport.send``."""
        address = address_of(request.url)
        phases = timeout or DEFAULT_TIMEOUT
        sent = Sent(request, _fields(request, address, self._cookies), perf_counter())
        body = request.body
        content = _whole(body) if body is None or isinstance(body, bytes) else body.in_async()
        message = _Message(sent, address, content, phases)
        try:
            connection = await self._connections.take(address.origin, phases)
            try:
                response = await connection.handle_async_request(message)
                _note(sent, response, self._cookies)
            except BaseException:
                await self._connections.give_back(connection)
                raise
        except FAILURES as error:
            raise failure(error, sent) from error
        return PoolResponse(sent, response, lambda: self._connections.give_back(connection))

    async def close(self) -> None:
        """Close all connections."""
        await self._connections.close()


class _Whole:
    """A body that is at hand. Where there is none it has no chunk: an empty one would be sent."""

    def __init__(self, *chunks: bytes) -> None:
        self._chunks = chunks

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._chunks)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self._chunks:
            yield chunk


_NONE: Final = _Whole()


def _whole(body: bytes | None) -> _Whole:
    return _Whole(body) if body else _NONE


class _Message(httpcore2.Request):
    """A request whose parts are as they are sent; its base would look at each of them again."""

    def __init__(
        self,
        sent: Sent,
        address: Address,
        content: Iterable[bytes] | AsyncIterable[bytes],
        timeout: Timeout,
    ) -> None:
        self.method = sent.request.method.encode("ascii")
        self.url = address.url
        self.headers = sent.fields
        self.stream = content
        self.extensions = {"timeout": timeout._asdict()}


def _fields(request: Request, address: Address, cookies: Cookies) -> list[tuple[bytes, bytes]]:
    """The header fields of a request: its own, and those that a client of ``httpx2`` adds."""
    fields = {b"host": address.host, b"accept-encoding": b"gzip, deflate"}
    if not request.elsewhere:
        fields[b"connection"] = b"keep-alive"
    for name, value in request.headers.items():
        fields[name.encode("ascii")] = value.encode("ascii")
    if address.authorization is not None and not request.elsewhere:
        fields[b"authorization"] = address.authorization
    if b"cookie" not in fields and (kept := cookies.header(request)) is not None:
        fields[b"cookie"] = kept
    if b"transfer-encoding" not in fields and b"content-length" not in fields:
        fields |= _framing(request)
    return list(fields.items())


def _framing(request: Request) -> dict[bytes, bytes]:
    """The header field that says where the body ends; one whose length is known has it already."""
    body = request.body
    if body is not None and not isinstance(body, bytes):
        return {b"transfer-encoding": b"chunked"}
    if body or request.method.upper() in _HAVE_LENGTH:
        return {b"content-length": b"%d" % len(body or b"")}
    return {}


def _note(sent: Sent, response: httpcore2.Response, cookies: Cookies) -> None:
    """Keep the cookies of a response, and log it."""
    cookies.keep(sent.request, response.headers)
    if _log.isEnabledFor(logging.INFO):
        _log_as_httpx2(sent, response)


def _log_as_httpx2(sent: Sent, response: httpcore2.Response) -> None:
    """The line that ``httpx2`` writes, for who reads that log."""
    told = extensions_of(response)
    _log.info(
        'HTTP Request: %s %s "%s %d %s"',
        sent.request.method,
        shown_url(sent.request.url),
        told["http_version"].decode("ascii", "ignore"),
        response.status,
        told["reason_phrase"].decode("ascii", "ignore"),
    )
