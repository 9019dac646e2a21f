"""The one module that makes ``httpx2`` objects; importing it is what loads ``httpx2``."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterable, Iterable
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

import httpx2

from .logs import HideQuery
from .options import DEFAULT_TIMEOUT, Timeout

if TYPE_CHECKING:
    import ssl

    from .request import Request

__all__ = ["message", "new_async_client", "new_client"]

_LIMITS: Final = httpx2.Limits(max_connections=1000, max_keepalive_connections=100)
_LIBRARY_TIMEOUT: Final = httpx2.Timeout(5.0)  # what a client has whose maker did not set one


def new_client() -> httpx2.Client:
    """A client as the SDK wants it; proxies and certificates may come from the environment."""
    return httpx2.Client(verify=_tls(), limits=_LIMITS)


def new_async_client() -> httpx2.AsyncClient:
    """The async twin of ``new_client``."""
    return httpx2.AsyncClient(verify=_tls(), limits=_LIMITS)


@cache
def _tls() -> ssl.SSLContext:
    """Reading the certificates takes some 20 ms, so all clients share one context."""
    return httpx2.create_ssl_context()


def message(
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
def _parsed(url: str) -> _OwnURL:
    """Parsing is a third of a request's making, and many calls repeat a URL."""
    return _OwnURL(url)


def _timeout_of(client: httpx2.Client | httpx2.AsyncClient) -> Timeout:
    if client.timeout == _LIBRARY_TIMEOUT:
        return DEFAULT_TIMEOUT
    return Timeout(**client.timeout.as_dict())
