"""Waits for the network, and between attempts, until a call has its final response.

The first call loads this module, and with it everything that takes time to load.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, TypeVar

from ..checks import refuse_awaitable
from ..connections.received import Received, TransportError
from ..connections.transport import AsyncTransport, SyncTransport, running_loop
from ..credentials import TokenSource
from ..request.auth import resolve_credentials, resolve_credentials_async
from ..request.build import Request
from ..request.call import Call
from ..response.reading import check_status, read_value
from ..response.reply import Reply
from ..settings import Settings
from .exchange import Exchange, begin, credentials_of

if TYPE_CHECKING:
    from .token_calls import TokenCalls

__all__ = ["AsyncAttempts", "Attempts"]

ResultT = TypeVar("ResultT")


class Attempts:
    """Sends the requests of calls, as often as needed.

    ``value`` turns a reply into what the method returns.
    """

    value = staticmethod(read_value)

    def __init__(
        self,
        settings: Settings,
        transport: SyncTransport,
        sleep: Callable[[float], object] | None = None,
    ) -> None:
        self._settings = settings
        self._transport = transport
        self.sleep = sleep or transport.wait

    def perform(
        self, call: Call, *, is_stream: bool | None, read: bool, started: float | None = None
    ) -> Reply:
        """Send a request until its response is final. Raises an error status.

        Where ``is_stream`` is ``None``, the answer says whether it is one. ``started`` is when the
        call began that this one is a part of.
        """
        began = time.monotonic() if started is None else started
        if not self._settings.middleware:
            return self._perform(call, is_stream, read, began)
        from .middleware_calls import watched  # only such clients load it

        with watched(self._settings.middleware, call.operation.id):
            return self._perform(call, is_stream, read, began)

    def _perform(self, call: Call, is_stream: bool | None, read: bool, started: float) -> Reply:
        credentials = resolve_credentials(credentials_of(call, self._settings))
        tokens = _token_calls(call, self._settings, credentials, started)
        if tokens is not None:
            credentials |= tokens.tokens(self._ask(tokens, started))
        exchange = begin(call, self._settings, credentials, is_stream is True, started)
        while True:
            try:
                response = self._attempt(exchange, read)
            except TransportError as error:
                delay = exchange.delay_after_failure(error, self._transport.is_closed)
            else:
                if tokens is not None and exchange.is_refused(response):
                    tokens.refuse(credentials)
                    credentials |= tokens.tokens(self._ask(tokens, started))
                    exchange.authorize(credentials)
                    continue
                wait = exchange.delay_after_response(response)
                if wait is None:
                    return check_status(exchange.reply(response))
                delay = wait
            if exchange.on_retry is not None and exchange.retry is not None:
                refuse_awaitable("on_retry", exchange.on_retry(exchange.retry))
            self.sleep(delay)

    def _ask(self, tokens: TokenCalls, started: float) -> Callable[[Call], Reply]:
        """The sender of requests to a token endpoint."""
        attempts = Attempts(tokens.settings, self._transport, self.sleep)
        return lambda call: attempts.perform(call, is_stream=False, read=True, started=started)

    def _send(self, exchange: Exchange) -> Received:
        middleware = self._settings.middleware
        if not middleware:
            return self._transport.send(exchange.request, exchange.next_timeout())
        from .middleware_calls import send_through

        def send(request: Request) -> Received:
            return self._transport.send(request, exchange.next_timeout())

        return send_through(middleware, exchange, send)

    def _attempt(self, exchange: Exchange, read: bool) -> Received:
        """Send the request and follow redirects. No failure leaves a connection open."""
        while True:
            exchange.log.sending(exchange.request)
            response = self._send(exchange)
            try:
                if not exchange.follow(response):
                    if _is_read(exchange, response, read):
                        response.read()
                    elif exchange.deadline is not None:
                        exchange.deadline.lift()
                    return response
            except BaseException:
                response.close()
                raise
            response.close()


class AsyncAttempts:
    """As ``Attempts``, for one event loop."""

    value = staticmethod(read_value)

    def __init__(
        self,
        settings: Settings,
        transport: AsyncTransport,
        sleep: Callable[[float], Awaitable[object]] | None,
    ) -> None:
        self._settings = settings
        self._transport = transport
        self.sleep = sleep or transport.wait

    async def perform(
        self, call: Call, *, is_stream: bool | None, read: bool, started: float | None = None
    ) -> Reply:
        """Send a request until its response is final. Raises an error status."""
        began = time.monotonic() if started is None else started
        if not self._settings.middleware:
            return await self._perform(call, is_stream, read, began)
        from .middleware_calls import watched

        with watched(self._settings.middleware, call.operation.id):
            return await self._perform(call, is_stream, read, began)

    async def _perform(
        self, call: Call, is_stream: bool | None, read: bool, started: float
    ) -> Reply:
        credentials = await resolve_credentials_async(credentials_of(call, self._settings))
        tokens = _token_calls(call, self._settings, credentials, started)
        if tokens is not None:
            credentials |= await tokens.tokens_async(self._ask(tokens, started), self.sleep)
        exchange = begin(call, self._settings, credentials, is_stream is True, started)
        while True:
            try:
                response = await self._in_time(exchange, read)
            except TransportError as error:
                await exchange.rewind_async()
                delay = exchange.delay_after_failure(error, self._transport.is_closed)
            else:
                if not 200 <= response.status_code < 300:
                    await exchange.rewind_async()
                if tokens is not None and exchange.is_refused(response):
                    tokens.refuse(credentials)
                    credentials |= await tokens.tokens_async(self._ask(tokens, started), self.sleep)
                    exchange.authorize(credentials)
                    continue
                wait = exchange.delay_after_response(response)
                if wait is None:
                    return check_status(exchange.reply(response))
                delay = wait
            if exchange.on_retry is not None and exchange.retry is not None:
                told = exchange.on_retry(exchange.retry)
                if isinstance(told, Awaitable):
                    await told
            await self.sleep(delay)

    def _ask(self, tokens: TokenCalls, started: float) -> Callable[[Call], Awaitable[Reply]]:
        """What sends the calls of a token endpoint."""
        attempts = AsyncAttempts(tokens.settings, self._transport, self.sleep)
        return lambda call: attempts.perform(call, is_stream=False, read=True, started=started)

    async def _in_time(self, exchange: Exchange, read: bool) -> Received:
        """As ``_attempt``, which is cancelled at the deadline."""
        if exchange.deadline is None:
            return await self._attempt(exchange, read)
        exchange.next_timeout()  # raises if it has passed
        return await _within(exchange.deadline.left(), lambda: self._attempt(exchange, read))

    async def _send(self, exchange: Exchange) -> Received:
        middleware = self._settings.middleware
        if not middleware:
            return await self._transport.send(exchange.request, exchange.timeout)
        from .middleware_calls import send_through_async

        async def send(request: Request) -> Received:
            return await self._transport.send(request, exchange.timeout)

        return await send_through_async(middleware, exchange, send)

    async def _attempt(self, exchange: Exchange, read: bool) -> Received:
        """Send the request and follow redirects. No failure leaves a connection open."""
        while True:
            exchange.log.sending(exchange.request)
            response = await self._send(exchange)
            try:
                if 300 <= response.status_code < 400:
                    await exchange.rewind_async()
                if not exchange.follow(response):
                    if _is_read(exchange, response, read):
                        await response.aread()
                    return response
            except BaseException:
                await response.aclose()
                raise
            await response.aclose()


async def _within(seconds: float, send: Callable[[], Awaitable[ResultT]]) -> ResultT:
    """Wait for a result, in asyncio or else trio.

    Raises:
        TransportError: There was none in time.
    """
    if running_loop() is None:
        with sys.modules["trio"].move_on_after(seconds) as trio_scope:
            result = await send()
        if not trio_scope.cancelled_caught:
            return result
        raise TransportError(TimeoutError("the time was over"), is_timeout=True)
    from asyncio import timeout  # sync callers do not load it

    scope = timeout(seconds)
    try:
        async with scope:
            return await send()
    except TimeoutError as error:
        if not scope.expired():
            raise
        raise TransportError(error, is_timeout=True) from error


def _token_calls(
    call: Call, settings: Settings, credentials: Mapping[str, object], started: float
) -> TokenCalls | None:
    """The token fetcher of a call, if a credential is a source of tokens."""
    sources = {name: each for name, each in credentials.items() if isinstance(each, TokenSource)}
    if not sources:
        return None
    from .token_calls import TokenCalls, checked_sources  # only such clients load it

    return TokenCalls(settings, call.options, checked_sources(sources), started)


def _is_read(exchange: Exchange, response: Received, read: bool) -> bool:
    """Whether the body is read before anybody sees the response. That of an error always is."""
    if not 200 <= response.status_code < 300:
        return True
    return read and not exchange.is_streamed(response)
