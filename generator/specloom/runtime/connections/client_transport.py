"""Sends requests by a client of ``httpx2``: the caller's own, or one made here to use a proxy."""

from __future__ import annotations

import errno
import logging
import os
import ssl
from collections.abc import (
    AsyncGenerator,
    AsyncIterable,
    Callable,
    Generator,
    Iterable,
    Iterator,
    Mapping,
)
from contextlib import aclosing, contextmanager, suppress
from functools import lru_cache
from socket import gaierror
from traceback import walk_tb
from typing import Any, Final, TypeVar

import httpx2

from ..deadlines import Until
from ..errors import ConfigurationError
from ..logs import HideQuery
from ..options import DEFAULT_TIMEOUT, Timeout
from ..request.build import Request
from .certificates import certificates
from .decompression import replace_decoder
from .network import FAILURES, shut_down
from .received import Received, TransportError

__all__ = [
    "AsyncClientTransport",
    "ClientTransport",
    "new_async_client",
    "new_client",
    "response_from",
    "translated_failures",
    "transport_error",
]

ClientT = TypeVar("ClientT", httpx2.Client, httpx2.AsyncClient)

_LIMITS: Final = httpx2.Limits(max_connections=1000, max_keepalive_connections=1000)
_LIBRARY_TIMEOUT: Final = httpx2.Timeout(5.0)  # that of a client made without a timeout
# Errors of the system that only sockets have: no way to a network or a host.
_NO_WAY: Final = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN})
_LIBRARIES: Final = frozenset({"h11", "httpcore2", "httpx2", "anyio"})
# How a connection fails that the server has dropped while it was idle (RFC 9112, 9.3.1).
_DROPPED: Final = (httpx2.RemoteProtocolError, httpx2.ReadError, httpx2.WriteError)
_HOPELESS: Final = (
    httpx2.UnsupportedProtocol,
    httpx2.LocalProtocolError,
    httpx2.InvalidURL,
    UnicodeError,  # a host that is no name
)


def new_client() -> httpx2.Client:
    """A client for the SDK. Proxies and certificates may come from the environment.

    Raises:
        ConfigurationError: A proxy has an address that cannot be used.
    """
    return _with_proxies(lambda: httpx2.Client(verify=certificates(), limits=_LIMITS))


def new_async_client() -> httpx2.AsyncClient:
    """As ``new_client``, for one event loop."""
    return _with_proxies(lambda: httpx2.AsyncClient(verify=certificates(), limits=_LIMITS))


def _with_proxies(make: Callable[[], ClientT]) -> ClientT:
    """Make a client. An error names the variables alone: their values may hold a password."""
    with suppress(ValueError, httpx2.InvalidURL):
        return make()
    names = ", ".join(sorted(name for name in os.environ if name.lower().endswith("_proxy")))
    raise ConfigurationError(
        f"Expected proxies such as http://host:3128 in {names or 'the settings of the system'}"
    )


class ClientTransport:
    """Sends requests by a client, which it closes in the end."""

    def __init__(self, client: httpx2.Client) -> None:
        self._client = client

    def send(self, request: Request, timeout: Timeout | None) -> Received:
        """Send a request. See ``SyncTransport.send``."""
        _refuse_closed(self._client)
        way = _Way()
        try:
            return self._send(request, timeout, way)
        except TransportError as error:
            if not (way.was_dropped(error) and request.may_come_again()):
                raise
        return self._send(request, timeout, way)

    def _send(self, request: Request, timeout: Timeout | None, way: _Way) -> Received:
        body = request.body
        content = body if body is None or isinstance(body, bytes) else body.in_sync()
        with translated_failures(body):
            message = _message(request, self._client, timeout, content)
            message.extensions["trace"] = way.note
            options = _sending(request)
            response = self._client.send(message, stream=True, **options)
        until = None if timeout is None or not isinstance(timeout.read, Until) else timeout.read
        response.stream = _Body(response, until)
        return _ClientResponse(response)

    def close(self) -> None:
        """Close the client. Calls in other threads that wait for a server fail at once."""
        for stream in _sockets_of(self._client):
            shut_down(stream)
        self._client.close()


