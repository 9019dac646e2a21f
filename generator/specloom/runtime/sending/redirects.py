"""Redirects (RFC 9110, 15.4). They are followed here so that no credential leaves its host."""

from __future__ import annotations

from typing import Final
from urllib.parse import urljoin, urlsplit

from ..request.build import Request

__all__ = ["MAX_REDIRECTS", "on_same_host", "redirected_request", "resolved_link", "same_origin"]

MAX_REDIRECTS: Final = 20
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PORTS = {"http": 80, "https": 443}

# The headers that another host may see. A list of those to hide would miss the caller's secrets.
_SAFE_FOR_OTHERS = frozenset({"accept", "content-type", "content-length", "user-agent"})


def redirected_request(request: Request, status_code: int, location: str | None) -> Request | None:
    """The request that a redirect asks for; ``None`` if the response is not one to follow.

    303 makes GET of every method but HEAD, 301 and 302 only of POST (RFC 9110, 15.4; Fetch, 4.4).
    A redirect that keeps the method is not followed if the body cannot be sent again.
    """
    url = resolved_link(request.url, location) if status_code in _REDIRECTS and location else None
    if url is None:
        return None
    headers = request.headers
    elsewhere = request.elsewhere or not same_origin(request.url, url)
    if elsewhere:
        headers = {name: value for name, value in headers.items() if name in _SAFE_FOR_OTHERS}
    if not _becomes_get(request.method, status_code):
        same = Request(request.method, url, headers, request.body, elsewhere)
        return same if request.replayable else None
    bodiless = {name: value for name, value in headers.items() if not name.startswith("content-")}
    return Request("GET", url, bodiless, None, elsewhere)


def _becomes_get(method: str, status_code: int) -> bool:
    if status_code == 303:
        return method not in {"GET", "HEAD"}
    return method == "POST" and status_code in {301, 302}


def resolved_link(base: str, link: str) -> str | None:
    """The URL that a link in ``base`` leads to; ``None`` if it is not an HTTP URL."""
    try:
        url = urljoin(base, link)
        return url if _origin(url)[0] in _PORTS else None
    except ValueError:  # for example a port that is not a number
        return None


def same_origin(one: str, other: str) -> bool:
    """Whether two URLs have the same scheme, host and port (RFC 6454)."""
    return _origin(one) == _origin(other)


def on_same_host(url: str, base: str) -> str | None:
    """A URL with the scheme and port of ``base``, if it names the same host; else ``None``.

    A server behind a proxy that ends TLS writes links with ``http``, as it does not know better.
    The default port of a scheme is the same as that of the other one.
    """
    own, other = _origin(base), _origin(url)
    has_own_port = own[2] == other[2] or {own[2], other[2]} == set(_PORTS.values())
    if own[1] != other[1] or not has_own_port:
        return None
    return urlsplit(url)._replace(scheme=own[0], netloc=urlsplit(base).netloc).geturl()


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)
