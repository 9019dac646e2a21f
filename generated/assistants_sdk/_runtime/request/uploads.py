"""Files and other bytes to upload. They are streamed, never read into memory as a whole.

A retry can send again what can be read again from its start: bytes, paths, files that can seek, and
iterables that are not iterators. A call with anything else is tried once.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator
from functools import partial
from io import SEEK_END
from itertools import chain
from mimetypes import guess_type
from pathlib import Path
from typing import IO, Any, NamedTuple, TypeAlias, cast

from ..values import is_bytes, is_path, is_tuple

__all__ = ["FileContent", "FileInput", "Source", "StreamedBody", "Upload", "is_file", "source_of"]

FileContent: TypeAlias = (
    bytes | str | os.PathLike[str] | IO[bytes] | Iterator[bytes] | AsyncIterable[bytes]
)
"""The content of a file: bytes, text, a path, a file that is open for reading bytes, or chunks of
bytes. Only an async client takes an async iterable."""

FileInput: TypeAlias = (
    FileContent | tuple[str | None, FileContent] | tuple[str | None, FileContent, str | None]
)
"""A file to upload: its content, or a tuple of its name, its content and its media type."""

_CHUNK = 65_536


class Source(NamedTuple):
    """Bytes to read. ``open`` returns them from the start. ``length`` is ``None`` if unknown."""

    open: Callable[[], Iterable[bytes] | AsyncIterable[bytes]]
    length: int | None
    replayable: bool = True
    is_async: bool = False


class StreamedBody:
    """A request body that is read while it is sent."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self._sources = tuple(sources)
        self.replayable = all(source.replayable for source in self._sources)

    @property
    def length(self) -> int | None:
        """The number of bytes, if it is known."""
        lengths = [each.length for each in self._sources if each.length is not None]
        return sum(lengths) if len(lengths) == len(self._sources) else None

    def in_sync(self) -> Iterator[bytes]:
        """The bytes in chunks.

        Raises:
            TypeError: A source is an async iterable, which only an async client can read.
        """
        if any(source.is_async for source in self._sources):
            raise TypeError("Expected bytes to read; an async iterable takes an async client")
        opened = (cast(Iterable[bytes], source.open()) for source in self._sources)
        return chain.from_iterable(opened)

    async def in_async(self) -> AsyncIterator[bytes]:
        """As ``in_sync``, for an async client. Files are read in the event loop, chunk by chunk."""
        for source in self._sources:
            if source.is_async:
                async for chunk in cast(AsyncIterable[bytes], source.open()):
                    yield chunk
            else:
                for chunk in cast(Iterable[bytes], source.open()):
                    yield chunk


class Upload(NamedTuple):
    """A file to upload: its name, its bytes and its media type."""

    name: str | None
    source: Source
    media_type: str | None

    @classmethod
    def of(cls, value: Any) -> Upload:
        """The parts of a ``FileInput``."""
        if is_tuple(value):
            name, content, media_type = value if len(value) == 3 else (*value, None)
        else:
            name, content, media_type = _own_name(value), value, None
        media_type = media_type or (guess_type(name)[0] if name else None)
        return cls(name, source_of(content), media_type)


def is_file(value: object) -> bool:
    """Whether a value is always sent as a file: any ``FileInput`` but text."""
    if is_tuple(value):
        return len(value) in {2, 3} and isinstance(value[0], (str, type(None)))
    return (
        isinstance(value, (Iterator, AsyncIterable))
        or is_bytes(value)
        or is_path(value)
        or hasattr(value, "read")
    )


def source_of(content: Any) -> Source:
    """The bytes of a ``FileContent``, or of an iterable of bytes, which may be async.

    Raises:
        TypeError: It is none of these.
    """
    if isinstance(content, str):
        content = content.encode()
    if is_bytes(content):
        data = bytes(content)
        return Source(lambda: (data,), len(data))
    if is_path(content):
        path = Path(content)
        return Source(partial(_read_path, path), path.stat().st_size)
    if isinstance(content, AsyncIterable):
        chunks = cast(AsyncIterable[bytes], content)
        replayable = not isinstance(content, AsyncIterator)
        return Source(lambda: chunks, None, replayable, is_async=True)
    if hasattr(content, "read"):
        return _handle_source(content)
    if isinstance(content, Iterable):
        parts = cast(Iterable[bytes], content)
        return Source(lambda: parts, None, not isinstance(content, Iterator))
    raise TypeError(f"Expected bytes, a path or a binary file, not {type(content).__name__}")


def _handle_source(handle: IO[bytes]) -> Source:
    """A file is sent from its current position, and again from there if it can seek."""
    try:
        start = handle.tell()
        length = handle.seek(0, SEEK_END) - start
        handle.seek(start)
    except (AttributeError, OSError):
        return Source(partial(_read_on, handle), None, replayable=False)
    return Source(partial(_read_from, handle, start), length)


def _read_path(path: Path) -> Iterator[bytes]:
    with path.open("rb") as handle:
        yield from _read_on(handle)


def _read_from(handle: IO[bytes], start: int) -> Iterator[bytes]:
    handle.seek(start)
    return _read_on(handle)


def _read_on(handle: IO[bytes]) -> Iterator[bytes]:
    while chunk := handle.read(_CHUNK):
        yield chunk


def _own_name(value: object) -> str | None:
    name: object = value if is_path(value) else getattr(value, "name", None)
    return Path(name).name if is_path(name) or isinstance(name, str) else None
