"""Pages with the old ``next_page_info``."""

from __future__ import annotations

from functools import cache
from typing import Any

from ..pagination.next_page import next_call
from ..pagination.pages import AsyncPage, SyncPage

__all__ = ["PageInfo", "with_info"]


class PageInfo:
    """The request for the next page: its URL, or the changed parameters."""

    def __init__(self, *, url: str | None = None, params: dict[str, Any] | None = None) -> None:
        self.url, self.params = url, params or {}

    def __repr__(self) -> str:
        found = f"url={self.url}" if self.url else f"params={self.params}"
        return f"PageInfo({found})"


class _WithInfo:
    _content: Any

    def next_page_info(self) -> PageInfo | None:
        """The request for the next page; ``None`` if there is no such page."""
        following = next_call(self._content)
        if following is None:
            return None
        before = self._content.call.query
        changed = {k: v for k, v in following.query.items() if before.get(k) != v}
        return PageInfo(url=following.url, params=None if following.url else changed)

    def __reduce__(self) -> Any:
        reduced: Any = super().__reduce__()
        made, arguments = reduced
        return made, (type(self).__mro__[2], *arguments[1:])


@cache
def with_info(kind: type[SyncPage[Any]] | type[AsyncPage[Any]]) -> Any:
    """A class of pages with ``next_page_info``."""
    if issubclass(kind, _WithInfo):
        return kind
    return type(kind.__name__, (_WithInfo, kind), {"__module__": kind.__module__})
