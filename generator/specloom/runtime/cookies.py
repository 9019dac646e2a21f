"""The cookies that servers set (RFC 6265), for the calls that follow."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import httpx2

    from .request import Request

__all__ = ["Cookies"]


class Cookies:
    """Keeps cookies as a client of ``httpx2`` does; without one there is nothing to do."""

    def __init__(self) -> None:
        self._kept: httpx2.Cookies | None = None
        self._lock = Lock()

    def keep(self, request: Request, fields: Sequence[tuple[bytes, bytes]]) -> None:
        """Keep those of a response, which are in its header fields."""
        found = [field for field in fields if field[0].lower() == b"set-cookie"]
        if not found:
            return
        import httpx2

        with self._lock:
            if self._kept is None:
                self._kept = httpx2.Cookies()
        sent = httpx2.Request(request.method, request.url)
        self._kept.extract_cookies(httpx2.Response(200, headers=found, request=sent))

    def header(self, request: Request) -> bytes | None:
        """The value of the header ``Cookie`` of a request; ``None`` where it needs none."""
        if self._kept is None or request.elsewhere:
            return None
        import httpx2

        value = httpx2.Request("GET", request.url, cookies=self._kept).headers.get("cookie")
        return None if value is None else value.encode()
