"""Sessions whose raw views return the responses of before."""

from __future__ import annotations

from ..client.session import AsyncSession, SyncSession
from ..connections.transport import AsyncTransport, SyncTransport
from ..settings import Settings

__all__ = ["FormerAsyncSession", "FormerSyncSession"]


class FormerSyncSession(SyncSession):
    """A session of a sync client."""

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
