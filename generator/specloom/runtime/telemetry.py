"""Spans of OpenTelemetry for calls and their attempts, by its conventions for HTTP clients.

It needs the package ``opentelemetry-api``, which the extra ``otel`` of the SDK installs.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from .errors import APIError, ConfigurationError
from .lazy_httpx2 import httpx2
from .middleware import Attempt, Observer

__all__ = ["OpenTelemetry"]

_KNOWN_METHODS = frozenset("CONNECT DELETE GET HEAD OPTIONS PATCH POST PUT QUERY TRACE".split())


class OpenTelemetry(Observer):
    """Makes a span for each call, and below it a span for each attempt.

    No span holds a header, a body, or the query of a URL. Requests carry the trace context, unless
    a redirect led to another host.

    Args:
        tracer_provider: A ``TracerProvider`` of ``opentelemetry``. Otherwise the global one.

    Raises:
        ConfigurationError: ``opentelemetry-api`` is not installed.
    """

    def __init__(self, tracer_provider: Any = None) -> None:
        try:
            self._trace: Any = import_module("opentelemetry.trace")
            self._propagate: Any = import_module("opentelemetry.propagate")
        except ImportError:
            raise ConfigurationError(
                "OpenTelemetry needs opentelemetry-api: install the SDK's extra otel"
            ) from None
        package = __name__.partition(".")[0]
        self._tracer = self._trace.get_tracer(package, tracer_provider=tracer_provider)

    @contextmanager
    def call(self, operation: str) -> Generator[None]:
        """A span of the whole call. It ends when the response is read or a stream begins."""
        with self._span(operation, self._trace.SpanKind.INTERNAL, {}):
            yield

    @contextmanager
    def attempt(self, attempt: Attempt) -> Generator[Callable[[httpx2.Response], object]]:
        """A span of one request, until the head of its response has come."""
        method = attempt.method if attempt.method in _KNOWN_METHODS else "_OTHER"
        name = "HTTP" if method == "_OTHER" else method
        attributes = _address(attempt.url) | {"http.request.method": method}
        if method == "_OTHER":
            attributes["http.request.method_original"] = attempt.method
        if attempt.resend_count:
            attributes["http.request.resend_count"] = attempt.resend_count
        with self._span(name, self._trace.SpanKind.CLIENT, attributes) as span:
            if not attempt.elsewhere:
                self._propagate.inject(attempt.headers)
            yield lambda response: self._note(span, response)

    def _note(self, span: Any, response: httpx2.Response) -> None:
        span.set_attribute("http.response.status_code", response.status_code)
        version = response.http_version.removeprefix("HTTP/")
        span.set_attribute("network.protocol.version", version)
        if response.status_code >= 400:
            span.set_attribute("error.type", str(response.status_code))
            span.set_status(self._trace.StatusCode.ERROR)

    @contextmanager
    def _span(self, name: str, kind: Any, attributes: dict[str, Any]) -> Generator[Any]:
        with self._tracer.start_as_current_span(
            name,
            kind=kind,
            attributes=attributes,
            record_exception=False,  # a message of the server may repeat the request
            set_status_on_exception=False,
        ) as span:
            try:
                yield span
            except BaseException as error:
                status = error.status_code if isinstance(error, APIError) else None
                span.set_attribute("error.type", str(status or type(error).__qualname__))
                span.set_status(self._trace.StatusCode.ERROR)
                raise


def _address(url: str) -> dict[str, Any]:
    """Where a request goes, without user, password, query and fragment."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port
    shown = f"[{host}]" if ":" in host else host
    authority = shown if port is None else f"{shown}:{port}"
    return {
        "server.address": host,
        "server.port": port or (443 if parts.scheme == "https" else 80),
        "url.full": f"{parts.scheme}://{authority}{parts.path}",
    }
