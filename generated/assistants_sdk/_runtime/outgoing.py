"""The one module that makes ``httpx2`` objects; importing it is what loads ``httpx2``."""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterable
from functools import cache
from typing import TYPE_CHECKING, Final

import httpx2

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
    """A request as ``httpx2`` sends it, over the headers, cookies and query of its client."""
    phases = (timeout or _timeout_of(client))._asdict()
    if request.elsewhere:
        headers = {"accept-encoding": client.headers.get("accept-encoding", ""), **request.headers}
        return httpx2.Request(
            request.method,
            request.url,
            headers=headers,
            content=content,
            extensions={"timeout": phases},
        )
    url = httpx2.URL(request.url)
    return httpx2.Request(
        request.method,
        url.copy_merge_params(client.params) if client.params else url,
        headers={**client.headers, **request.headers},
        cookies=client.cookies,
        content=content,
        extensions={"timeout": phases},
    )


def _timeout_of(client: httpx2.Client | httpx2.AsyncClient) -> Timeout:
    if client.timeout == _LIBRARY_TIMEOUT:
        return DEFAULT_TIMEOUT
    return Timeout(**client.timeout.as_dict())
