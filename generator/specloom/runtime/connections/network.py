"""Sockets that keep to the deadline of a call. ``httpcore2`` has a timeout for each read alone."""

from __future__ import annotations

import ssl
import sys
from collections.abc import Iterable
from typing import Any, Final

import httpcore2

from ..deadlines import Until

__all__ = ["FAILURES", "H11_ERROR", "NETWORK"]

_PIECE: Final = 65_536  # bytes that are written before the time is looked at again


def _h11_error() -> type[Exception]:
    """What httpcore2 lets through of h11: a body is not as long as announced."""
    return getattr(sys.modules.get("h11"), "ProtocolError", OSError)


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


class _Stream(httpcore2.NetworkStream):
    """A socket. A timeout that is an ``Until`` is asked anew before each use."""

    def __init__(self, stream: httpcore2.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if isinstance(timeout, Until):
            timeout = _left(timeout, httpcore2.ReadTimeout)
        return self._stream.read(max_bytes, timeout)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
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
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(timeout: Until, error: type[httpcore2.TimeoutException]) -> float | None:
    seconds = timeout.now()
    if seconds is not None and seconds <= 0:
        raise error("timed out")  # a socket would take 0 for "do not wait"
    return seconds


class _Network(httpcore2.NetworkBackend):
    """Makes such streams."""

    def __init__(self) -> None:
        self._backend = httpcore2.SyncBackend()

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
        return _Stream(stream)


NETWORK: Final = _Network()
