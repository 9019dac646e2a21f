"""Requests sent by a client of ``httpx2``: the caller's own, or one made here to go by a proxy."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import httpx2

from .certificates import certificates
from .errors import ConfigurationError
from .logs import HideQuery
from .options import DEFAULT_TIMEOUT, Timeout
from .received import TransportError

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, AsyncIterator, Generator, Iterable, Iterator, Mapping

    from .received import Received
    from .request import Request

__all__ = [
    "AsyncByClient",
    "ByClient",
    "named_failures",
    "new_async_client",
    "new_client",
    "transport_error",
]

_LIMITS: Final = httpx2.Limits(max_connections=1000, max_keepalive_connections=100)
_LIBRARY_TIMEOUT: Final = httpx2.Timeout(5.0)  # what a client has whose maker did not set one
_HOPELESS: Final = (httpx2.UnsupportedProtocol, httpx2.LocalProtocolError, httpx2.InvalidURL)


def new_client() -> httpx2.Client:
    """A client as the SDK wants it; proxies and certificates may come from the environment."""
    return httpx2.Client(verify=certificates(), limits=_LIMITS)


def new_async_client() -> httpx2.AsyncClient:
    """The async twin of ``new_client``."""
    return httpx2.AsyncClient(verify=certificates(), limits=_LIMITS)


class ByClient:
    """Sends requests by a client, and closes it."""

    def __init__(self, client: httpx2.Client) -> None:
        self._client = client

    def send(self, request: Request, timeout: Timeout | None) -> Received:
        """Send a request; see ``SyncTransport.send``."""
        _refuse_closed(self._client)
        body = request.body
        content = body if body is None or isinstance(body, bytes) else body.in_sync()
        with named_failures():
            message = _message(request, self._client, timeout, content)
            options = _sending(request)
            return _Received(self._client.send(message, stream=True, **options))

    def close(self) -> None:
        """Close the client."""
        self._client.close()


class AsyncByClient:
    """As ``ByClient``, for one event loop."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        self._client = client

    async def send(self, request: Request, timeout: Timeout | None) -> Received:
        """Send a request; see ``AsyncTransport.send``."""
        _refuse_closed(self._client)
        body = request.body
        content = body if body is None or isinstance(body, bytes) else body.in_async()
        with named_failures():
            message = _message(request, self._client, timeout, content)
            options = _sending(request)
            return _Received(await self._client.send(message, stream=True, **options))

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
def named_failures() -> Generator[None]:
    """Raise the failures of ``httpx2`` as ``TransportError``."""
    try:
        yield
    except (httpx2.RequestError, httpx2.InvalidURL, httpx2.StreamError) as error:
        raise transport_error(error) from error


def transport_error(error: Exception) -> TransportError:
    """What a failure of ``httpx2`` is to the SDK."""
    return TransportError(
        error,
        is_timeout=isinstance(error, httpx2.TimeoutException),
        is_hopeless=isinstance(error, _HOPELESS),
        request=_request_of(error),
    )


def _request_of(error: Exception) -> httpx2.Request | None:
    try:
        return error.request if isinstance(error, httpx2.RequestError) else None
    except RuntimeError:  # it was raised before there was a request
        return None


def _message(
    request: Request,
    client: httpx2.Client | httpx2.AsyncClient,
    timeout: Timeout | None,
    content: bytes | Iterable[bytes] | AsyncIterable[bytes] | None,
) -> httpx2.Request:
    """A request as ``httpx2`` sends it, over the headers, cookies and query of its client.

    A request that was redirected elsewhere gets none of these.
    """
    phases = (timeout or _timeout_of(client))._asdict()
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
    message.method = request.method  # its case counts (RFC 9110 §9.1), and httpx2 makes capitals
    return message


class _OwnURL(httpx2.URL):
    """The URL of a request of ours, which is shortened in the log of ``httpx2``."""


logging.getLogger("httpx2").addFilter(HideQuery(_OwnURL))


@lru_cache(maxsize=256)
def _parsed(url: str) -> httpx2.URL:
    """A URL of ours. Parsing is a third of a request's making, and many calls repeat a URL."""
    return _OwnURL(url)


def _timeout_of(client: httpx2.Client | httpx2.AsyncClient) -> Timeout:
    if client.timeout == _LIBRARY_TIMEOUT:
        return DEFAULT_TIMEOUT
    return Timeout(**client.timeout.as_dict())


class _Received:
    """A response of a client; see ``Received``."""

    def __init__(self, response: httpx2.Response) -> None:
        self.status_code = response.status_code
        self.headers: Mapping[str, str] = response.headers
        self._response = response

    @property
    def content(self) -> bytes:
        return self._response.content

    def whole(self) -> httpx2.Response:
        return self._response

    def read(self) -> bytes:
        with named_failures():
            return self._response.read()

    async def aread(self) -> bytes:
        with named_failures():
            return await self._response.aread()

    def iter_bytes(self) -> Iterator[bytes]:
        with named_failures():
            yield from self._response.iter_bytes()

    async def aiter_bytes(self) -> AsyncIterator[bytes]:
        with named_failures():
            async for chunk in self._response.aiter_bytes():
                yield chunk

    def close(self) -> None:
        self._response.close()

    async def aclose(self) -> None:
        await self._response.aclose()
