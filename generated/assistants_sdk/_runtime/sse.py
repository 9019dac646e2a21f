"""Server-sent events: bytes to events, by the rules of the WHATWG HTML standard, 9.2.6."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple, cast

__all__ = ["LineSplitter", "ServerSentEvent", "SseDecoder"]

_LONGEST_NUMBER = 19  # digits; Python reads no number of thousands
_BOM = b"\xef\xbb\xbf"


class ServerSentEvent(NamedTuple):
    """One event.

    Attributes:
        event: Its name; ``message`` where it has none.
        data: Its data lines, joined by line feeds; UTF-8.
        id: The last id that the stream set; empty where it set none.
        retry: Milliseconds to wait before connecting again, where this event set it.
    """

    event: str
    data: bytes
    id: str = ""
    retry: int | None = None


class LineSplitter:
    """Cuts a stream of bytes at CR, LF and CRLF, wherever its chunks end.

    It does so before decoding: in UTF-8 neither byte is ever a part of another character.
    """

    def __init__(self) -> None:
        self._rest: list[bytes] = []
        self._after_cr = False

    def feed(self, chunk: bytes) -> list[bytes]:
        """The lines that are complete with this chunk, without their ends."""
        if self._after_cr and chunk:  # that CR has ended its line already
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
        """What follows the last line end."""
        return b"".join(self._rest)


# As the class itself, without the check of arguments that a named tuple has: half of making one.
_event: Callable[[tuple[str, bytes, str, int | None]], ServerSentEvent] = partial(
    cast("Any", tuple).__new__, ServerSentEvent
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
        """The events that are complete with this chunk; one that is cut off never is."""
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
            elif line == self._named_by:  # mostly, as one event is like the next
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
            case b"retry" if value.isdigit() and len(value) < _LONGEST_NUMBER:
                self._retry = int(value)
            case _:  # a comment, which has no name, or a field to ignore
                pass
