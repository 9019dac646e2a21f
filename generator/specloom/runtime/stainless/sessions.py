"""Sessions that send bodies as before, and whose raw views return the responses of before."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..api.operation import RequestBody
from ..client.session import AsyncSession, SyncSession
from ..connections.transport import AsyncTransport, SyncTransport
from ..media_types import kind_of
from ..options import omit
from ..request.call import Call
from ..settings import Settings
from ..values import is_mapping

__all__ = ["FormerAsyncSession", "FormerSyncSession"]


def _as_before(call: Call, settings: Settings) -> Call:
    """A call whose body and headers are as SDKs of Stainless send them.

    Credentials go with operations that need none, too. All requests but GET name JSON as their
    type. A body whose members are all omitted is ``{}``.
    """
    operation = call.operation
    usual = settings.info.security
    if not any(usual if operation.security is None else operation.security):
        given = ((scheme,) for scheme in settings.credentials)
        operation = replace(operation, security=(*usual, *given, ()))
        call = replace(call, operation=operation)
    if operation.method == "GET":
        return call
    headers = {"Content-Type": "application/json", **operation.headers}
    body = operation.body
    is_empty = is_mapping(call.body) and all(one is omit for one in call.body.values())
    if isinstance(body, RequestBody) and is_empty and kind_of(body.media_type) == "json":
        body = replace(body, required=True)
    return replace(call, operation=replace(operation, headers=headers, body=body))


class FormerSyncSession(SyncSession):
    """A session of a sync client."""

    def _deliver(self, call: Call, *arguments: Any, **options: Any) -> Any:
        return super()._deliver(_as_before(call, self.settings), *arguments, **options)

    def _page(self, kind: Any, call: Call) -> Any:
        from .pages import with_info

        return super()._page(with_info(kind), call)

    def with_settings(
        self, settings: Settings, transport: SyncTransport | None = None
    ) -> SyncSession:
        """See ``SyncSession.with_settings``."""
        return FormerSyncSession(settings, transport or self.transport, self._sleep, self._view)

    def raw(self) -> SyncSession:
        """A session whose methods return an ``APIResponse`` of the value."""
        from .responses import APIResponse

        return FormerSyncSession(self.settings, self.transport, self._sleep, APIResponse)

    def streamed(self) -> SyncSession:
        """A session whose methods return a ``StreamedAPIResponse`` of the value."""
        from .responses import StreamedAPIResponse

        return FormerSyncSession(self.settings, self.transport, self._sleep, StreamedAPIResponse)


class FormerAsyncSession(AsyncSession):
    """A session of an async client."""

    async def _deliver(self, call: Call, *arguments: Any, **options: Any) -> Any:
        return await super()._deliver(_as_before(call, self.settings), *arguments, **options)

    async def _page(self, kind: Any, call: Call) -> Any:
        from .pages import with_info

        return await super()._page(with_info(kind), call)

    def with_settings(
        self, settings: Settings, transport: AsyncTransport | None = None
    ) -> AsyncSession:
        """See ``AsyncSession.with_settings``."""
        return FormerAsyncSession(settings, transport or self.transport, self._sleep, self._view)

    def raw(self) -> AsyncSession:
        """A session whose methods return an ``AsyncAPIResponse`` of the value."""
        from .responses import AsyncAPIResponse

        return FormerAsyncSession(self.settings, self.transport, self._sleep, AsyncAPIResponse)

    def streamed(self) -> AsyncSession:
        """A session whose methods return an ``AsyncStreamedAPIResponse`` of the value."""
        from .responses import AsyncStreamedAPIResponse

        view = AsyncStreamedAPIResponse
        return FormerAsyncSession(self.settings, self.transport, self._sleep, view)
