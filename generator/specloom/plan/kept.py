"""Files that the last build has made of the same: they are not planned again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from specloom.plan.views import PlannedFile
from specloom.writing.cache import Cache, content_hash

if TYPE_CHECKING:
    from specloom.plan.made_from import MadeFrom

_KIND = "files"


class Kept:
    """Says what of the last build's files would come out again; ``made_from`` tells of what."""

    def __init__(self, cache: Cache, made_from: MadeFrom) -> None:
        self._cache = cache
        self.made_from = made_from

    def file(
        self, path: str, template: str, made_from: str, context: Callable[[], Mapping[str, Any]]
    ) -> PlannedFile:
        """A file; its context is asked for only if the last build does not have it."""
        known = self._cache.known(_KIND, path) if made_from else None
        if known is not None and known["from"] == made_from:
            text, made = self._cache.written(path), known["made"]
            if text is not None and content_hash(text.encode()) == made:
                return PlannedFile(path, template, {}, made_from, text, made)
        return PlannedFile(path, template, context(), made_from)


def keep(cache: Cache, file: PlannedFile, text: str) -> None:
    """Have the next build know of what a file was made, and what it became."""
    if file.made_from:
        made = file.made or content_hash(text.encode())
        cache.keep(_KIND, file.path, {"from": file.made_from, "made": made})
