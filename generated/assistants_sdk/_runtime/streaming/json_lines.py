"""Streams of JSON values: one a line, as RFC 7464 writes a sequence, or each in a part.

How they are cut is seen by the response itself, since descriptions and servers mix up their names.
Nothing here does I/O.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Protocol

from ..media_types import kind_of
from ..models.base import decode_json
from ..response.reading import JsonReader
from ..response.reply import Reply
from .sse import LineSplitter, Listener

__all__ = ["JsonLinesReader"]

_SEPARATOR = b"\x1e"  # RFC 7464, 2.2: before each JSON text
_SPACE = b" \t\r\n"
_BOUNDARY = re.compile(r"""boundary=(?:"([^"]+)"|([^\s;]+))""", re.IGNORECASE)


class _Splitter(Protocol):
    def feed(self, chunk: bytes) -> list[bytes]:
        """The JSON texts that this chunk completes."""
        ...

    def rest(self) -> bytes:
        """The rest at the end of the stream."""
        ...


class JsonLinesReader:
    """Reads the values of a response; each is of one type."""

    is_done = False

    def __init__(self, reply: Reply, type_: Any, listener: Listener) -> None:
        self._read = JsonReader(reply, type_).read
        self._media_type = reply.response.headers.get("content-type", "")
        self._splitter: _Splitter | None = None
        self._listener = listener

    def feed(self, chunk: bytes) -> Iterator[Any]:
        """The values that this chunk completes."""
        if self._splitter is None:
            if not chunk:
                return
            self._splitter = _splitter_for(chunk, self._media_type)
        for text in self._splitter.feed(chunk):
            if text.strip(_SPACE):
                yield self._value(text)

    def finish(self) -> Iterator[Any]:
        """The last line may lack its end. One that is cut off is not JSON, and raises."""
        rest = self._splitter.rest() if self._splitter is not None else b""
        if rest.strip(_SPACE):
            yield self._value(rest)

    def _value(self, text: bytes) -> Any:
        value = self._read(text)
        if self._listener is not None:
            self._listener(text)
        return value


def _splitter_for(chunk: bytes, media_type: str) -> _Splitter:
    kind = kind_of(media_type)
    if kind == "json-seq" or chunk.startswith(_SEPARATOR):
        return _SequenceSplitter()
    boundary = _BOUNDARY.search(media_type) if kind == "multipart" else None
    if boundary is not None:
        return _PartSplitter((boundary[1] or boundary[2]).encode())
    return LineSplitter()


class _SequenceSplitter:
    """Splits a JSON text sequence (RFC 7464). A text may have line feeds in it.

    A text ends with a line feed, and for certain where the next one begins. So that it need not
    wait for that, one that is whole JSON at the end of a chunk is taken for complete.
    """

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, chunk: bytes) -> list[bytes]:
        """The texts that this chunk completes."""
        *texts, rest = (self._rest + chunk).split(_SEPARATOR)
        if rest.endswith(b"\n") and _is_json(rest):
            texts.append(rest)
            rest = b""
        self._rest = rest
        return texts

    def rest(self) -> bytes:
        """The text after the last line feed."""
        return self._rest


class _PartSplitter:
    """Splits a multipart body into the bodies of its parts (RFC 2046, 5.1.1)."""

    def __init__(self, boundary: bytes) -> None:
        self._delimiter = b"\r\n--" + boundary
        self._rest = b"\r\n"  # the first delimiter begins the body

    def feed(self, chunk: bytes) -> list[bytes]:
        """The parts that this chunk completes, without headers and preceding text."""
        *parts, self._rest = (self._rest + chunk).split(self._delimiter)
        return [part.partition(b"\r\n\r\n")[2] for part in parts]

    def rest(self) -> bytes:
        """Nothing, if the last delimiter has come."""
        return b"" if self._rest.startswith(b"--") else self._rest.partition(b"\r\n\r\n")[2]


def _is_json(text: bytes) -> bool:
    try:
        decode_json(text)
    except ValueError:
        return False
    return True
