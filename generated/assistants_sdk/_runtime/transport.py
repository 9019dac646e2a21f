"""The way to the network: an ``httpx2`` client, the caller's own or one made on the first request."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from .errors import ConfigurationError
from .omit import Omit
from .options import DEFAULT_TIMEOUT, Timeout

if TYPE_CHECKING:
    import httpx2

    from .request import Request

__all__ = ["AsyncTransport", "SyncTransport"]

_ClientT = TypeVar("_ClientT", "httpx2.Client", "httpx2.AsyncClient")

_MAX_CONNECTIONS: Final = 1000
_MAX_IDLE_CONNECTIONS: Final = 100
_CLOSED: Final = "The client is closed"


class _Transport(Generic[_ClientT]):
    """What both have in common. Copies that ``with_options`` makes share one of these."""

    def __init__(self, http_client: _ClientT | None) -> None:
        self._client: _ClientT | None = http_client
        self._is_own = http_client is None
        self._lock = Lock()
        self.is_closed = False

    def request(self, request: Request, timeout: float | Timeout | None | Omit) -> httpx2.Request:
        """The request as ``httpx2`` has it, with the headers, cookies and query of the caller's client."""
        raise NotImplementedError
