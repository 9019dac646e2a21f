"""The errors that an SDK raises. Each is raised ``from`` its cause, if it has one.

    SDKError
    ├── ConfigurationError               no credential, no server, use after close
    └── APIError
        ├── APIConnectionError           no whole response came: network, TLS, cut off
        │   └── APITimeoutError
        ├── APIStatusError               the server answered with an error status
        │   ├── BadRequestError          400
        │   ├── AuthenticationError      401
        │   ├── PermissionDeniedError    403
        │   ├── NotFoundError            404
        │   ├── ConflictError            409
        │   ├── UnprocessableEntityError 422
        │   ├── RateLimitError           429
        │   └── InternalServerError      500 and above
        ├── TokenError                   no OAuth 2 access token could be fetched
        ├── APIResponseValidationError   a response that cannot be read as described
        └── PollTimeoutError             a poll did not reach an end state in time

An error event in a stream is a plain ``APIError``. An argument that can never be sent, such as an
empty path argument, is a ``ValueError``.
"""

from __future__ import annotations

import sys
import time
from typing import Any

from .delays import MAX_SERVER_DELAY, asked_delay
from .lazy_httpx2 import httpx2

__all__ = [
    "APIConnectionError",
    "APIError",
    "APIResponseValidationError",
    "APIStatusError",
    "APITimeoutError",
    "AuthenticationError",
    "BadRequestError",
    "ConfigurationError",
    "ConflictError",
    "InternalServerError",
    "NotFoundError",
    "PermissionDeniedError",
    "PollTimeoutError",
    "RateLimitError",
    "SDKError",
    "TokenError",
    "UnprocessableEntityError",
    "status_error",
]


class SDKError(Exception):
    """The base of all errors."""


class ConfigurationError(SDKError):
    """The client is set up or used in a way that cannot work."""


class APIError(SDKError):
    """A call failed.

    Attributes:
        message: The error message, from the server if it sent one; else the usual one of the class.
        request: The last request that was sent.
        response: The response, if one came.
        status_code: Its HTTP status.
        body: Its body as plain JSON values, or as text if it is not JSON; ``None`` if it is empty.
            Only the error object in it, if the SDK knows its place.
        parsed: Its body as its described type; ``None`` if it does not have that type.
        code: The server's code for the error.
        param: The input that the server found wrong.
        type: The server's kind of error.
        request_id: The server's id of the request, to tell its support.
        retries_taken: How often the request was sent again before this was raised.
    """

    _usual_message = ""

    def __init__(
        self,
        message: str | None = None,
        request: httpx2.Request | None = None,
        *,
        response: httpx2.Response | None = None,
        body: object = None,
        parsed: object = None,
        code: str | None = None,
        param: str | None = None,
        type: str | None = None,
        request_id: str | None = None,
        retries_taken: int = 0,
    ) -> None:
        message = self._usual_message if message is None else message
        super().__init__(message)
        self.message = message
        self.request = request or getattr(response, "_request", None)
        self._response = response
        self.body = body
        self.parsed = parsed
        self.code = code
        self.param = param
        self.type = type
        self.request_id = request_id
        self.retries_taken = retries_taken

    def __reduce__(self) -> tuple[Any, ...]:
        """A pickle holds no header or query of the request, which may contain a credential."""
        state = {**vars(self), "request": _without_secrets(self.request)}
        if self._response is not None:
            state["_response"] = _copy_of(self._response, state["request"])
        return _restored, (type(self), self.message, state)

    @property
    def response(self) -> httpx2.Response | None:
        """The response, if one came."""
        return self._response

    @property
    def status_code(self) -> int | None:
        """The HTTP status of the response, if one came."""
        return None if self._response is None else self._response.status_code


class APIConnectionError(APIError):
    """No whole response came."""

    _usual_message = "Connection error."


class APITimeoutError(APIConnectionError):
    """The server took longer than the timeout. The request may be the only argument."""

    _usual_message = "Request timed out."

    def __init__(
        self,
        message: str | httpx2.Request | None = None,
        request: httpx2.Request | None = None,
        **details: Any,
    ) -> None:
        if not (message is None or isinstance(message, str)):
            message, request = None, message
        super().__init__(message, request, **details)


class APIResponseValidationError(APIError):
    """A response cannot be read as described."""

    _usual_message = "Data returned by API invalid for expected schema."


class TokenError(APIError):
    """No OAuth 2 access token could be fetched. It never holds a secret."""


class PollTimeoutError(APIError):
    """A poll did not reach an end state in time. ``parsed`` is the last result."""


class APIStatusError(APIError):
    """The server answered with an error status."""

    @property
    def response(self) -> httpx2.Response:
        """The response. Its body was read."""
        assert self._response is not None
        return self._response

    @property
    def status_code(self) -> int:
        """The HTTP status of the response."""
        return self.response.status_code

    @property
    def retry_after(self) -> float | None:
        """Seconds that the server asked to wait, counted from now; ``None`` if it did not ask."""
        return asked_delay(self.response.headers, time.time())

    def __str__(self) -> str:
        notes = [f"request id {self.request_id}"] if self.request_id else []
        wait = self.retry_after
        if wait is not None and wait > MAX_SERVER_DELAY:
            notes.append(f"the server asks to wait {wait:.0f} s")
        suffix = f" ({', '.join(notes)})" if notes else ""
        return f"{self.status_code}: {self.message}{suffix}"


class BadRequestError(APIStatusError):
    """400: the request is wrong."""


class AuthenticationError(APIStatusError):
    """401: the credential is missing or not accepted."""


class PermissionDeniedError(APIStatusError):
    """403: the credential does not allow this."""


class NotFoundError(APIStatusError):
    """404: the resource does not exist."""


class ConflictError(APIStatusError):
    """409: the state of the resource does not allow this."""


class UnprocessableEntityError(APIStatusError):
    """422: the request is well formed, but its content is wrong."""


class RateLimitError(APIStatusError):
    """429: too many requests, or a quota is used up."""


class InternalServerError(APIStatusError):
    """500 and above: the server failed."""


def _restored(kind: type[APIError], message: str, state: dict[str, Any]) -> APIError:
    error = kind(message)
    vars(error).update(state)
    return error


def _without_secrets(request: httpx2.Request | None) -> httpx2.Request | None:
    if request is None:
        return None
    from .logs import shown_url

    return httpx2.Request(request.method, shown_url(str(request.url)))


def _copy_of(response: httpx2.Response, request: httpx2.Request | None) -> httpx2.Response:
    dropped = {"set-cookie", "content-encoding", "transfer-encoding", "content-length"}
    fields = [pair for pair in response.headers.multi_items() if pair[0].lower() not in dropped]
    body = response.content if response.is_stream_consumed else b""
    return httpx2.Response(response.status_code, headers=fields, content=body, request=request)


_BY_STATUS: dict[int, type[APIStatusError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    422: UnprocessableEntityError,
    429: RateLimitError,
}


def status_error(status_code: int) -> type[APIStatusError]:
    """The class of error for a status."""
    if status_code >= 500:
        return InternalServerError
    return _BY_STATUS.get(status_code, APIStatusError)


def _show_public_module() -> None:
    """Let tracebacks and pickles name the errors as the package exports them."""
    package = __name__.rpartition("._runtime")[0]
    for name in getattr(sys.modules.get(package), "__all__", ()):
        if name in __all__:
            globals()[name].__module__ = package


_show_public_module()
