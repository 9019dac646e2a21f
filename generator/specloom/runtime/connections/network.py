"""Sockets that keep to the deadline of a call, and that closing the client wakes.

``httpcore2`` has a timeout for each read alone, and closes no socket that is being read.
"""

from __future__ import annotations

import ssl
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from socket import SHUT_RDWR, socket
from threading import Lock
from typing import Any, Final
from weakref import WeakSet

import httpcore2

from ..deadlines import Until

__all__ = [
    "FAILURES",
    "H11_ERROR",
    "AsyncNetwork",
    "Network",
    "Stream",
    "checked_fields",
    "shut_down",
]

_PIECE: Final = 65_536  # bytes that are written before the time is looked at again
_SHORT: Final = 16_384
_CLOSED: Final = "The client was closed"


# The parser below ``httpcore2``, which is no dependency of the SDK.
_h11: Final[Any] = sys.modules.get("h11")


def _h11_error() -> type[Exception]:
    """What httpcore2 lets through of it: a body is not as long as announced."""
    return getattr(_h11, "ProtocolError", OSError)


H11_ERROR: Final = _h11_error()

FAILURES: Final = (
    httpcore2.TimeoutException,
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    httpcore2.UnsupportedProtocol,
    httpcore2.ProxyError,
    H11_ERROR,
    OSError,  # also of ``ssl``
    UnicodeError,  # a host that is no name
    AssertionError,
)


def checked_fields(fields: list[tuple[bytes, bytes]]) -> Sequence[tuple[bytes, bytes]]:
    """The header fields of a request, in a form that is not checked again when it is sent.

    Fields that break HTTP stay as they are: then sending them fails.
    """
    with suppress(H11_ERROR, AttributeError):
        checked: Sequence[tuple[bytes, bytes]]
        checked = _h11.Request(method="GET", target="/", headers=fields).headers
        return checked
    return fields


class Stream(httpcore2.NetworkStream):
    """A socket. A timeout that is an ``Until`` is asked anew before each use.

    Attributes:
        has_written: Whether the server may have received a part of the request. Set it to false
            before a request.
    """

    def __init__(self, stream: httpcore2.NetworkStream, network: Network) -> None:
        self._stream = stream
        self._network = network
        self._twin: socket | None = None
        self.has_written = False
        network.add(self)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if isinstance(timeout, Until):
            timeout = _left(timeout, httpcore2.ReadTimeout)
        return self._stream.read(max_bytes, timeout)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        # The system takes a short piece whole or not at all.
        self.has_written = self.has_written or len(buffer) > _SHORT
        self._write(buffer, timeout)
        self.has_written = True

    def _write(self, buffer: bytes, timeout: float | None) -> None:
        if not isinstance(timeout, Until):
            self._stream.write(buffer, timeout)
            return
        for start in range(0, len(buffer), _PIECE):
            left = _left(timeout, httpcore2.WriteTimeout)
            self._stream.write(buffer[start : start + _PIECE], left)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        if isinstance(timeout, Until):
            timeout = _left(timeout, httpcore2.ConnectTimeout)
        # The handshake takes the socket away. Its twin lets a client that is closed end it.
        with self._stream.get_extra_info("socket").dup() as self._twin:
            stream = self._stream.start_tls(ssl_context, server_hostname, timeout)
        return Stream(stream, self._network)

    def get_extra_info(self, info: str) -> Any:
        if info == "socket" and self._twin is not None:
            return self._twin
        return self._stream.get_extra_info(info)


def _left(timeout: Until, error: type[httpcore2.TimeoutException]) -> float | None:
    seconds = timeout.now()
    if seconds is not None and seconds <= 0:
        raise error("timed out")  # a socket would take 0 for "do not wait"
    return seconds


class Network(httpcore2.NetworkBackend):
    """Makes such streams for the connections of one client."""

    def __init__(self) -> None:
        self._backend = httpcore2.SyncBackend()
        self._streams: WeakSet[Stream] = WeakSet()
        self._is_closed = False
        self._lock = Lock()

    def add(self, stream: Stream) -> None:
        """Note a new stream.

        Raises:
            httpcore2.ConnectError: The client was closed while this one connected.
        """
        with self._lock:
            if not self._is_closed:
                self._streams.add(stream)
                return
        stream.close()
        raise httpcore2.ConnectError(_CLOSED)

    def close(self) -> None:
        """Wake all readers and writers, and refuse new connections."""
        with self._lock:
            self._is_closed = True
            streams = list(self._streams)
        for stream in streams:
            shut_down(stream)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        if isinstance(timeout, Until):
            timeout = _left(timeout, httpcore2.ConnectTimeout)
        stream = self._backend.connect_tcp(host, port, timeout, local_address, socket_options)
        return Stream(stream, self)


class AsyncNetwork(httpcore2.AsyncNetworkBackend):
    """As ``Network``, for one event loop, where closing a socket wakes its reader."""

    def __init__(self) -> None:
        self._backend: Any = httpcore2.AnyIOBackend()
        self.streams: WeakSet[httpcore2.AsyncNetworkStream] = WeakSet()
        self.is_closed = False

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        stream: httpcore2.AsyncNetworkStream = await self._backend.connect_tcp(
            host, port, timeout, local_address, socket_options
        )
        if self.is_closed:
            await stream.aclose()
            raise httpcore2.ConnectError(_CLOSED)
        self.streams.add(stream)
        return stream


def shut_down(stream: Any) -> None:
    """Wake the reader and writer of this network stream, which closing its socket would not."""
    with suppress(OSError, AttributeError):  # it is closed already, or has no socket
        stream.get_extra_info("socket").shutdown(SHUT_RDWR)
