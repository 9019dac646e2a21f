"""Waits for the network, and between attempts, until a call has its response.

Loaded with the first call, as all that takes time to load is behind it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .auth import asked, awaited
from .core import begin, needed_credentials
from .reading import check_status, read_value
from .received import TransportError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from .call import Call
    from .core import Exchange
    from .received import Received
    from .reply import Reply
    from .settings import Settings
    from .transport import AsyncTransport, SyncTransport

__all__ = ["AsyncAttempts", "Attempts"]


class Attempts:
    """Sends the requests of calls, as often as it takes.

    ``value`` makes of a reply what the method returns.
    """

    value = staticmethod(read_value)

    def __init__(
        self, settings: Settings, transport: SyncTransport, sleep: Callable[[float], object]
    ) -> None:
        self._settings = settings
        self._transport = transport
        self.sleep = sleep

    def perform(self, call: Call, *, is_stream: bool, read: bool) -> Reply:
        """Send a request until its response is final; an error status is raised."""
        credentials = asked(needed_credentials(call, self._settings))
        exchange = begin(call, self._settings, credentials, is_stream)
        while True:
            try:
                response = self._attempt(exchange, read)
            except TransportError as error:
                delay = exchange.delay_after_failure(error)
            else:
                wait = exchange.delay_after_response(response)
                if wait is None:
                    return check_status(exchange.reply(response))
                delay = wait
            self.sleep(delay)

    def _attempt(self, exchange: Exchange, read: bool) -> Received:
        """Send the request, also where it is redirected; no failure leaves a connection open."""
        while True:
            exchange.log.sending(exchange.request)
            response = self._transport.send(exchange.request, exchange.timeout)
            try:
                if not exchange.follow(response):
                    if read or not 200 <= response.status_code < 300:
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

    async def perform(self, call: Call, *, is_stream: bool, read: bool) -> Reply:
        """Send a request until its response is final; an error status is raised."""
        credentials = await awaited(needed_credentials(call, self._settings))
        exchange = begin(call, self._settings, credentials, is_stream)
        while True:
            try:
                response = await self._attempt(exchange, read)
            except TransportError as error:
                delay = exchange.delay_after_failure(error)
            else:
                wait = exchange.delay_after_response(response)
                if wait is None:
                    return check_status(exchange.reply(response))
                delay = wait
            await self.sleep(delay)

    async def _attempt(self, exchange: Exchange, read: bool) -> Received:
        """Send the request, also where it is redirected; no failure leaves a connection open."""
        while True:
            exchange.log.sending(exchange.request)
            response = await self._transport.send(exchange.request, exchange.timeout)
            try:
                if not exchange.follow(response):
                    if read or not 200 <= response.status_code < 300:
                        await response.aread()
                    return response
            except BaseException:
                await response.aclose()
                raise
            await response.aclose()

    async def sleep(self, seconds: float) -> None:
        """Wait before the next attempt, or the next look."""
        from asyncio import sleep  # which only async callers have loaded

        await (self._sleep or sleep)(seconds)
