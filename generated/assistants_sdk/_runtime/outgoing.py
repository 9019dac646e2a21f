"""How a request goes through a client of ``httpx2``: the caller's own, or one made here."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterable, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.request import getproxies

import httpx2

from .certificates import AsyncLateTransport, LateTransport, certificates
from .logs import HideQuery
from .options import DEFAULT_TIMEOUT, Timeout

if TYPE_CHECKING:
    from .lanes import Lanes
    from .request import Request

__all__ = ["message", "new_async_client", "new_client", "parsed"]

_LIMITS: Final = httpx2.Limits(max_connections=1000, max_keepalive_connections=100)
_LIBRARY_TIMEOUT: Final = httpx2.Timeout(5.0)  # what a client has whose maker did not set one


def new_client() -> tuple[httpx2.Client, httpx2.HTTPTransport | None]:
    """A client as the SDK wants it; proxies and certificates may come from the environment.

    Also the transport that all its requests go through, where there is but one: no proxy.
    """
    if _has_proxies():
        return httpx2.Client(verify=certificates(), limits=_LIMITS), None
    transport = LateTransport(_LIMITS)
    return httpx2.Client(transport=transport), transport


def new_async_client() -> tuple[httpx2.AsyncClient, Lanes | None]:
    """The async twin of ``new_client``."""
    if _has_proxies():
        return httpx2.AsyncClient(verify=certificates(), limits=_LIMITS), None
    from .lanes import Lanes

    transport = AsyncLateTransport(_LIMITS)
    return httpx2.AsyncClient(transport=transport), Lanes(transport)


def _has_proxies() -> bool:
    """Whether the environment, or the system, names a proxy; ``no`` names hosts without one."""
    return any(scheme != "no" for scheme in getproxies())


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
    url = parsed(request.url)
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
def parsed(url: str) -> httpx2.URL:
    """A URL of ours. Parsing is a third of a request's making, and many calls repeat a URL."""
    return _OwnURL(url)


def _timeout_of(client: httpx2.Client | httpx2.AsyncClient) -> Timeout:
    if client.timeout == _LIBRARY_TIMEOUT:
        return DEFAULT_TIMEOUT
    return Timeout(**client.timeout.as_dict())
