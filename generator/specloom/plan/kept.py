"""Files that the last build has made of the same: they are not planned again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from specloom.plan.views import PlannedFile
from specloom.writing.cache import Cache, digest

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
        text = self._text(path, made_from) if made_from else None
        return PlannedFile(path, template, {} if text is not None else context(), made_from, text)

    def _text(self, path: str, made_from: str) -> str | None:
        """The file as it stands on disk, if it was made of this and is as it was made."""
        known = self._cache.known(_KIND, path)
        if known is None or known["from"] != made_from:
            return None
        written = self._cache.written(path)
        return written if written is not None and digest(written) == known["made"] else None


def keep(cache: Cache, file: PlannedFile, text: str) -> None:
    """Have the next build know of what a file was made, and what it became."""
    if file.made_from:
        cache.keep(_KIND, file.path, {"from": file.made_from, "made": digest(text)})
