"""The bases of generated resources: they hold the session and nothing else."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .session import AsyncSession, SyncSession

__all__ = ["AsyncResource", "SyncResource"]


class SyncResource:
    """A group of methods of a client."""

    def __init__(self, session: SyncSession) -> None:
        self._session = session


class AsyncResource:
    """A group of methods of an async client."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
