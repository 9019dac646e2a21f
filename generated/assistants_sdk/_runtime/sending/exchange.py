"""One call between its waits: what to send, and what to do after each attempt. Does no I/O."""

from __future__ import annotations

import os
import time
from collections.abc import Awaitable, Callable, Mapping
from random import random
from typing import Any

from ..api.content import Json, Redirect
from ..api.operation import Operation
from ..checks import checked_max_retries, checked_retries, checked_timeout
from ..connections.received import Received, TransportError, connection_error
from ..credentials import Hidden
from ..deadlines import Deadline
from ..delays import asked_delay
from ..errors import APIError, APIStatusError, APITimeoutError, ConfigurationError
from ..options import Omit, RequestOptions, Timeout
from ..request.auth import Signature, sign
from ..request.build import Request, build_request, merge_headers
from ..request.call import Call
from ..response.reading import check_status
from ..response.reply import Reply, declared_content, is_streamed
from ..retries import DEFAULT_RETRIES, Retries, Retry
from ..settings import AsyncCredential, Settings, required_schemes
from .call_log import CallLog
from .redirects import MAX_REDIRECTS, redirected_request

__all__ = ["Exchange", "begin", "credentials_of"]

_WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def credentials_of(call: Call, settings: Settings) -> Hidden[AsyncCredential]:
    """The credentials that a call needs, by scheme. Callables are not called yet.

    Raises:
        ConfigurationError: One is missing.
    """
    own = call.operation.security
    security = settings.info.security if own is None else own
    names = required_schemes(settings, security, call.options.get("extra_headers", {}))
    given = settings.credentials
    return Hidden((name, given[name]) for name in names if name in given)


def begin(
    call: Call,
    settings: Settings,
    credentials: Mapping[str, object],
    streaming: bool,
    started: float,
) -> Exchange:
    """Start a call.

    Args:
        call: The call.
        settings: The client's settings.
        credentials: What authorises the call, by scheme.
        streaming: Whether a stream is asked for.
        started: When the call began, in seconds of ``time.monotonic``.

    Raises:
        ValueError: An argument cannot be sent.
        ConfigurationError: A credential or an option cannot be sent.
    """
    signature = sign(settings.info.security_schemes, credentials)
    headers = _base_headers(call, settings, streaming)
    log = CallLog(settings.info.package, credentials.values(), is_secret=call.operation.is_secret)
    request = build_request(call, settings, signature, headers)
    return Exchange(call, settings, request, log, started, signature)


