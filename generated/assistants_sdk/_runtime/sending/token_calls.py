"""Fetches access tokens for calls. The first call that needs one loads this module."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from ..api.content import Json, Redirect
from ..api.info import SdkInfo
from ..api.operation import Operation, RequestBody
from ..checks import checked_timeout, refuse_awaitable
from ..credentials import TokenSource
from ..errors import APIError, APITimeoutError, ConfigurationError
from ..options import Omit, RequestOptions, Timeout
from ..request.call import Call
from ..response.reply import Reply
from ..settings import Settings
from ..tokens import EndpointTokens, RefreshToken, Token, TokenProvider, Tokens

__all__ = ["TokenCalls", "checked_sources"]

_TIMEOUT: Final = Timeout(30.0, connect=5.0)
_WAIT: Final = 60.0  # seconds
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
        started: When the call began, in seconds of ``time.monotonic``: its ``total`` is for its
            tokens as well.
    """

    def __init__(
        self,
        settings: Settings,
        options: RequestOptions,
        sources: Mapping[str, Tokens],
        started: float,
    ) -> None:
        self._settings = settings
        self._sources = sources
        timeout = checked_timeout(options.get("timeout", settings.timeout))
        self._timeout = _TIMEOUT if isinstance(timeout, Omit) else timeout
        self._started = started

    def _left(self) -> float:
        """The seconds to wait for another call that fetches a token."""
        total = self._timeout.total
        return _WAIT if total is None else max(self._started + total - time.monotonic(), 0.0)

    @property
    def settings(self) -> Settings:
        """The settings for calls of a token endpoint."""
        info = self._settings.info
        return self._settings.changed(
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
        _refuse_circle(source)
        fetches, lock = source.fetches, source.lock()
        if not lock.acquire(timeout=self._left()):
            raise self._late()
        try:
            known = source.outcome(fetches)
            if known is not None:
                return known
            with _fetching(source):
                token = self._fetch(name, source, perform)
            text = source.keep(token)
            if isinstance(source, RefreshToken):
                refuse_awaitable("on_token", source.tell(token))
            return text
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
            self._refuse_late(error)
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
        _refuse_circle(source)
        fetches, lock = source.fetches, source.lock()
        end = time.monotonic() + self._left()
        while not lock.acquire(blocking=False):
            if time.monotonic() > end:
                raise self._late()
            await sleep(_PATIENCE)
        try:
            known = source.outcome(fetches)
            if known is not None:
                return known
            with _fetching(source):
                token = await self._fetch_async(name, source, perform)
            text = source.keep(token)
            told = source.tell(token) if isinstance(source, RefreshToken) else None
            if isinstance(told, Awaitable):
                await told
            return text
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
            self._refuse_late(error)
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
        seconds = self._timeout.total or _WAIT
        return APITimeoutError(f"Another call took longer than {seconds:g} s to fetch a token")

    def _refuse_late(self, error: APIError) -> None:
        """The time of this call is over: that is no failure of the calls that wait for a token."""
        total = self._timeout.total
        if total is not None and isinstance(error, APITimeoutError) and not self._left():
            message = f"The call took longer than {total:g} s in total: it waited for a token"
            raise APITimeoutError(message, retries_taken=error.retries_taken) from None


class _Fetch:
    """A fetch of a token that is under way."""

    def __init__(self, source: Tokens) -> None:
        self.source: Tokens | None = source


# Those that the code which runs now is a part of: calls made by a function that fetches a token.
_fetches: ContextVar[tuple[_Fetch, ...]] = ContextVar("fetches", default=())


@contextmanager
def _fetching(source: Tokens) -> Generator[None, None, None]:
    fetch = _Fetch(source)
    mark = _fetches.set((*_fetches.get(), fetch))
    try:
        yield
    finally:
        fetch.source = None  # tasks that were begun meanwhile keep the context
        _fetches.reset(mark)


def _refuse_circle(source: Tokens) -> None:
    if any(fetch.source is source for fetch in _fetches.get()):
        raise ConfigurationError(
            "The function that fetches a token calls the client that waits for this token:"
            " let it use another client"
        )