class AsyncClientTransport:
    """As ``ClientTransport``, for one event loop."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        self._client = client

    async def send(self, request: Request, timeout: Timeout | None) -> Received:
        """Send a request. See ``AsyncTransport.send``."""
        _refuse_closed(self._client)
        way = _Way()
        try:
            return await self._send(request, timeout, way)
        except TransportError as error:
            if not (way.was_dropped(error) and request.may_come_again()):
                raise
        return await self._send(request, timeout, way)

    async def _send(self, request: Request, timeout: Timeout | None, way: _Way) -> Received:
        body = request.body
        content = body if body is None or isinstance(body, bytes) else body.in_async()
        with translated_failures(body):
            message = _message(request, self._client, timeout, content)
            message.extensions["trace"] = way.anote
            options = _sending(request)
            response = await self._client.send(message, stream=True, **options)
        response.stream = _AsyncBody(response)
        return _ClientResponse(response)

    async def close(self) -> None:
        """Close the client."""
        await self._client.aclose()


def _refuse_closed(client: httpx2.Client | httpx2.AsyncClient) -> None:
    if client.is_closed:
        raise ConfigurationError("The HTTP client is closed")


def _sending(request: Request) -> dict[str, Any]:
    no_credentials: dict[str, Any] = {"auth": None} if request.elsewhere else {}
    return {"follow_redirects": False, **no_credentials}


@contextmanager
def translated_failures(body: object = None) -> Generator[None]:
    """Raise the failures of ``httpx2``, and those that it lets through, as ``TransportError``.

    What the caller's own source of ``body`` raised is not one of them, nor what hooks raise.
    """
    try:
        yield
    except (httpx2.RequestError, httpx2.InvalidURL, httpx2.StreamError, *FAILURES) as error:
        if error is getattr(body, "error", None) or _is_of_a_hook(error):
            raise
        raise transport_error(error) from error


def _is_of_a_hook(error: Exception) -> bool:
    """Whether code of the caller's raised it: files and assertions fail there, too."""
    if isinstance(error, OSError):
        is_of_network = isinstance(error, (ssl.SSLError, ConnectionError, TimeoutError, gaierror))
        return not is_of_network and error.errno not in _NO_WAY
    if not isinstance(error, AssertionError):
        return False
    *_, (frame, _) = walk_tb(error.__traceback__)
    return frame.f_globals.get("__name__", "").partition(".")[0] not in _LIBRARIES


def transport_error(error: Exception) -> TransportError:
    """The ``TransportError`` for a failure of ``httpx2`` or of a library below it."""
    return TransportError(
        error,
        is_timeout=isinstance(error, (httpx2.TimeoutException, TimeoutError)),
        is_hopeless=isinstance(error, _HOPELESS),
        request=_request_of(error),
    )


def _request_of(error: Exception) -> httpx2.Request | None:
    try:
        return error.request if isinstance(error, httpx2.RequestError) else None
    except RuntimeError:  # httpx2 raises it if there is no request yet
        return None


def _message(
    request: Request,
    client: httpx2.Client | httpx2.AsyncClient,
    timeout: Timeout | None,
    content: bytes | Iterable[bytes] | AsyncIterable[bytes] | None,
) -> httpx2.Request:
    """A request for ``httpx2``, on top of the headers, cookies and query of its client.

    A request that was redirected to another host gets none of these.
    """
    phases = (timeout or _timeout_of(client)).phases()
    headers = dict(client.headers.items())
    url = _parsed(request.url)
    if request.elsewhere:
        headers = {"accept-encoding": headers.get("accept-encoding", "")}
    elif client.params:
        url = _OwnURL(url.copy_merge_params(client.params))
    message = httpx2.Request(
        request.method,
        url,
        headers={**headers, **request.headers},
        cookies=None if request.elsewhere else client.cookies,
        content=content,
        extensions={"timeout": phases},
    )
    message.url = url
    message.method = request.method  # httpx2 makes capitals, but case counts (RFC 9110, 9.1)
    return message


class _OwnURL(httpx2.URL):
    """The URL of a request of this SDK. The log of ``httpx2`` shows it without its query."""


logging.getLogger("httpx2").addFilter(HideQuery(_OwnURL))


@lru_cache(maxsize=256)
def _parsed(url: str) -> httpx2.URL:
    """A parsed URL. Many calls repeat one, and parsing is a third of building a request."""
    return _OwnURL(url)


def _timeout_of(client: httpx2.Client | httpx2.AsyncClient) -> Timeout:
    if client.timeout == _LIBRARY_TIMEOUT:
        return DEFAULT_TIMEOUT
    return Timeout(**client.timeout.as_dict())


