"""Shortcuts on the client and on books."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, cast

from .._runtime.client.base import AsyncResource, SyncResource

if TYPE_CHECKING:
    from ..client import AsyncLibrary, Library
    from ..resources.books import AsyncBooks, Books


class LibraryMixin:
    """What every librarian asks for."""

    @cached_property
    def greeting(self) -> str:
        """How the library greets."""
        words = json.loads(Path(__file__).with_name("words.json").read_text(encoding="utf-8"))
        return str(words["greeting"])

    def count(self) -> int:
        """How many books there are."""
        return len(cast("Library", self).books.list())


class AsyncLibraryMixin:
    """As ``LibraryMixin``."""

    async def count(self) -> int:
        """How many books there are."""
        return len(await cast("AsyncLibrary", self).books.list())


class BooksMixin(SyncResource):
    """Ways to find a book."""

    def titles(self, *, author: str, limit: int = 10) -> list[str]:
        """The titles by an author.

        Sorted.
        """
        books = cast("Books", self).list(author=author)
        return sorted(book.title for book in books)[:limit]


class AsyncBooksMixin(AsyncResource):
    """As ``BooksMixin``."""

    async def titles(self, *, author: str, limit: int = 10) -> list[str]:
        """The titles by an author."""
        books = await cast("AsyncBooks", self).list(author=author)
        return sorted(book.title for book in books)[:limit]
