"""Waits for the network, and between attempts, until a call has its final response.

The first call loads this module, and with it everything that takes time to load.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from ..connections.received import Received, TransportError
from ..connections.transport import AsyncTransport, SyncTransport
from ..request.auth import resolve_credentials, resolve_credentials_async
from ..request.call import Call
from ..response.reading import check_status, read_value
from ..response.reply import Reply
from ..settings import Settings
from .exchange import Exchange, begin, credentials_of

__all__ = ["AsyncAttempts", "Attempts"]


class Attempts:
    """Sends the requests of calls, as often as needed.

    ``value`` turns a reply into what the method returns.
    """

    value = staticmethod(read_value)

    def __init__(
        self, settings: Settings, transport: SyncTransport, sleep: Callable[[float], object]
    ) -> None:
        self._settings = settings
        self._transport = transport
        self.sleep = sleep

    def perform(self, call: Call, *, is_stream: bool | None, read: bool) -> Reply:
        """Send a request until its response is final. Raises an error status.

        Where ``is_stream`` is ``None``, the answer says whether it is one.
        """
        credentials = resolve_credentials(credentials_of(call, self._settings))
        exchange = begin(call, self._settings, credentials, is_stream is True)
        while True:
            try:
                response = self._attempt(exchange, read)
            except TransportError as error:
                delay = exchange.delay_after_failure(error, self._transport.is_closed)
            else:
                wait = exchange.delay_after_response(response)
                if wait is None:
                    return check_status(exchange.reply(response))
                delay = wait
            self.sleep(delay)

    def _attempt(self, exchange: Exchange, read: bool) -> Received:
        """Send the request and follow redirects. No failure leaves a connection open."""
        while True:
            exchange.log.sending(exchange.request)
            response = self._transport.send(exchange.request, exchange.timeout)
            try:
                if not exchange.follow(response):
                    if _is_read(exchange, response, read):
                        response.read()
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
        self._sleep = sleep

    async def perform(self, call: Call, *, is_stream: bool | None, read: bool) -> Reply:
        """Send a request until its response is final. Raises an error status."""
        credentials = await resolve_credentials_async(credentials_of(call, self._settings))
        exchange = begin(call, self._settings, credentials, is_stream is True)
        while True:
            try:
                response = await self._attempt(exchange, read)
            except TransportError as error:
                await exchange.rewind_async()
                delay = exchange.delay_after_failure(error, self._transport.is_closed)
            else:
                if not 200 <= response.status_code < 300:
                    await exchange.rewind_async()
                wait = exchange.delay_after_response(response)
                if wait is None:
                    return check_status(exchange.reply(response))
                delay = wait
            await self.sleep(delay)

    async def _attempt(self, exchange: Exchange, read: bool) -> Received:
        """Send the request and follow redirects. No failure leaves a connection open."""
        while True:
            exchange.log.sending(exchange.request)
            response = await self._transport.send(exchange.request, exchange.timeout)
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

    async def sleep(self, seconds: float) -> None:
        """Wait before the next attempt or the next poll."""
        from anyio import sleep  # of asyncio or trio; sync callers do not load it

        await (self._sleep or sleep)(seconds)


def _is_read(exchange: Exchange, response: Received, read: bool) -> bool:
    """Whether the body is read before anybody sees the response. That of an error always is."""
    if not 200 <= response.status_code < 300:
        return True
    return read and not exchange.is_streamed(response)
