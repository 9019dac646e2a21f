"""An endpoint as data: where it is, how its inputs are written, what its answers mean.

Generated modules hold one ``Operation`` for each endpoint and pass it to the session. Nothing here
does any work.
"""

from __future__ import annotations

from .record import NOTHING, Generic, Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, Literal, Never, TypeAlias

    from typing_extensions import TypeVar

    ResultT = TypeVar("ResultT")
    EventT = TypeVar("EventT", default=Never)

    Location: TypeAlias = Literal["path", "query", "header", "cookie"]
    Security: TypeAlias = tuple[tuple[str, ...], ...]
    Content: TypeAlias = "Json | Text | Binary | Empty | JsonLines | Events"
else:
    ResultT = EventT = None

__all__ = [
    "Binary",
    "Empty",
    "Encoding",
    "Events",
    "Json",
    "JsonLines",
    "Operation",
    "Pagination",
    "Poll",
    "RequestBody",
    "Style",
    "Text",
]


class Json(Record):
    """A JSON body. ``type`` returns the type it is read as; it is called on the first response."""

    type: Callable[[], Any]


class Text:
    """A text body, read as ``str`` in the charset it declares, else UTF-8."""

    __slots__ = ()


class Binary:
    """A body of bytes, read as ``BinaryContent``."""

    __slots__ = ()


class Empty:
    """No body, read as ``None``."""

    __slots__ = ()


class JsonLines(Record):
    """One JSON value a line (``application/jsonl``, ``application/x-ndjson``), as a stream."""

    type: Callable[[], Any]


class Events(Record):
    """Server-sent events (``text/event-stream``), as a stream.

    Attributes:
        type: Returns the type of one event.
        envelope: Whether the type has the fields ``event`` and ``data``, the event's name and its
            JSON data. Otherwise the type is that of the data alone.
        done: The data of the event that ends the stream, such as ``[DONE]``; where it is declared,
            a stream that ends without it was cut off.
        error_event: The name of the event that reports a failure.
    """

    type: Callable[[], Any]
    envelope: bool = False
    done: str | None = None
    error_event: str | None = None


class Style(Record):
    """How an input is written where it leaves its location's default (OpenAPI 3.1.1, 4.8.12.2).

    ``content`` is the media type of a parameter that is described by content, not by a style; with
    the style ``querystring``, its value is the whole query string (OpenAPI 3.2, 4.12.1).
    """

    location: Location
    style: str
    explode: bool = False
    allow_reserved: bool = False
    content: str | None = None


class Encoding(Record):
    """How one property of a form or multipart body is written (OpenAPI 3.1.1, Encoding Object).

    With ``style`` or ``explode`` the property is written as a query parameter is.
    """

    content_type: str | None = None
    style: str | None = None
    explode: bool | None = None
    allow_reserved: bool = False


class RequestBody(Record):
    """The body's media type, whether it must be sent, and how its parts are encoded."""

    media_type: str
    required: bool = False
    encoding: Mapping[str, Encoding] = NOTHING


class Pagination(Record):
    """How a list goes on.

    ``items``, ``cursor``, ``has_more`` and ``previous_cursor`` name properties of the response: a
    wire name, or a JSON Pointer (RFC 6901) where it begins with a slash. The others name query
    parameters.

    Attributes:
        style: ``cursor``: ``parameter`` takes the last page's ``cursor``; ``offset``: it counts
            items; ``page``: it counts pages; ``link``: the response holds the next URL, in the
            property ``cursor`` or, if that is not set, in its ``Link`` header (RFC 8288).
        items: The array of items.
        parameter: The query parameter that says where a page begins.
        cursor: The value that the next page begins after.
        has_more: A boolean; without it, a page with items and a cursor has a next one.
        previous_parameter: As ``parameter``, for going back.
        previous_cursor: As ``cursor``, for going back.
        limit: The query parameter that says how many items a page has.
        first: The number of the first page or item, for ``page`` (1) and ``offset`` (0).
    """

    style: Literal["cursor", "offset", "page", "link"]
    items: str
    parameter: str | None = None
    cursor: str | None = None
    has_more: str | None = None
    previous_parameter: str | None = None
    previous_cursor: str | None = None
    limit: str | None = None
    first: int | None = None


class Poll(Record):
    """How the end of something that takes a while is waited for: by reading it again and again.

    ``field`` and the values of ``arguments`` name properties of the result: a wire name, or a JSON
    Pointer (RFC 6901) where it begins with a slash.

    Attributes:
        field: The state, a string.
        until: The states in which waiting ends.
        arguments: The path parameters of the operation that reads again, and the properties that
            they are taken from; any other is the same as in the first call.
        interval: Seconds from one reading to the next, unless the server or the caller says.
        hint_header: The response header in which the server says how long to wait: milliseconds if
            its name ends in ``-ms``, else as ``Retry-After``, which is understood anyway.
        timeout: Seconds to wait at most, unless the caller says; ``None``: for ever.
    """

    field: str
    until: tuple[str, ...]
    arguments: Mapping[str, str] = NOTHING
    interval: float = 1.0
    hint_header: str | None = None
    timeout: float | None = None


class Operation(Record, Generic[ResultT, EventT]):
    """An endpoint whose calls return ``ResultT`` and whose streams yield ``EventT``.

    For a paginated list ``ResultT`` is the type of one item. Both are only for type checkers.

    Attributes:
        id: The ``operationId``; named in warnings and logs.
        method: The HTTP method in capitals.
        path: The path template below the base URL, such as ``/runs/{run_id}``.
        styles: Inputs that leave their location's default style, by wire name.
        headers: Headers that are sent with every call.
        body: The request body, if there is one.
        responses: What a status means: ``"200"``, a range ``"2XX"``, or ``"default"``.
        stream: How it answers when asked to stream.
        pagination: How its list goes on.
        security: The schemes that authorise it: one of these tuples, and of that all; ``()`` within
            it is a call without credentials. ``None``: the client's default.
    """

    id: str
    method: str
    path: str
    styles: Mapping[str, Style] = NOTHING
    headers: Mapping[str, str] = NOTHING
    body: RequestBody | None = None
    responses: Mapping[str, Content] = NOTHING
    stream: Events | JsonLines | None = None
    pagination: Pagination | None = None
    security: Security | None = None
