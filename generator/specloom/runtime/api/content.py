"""What a response holds, as data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

__all__ = [
    "Binary",
    "Content",
    "Empty",
    "Events",
    "Json",
    "JsonLines",
    "Redirect",
    "ResponseContent",
    "Text",
]


class Json(NamedTuple):
    """A JSON body. ``type`` returns the type to read it as; the first response calls it.

    Callers get the property ``unwrap`` of it, by wire name or JSON Pointer, if that is not empty.
    """

    type: Callable[[], Any]
    unwrap: str = ""


class Text:
    """A text body. It is read as ``str`` in the charset that it declares, or in UTF-8."""


class Binary:
    """A body of bytes. It is read as ``BinaryContent``."""


class Empty:
    """No body. It is read as ``None``."""


class Redirect:
    """A redirection that is returned instead of followed. It is read as ``Redirection``."""


class JsonLines(NamedTuple):
    """A stream of JSON values: one a line, or as RFC 7464 writes a sequence of them.

    ``accept`` are the media types to ask for.
    """

    type: Callable[[], Any]
    accept: str = "application/jsonl"


class Events(NamedTuple):
    """A stream of server-sent events (``text/event-stream``).

    Attributes:
        type: Returns the type of one event.
        envelope: Whether the type describes events whole: its fields are ``data``, the JSON data of
            the event, and perhaps ``event``, its name. Otherwise the type describes the data alone.
        done: The data of the event that ends the stream. If it is declared, a stream that ends
            without it was cut off. Undeclared, ``[DONE]`` ends a stream.
        error_event: The name of the event that reports a failure.
        has_errors: Whether some of the described events have a member ``error``. They are events
            like others. Otherwise an event with such a member reports a failure.
        accept: The media types to ask for.
    """

    type: Callable[[], Any]
    envelope: bool = False
    done: str | None = None
    error_event: str | None = None
    has_errors: bool = False
    accept: str = "text/event-stream"


Content: TypeAlias = Json | Text | Binary | Empty | Redirect | JsonLines | Events
"""What a response holds."""

ResponseContent: TypeAlias = Content | Mapping[str, Content]
"""What a response holds: always the same, or by its media type."""
