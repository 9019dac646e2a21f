"""The bases of generated clients."""

from __future__ import annotations

import os

from .lazy import cached_property
from .omit import omit
from .operation import Binary, Empty, Json, Operation, RequestBody, Text
from .session import AsyncSession, SyncSession
from .settings import DEFAULT_MAX_RETRIES, changed, resolve
from .transport import AsyncTransport, SyncTransport

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType
    from typing import Any, Self, TypeVar, Unpack

    import httpx2

    from .arguments import AsyncClientOptions, ClientOptions
    from .info import SdkInfo
    from .omit import Omit
    from .operation import Content
    from .options import RequestOptions, Timeout
    from .settings import AsyncCredential, Credential

    ResultT = TypeVar("ResultT")
    ClientT = TypeVar("ClientT", bound="SyncClient | AsyncClient")

__all__ = ["AsyncClient", "SyncClient"]


class SyncClient:
    """What every client does, whatever its API.

    Args:
        info: The SDK.
        credentials: The credentials by security scheme; ``None``: from the environment.
        base_url: The server; ``None``: from the environment, or the SDK's own.
        timeout: Seconds for each phase of a request, a ``Timeout``, or ``None``: no limit. By
            default 600 seconds, 5 to connect, or what ``http_client`` was made with.
        max_retries: How often a failed request is sent again.
        default_headers: Headers laid over the SDK's own; ``omit`` removes one.
        default_query: Query parameters of every request.
        http_client: The HTTP client to use; it is closed with this one.
        strict: Whether a response that breaks the description raises
            ``APIResponseValidationError``.

    Raises:
        ConfigurationError: The server or a credential is missing.
    """

    def __init__(
        self,
        info: SdkInfo,
        *,
        credentials: Mapping[str, Credential | None],
        base_url: str | None = None,
        timeout: float | Timeout | Omit | None = omit,
        max_retries: int = DEFAULT_MAX_RETRIES,
        default_headers: Mapping[str, str | Omit] | None = None,
        default_query: Mapping[str, object] | None = None,
        http_client: httpx2.Client | None = None,
        strict: bool = False,
    ) -> None:
        settings = resolve(
            info,
            credentials,
            base_url,
            timeout,
            max_retries,
            default_headers,
            default_query,
            strict,
        )
        _configure_log(info)
        self._session = SyncSession(settings, SyncTransport(http_client))

    def with_options(self, **options: Unpack[ClientOptions]) -> Self:
        """A copy of this client with some options changed, over the same connections.

        ``default_headers`` and ``default_query`` are laid over those of this client.
        """
        client = _copy(self)
        client._session = self._session.with_settings(changed(self._session.settings, options))
        return client

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
        """Close all connections, also those of copies and of ``http_client``. Twice is fine."""
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


class AsyncClient:
    """As ``SyncClient``, for one event loop; a callable credential may be async."""

    def __init__(
        self,
        info: SdkInfo,
        *,
        credentials: Mapping[str, AsyncCredential | None],
        base_url: str | None = None,
        timeout: float | Timeout | Omit | None = omit,
        max_retries: int = DEFAULT_MAX_RETRIES,
        default_headers: Mapping[str, str | Omit] | None = None,
        default_query: Mapping[str, object] | None = None,
        http_client: httpx2.AsyncClient | None = None,
        strict: bool = False,
    ) -> None:
        settings = resolve(
            info,
            credentials,
            base_url,
            timeout,
            max_retries,
            default_headers,
            default_query,
            strict,
        )
        _configure_log(info)
        self._session = AsyncSession(settings, AsyncTransport(http_client))

    def with_options(self, **options: Unpack[AsyncClientOptions]) -> Self:
        """A copy of this client with some options changed, over the same connections.

        ``default_headers`` and ``default_query`` are laid over those of this client.
        """
        client = _copy(self)
        client._session = self._session.with_settings(changed(self._session.settings, options))
        return client

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
        """Close all connections, also those of copies and of ``http_client``. Twice is fine."""
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


def _copy(client: ClientT) -> ClientT:
    """A copy without the resources, which belong to the session of the original."""
    import functools  # for what a mixin has cached

    cached = (cached_property, functools.cached_property)
    copy = object.__new__(type(client))
    for name, value in vars(client).items():
        if not isinstance(getattr(type(client), name, None), cached):
            setattr(copy, name, value)
    return copy


def _undescribed(method: str, path: str, cast_to: type[ResultT]) -> Operation[ResultT]:
    literal = path.replace("{", "%7B").replace("}", "%7D")
    return Operation(
        id=f"{method} {path}",
        method=method,
        path=f"/{literal.removeprefix('/')}",
        body=RequestBody("application/json"),
        responses={"2XX": _content(cast_to)},
    )


def _content(cast_to: Any) -> Content:
    from .binary import BinaryContent

    if cast_to is str:
        return Text()
    if cast_to is BinaryContent:
        return Binary()
    return Empty() if cast_to is type(None) else Json(lambda: cast_to)


def _configure_log(info: SdkInfo) -> None:
    level = os.environ.get(info.log_environment or "")
    if level:
        from .logs import configure

        configure(info.package, level)