def response_from(response: httpx2.Response, method: str, url: str) -> Received:
    """A response of the caller's. If it has no request, it gets one."""
    try:
        _ = response.request
    except RuntimeError:  # httpx2 raises it if there is none
        response.request = httpx2.Request(method, url)
    return _ClientResponse(response)


class _Way:
    """Whether the connection of a request had been used before, by what ``httpcore2`` reports."""

    def __init__(self) -> None:
        self._is_new = False
        self._is_sent = False

    def note(self, event: str, _: object) -> None:
        """What happened: ``httpcore2`` calls this, as the extension ``trace`` of the request."""
        if event.startswith("connection.connect"):
            self._is_new = True
        elif event == "http11.send_request_headers.started":
            self._is_sent = True

    async def anote(self, event: str, _: object) -> None:
        """As ``note``."""
        self.note(event, _)

    def was_dropped(self, error: TransportError) -> bool:
        """Whether the failure is that of a connection dropped while it was idle."""
        return self._is_sent and not self._is_new and isinstance(error.cause, _DROPPED)


class _Body(httpx2.SyncByteStream):
    """A body whose connection is used again only if the server sent no more than it.

    It is read no longer than the deadline of its call, however small its pieces are.
    """

    def __init__(self, response: httpx2.Response, until: Until | None) -> None:
        self._response = response
        self._stream: Any = response.stream
        self._until = until

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._stream:
            left = None if self._until is None else self._until.now()
            if left is not None and left <= 0:
                raise httpx2.ReadTimeout("timed out", request=self._response.request)
            yield piece

    def close(self) -> None:
        if _has_surplus(self._stream):
            self._response.extensions["network_stream"].close()
        self._stream.close()


class _AsyncBody(httpx2.AsyncByteStream):
    """As ``_Body``. The deadline cancels the reader."""

    def __init__(self, response: httpx2.Response) -> None:
        self._response = response
        self._stream: Any = response.stream

    async def __aiter__(self) -> AsyncGenerator[bytes]:
        stream = aiter(self._stream)
        try:
            async for piece in stream:
                yield piece
        finally:
            if isinstance(stream, AsyncGenerator):
                await stream.aclose()

    async def aclose(self) -> None:
        if _has_surplus(self._stream):
            await self._response.extensions["network_stream"].aclose()
        await self._stream.aclose()


def _has_surplus(body: object) -> bool:
    """Whether h11 has read more than this body, from below ``httpx2``. Others do not say."""
    state: Any = body
    for name in ("_stream", "_httpcore_stream", "_stream", "_connection", "_h11_state"):
        state = getattr(state, name, None)
    return state is not None and bool(state.trailing_data[0])


def _sockets_of(client: httpx2.Client) -> list[Any]:
    """The network streams of a client's connections, where they are those of ``httpcore2``."""
    mounts: Any = getattr(client, "_mounts", {})
    ways = [getattr(client, "_transport", None), *mounts.values()]
    pools = [pool for way in ways if (pool := getattr(way, "_pool", None)) is not None]
    found = (getattr(each, "_connection", None) for pool in pools for each in pool.connections)
    return [stream for each in found if (stream := getattr(each, "_network_stream", None))]


class _ClientResponse:
    """A response of a client. See ``Received``."""

    def __init__(self, response: httpx2.Response) -> None:
        self.status_code = response.status_code
        self.headers: Mapping[str, str] = response.headers
        self._response = response

    def bound(self, limit: int) -> None:
        replace_decoder(self._response, limit)

    @property
    def content(self) -> bytes:
        return self._response.content

    def whole(self) -> httpx2.Response:
        return self._response

    def read(self) -> bytes:
        with translated_failures():
            return self._response.read()

    async def aread(self) -> bytes:
        with translated_failures():
            return await self._response.aread()

    def iter_bytes(self) -> Iterator[bytes]:
        with translated_failures():
            yield from self._response.iter_bytes()

    async def aiter_bytes(self) -> AsyncGenerator[bytes]:
        chunks: Any = self._response.aiter_bytes()
        with translated_failures():
            async with aclosing(chunks):
                async for chunk in chunks:
                    yield chunk

    def close(self) -> None:
        self._response.close()

    async def aclose(self) -> None:
        await self._response.aclose()
