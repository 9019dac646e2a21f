"""One call between its waits: what to send, and what to do after each attempt. Does no I/O."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from random import random
from typing import Any

from ..api.operation import Json, Operation, Redirect
from ..checks import checked_max_retries, checked_timeout
from ..connections.received import Received, TransportError, connection_error
from ..delays import MAX_SERVER_DELAY, asked_delay
from ..errors import ConfigurationError
from ..options import Omit, RequestOptions
from ..request.auth import sign
from ..request.build import Request, build_request, merge_headers
from ..request.call import Call
from ..response.reply import Reply, declared_content, is_streamed
from ..settings import AsyncCredential, Settings, required_schemes
from .call_log import CallLog
from .redirects import MAX_REDIRECTS, redirected_request
from .retry import backoff, is_retryable

__all__ = ["Exchange", "begin", "credentials_of"]

_WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def credentials_of(call: Call, settings: Settings) -> dict[str, AsyncCredential]:
    """The credentials that a call needs, by scheme. Callables are not called yet.

    Raises:
        ConfigurationError: One is missing.
    """
    own = call.operation.security
    security = settings.info.security if own is None else own
    names = required_schemes(settings, security, call.options.get("extra_headers", {}))
    return {name: settings.credentials[name] for name in names if name in settings.credentials}


def begin(
    call: Call, settings: Settings, credentials: Mapping[str, object], streaming: bool
) -> Exchange:
    """Start a call.

    Raises:
        ValueError: An argument cannot be sent.
        ConfigurationError: A credential or an option cannot be sent.
    """
    signature = sign(settings.info.security_schemes, credentials)
    headers = _base_headers(call, settings, streaming)
    log = CallLog(settings.info.package, credentials.values())
    return Exchange(call, settings, build_request(call, settings, signature, headers), log)


class Exchange:
    """A call under way: its request, and how often it was sent."""

    def __init__(self, call: Call, settings: Settings, request: Request, log: CallLog) -> None:
        options = call.options
        self.request = request
        self.log = log
        timeout = checked_timeout(options.get("timeout", settings.timeout))
        self.timeout = None if isinstance(timeout, Omit) else timeout
        self._operation = call.operation
        self._info = settings.info
        self._strict = options.get("strict", settings.strict)
        self._max_retries = _max_retries(options, settings)
        self._retries_taken = 0
        self._redirects = 0
        self._started = time.perf_counter()

    def follow(self, response: Received) -> bool:
        """Whether the response is a redirect to follow. If so, ``request`` is the next request.

        After too many redirects the next one is the final response, and so an error.
        """
        if not 300 <= response.status_code < 400 or self._redirects == MAX_REDIRECTS:
            return False
        if isinstance(declared_content(self.reply(response)), Redirect):
            return False
        moved = redirected_request(
            self.request, response.status_code, response.headers.get("location")
        )
        if moved is None:
            return False
        self._redirects += 1
        self.request = moved
        return True

    def is_streamed(self, response: Received) -> bool:
        """Whether the answer to a call that did not ask for a stream is one."""
        return self._operation.stream is not None and is_streamed(self.reply(response))

    def delay_after_failure(self, error: TransportError, is_closed: bool) -> float:
        """Seconds to wait before the request is sent again after a failure of the transport.

        Args:
            error: The failure.
            is_closed: Whether the client was closed meanwhile.

        Raises:
            APIConnectionError: It is not sent again.
        """
        if error.is_hopeless or is_closed or not self._may_retry():
            raise connection_error(error, self._retries_taken) from error.cause
        return self._retry(type(error.cause).__name__, None)

    def delay_after_response(self, response: Received) -> float | None:
        """Seconds to wait before the request is sent again. ``None``: the response is final.

        It is final, too, if the server asks to wait longer than ``MAX_SERVER_DELAY``.
        """
        status, headers = response.status_code, response.headers
        if self.log.is_read():
            self.log.answered(self.request, self.reply(response))
        failed = not 200 <= status < 300
        if failed and self._may_retry() and is_retryable(status, headers):
            asked = asked_delay(headers, time.time())
            if asked is None or asked <= MAX_SERVER_DELAY:
                return self._retry(f"status {status}", asked)
        return None

    async def rewind_async(self) -> None:
        """Find out whether a body that is read asynchronously can be sent again."""
        body = self.request.body
        if body is not None and not isinstance(body, bytes):
            await body.rewind_async()

    def reply(self, response: Received) -> Reply:
        """The response together with what is known about it."""
        elapsed = time.perf_counter() - self._started
        return Reply(
            self._info,
            self._operation,
            response,
            self._strict,
            self._retries_taken,
            elapsed,
            self.request.elsewhere,
        )

    def _may_retry(self) -> bool:
        return self._retries_taken < self._max_retries and self.request.replayable

    def _retry(self, reason: str, asked: float | None) -> float:
        delay = backoff(self._retries_taken, random) if asked is None else asked
        self.log.retrying(self.request, reason, delay)
        self._retries_taken += 1
        self._started = time.perf_counter() + delay
        return delay


def _max_retries(options: RequestOptions, settings: Settings) -> int:
    if "max_retries" not in options:
        return settings.max_retries
    return checked_max_retries(options["max_retries"])


def _base_headers(call: Call, settings: Settings, streaming: bool) -> dict[str, str]:
    info = settings.info
    headers = {
        "user-agent": f"{info.package}/{info.version}",
        "accept": _accept(call.operation, streaming),
    }
    merge_headers(headers, info.headers)
    key = call.options.get("idempotency_key")
    if info.idempotency_header is None:
        if key is not None:
            raise ConfigurationError(f"{info.title} takes no idempotency key")
    elif key is not None or call.operation.method in _WRITES:
        merge_headers(headers, {info.idempotency_header: key or os.urandom(16).hex()})
    return headers


def _accept(operation: Operation[Any, Any], streaming: bool) -> str:
    if streaming and operation.stream is not None:
        # JSON as well, since errors of a streaming call are JSON.
        return f"{operation.stream.accept}, application/json"
    if operation.accept is not None:
        return operation.accept
    succeeds = [content for key, content in operation.responses.items() if key[0] in "2d"]
    return "application/json" if any(isinstance(each, Json) for each in succeeds) else "*/*"
