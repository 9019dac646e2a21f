"""The caller's functions around each request, which may change it and its response."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from typing_extensions import TypeAliasType

from .lazy_httpx2 import httpx2

__all__ = ["AsyncMiddleware", "Attempt", "Middleware", "Observer"]


@dataclass(slots=True)
class Attempt:
    """One request of a call. Changes count for this request alone.

    Attributes:
        operation: The id of the operation, ``token`` for a token endpoint.
        resend_count: How many requests of the same call were sent before, by retries or redirects.
        elsewhere: Whether a redirect led to another host, which must see no credential.
        method: The HTTP method.
        url: The URL.
        headers: The headers; names in lower case.
        body: The body; ``None`` if the request has no body, or streams it.
    """

    operation: str
    resend_count: int
    elsewhere: bool
    method: str
    url: str
    headers: dict[str, str] = field(repr=False)
    body: bytes | None = field(repr=False)


class Observer:
    """Watches calls and their attempts, in sync and in async clients. It must not wait.

    Both methods return a context manager, which is open meanwhile.
    """

    def call(self, operation: str) -> AbstractContextManager[object]:
        """Watch a call, which may have several attempts."""
        raise NotImplementedError

    def attempt(
        self, attempt: Attempt
    ) -> AbstractContextManager[Callable[[httpx2.Response], object]]:
        """Watch an attempt. What the context manager gives is called with the response."""
        raise NotImplementedError


# A string is not evaluated, so that httpx2 is loaded with the first request.
Send = TypeAliasType("Send", "Callable[[Attempt], httpx2.Response]")
AsyncSend = TypeAliasType("AsyncSend", "Callable[[Attempt], Awaitable[httpx2.Response]]")
Middleware = TypeAliasType("Middleware", "Callable[[Attempt, Send], httpx2.Response] | Observer")
AsyncMiddleware = TypeAliasType(
    "AsyncMiddleware", "Callable[[Attempt, AsyncSend], Awaitable[httpx2.Response]] | Observer"
)
