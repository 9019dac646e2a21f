"""Server-sent events: from bytes to events, by the WHATWG HTML standard, 9.2.6."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple, TypeAlias, cast

__all__ = ["LineSplitter", "Listener", "ServerSentEvent", "SseDecoder"]

_MAX_DIGITS = 19  # Python refuses to read a number of thousands of digits
_BOM = b"\xef\xbb\xbf"

Listener: TypeAlias = Callable[[bytes], object] | None
"""A function to call with the data of each event."""


class ServerSentEvent(NamedTuple):
    """One event.

    Attributes:
        event: Its name; ``message`` if it has none.
        data: Its data lines, joined by line feeds; UTF-8.
        id: The last id that the stream set; empty if it set none.
        retry: Milliseconds to wait before connecting again, if this event sets it.
    """

    event: str
    data: bytes
    id: str = ""
    retry: int | None = None


class LineSplitter:
    """Splits a stream of bytes at CR, LF and CRLF, wherever its chunks end.

    It splits before decoding: in UTF-8 neither byte is ever part of another character.
    """

    def __init__(self) -> None:
        self._rest: list[bytes] = []
        self._after_cr = False

    def feed(self, chunk: bytes) -> list[bytes]:
        """The lines that this chunk completes, without their ends."""
        if self._after_cr and chunk:  # the CR has ended its line already
            self._after_cr = False
            chunk = chunk.removeprefix(b"\n")
        if b"\n" not in chunk and b"\r" not in chunk:
            self._rest.append(chunk)
            return []
        self._after_cr = chunk.endswith(b"\r")
        lines = (b"".join((*self._rest, chunk)) if self._rest else chunk).splitlines()
        self._rest = [] if self._after_cr or chunk.endswith(b"\n") else [lines.pop()]
        return lines

    def rest(self) -> bytes:
        """The bytes after the last line end."""
        return b"".join(self._rest)


# Makes an event without the check of arguments, which is half of the time to make a named tuple.
_event: Callable[[tuple[str, bytes, str, int | None]], ServerSentEvent] = partial(
    cast(Any, tuple).__new__, ServerSentEvent
)


class SseDecoder:
    """Reads events from chunks of bytes."""

    def __init__(self) -> None:
        self._lines = LineSplitter()
        self._at_start = True
        self._data: list[bytes] = []
        self._name = ""
        self._id = ""
        self._retry: int | None = None
        self._named_by = b""
        self._last_name = ""

    def feed(self, chunk: bytes) -> list[ServerSentEvent]:
        """The events that this chunk completes. An event that is cut off is never complete."""
        events: list[ServerSentEvent] = []
        lines = self._lines.feed(chunk)
        if self._at_start and lines:
            self._at_start = False
            lines[0] = lines[0].removeprefix(_BOM)
        data = self._data
        for line in lines:
            if not line:
                if data:
                    whole = data[0] if len(data) == 1 else b"\n".join(data)
                    events.append(_event((self._name or "message", whole, self._id, self._retry)))
                    data = self._data = []
                self._name, self._retry = "", None
            elif line == self._named_by:  # mostly, since an event is like the one before
                self._name = self._last_name
            elif line[:6] == b"data: ":
                data.append(line[6:])
            else:
                self._take(line)
        return events

    def _take(self, line: bytes) -> None:
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        match name:
            case b"data":
                self._data.append(value)
            case b"event":
                self._named_by = line
                self._name = self._last_name = value.decode("utf-8", "replace")
            case b"id" if b"\0" not in value:
                self._id = value.decode("utf-8", "replace")
            case b"retry" if value.isdigit() and len(value) < _MAX_DIGITS:
                self._retry = int(value)
            case _:  # a comment (it has no name) or a field to ignore
                pass
