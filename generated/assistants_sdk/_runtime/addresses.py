"""Where a URL leads to, as ``httpcore2`` takes it."""

from __future__ import annotations

import re
from base64 import b64encode
from functools import lru_cache
from typing import Final, NamedTuple

import httpcore2

__all__ = ["Address", "address_of"]

_LAST_PORT: Final = 65535
_LONGEST: Final = 65_536  # characters that httpx2 takes
_PORTS: Final = {"http": "80", "https": "443"}
# A URL as nearly all are: there is nothing in it that has to be encoded, or left out.
_PLAIN: Final = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9]+(?:[.-][a-z0-9]+)*)(?::(?P<port>[1-9][0-9]{0,4}))?"
    r"(?P<path>(?:/(?!\.)(?:[\w~!$&'()*+,;=:@.-]|%[0-9A-Fa-f]{2})*)*)"
    r"(?P<query>\?(?:[\w~!$&'()*+,;=:@/?.-]|%[0-9A-Fa-f]{2})*)?",
    re.ASCII,
)


class Address(NamedTuple):
    """Where a request goes.

    Attributes:
        url: The URL in its parts.
        origin: Where connections for it lead to.
        host: The value of the header ``Host``.
        authorization: The value of the header ``Authorization``, where the URL has a user.
    """

    url: httpcore2.URL
    origin: httpcore2.Origin
    host: bytes
    authorization: bytes | None


@lru_cache(maxsize=256)
def address_of(url: str) -> Address:
    """The address of a URL; many calls repeat one.

    Raises:
        TransportError: It is none.
    """
    plain = _PLAIN.fullmatch(url) if len(url) <= _LONGEST else None
    if plain is None:
        return _careful(url)
    scheme, host, port, path, query = plain.groups(default="")
    if int(port or 0) > _LAST_PORT:
        return _careful(url)
    target = f"{path or '/'}{query}"
    if not port or port == _PORTS[scheme]:
        parts = httpcore2.URL(scheme=scheme, host=host, target=target)
        return Address(parts, parts.origin, host.encode(), None)
    parts = httpcore2.URL(scheme=scheme, host=host, port=int(port), target=target)
    return Address(parts, parts.origin, f"{host}:{port}".encode(), None)


def _careful(url: str) -> Address:
    """The address of a URL whose parts ``httpx2`` has to encode and to check."""
    import httpx2

    from .by_client import named_failures

    with named_failures():
        found = httpx2.URL(url)
        if (found.port or 0) > _LAST_PORT:
            raise httpx2.InvalidURL(f"The port {found.port} is none")
    parts = httpcore2.URL(
        scheme=found.raw_scheme, host=found.raw_host, port=found.port, target=found.raw_path
    )
    authorization = None
    if found.username or found.password:
        authorization = b"Basic " + b64encode(f"{found.username}:{found.password}".encode())
    return Address(parts, parts.origin, found.netloc, authorization)
