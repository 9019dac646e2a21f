"""Request bodies by media type. Files are streamed from where they are, not read into memory."""

from __future__ import annotations

import os
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator, Mapping
from io import SEEK_END
from mimetypes import guess_type
from pathlib import Path
from typing import IO, Any, NamedTuple, TypeAlias, cast
from urllib.parse import quote_plus

from .operation import Encoding, RequestBody, Style
from .shapes import is_array, is_mapping
from .styles import text_of, write_query

__all__ = ["FileContent", "FileInput", "StreamedBody", "encode"]

FileContent: TypeAlias = bytes | str | os.PathLike[str] | IO[bytes]
"""The bytes of a file: themselves, text, the path of a file, or a file open for reading bytes."""

FileInput: TypeAlias = FileContent | tuple[str | None, FileContent] | tuple[
    str | None, FileContent, str | None
]
"""A file to upload: its content, or a tuple of its name, its content and its media type."""

_CHUNK = 65_536
_DEFAULT_TYPE = "application/octet-stream"


class Source(NamedTuple):
    """Bytes to come. ``length`` is ``None`` where it is not known; ``open`` gives them from the start."""

    open: Callable[[], Iterable[bytes]]
    length: int | None
    replayable: bool = True


class StreamedBody:
    """A body that is made while it is sent."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self._sources = tuple(sources)
        self.replayable = all(source.replayable for source in self._sources)

    @property
    def length(self) -> int | None:
        """How many bytes it has, if that is known."""
        lengths = [source.length for source in self._sources]
        known = [length for length in lengths if length is not None]
        return sum(known) if len(known) == len(lengths) else None

    def __iter__(self) -> Iterator[bytes]:
        for source in self._sources:
            yield from source.open()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self:
            yield chunk


class AsyncBody:
    """A body of the caller's own async iterable; it can be sent once, and only by an async client."""

    replayable = False
    length = None

    def __init__(self, chunks: AsyncIterable[bytes]) -> None:
        self._chunks = chunks

    def __aiter__(self) -> AsyncIterator[bytes]:
        return aiter(self._chunks)
