"""The parts of a URL, in the form that ``httpcore2`` takes."""

from __future__ import annotations

import re
from base64 import b64encode
from functools import lru_cache
from typing import Final, NamedTuple

import httpcore2

__all__ = ["Address", "address_of"]

_MAX_PORT: Final = 65535
_MAX_LENGTH: Final = 65_536  # characters that httpx2 takes
_PORTS: Final = {"http": "80", "https": "443"}

# Nearly all URLs are plain: nothing in them has to be encoded or removed.
_PLAIN_URL: Final = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9]+(?:[.-][a-z0-9]+)*)(?::(?P<port>[1-9][0-9]{0,4}))?"
    r"(?P<path>(?:/(?!\.)(?:[\w~!$&'()*+,;=:@.-]|%[0-9A-Fa-f]{2})*)*)"
    r"(?P<query>\?(?:[\w~!$&'()*+,;=:@/?.-]|%[0-9A-Fa-f]{2})*)?",
    re.ASCII,
)
# Four numbers are an address, and no name, to ``httpx2``; each is at most 255.
_FOUR_NUMBERS: Final = re.compile(r"[0-9]+(?:\.[0-9]+){3}")
_IPV4: Final = re.compile(r"(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])(?:\.(?!$)|$)){4}")


class _Url(httpcore2.URL):
    """A URL whose origin is made once. Sending a request asks for it twice."""

    _origin: httpcore2.Origin | None = None

    @property
    def origin(self) -> httpcore2.Origin:
        if self._origin is None:
            self._origin = super().origin
        return self._origin


class Address(NamedTuple):
    """Where a request goes.

    Attributes:
        url: The URL in its parts.
        origin: The server that its connections lead to.
        host: The value of the header ``Host``.
        authorization: The value of the header ``Authorization`` if the URL has a user.
    """

    url: httpcore2.URL
    origin: httpcore2.Origin
    host: str
    authorization: str | None


@lru_cache(maxsize=256)
def address_of(url: str) -> Address:
    """The address of a URL. It is cached, as many calls repeat a URL.

    Raises:
        TransportError: It is not a valid URL.
    """
    plain = _PLAIN_URL.fullmatch(url) if len(url) <= _MAX_LENGTH else None
    if plain is None:
        return _address_by_httpx2(url)
    scheme, host, port, path, query = plain.groups(default="")
    is_wrong = _FOUR_NUMBERS.fullmatch(host) and not _IPV4.match(host)
    if is_wrong or int(port or 0) > _MAX_PORT:
        return _address_by_httpx2(url)
    target = f"{path or '/'}{query}"
    if not port or port == _PORTS[scheme]:
        parts = _Url(scheme=scheme, host=host, target=target)
        return Address(parts, parts.origin, host, None)
    parts = _Url(scheme=scheme, host=host, port=int(port), target=target)
    return Address(parts, parts.origin, f"{host}:{port}", None)


def _address_by_httpx2(url: str) -> Address:
    """The address of a URL that ``httpx2`` has to encode and to check."""
    import httpx2

    from .client_transport import translated_failures

    with translated_failures():
        found = httpx2.URL(url)
        if (found.port or 0) > _MAX_PORT:
            raise httpx2.InvalidURL(f"The port {found.port} is none")
    parts = _Url(
        scheme=found.raw_scheme, host=found.raw_host, port=found.port, target=found.raw_path
    )
    authorization = None
    if found.username or found.password:
        user = f"{found.username}:{found.password}".encode()
        authorization = f"Basic {b64encode(user).decode()}"
    return Address(parts, parts.origin, found.netloc.decode(), authorization)
