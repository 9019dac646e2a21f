"""Redirects (RFC 9110, 15.4), followed here so that no credential leaves its host."""

from __future__ import annotations

from typing import Final
from urllib.parse import urljoin, urlsplit

from .request import Request

__all__ = ["MAX_REDIRECTS", "redirected", "same_origin", "target"]

MAX_REDIRECTS: Final = 20

_KEEP_METHOD = frozenset({307, 308})
_REDIRECTS = frozenset({301, 302, 303}) | _KEEP_METHOD
_PORTS = {"http": 80, "https": 443}

# All that another host gets to see; a list of what to leave out would miss the caller's secrets.
_SAFE_ELSEWHERE = frozenset({"accept", "content-type", "content-length", "user-agent"})


def redirected(request: Request, status_code: int, location: str | None) -> Request | None:
    """The request that a response asks for instead; ``None`` where it is no redirect to follow.

    A redirect that keeps the method is not followed where the body cannot be sent again.
    """
    url = target(request.url, location) if status_code in _REDIRECTS and location else None
    if url is None:
        return None
    headers = request.headers
    elsewhere = request.elsewhere or not same_origin(request.url, url)
    if elsewhere:
        headers = {name: value for name, value in headers.items() if name in _SAFE_ELSEWHERE}
    if status_code in _KEEP_METHOD or request.method in {"GET", "HEAD"}:
        kept = Request(request.method, url, headers, request.body, elsewhere)
        return kept if request.replayable else None
    bodiless = {name: value for name, value in headers.items() if not name.startswith("content-")}
    return Request("GET", url, bodiless, None, elsewhere)


def target(base: str, link: str) -> str | None:
    """The URL that a link leads to from ``base``; ``None`` where it is none of HTTP."""
    try:
        url = urljoin(base, link)
        return url if _origin(url)[0] in _PORTS else None
    except ValueError:  # such as a port that is no number
        return None


def same_origin(one: str, other: str) -> bool:
    """Whether two URLs have the same scheme, host and port (RFC 6454)."""
    return _origin(one) == _origin(other)


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)
