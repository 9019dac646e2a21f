"""Reads files over HTTP, within bounds: bytes, seconds, and where redirects may lead."""

from __future__ import annotations

import zlib
from typing import IO
from urllib.parse import urlsplit

MAX_BYTES = 100 * 2**20
"""The largest file that is read; the largest published description we know of has 40 MB."""

_TIMEOUT = 30.0
"""Seconds to wait for a connection, and for each part of an answer."""


def read_url(url: str, *, same_origin: bool = False) -> tuple[str, bytes]:
    """The address that answered in the end, and at most `MAX_BYTES` + 1 bytes of its answer.

    ``same_origin``: redirects to another scheme, host or port are not followed.

    Raises:
        OSError: Nothing can be read there; the message is for users.
    """
    # 40 ms to import, and few descriptions need it.
    from http.client import HTTPException
    from urllib.error import HTTPError, URLError
    from urllib.request import HTTPRedirectHandler, Request, build_opener

    class Redirects(HTTPRedirectHandler):
        """Follows at most ten redirects, as urllib does."""

        def redirect_request(
            self, req: Request, fp: IO[bytes], code: int, msg: str, headers: object, newurl: str
        ) -> Request | None:
            refused = _refused_redirect(url, req.full_url, newurl, same_origin)
            if refused:
                fp.close()
                raise OSError(refused)
            return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]

    accepted = "application/yaml, application/json;q=0.9, text/yaml;q=0.9, */*;q=0.5"
    try:
        request = Request(url, headers={"Accept": accepted, "User-Agent": "specloom"})
        with build_opener(Redirects).open(request, timeout=_TIMEOUT) as response:
            return str(response.geturl()), _unpacked(bytes(response.read(MAX_BYTES + 1)))
    except HTTPError as error:
        error.close()  # it holds the response, and so the connection
        answer = f"{error.code} {error.msg}".partition("\nThe last")[0]  # urllib tells of a loop so
        raise OSError(f"the server answered {' '.join(answer.split())}") from error
    except URLError as error:
        raise OSError(f"no connection: {error.reason}") from error
    except (HTTPException, ValueError) as error:
        raise OSError(str(error)) from error


def _refused_redirect(first: str, previous: str, target: str, same_origin: bool) -> str:
    """Why a redirect is not followed; empty if it is."""
    scheme = urlsplit(target).scheme
    if same_origin and origin_of(target) != origin_of(first):
        return f"it redirects to another origin, {target}"
    if scheme not in ("http", "https"):
        return f"it redirects to {target}; only http and https are read"
    if scheme == "http" and urlsplit(previous).scheme == "https":
        return f"it redirects from https to http, {target}"
    return ""


def _unpacked(data: bytes) -> bytes:
    """An answer that is compressed although nobody asked for it, as files of object stores are."""
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        return zlib.decompressobj(wbits=31).decompress(data, MAX_BYTES + 1)
    except zlib.error as error:
        raise OSError(f"gzip: {error}") from error


def origin_of(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port of an address (RFC 6454 §4)."""
    parts = urlsplit(url)
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, parts.hostname or "", port
