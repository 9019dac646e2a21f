"""Files and other bytes to upload. They are streamed, never read into memory as a whole.

A retry can send again what can be read again from its start: bytes, paths, files that can seek, and
iterables that begin anew. A call with anything else is tried once.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator, Sequence
from functools import partial
from inspect import iscoroutinefunction
from io import SEEK_END
from mimetypes import guess_type
from pathlib import Path
from stat import S_ISREG
from typing import IO, Any, NamedTuple, TypeAlias, cast

from ..errors import APIConnectionError
from ..values import is_bytes, is_path, is_tuple

__all__ = ["FileContent", "FileInput", "Source", "StreamedBody", "Upload", "is_file", "source_of"]

FileContent: TypeAlias = (
    bytes | str | os.PathLike[str] | IO[bytes] | Iterator[bytes] | AsyncIterable[bytes]
)
"""The content of a file: bytes, text, a path, a file that is open for reading bytes, or chunks of
bytes. Only an async client takes an async iterable, or a file whose ``read`` is async."""

FileInput: TypeAlias = (
    FileContent | tuple[str | None, FileContent] | tuple[str | None, FileContent, str | None]
)
"""A file to upload: its content, or a tuple of its name, its content and its media type."""

_CHUNK = 65_536


class Parts:
    """Chunks of an iterable of the caller's.

    An iterable may or may not begin again when it is iterated again: a wrapper of a file or a
    response does not. So its first chunk is read, and compared, before the request is sent again.
    That tells nothing while the first reading has not come to the end, as chunks may be equal; then
    only a sequence is read again.
    """

    def __init__(self, parts: Any) -> None:
        self._parts = parts
        self._first: bytes | None = None
        self._next: Any = None
        self._is_at_end = isinstance(parts, Sequence)
        self.replayable = not isinstance(parts, (Iterator, AsyncIterator))

    def rewind(self) -> None:
        """Begin again; returns whether that is possible."""
        if self._is_begun():
            try:
                self._next = iter(self._parts)
                self.replayable = next(self._next, None) == self._first
            except Exception:  # a used-up iterable may refuse; the call reports its own failure
                self.replayable = False

    async def rewind_async(self) -> None:
        """As ``rewind``, for an async iterable."""
        if self._is_begun():
            try:
                self._next = aiter(self._parts)
                self.replayable = await anext(self._next, None) == self._first
            except Exception:
                self.replayable = False

    def _is_begun(self) -> bool:
        if not self.replayable or self._first is None or self._next is not None:
            return False
        self.replayable = self._is_at_end
        return self.replayable

    def read(self) -> Iterator[bytes]:
        """The chunks, from the first on."""
        rest, self._next = self._next, None
        if rest is not None and self._first is not None:
            yield self._first
        for chunk in self._parts if rest is None else rest:
            self._first = chunk if self._first is None else self._first
            yield chunk
        self._is_at_end = True

    async def read_async(self) -> AsyncIterator[bytes]:
        """As ``read``, for an async iterable."""
        rest, self._next = self._next, None
        if rest is not None and self._first is not None:
            yield self._first
        async for chunk in self._parts if rest is None else rest:
            self._first = chunk if self._first is None else self._first
            yield chunk
        self._is_at_end = True


class Source(NamedTuple):
    """Bytes to read. ``open`` returns them from the start. ``length`` is ``None`` if unknown."""

    open: Callable[[], Iterable[bytes] | AsyncIterable[bytes]]
    length: int | None
    replayable: bool = True
    is_async: bool = False
    parts: Parts | None = None

    def chunks(self) -> Iterator[bytes]:
        """The bytes in chunks.

        Raises:
            APIConnectionError: There are more or fewer than ``length``: a file that changes.
        """
        count = 0
        for chunk in cast(Iterable[bytes], self.open()):
            count += len(chunk)
            if self.length is not None and count > self.length:
                break
            yield chunk
        if self.length is not None and count != self.length:
            raise APIConnectionError(
                f"The content has changed while it was sent: not {self.length} bytes"
            )


class StreamedBody:
    """A request body that is read while it is sent.

    Attributes:
        error: The exception of a source, if reading it failed.
    """

    def __init__(self, sources: Iterable[Source]) -> None:
        self._sources = tuple(sources)
        self.error: Exception | None = None

    @property
    def length(self) -> int | None:
        """The number of bytes, if it is known."""
        lengths = [each.length for each in self._sources if each.length is not None]
        return sum(lengths) if len(lengths) == len(self._sources) else None

    @property
    def replayable(self) -> bool:
        """Whether it can be read again from its start."""
        for source in self._sources:
            if source.parts is not None and not source.is_async:
                source.parts.rewind()
        return all(
            source.replayable and (source.parts is None or source.parts.replayable)
            for source in self._sources
        )

    async def rewind_async(self) -> None:
        """Find out whether async iterables can be read again, which ``replayable`` then tells."""
        for source in self._sources:
            if source.parts is not None and source.is_async:
                await source.parts.rewind_async()

    def in_sync(self) -> Iterator[bytes]:
        """The bytes in chunks.

        Raises:
            TypeError: A source is async, which only an async client can read.
            APIConnectionError: A source has more or less bytes than it said.
        """
        if any(source.is_async for source in self._sources):
            raise TypeError(
                "Expected bytes to read; an async iterable or file takes an async client"
            )
        return self._read()

    def _read(self) -> Iterator[bytes]:
        try:
            for source in self._sources:
                yield from source.chunks()
        except Exception as error:
            self.error = error
            raise

    async def in_async(self) -> AsyncIterator[bytes]:
        """As ``in_sync``, for an async client. Files are read in the event loop, chunk by chunk."""
        try:
            for source in self._sources:
                if source.is_async:
                    async for chunk in cast(AsyncIterable[bytes], source.open()):
                        yield chunk
                else:
                    for chunk in source.chunks():
                        yield chunk
        except Exception as error:
            self.error = error
            raise


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
        status = path.stat()
        if S_ISREG(status.st_mode):
            return Source(partial(_read_path, path), status.st_size)
        return Source(partial(_read_path, path), None, replayable=False)
    if isinstance(content, AsyncIterable):
        chunks = Parts(content)
        return Source(chunks.read_async, None, is_async=True, parts=chunks)
    if iscoroutinefunction(getattr(content, "read", None)):
        return Source(partial(_read_on_async, content), None, replayable=False, is_async=True)
    if hasattr(content, "read"):
        return _handle_source(content)
    if isinstance(content, Iterable):
        parts = Parts(content)
        return Source(parts.read, None, parts=parts)
    raise TypeError(f"Expected bytes, a path or a binary file, not {type(content).__name__}")


def _handle_source(handle: IO[bytes]) -> Source:
    """A file is sent from its current position, and again from there if it can seek."""
    try:
        start = int(handle.seek(handle.tell()))  # TypeError: its methods return no positions
        length = handle.seek(0, SEEK_END) - start
        handle.seek(start)
    except (AttributeError, OSError, TypeError):
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


async def _read_on_async(handle: Any) -> AsyncIterator[bytes]:
    while chunk := await handle.read(_CHUNK):
        yield chunk


def _own_name(value: object) -> str | None:
    name: object = value if is_path(value) else getattr(value, "name", None)
    name = getattr(value, "filename", None) if name is None else name  # that of a web framework
    return Path(name).name if is_path(name) or isinstance(name, str) else None
