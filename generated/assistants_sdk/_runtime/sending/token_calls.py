"""Fetches access tokens for calls. The first call that needs one loads this module."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from ..api.info import SdkInfo
from ..api.operation import Json, Operation, Redirect, RequestBody
from ..checks import checked_timeout, refuse_awaitable
from ..credentials import TokenSource
from ..errors import APIError, APITimeoutError, ConfigurationError
from ..options import Omit, RequestOptions, Timeout
from ..request.call import Call
from ..response.reply import Reply
from ..settings import Settings
from ..tokens import EndpointTokens, Token, TokenProvider, Tokens

__all__ = ["TokenCalls", "checked_sources"]

_TIMEOUT: Final = Timeout(30.0, connect=5.0)
_PATIENCE: Final = 0.01  # seconds between two looks of a task that waits for a token

_TOKEN: Final[Operation[Any, Any]] = Operation(
    id="token",
    method="POST",
    path="",
    body=RequestBody("application/x-www-form-urlencoded"),
    responses={"200": Json(dict), "3XX": Redirect()},  # a redirect would take the secret along
    security=(),
    is_secret=True,
)


def checked_sources(sources: Mapping[str, TokenSource]) -> dict[str, Tokens]:
    """The sources, which all are of a kind in ``tokens``.

    Raises:
        ConfigurationError: One is of a class that is not.
    """
    found = {name: each for name, each in sources.items() if isinstance(each, Tokens)}
    if len(found) == len(sources):
        return found
    raise ConfigurationError("Expected ClientCredentials, RefreshToken or TokenProvider")


class TokenCalls:
    """Gets the tokens of one call.

    Args:
        settings: The client's settings. Its headers and its query do not go to a token endpoint.
        options: The options of the call.
        sources: The sources of tokens, by security scheme.
    """

    def __init__(
        self, settings: Settings, options: RequestOptions, sources: Mapping[str, Tokens]
    ) -> None:
        self._settings = settings
        self._sources = sources
        timeout = checked_timeout(options.get("timeout", settings.timeout))
        self._timeout = _TIMEOUT if isinstance(timeout, Omit) else timeout
        self._wait = self._timeout.total or 60.0

    @property
    def settings(self) -> Settings:
        """The settings for calls of a token endpoint."""
        info = self._settings.info
        return replace(
            self._settings,
            info=SdkInfo(package=info.package, version=info.version, title=info.title),
            credentials={},
            timeout=self._timeout,
            default_headers={},
            default_query={},
        )

    def refuse(self, values: Mapping[str, object]) -> None:
        """The server answered 401 to these tokens."""
        for name, source in self._sources.items():
            source.refuse(values.get(name))

    def tokens(self, perform: Callable[[Call], Reply]) -> dict[str, str]:
        """The tokens by security scheme.

        Raises:
            TokenError: The token endpoint gave none.
            APITimeoutError: Another thread took too long to fetch one.
        """
        return {
            name: source.valid() or self._fetched(name, source, perform)
            for name, source in self._sources.items()
        }

    def _fetched(self, name: str, source: Tokens, perform: Callable[[Call], Reply]) -> str:
        fetches, lock = source.fetches, source.lock()
        if not lock.acquire(timeout=self._wait):
            raise self._late()
        try:
            return source.outcome(fetches) or source.keep(self._fetch(name, source, perform))
        finally:
            lock.release()

    def _fetch(self, name: str, source: Tokens, perform: Callable[[Call], Reply]) -> Token:
        if isinstance(source, TokenProvider):
            try:
                given = source.fetch()
            except Exception as error:
                source.fail(error)
                raise
            refuse_awaitable("fetch", given)
            return source.checked(given)
        assert isinstance(source, EndpointTokens)
        call = self._call(name, source)
        try:
            reply = perform(call)
        except APIError as error:
            failure = source.failure(error)
        else:
            return self._read(source, reply)
        source.fail(failure)
        raise failure  # not in the block above: its error holds the secret

    async def tokens_async(
        self,
        perform: Callable[[Call], Awaitable[Reply]],
        sleep: Callable[[float], Awaitable[object]],
    ) -> dict[str, str]:
        """As ``tokens``. Tasks wait for tasks of other event loops and for threads, too."""
        return {
            name: source.valid() or await self._fetched_async(name, source, perform, sleep)
            for name, source in self._sources.items()
        }

    async def _fetched_async(
        self,
        name: str,
        source: Tokens,
        perform: Callable[[Call], Awaitable[Reply]],
        sleep: Callable[[float], Awaitable[object]],
    ) -> str:
        fetches, lock = source.fetches, source.lock()
        end = time.monotonic() + self._wait
        while not lock.acquire(blocking=False):
            if time.monotonic() > end:
                raise self._late()
            await sleep(_PATIENCE)
        try:
            return source.outcome(fetches) or source.keep(
                await self._fetch_async(name, source, perform)
            )
        finally:
            lock.release()

    async def _fetch_async(
        self, name: str, source: Tokens, perform: Callable[[Call], Awaitable[Reply]]
    ) -> Token:
        if isinstance(source, TokenProvider):
            try:
                given = source.fetch()
                token = await given if isinstance(given, Awaitable) else given
            except Exception as error:
                source.fail(error)
                raise
            return source.checked(token)
        assert isinstance(source, EndpointTokens)
        call = self._call(name, source)
        try:
            reply = await perform(call)
        except APIError as error:
            failure = source.failure(error)
        else:
            return self._read(source, reply)
        source.fail(failure)
        raise failure

    def _call(self, name: str, source: EndpointTokens) -> Call:
        scheme = self._settings.info.security_schemes[name]
        asked = source.request(scheme, self._settings.base_url)
        return Call(
            _TOKEN, body=asked.form, options={"extra_headers": asked.headers}, url=asked.url
        )

    def _read(self, source: EndpointTokens, reply: Reply) -> Token:
        try:
            return source.read(reply.response.status_code, reply.response.content)
        except APIError as error:
            source.fail(error)
            raise

    def _late(self) -> APITimeoutError:
        return APITimeoutError(f"Another call took longer than {self._wait:g} s to fetch a token")
