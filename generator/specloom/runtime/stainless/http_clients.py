"""Clients of ``httpx``, which SDKs of Stainless take, in the place of clients of ``httpx2``."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

import httpx2

from ..options import Timeout

try:  # what old code passes to these classes comes from httpx
    _HTTPX: Any = import_module("httpx")
except ImportError:
    _HTTPX = httpx2

if TYPE_CHECKING:
    from httpx2 import AsyncClient as _AsyncClient
    from httpx2 import Client as _Client
else:
    _AsyncClient, _Client = _HTTPX.AsyncClient, _HTTPX.Client

__all__ = [
    "DEFAULT_CONNECTION_LIMITS",
    "DEFAULT_TIMEOUT",
    "AsyncHttpxClientWrapper",
    "DefaultAioHttpClient",
    "DefaultAsyncHttpxClient",
    "DefaultHttpxClient",
    "SyncHttpxClientWrapper",
    "as_async_client",
    "as_client",
    "given_client",
    "httpx_timeout",
]


def httpx_timeout(**phases: float) -> Any:
    """The ``Timeout`` of the SDK with these arguments, as one of ``httpx``."""
    return _HTTPX.Timeout(**Timeout(**phases).phases())


DEFAULT_TIMEOUT: Any = httpx_timeout()
DEFAULT_CONNECTION_LIMITS: Any = _HTTPX.Limits(max_connections=1000, max_keepalive_connections=100)


def _completed(arguments: dict[str, Any], transport: Any) -> dict[str, Any]:
    """The arguments of a client, with the SDK's defaults; ``proxies`` as releases before 0.28."""
    proxies = arguments.pop("proxies", None)
    if isinstance(proxies, Mapping):
        routes = {key: url and transport(proxy=url) for key, url in proxies.items()}
        arguments["mounts"] = {**routes, **(arguments.get("mounts") or {})}
    elif proxies is not None:
        arguments.setdefault("proxy", proxies)
    return {"timeout": 600, "follow_redirects": True, **arguments}


class DefaultHttpxClient(_Client):
    """A client that follows redirects and waits as long as the SDK does."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**_completed(arguments, _HTTPX.HTTPTransport))


class DefaultAsyncHttpxClient(_AsyncClient):
    """As ``DefaultHttpxClient``, for one event loop."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**_completed(arguments, _HTTPX.AsyncHTTPTransport))


DefaultAioHttpClient = AsyncHttpxClientWrapper = DefaultAsyncHttpxClient
SyncHttpxClientWrapper = DefaultHttpxClient


def _is_of_httpx(value: object, class_name: str) -> bool:
    return _HTTPX is not httpx2 and isinstance(value, getattr(_HTTPX, class_name))


def as_client(client: Any) -> Any:
    """A client of ``httpx2`` that sends through a client of ``httpx``; other clients unchanged."""
    if not _is_of_httpx(client, "Client"):
        return client
    found = httpx2.Client(transport=_Transport(client), timeout=_timeout(client))
    found.headers.update(dict(client.headers))
    return found


def given_client(client: Any) -> Any:
    """The client of ``httpx`` behind one that ``as_client`` returned; other clients unchanged."""
    inner = getattr(client, "_transport", None)
    return inner.client if isinstance(inner, (_Transport, _AsyncTransport)) else client


def as_async_client(client: Any) -> Any:
    """As ``as_client``, for one event loop."""
    if not _is_of_httpx(client, "AsyncClient"):
        return client
    found = httpx2.AsyncClient(transport=_AsyncTransport(client), timeout=_timeout(client))
    found.headers.update(dict(client.headers))
    return found


def _timeout(client: Any) -> httpx2.Timeout:
    return httpx2.Timeout(**client.timeout.as_dict())


class _Transport(httpx2.BaseTransport):
    """Sends by a client of ``httpx``."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        message = _message(request, _content(request) or _pieces(request))
        try:
            response = self.client.send(message, stream=True, follow_redirects=False)
        except _HTTPX.RequestError as error:
            raise _same_error(error, request) from error
        return _response(response, _Body(response, request))

    def close(self) -> None:
        self.client.close()


class _AsyncTransport(httpx2.AsyncBaseTransport):
    """As ``_Transport``, for one event loop."""

    def __init__(self, client: Any) -> None:
        self.client = client

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        message = _message(request, _content(request) or _async_pieces(request))
        try:
            response = await self.client.send(message, stream=True, follow_redirects=False)
        except _HTTPX.RequestError as error:
            raise _same_error(error, request) from error
        return _response(response, _AsyncBody(response, request))

    async def aclose(self) -> None:
        await self.client.aclose()


def _content(request: httpx2.Request) -> bytes | None:
    """The body where it is in memory; None for none, and for one that comes in pieces."""
    stream = request.stream
    return b"".join(stream) if isinstance(stream, httpx2.ByteStream) else None


def _pieces(request: httpx2.Request) -> Iterator[bytes] | None:
    stream: Any = request.stream
    return None if isinstance(stream, httpx2.ByteStream) else iter(stream)


def _async_pieces(request: httpx2.Request) -> AsyncIterator[bytes] | None:
    stream: Any = request.stream
    return None if isinstance(stream, httpx2.ByteStream) else aiter(stream)


def _message(request: httpx2.Request, content: Any) -> Any:
    return _HTTPX.Request(
        request.method,
        str(request.url),
        headers=request.headers.multi_items(),
        content=content,
        extensions=dict(request.extensions),
    )


def _same_error(error: Exception, request: httpx2.Request) -> httpx2.RequestError:
    kind = getattr(httpx2, type(error).__name__, httpx2.NetworkError)
    found: httpx2.RequestError = kind(str(error), request=request)
    return found


def _response(response: Any, stream: Any) -> httpx2.Response:
    return httpx2.Response(
        response.status_code,
        headers=response.headers.multi_items(),
        stream=stream,
        extensions={"http_version": response.http_version.encode()},
    )


class _Body(httpx2.SyncByteStream):
    def __init__(self, response: Any, request: httpx2.Request) -> None:
        self._response, self._request = response, request

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._response.stream  # also of a mock, whose body is in memory
        except _HTTPX.RequestError as error:
            raise _same_error(error, self._request) from error

    def close(self) -> None:
        self._response.close()


class _AsyncBody(httpx2.AsyncByteStream):
    def __init__(self, response: Any, request: httpx2.Request) -> None:
        self._response, self._request = response, request

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in self._response.stream:
                yield chunk
        except _HTTPX.RequestError as error:
            raise _same_error(error, self._request) from error

    async def aclose(self) -> None:
        await self._response.aclose()
