"""Transports that read the certificates of the system before the first ``https``, and not sooner.

That takes 20 to 50 ms, a sixth of a first call, and many servers of one's own are ``http``.
"""

from __future__ import annotations

import ssl
from functools import cache

import httpx2

from .lazy import cached_property

__all__ = ["AsyncLateTransport", "LateTransport", "certificates"]


@cache
def certificates() -> ssl.SSLContext:
    """What all clients check servers with; ``SSL_CERT_FILE`` and ``SSL_CERT_DIR`` count."""
    return httpx2.create_ssl_context()


@cache
def _nobody() -> ssl.SSLContext:
    """Trusts no server: nothing that goes without certificates can be ``https``."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


class LateTransport(httpx2.HTTPTransport):
    """Two pools of connections: its own for ``http``, and one for ``https``."""

    def __init__(self, limits: httpx2.Limits) -> None:
        super().__init__(verify=_nobody(), limits=limits)
        self._limits = limits

    @cached_property
    def _secure(self) -> httpx2.HTTPTransport:
        return httpx2.HTTPTransport(verify=certificates(), limits=self._limits)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request."""
        if request.url.scheme == "https":
            return self._secure.handle_request(request)
        return super().handle_request(request)

    def close(self) -> None:
        """Close all connections."""
        super().close()
        if "_secure" in vars(self):
            self._secure.close()


class AsyncLateTransport(httpx2.AsyncHTTPTransport):
    """As ``LateTransport``, for one event loop."""

    def __init__(self, limits: httpx2.Limits) -> None:
        super().__init__(verify=_nobody(), limits=limits)
        self._limits = limits

    @cached_property
    def _secure(self) -> httpx2.AsyncHTTPTransport:
        return httpx2.AsyncHTTPTransport(verify=certificates(), limits=self._limits)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request."""
        if request.url.scheme == "https":
            return await self._secure.handle_async_request(request)
        return await super().handle_async_request(request)

    async def aclose(self) -> None:
        """Close all connections."""
        await super().aclose()
        if "_secure" in vars(self):
            await self._secure.aclose()
