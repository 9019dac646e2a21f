"""An endpoint as data: where it is, how its inputs are written, and what its answers mean.

Generated modules hold one ``Operation`` for each endpoint and pass it to the session. Nothing here
does any work.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Generic, Literal, NamedTuple, Never, TypeAlias

from .content import Events, JsonLines, ResponseContent
from .server import ApiServer

__all__ = [
    "Encoding",
    "Format",
    "Location",
    "Operation",
    "Pagination",
    "Poll",
    "RequestBody",
    "Security",
    "Style",
]

if TYPE_CHECKING:
    from typing_extensions import TypeVar

    ResultT = TypeVar("ResultT")
    EventT = TypeVar("EventT", default=Never)
else:  # the default is for type checkers, and typing_extensions loads inspect
    from typing import TypeVar

    ResultT = TypeVar("ResultT")
    EventT = TypeVar("EventT")

Location: TypeAlias = Literal["path", "query", "header", "cookie"]

Format: TypeAlias = Literal["date", "date-time"]

Security: TypeAlias = tuple[tuple[str, ...], ...]
"""Alternatives, each a tuple of the security schemes that it needs together."""


class Style(NamedTuple):
    """How to write an input that leaves its location's default (OpenAPI 3.1.1, 4.8.12.2).

    ``content`` is the media type of a parameter that is described by ``content`` instead of a
    style. With the style ``querystring``, its value is the whole query (OpenAPI 3.2, 4.12.1).
    """

    location: Location
    style: str
    explode: bool = False
    allow_reserved: bool = False
    content: str | None = None


class Encoding(NamedTuple):
    """How to write one property of a form or multipart body (OpenAPI 3.1.1, Encoding Object).

    A property with ``style`` or ``explode`` is written as a query parameter is. ``content_type``
    may be several media types or ranges, with commas between them, which the value chooses from.
    ``headers`` are further headers of the part.
    """

    content_type: str | None = None
    style: str | None = None
    explode: bool | None = None
    allow_reserved: bool = False
    headers: Mapping[str, str] = {}


class RequestBody(NamedTuple):
    """The body's media type, whether it must be sent, and how its parts are encoded.

    Of an array, ``prefix_encoding`` is for the first parts and ``item_encoding`` for all others
    (OpenAPI 3.2, 4.15.2). For bytes, the caller selects a type in a range or of ``others``.
    ``numbers`` are the properties, at any depth, that JSON has a number for: there a ``Decimal`` is
    one, anywhere else it is text. ``rates/*`` means every property of ``rates``.
    """

    media_type: str
    required: bool = False
    encoding: Mapping[str, Encoding] = {}
    prefix_encoding: tuple[Encoding, ...] = ()
    item_encoding: Encoding | None = None
    others: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()


class Pagination(NamedTuple):
    """How a list continues after a page.

    ``items``, ``cursor``, ``has_more`` and ``previous_cursor`` name properties of the response: by
    wire name, or by a JSON Pointer (RFC 6901) if they start with a slash or are empty. The other
    names are those of query parameters or, ``in_body``, of properties of the request body.
    ``/page/number`` is the property ``number`` of the parameter ``page``.

    Attributes:
        style: ``cursor``: ``parameter`` takes the ``cursor`` of the last page. ``offset``: it
            counts items. ``page``: it counts pages. ``link``: the response holds the next URL, in
            the property ``cursor`` or, if that is ``None``, in its ``Link`` header (RFC 8288).
        items: The array of items.
        parameter: The parameter that says where a page starts.
        cursor: The value that the next page starts after.
        has_more: A boolean. Without it, a page that has items and a cursor has a next page.
        previous_parameter: Like ``parameter``, to go backwards.
        previous_cursor: Like ``cursor``, to go backwards.
        item_cursor: The property of the last item that the next page starts after, where the
            response has no cursor.
        cursor_header: The response header that holds the cursor.
        total: How many pages (``page``) or items (``offset``) there are, where the response says.
        first: The number of the first page (``page``, default 1) or item (``offset``, default 0).
        in_body: Whether the parameters are properties of the request body.
    """

    style: Literal["cursor", "offset", "page", "link"]
    items: str
    parameter: str | None = None
    cursor: str | None = None
    has_more: str | None = None
    previous_parameter: str | None = None
    previous_cursor: str | None = None
    item_cursor: str | None = None
    cursor_header: str | None = None
    total: str | None = None
    first: int | None = None
    in_body: bool = False


class Poll(NamedTuple):
    """How to wait for something that takes a while: by reading it repeatedly until it has ended.

    ``field`` and the values of ``arguments`` name properties of the result: by wire name, or by a
    JSON Pointer (RFC 6901) if they start with a slash.

    Attributes:
        field: The property that holds the state, a string.
        until: The states that end the waiting.
        arguments: Path parameters of the operation that reads again, each with the property that
            it is taken from. The other path parameters are those of the first call.
        interval: Seconds between two reads, unless the server or the caller says otherwise.
        hint_header: The response header in which the server says how long to wait: in milliseconds
            if its name ends in ``-ms``, else in the format of ``Retry-After``.
        timeout: The most seconds to wait, unless the caller says otherwise. ``None``: no limit.
    """

    field: str
    until: tuple[str, ...]
    arguments: Mapping[str, str] = {}
    interval: float = 1.0
    hint_header: str | None = None
    timeout: float | None = None


class Operation(NamedTuple, Generic[ResultT, EventT]):
    """An endpoint whose calls return ``ResultT`` and whose streams yield ``EventT``.

    For a paginated list, ``ResultT`` is the type of one item. Only type checkers use the two.

    Attributes:
        id: The ``operationId``. Warnings and logs name it.
        method: The HTTP method in capitals.
        path: The path template below the base URL, such as ``/runs/{run_id}``.
        styles: The inputs that leave their location's default style, by wire name.
        headers: Headers to send with every call.
        formats: The inputs that are a date or a date-time, and the properties of inputs at any
            depth, by wire name. ``days/*`` means every property of ``days``.
        body: The request body, if there is one.
        accept: The ``Accept`` header of a call for no stream. ``None``: JSON, if a success has it.
        responses: The content of each status: ``"200"``, a range ``"2XX"``, or ``"default"``.
        stream: The content of the response when the caller asks for a stream.
        pagination: How the list continues after a page.
        security: The schemes that authorise a call. ``None``: those of the client. An empty tuple
            among the alternatives allows a call without credentials.
        servers: Servers that take the place of the client's, by name.
        is_secret: Whether the log shows no body of it.
        required: The headers and query parameters that a call needs, of those that arguments of
            the client stand in for.
        names: The arguments of path parameters whose name on the wire is another, for messages.
    """

    id: str
    method: str
    path: str
    styles: Mapping[str, Style] = {}
    headers: Mapping[str, str] = {}
    formats: Mapping[str, Format] = {}
    body: RequestBody | None = None
    accept: str | None = None
    responses: Mapping[str, ResponseContent] = {}
    stream: Events | JsonLines | None = None
    pagination: Pagination | None = None
    security: Security | None = None
    servers: Mapping[str, ApiServer] = {}
    is_secret: bool = False
    required: tuple[str, ...] = ()
    names: Mapping[str, str] = {}
