"""The bases of generated clients and resources."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar, Unpack

from ..api.content import Binary, Content, Empty, Json, Text
from ..api.info import SdkInfo
from ..checks import check_kind_of_middleware, checked_http_client
from ..connections.transport import AsyncTransport, SyncTransport
from ..credentials import Hidden, Parts
from ..lazy_httpx2 import httpx2
from ..options import RequestOptions, omit
from ..settings import (
    AsyncClientOptions,
    AsyncCredential,
    ClientArguments,
    ClientOptions,
    Credential,
    api_key_of,
    changed_settings,
    make_settings,
    set_api_key,
)
from .configured import Configured
from .session import AsyncSession, SyncSession

if TYPE_CHECKING:  # the first resource loads it
    from ..api.operation import Operation

__all__ = ["AsyncClient", "AsyncResource", "SyncClient", "SyncResource"]

ResultT = TypeVar("ResultT")
ClientT = TypeVar("ClientT", bound="SyncClient | AsyncClient")


class SyncClient(Configured):
    """The part of a client that is the same for every API.

    Args:
        info: The SDK.
        credentials: The credentials by security scheme. ``None`` takes one from the environment.
        http_client: The HTTP client to use. It is closed with this one.
        **arguments: See ``ClientArguments``.

    Raises:
        ConfigurationError: The server or a credential is missing, or an argument cannot be used.
    """

    def __init__(
        self,
        info: SdkInfo,
        *,
        credentials: Mapping[str, Credential | Parts | None],
        http_client: httpx2.Client | None = None,
        **arguments: Unpack[ClientArguments],
    ) -> None:
        credentials = Hidden(credentials)
        settings = make_settings(info, credentials, **arguments)
        check_kind_of_middleware(settings.middleware, is_async=False)
        if http_client is None and settings.timeout is omit and info.timeout is not None:
            settings.timeout = info.timeout
        _configure_log(info)
        checked = checked_http_client(http_client, "Client")
        self._session: SyncSession = SyncSession(settings, SyncTransport(checked))

    @property
    def api_key(self) -> Credential | None:
        """The key, or the function that returns it; otherwise ``None``."""
        key: Credential | None = api_key_of(self._session.settings)  # type: ignore[assignment]
        return key

    @api_key.setter
    def api_key(self, value: Credential) -> None:
        set_api_key(self._session.settings, value)

    def with_options(self, **options: Unpack[ClientOptions]) -> Self:
        """A copy of this client with some options changed, over the same connections.

        New ``default_headers`` and ``default_query`` go over those of this client. A new
        ``http_client`` has connections of its own.
        """
        return self._with_options(options)

    def _with_options(self, options: ClientOptions) -> Self:
        client = _copy(self)
        settings = changed_settings(self._session.settings, options)
        check_kind_of_middleware(settings.middleware, is_async=False)
        http_client = checked_http_client(options.get("http_client"), "Client")
        transport = SyncTransport(http_client) if http_client is not None else None
        client._session = self._session.with_settings(settings, transport)
        return client

    def copy(self, **options: Unpack[ClientOptions]) -> Self:
        """The same as ``with_options``."""
        return self._with_options(options)

    @property
    def is_closed(self) -> bool:
        """Whether the client is closed, and refuses calls."""
        return self._session.transport.is_closed

    def get(
        self, path: str, *, cast_to: type[ResultT], **options: Unpack[RequestOptions]
    ) -> ResultT:
        """Send a GET request to an endpoint without a method.

        Args:
            path: The path below the base URL.
            cast_to: The type of the result: a model, a list of them, ``str`` for text,
                ``BinaryContent`` for bytes, ``type(None)`` for nothing.
            **options: See ``RequestOptions``.
        """
        operation = _undescribed("GET", path, cast_to)
        return self._session.call(operation, options=options)

    def post(
        self,
        path: str,
        *,
        cast_to: type[ResultT],
        body: object = omit,
        **options: Unpack[RequestOptions],
    ) -> ResultT:
        """Send a POST request to an endpoint without a method.

        Args:
            path: The path below the base URL.
            cast_to: The type of the result: a model, a list of them, ``str`` for text,
                ``BinaryContent`` for bytes, ``type(None)`` for nothing.
            body: The JSON body.
            **options: See ``RequestOptions``.
        """
        operation = _undescribed("POST", path, cast_to)
        return self._session.call(operation, body=body, options=options)

    def put(
        self,
        path: str,
        *,
        cast_to: type[ResultT],
        body: object = omit,
        **options: Unpack[RequestOptions],
    ) -> ResultT:
        """Send a PUT request to an endpoint without a method; see ``post``."""
        operation = _undescribed("PUT", path, cast_to)
        return self._session.call(operation, body=body, options=options)

    def patch(
        self,
        path: str,
        *,
        cast_to: type[ResultT],
        body: object = omit,
        **options: Unpack[RequestOptions],
    ) -> ResultT:
        """Send a PATCH request to an endpoint without a method; see ``post``."""
        operation = _undescribed("PATCH", path, cast_to)
        return self._session.call(operation, body=body, options=options)

    def delete(
        self,
        path: str,
        *,
        cast_to: type[ResultT],
        body: object = omit,
        **options: Unpack[RequestOptions],
    ) -> ResultT:
        """Send a DELETE request to an endpoint without a method; see ``post``."""
        operation = _undescribed("DELETE", path, cast_to)
        return self._session.call(operation, body=body, options=options)

    def close(self) -> None:
        """Close all connections, those of copies and of ``http_client`` too. Twice is fine."""
        self._session.transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


class AsyncClient(Configured):
    """As ``SyncClient``, for one event loop. A callable credential may be async."""

    def __init__(
        self,
        info: SdkInfo,
        *,
        credentials: Mapping[str, AsyncCredential | Parts | None],
        http_client: httpx2.AsyncClient | None = None,
        **arguments: Unpack[ClientArguments],
    ) -> None:
        credentials = Hidden(credentials)
        settings = make_settings(info, credentials, **arguments)
        check_kind_of_middleware(settings.middleware, is_async=True)
        if http_client is None and settings.timeout is omit and info.timeout is not None:
            settings.timeout = info.timeout
        _configure_log(info)
        checked = checked_http_client(http_client, "AsyncClient")
        self._session: AsyncSession = AsyncSession(settings, AsyncTransport(checked))

    @property
    def api_key(self) -> AsyncCredential | None:
        """The key, or the function that returns it; otherwise ``None``."""
        return api_key_of(self._session.settings)

    @api_key.setter
    def api_key(self, value: AsyncCredential) -> None:
        set_api_key(self._session.settings, value)

    def with_options(self, **options: Unpack[AsyncClientOptions]) -> Self:
        """A copy of this client with some options changed, over the same connections.

        New ``default_headers`` and ``default_query`` go over those of this client. A new
        ``http_client`` has connections of its own.
        """
        return self._with_options(options)

    def _with_options(self, options: AsyncClientOptions) -> Self:
        client = _copy(self)
        settings = changed_settings(self._session.settings, options)
        check_kind_of_middleware(settings.middleware, is_async=True)
        http_client = checked_http_client(options.get("http_client"), "AsyncClient")
        transport = AsyncTransport(http_client) if http_client is not None else None
        client._session = self._session.with_settings(settings, transport)
        return client

    def copy(self, **options: Unpack[AsyncClientOptions]) -> Self:
        """The same as ``with_options``."""
        return self._with_options(options)

    @property
    def is_closed(self) -> bool:
        """Whether the client is closed, and refuses calls."""
        return self._session.transport.is_closed

    async def get(
        self, path: str, *, cast_to: type[ResultT], **options: Unpack[RequestOptions]
    ) -> ResultT:
        """Send a GET request to an endpoint without a method; see ``SyncClient.get``."""
        operation = _undescribed("GET", path, cast_to)
        return await self._session.call(operation, options=options)

    async def post(
        self,
        path: str,
        *,
        cast_to: type[ResultT],
        body: object = omit,
        **options: Unpack[RequestOptions],
    ) -> ResultT:
        """Send a POST request to an endpoint without a method; see ``SyncClient.post``."""
        operation = _undescribed("POST", path, cast_to)
        return await self._session.call(operation, body=body, options=options)

    async def put(
        self,
        path: str,
        *,
        cast_to: type[ResultT],
        body: object = omit,
        **options: Unpack[RequestOptions],
    ) -> ResultT:
        """Send a PUT request to an endpoint without a method; see ``post``."""
        operation = _undescribed("PUT", path, cast_to)
        return await self._session.call(operation, body=body, options=options)

    async def patch(
        self,
        path: str,
        *,
        cast_to: type[ResultT],
        body: object = omit,
        **options: Unpack[RequestOptions],
    ) -> ResultT:
        """Send a PATCH request to an endpoint without a method; see ``post``."""
        operation = _undescribed("PATCH", path, cast_to)
        return await self._session.call(operation, body=body, options=options)

    async def delete(
        self,
        path: str,
        *,
        cast_to: type[ResultT],
        body: object = omit,
        **options: Unpack[RequestOptions],
    ) -> ResultT:
        """Send a DELETE request to an endpoint without a method; see ``post``."""
        operation = _undescribed("DELETE", path, cast_to)
        return await self._session.call(operation, body=body, options=options)

    async def close(self) -> None:
        """Close all connections, those of copies and of ``http_client`` too. Twice is fine."""
        await self._session.transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()


class SyncResource:
    """A group of methods of a client."""

    def __init__(self, session: SyncSession) -> None:
        self._session = session


class AsyncResource:
    """A group of methods of an async client."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session


def _copy(client: ClientT) -> ClientT:
    """A copy without the cached resources, which belong to the session of the original."""
    copy = object.__new__(type(client))
    for name, value in vars(client).items():
        if not isinstance(getattr(type(client), name, None), cached_property):
            setattr(copy, name, value)
    return copy


def _undescribed(method: str, path: str, cast_to: type[ResultT]) -> Operation[ResultT]:
    from ..api.operation import Operation, RequestBody  # not loaded with the client

    literal = path.replace("{", "%7B").replace("}", "%7D")
    return Operation(
        id=f"{method} {path}",
        method=method,
        path=f"/{literal.removeprefix('/')}",
        body=RequestBody("application/json"),
        responses={"2XX": _content(cast_to)},
    )


def _content(cast_to: Any) -> Content:
    from ..response.reading import BinaryContent  # not loaded with the client

    if cast_to is str:
        return Text()
    if cast_to is BinaryContent:
        return Binary()
    return Empty() if cast_to is type(None) else Json(lambda: cast_to)


def _configure_log(info: SdkInfo) -> None:
    level = os.environ.get(info.log_environment or "")
    if level:
        from ..logs import configure

        configure(info.package, level)
