"""Sends requests through the caller's middleware. The first client that has some loads this."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from ..checks import refuse_awaitable
from ..connections.client_transport import response_from
from ..connections.received import Received, TransportError, connection_error
from ..errors import APIConnectionError, ConfigurationError
from ..middleware import AsyncSend, Attempt, Observer, Send
from ..request.build import Request
from .exchange import Exchange

if TYPE_CHECKING:
    import httpx2

__all__ = ["send_through", "send_through_async", "watched"]


class _Attempts:
    """The requests that one pass through the middleware sends."""

    def __init__(self, exchange: Exchange) -> None:
        request = exchange.request
        body = request.body if isinstance(request.body, bytes) else None
        self._request, self._body, self._retries = request, body, exchange.retries_taken
        self._failures: list[tuple[APIConnectionError, TransportError]] = []
        self.received: list[Received] = []
        self.is_sent = False
        self.attempt = Attempt(
            exchange.operation,
            exchange.count(),
            request.elsewhere,
            request.method,
            request.url,
            dict(request.headers),
            body,
        )

    def request(self, attempt: Attempt) -> Request:
        """The request as the middleware left it.

        Raises:
            ConfigurationError: It was sent before, and its body cannot be read again.
        """
        headers = {name.lower(): value for name, value in attempt.headers.items()}
        body = self._request.body
        if attempt.body is not self._body:
            body = attempt.body
            headers.pop("content-length", None)
        elif self.is_sent and not self._request.replayable:
            raise ConfigurationError("A middleware sent a body twice that cannot be sent again")
        self.is_sent = True
        changes: dict[str, Any] = {"method": attempt.method, "url": attempt.url, "headers": headers}
        return self._request._replace(body=body, **changes)

    def failed(self, error: TransportError) -> APIConnectionError:
        """A failure, as the middleware sees it."""
        failure = connection_error(error, self._retries)
        self._failures.append((failure, error))
        return failure

    def others(self, response: httpx2.Response) -> list[Received]:
        """The responses that came, without the one that the middleware returned."""
        return [each for each in self.received if each.whole() is not response]

    def original(self, failure: APIConnectionError) -> Exception:
        """The original error, before the middleware."""
        return next((error for each, error in self._failures if each is failure), failure)


def send_through(
    middleware: tuple[Any, ...],
    exchange: Exchange,
    send: Callable[[Request], Received],
) -> Received:
    """Send a request through middleware; the first one is the outermost.

    Raises:
        TransportError: No response came.
        ConfigurationError: A middleware returned no response.
    """
    attempts = _Attempts(exchange)

    def last(attempt: Attempt) -> httpx2.Response:
        try:
            received = send(attempts.request(attempt))
        except TransportError as error:
            raise attempts.failed(error) from error.cause
        attempts.received.append(received)
        return received.whole()

    def around(each: Any, inner: Send) -> Send:
        def outer(attempt: Attempt) -> httpx2.Response:
            if isinstance(each, Observer):
                with each.attempt(attempt) as note:
                    response = inner(attempt)
                    note(response)
                return response
            response = each(attempt, inner)
            refuse_awaitable("middleware", response)
            return _checked(response)

        return outer

    chain: Send = last
    for each in reversed(middleware):
        chain = around(each, chain)
    try:
        response = chain(attempts.attempt)
    except BaseException as error:
        for received in attempts.received:
            received.close()
        if isinstance(error, APIConnectionError):
            raise attempts.original(error) from error.__cause__
        raise
    for received in attempts.others(response):
        received.close()
    return response_from(response, exchange.request.method, exchange.request.url)


async def send_through_async(
    middleware: tuple[Any, ...],
    exchange: Exchange,
    send: Callable[[Request], Awaitable[Received]],
) -> Received:
    """As ``send_through``, for async middleware."""
    attempts = _Attempts(exchange)

    async def last(attempt: Attempt) -> httpx2.Response:
        if attempts.is_sent:
            await exchange.rewind_async()
        try:
            received = await send(attempts.request(attempt))
        except TransportError as error:
            raise attempts.failed(error) from error.cause
        attempts.received.append(received)
        return received.whole()

    def around(each: Any, inner: AsyncSend) -> AsyncSend:
        async def outer(attempt: Attempt) -> httpx2.Response:
            if isinstance(each, Observer):
                with each.attempt(attempt) as note:
                    response = await inner(attempt)
                    note(response)
                return response
            answer = each(attempt, inner)
            return _checked(await answer if isinstance(answer, Awaitable) else answer)

        return outer

    chain: AsyncSend = last
    for each in reversed(middleware):
        chain = around(each, chain)
    try:
        response = await chain(attempts.attempt)
    except BaseException as error:
        for received in attempts.received:
            await received.aclose()
        if isinstance(error, APIConnectionError):
            raise attempts.original(error) from error.__cause__
        raise
    for received in attempts.others(response):
        await received.aclose()
    return response_from(response, exchange.request.method, exchange.request.url)


def watched(middleware: tuple[Any, ...], operation: str) -> ExitStack:
    """The open context managers of the observers of a call."""
    with ExitStack() as stack:
        for each in middleware:
            if isinstance(each, Observer):
                stack.enter_context(each.call(operation))
        return stack.pop_all()


def _checked(response: Any) -> httpx2.Response:
    import httpx2

    if isinstance(response, httpx2.Response):
        return response
    kind = type(response).__name__
    raise ConfigurationError(f"Expected a middleware to return an httpx2.Response, not {kind}")