class Exchange:
    """A call under way: its request, and how often it was sent.

    Attributes:
        request: The request to send next.
        log: The log of the call.
        timeout: For each attempt; ``None`` for that of the transport.
        deadline: When the call must have its response; ``None`` if it may take its time.
        retry: The retry that comes next, for who wants to be told.
    """

    def __init__(
        self,
        call: Call,
        settings: Settings,
        request: Request,
        log: CallLog,
        started: float,
        signature: Signature,
    ) -> None:
        options = call.options
        self.request = request
        self.log = log
        timeout = checked_timeout(options.get("timeout", settings.timeout))
        self.timeout = None if isinstance(timeout, Omit) else timeout
        self.deadline = _deadline(self.timeout, started)
        self.retry: Retry | None = None
        self._operation = call.operation
        self._signature: Signature | None = signature
        self._info = settings.info
        self._strict = options.get("strict", settings.strict)
        self._max_retries = _max_retries(options, settings)
        self._retries = _retries(options, settings)
        self._retries_taken = 0
        self._redirects = 0
        self._sent = -1
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
        if self.deadline is not None and self.deadline.left() <= 0:
            raise self._overdue(error, self.deadline) from error.cause
        failure = connection_error(error, self._retries_taken)
        can_help = not (error.is_hopeless or is_closed) and (
            self._retries.timeouts or not error.is_timeout
        )
        delay = self._delay(None) if can_help and self._may_retry() else None
        if delay is None:
            raise failure from error.cause
        return self._wait(type(error.cause).__name__, delay, failure)

    def delay_after_response(self, response: Received) -> float | None:
        """Seconds to wait before the request is sent again. ``None``: the response is final.

        It is final, too, if the server asks to wait for too long, or past the deadline.
        """
        status, headers = response.status_code, response.headers
        if self.log.is_read():
            self.log.answered(self.request, self.reply(response))
        if 200 <= status < 300:
            if self._retries.budget is not None:
                self._retries.budget.succeed()
            return None
        if not self._retries.is_retryable(status, headers) or not self._may_retry():
            return None
        delay = self._delay(asked_delay(headers, time.time()))
        if delay is None:
            return None
        failure = self._status_error(response) if self._retries.on_retry is not None else None
        return self._wait(f"status {status}", delay, failure)

    def next_timeout(self) -> Timeout | None:
        """The timeout of the next request. No phase of it ends after the deadline.

        Raises:
            TransportError: The deadline has passed.
        """
        if self.deadline is None or self.timeout is None:
            return self.timeout
        if self.deadline.left() <= 0:
            raise TransportError(TimeoutError("the time was over"), is_timeout=True)
        return self.deadline.within(self.timeout)

    @property
    def operation(self) -> str:
        """The id of the operation."""
        return self._operation.id

    @property
    def retries_taken(self) -> int:
        """How often the request was sent again."""
        return self._retries_taken

    def count(self) -> int:
        """Count a request that is sent. How many were sent before it."""
        self._sent += 1
        return self._sent

    @property
    def on_retry(self) -> Callable[[Retry], Awaitable[object] | None] | None:
        """The caller's function to call before each wait."""
        return self._retries.on_retry

    def is_refused(self, response: Received) -> bool:
        """Whether the server rejected the credentials and new ones were not tried yet."""
        if response.status_code != 401 or self._signature is None or not self.request.replayable:
            return False
        own = self._signature.headers.get("Authorization")
        return own is not None and self.request.headers.get("authorization") == own

    def authorize(self, credentials: Mapping[str, object]) -> None:
        """Send the request again with other credentials, once."""
        signature = sign(self._info.security_schemes, credentials)
        headers = dict(self.request.headers)
        merge_headers(headers, signature.headers)
        self.request = self.request._replace(headers=headers)
        self._signature = None
        self._started = time.perf_counter()

    async def rewind_async(self) -> None:
        """Find out whether a body that is read asynchronously can be sent again."""
        body = self.request.body
        if body is not None and not isinstance(body, bytes):
            await body.rewind_async()

    def reply(self, response: Received) -> Reply:
        """The response with its metadata."""
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
        is_left = self._retries_taken < self._max_retries and self.request.replayable
        return is_left and self._retries.repeats(self.request.method)

    def _delay(self, asked: float | None) -> float | None:
        """Seconds to wait for a retry; ``None`` if that is too long, or the budget is spent."""
        if asked is not None and asked > self._retries.max_server_delay:
            return None
        delay = self._retries.backoff(self._retries_taken, random) if asked is None else asked
        if self.deadline is not None and delay >= self.deadline.left():
            return None
        budget = self._retries.budget
        return delay if budget is None or budget.take() else None

    def _wait(self, reason: str, delay: float, failure: APIError | None) -> float:
        self.log.retrying(self.request, reason, delay)
        self._retries_taken += 1
        if failure is not None:
            self.retry = Retry(self._operation.id, self._retries_taken, delay, failure)
        self._started = time.perf_counter() + delay
        return delay

    def _status_error(self, response: Received) -> APIError | None:
        try:
            check_status(self.reply(response))
        except APIStatusError as error:
            return error
        return None

    def _overdue(self, error: TransportError, deadline: Deadline) -> APITimeoutError:
        import httpx2

        sent = self.request
        request = error.request or httpx2.Request(sent.method, sent.url, headers=sent.headers)
        message = f"The call took longer than {deadline.total:g} s in total"
        return APITimeoutError(message, request=request, retries_taken=self._retries_taken)


def _deadline(timeout: Timeout | None, started: float) -> Deadline | None:
    if timeout is None or timeout.total is None:
        return None
    return Deadline(timeout.total, started)


def _retries(options: RequestOptions, settings: Settings) -> Retries:
    default = settings.info.retries or DEFAULT_RETRIES
    if "retries" in options:
        return checked_retries(options["retries"]) or default
    return settings.retries or default


def _max_retries(options: RequestOptions, settings: Settings) -> int:
    if "max_retries" not in options:
        return settings.max_retries
    return checked_max_retries(options["max_retries"])


def _base_headers(call: Call, settings: Settings, streaming: bool) -> dict[str, str]:
    info = settings.info
    headers = {
        "user-agent": f"{info.package}/{info.version}",
        "accept": _accept(call.operation, streaming, info.accept),
    }
    merge_headers(headers, info.headers)
    key = call.options.get("idempotency_key")
    if info.idempotency_header is None:
        if key is not None:
            raise ConfigurationError(f"{info.title} takes no idempotency key")
    elif key is not None or call.operation.method in _WRITES:
        merge_headers(headers, {info.idempotency_header: key or os.urandom(16).hex()})
    return headers


def _accept(operation: Operation[Any, Any], streaming: bool, nothing: str) -> str:
    if streaming and operation.stream is not None:
        # JSON as well, since errors of a streaming call are JSON.
        return f"{operation.stream.accept}, application/json"
    if operation.accept is not None:
        return operation.accept
    for status, content in operation.responses.items():
        if status[0] in "2d" and isinstance(content, Json):
            return "application/json"
    return nothing
