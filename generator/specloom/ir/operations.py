"""Operations: inputs, responses, pagination, streams and polling."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from typing import Literal as OneOf

from specloom.ir.names_lock import operation_key
from specloom.ir.types import Field, TypeRef, Words

ParameterLocation = OneOf["path", "query", "header", "cookie"]
ContentKind = OneOf["json", "text", "binary", "events", "json-lines", "empty"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """An input outside the body.

    ``constant``: the value is always sent, so there is no argument. ``replaced_by`` is the wire
    name of its successor. ``client_argument`` is the client's argument that provides the default:
    then the input is not ``required``, and ``needs_value`` tells whether the server requires it.
    ``is_named``: its name comes from x-sdk. With the style ``querystring``, the value is the whole
    query string (OpenAPI 3.2).
    """

    name: Words
    wire_name: str
    pointer: str
    location: ParameterLocation
    type: TypeRef
    required: bool
    style: str
    explode: bool
    allow_reserved: bool = False
    media_type: str | None = None
    description: str = ""
    default: Any = None
    constant: str | None = None
    deprecated: bool = False
    replaced_by: str | None = None
    limits: tuple[tuple[str, Any], ...] = ()
    example: Any = None
    client_argument: str = ""
    needs_value: bool = False
    is_named: bool = False


@dataclass(frozen=True, slots=True)
class PartEncoding:
    """The encoding of one property of a form or multipart body (OpenAPI "Encoding Object").

    ``content_type`` may be several media types or ranges, with commas between them: a choice.
    ``headers`` are those of the part, with their values.
    """

    wire_name: str
    content_type: str | None = None
    style: str | None = None
    explode: bool | None = None
    allow_reserved: bool = False
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class RequestBody:
    """The body.

    ``fields`` is None if the body is not an object and becomes one argument ``body``.
    ``media_type`` may be a range. ``alternatives`` are the media types with different arguments.
    ``encoding`` is by property; for the parts of an array, ``prefix_encoding`` is for the first
    ones and ``item_encoding`` for all others (OpenAPI 3.2). ``others`` are further media types of
    the same bytes.
    """

    pointer: str
    media_type: str
    type: TypeRef
    required: bool
    fields: tuple[Field, ...] | None
    description: str = ""
    encoding: tuple[PartEncoding, ...] = ()
    alternatives: tuple[RequestBody, ...] = ()
    prefix_encoding: tuple[PartEncoding, ...] = ()
    item_encoding: PartEncoding | None = None
    others: tuple[str, ...] = ()

    def kinds(self) -> tuple[RequestBody, ...]:
        """The body and its alternatives, the preferred one first."""
        return (self, *self.alternatives)


@dataclass(frozen=True, slots=True)
class StatusPattern:
    """A response key: a code (``"404"``), a range (``"4XX"``) or ``"default"``."""

    text: str

    @property
    def is_success(self) -> bool:
        """Whether a call with this status returns a result instead of raising an error."""
        return self.text.startswith("2")


@dataclass(frozen=True, slots=True)
class Content:
    """One way to read a response body.

    ``others`` are further media types of the same schema. ``type`` is the whole body. For an
    envelope, callers get the property ``unwrap``, whose type is ``inner``.
    """

    media_type: str
    kind: ContentKind
    type: TypeRef
    others: tuple[str, ...] = ()
    unwrap: str = ""
    inner: TypeRef | None = None

    @property
    def result(self) -> TypeRef:
        """The type that callers get."""
        return self.type if self.inner is None else self.inner

    @property
    def media_types(self) -> tuple[str, ...]:
        """All media types that are read in this way, the preferred one first."""
        return (self.media_type, *self.others)

    @property
    def is_stream(self) -> bool:
        """Whether it is read incrementally."""
        return self.kind in ("events", "json-lines")


@dataclass(frozen=True, slots=True)
class Response:
    """The response to a status, code or range."""

    pointer: str
    status: StatusPattern
    contents: tuple[Content, ...]
    description: str = ""
    headers: tuple[str, ...] = ()


def success_contents(responses: Iterable[Response]) -> Iterator[Content]:
    """The contents of all success responses."""
    for response in responses:
        if response.status.is_success:
            yield from response.contents


def success_type(responses: tuple[Response, ...], kind: str) -> TypeRef | None:
    """The type of the first success response of this kind."""
    return next((one.type for one in success_contents(responses) if one.kind == kind), None)


def result_type(operation: Operation) -> TypeRef | None:
    """The result for callers of the first JSON success."""
    contents = success_contents(operation.responses)
    return next((one.result for one in contents if one.kind == "json"), None)


@dataclass(frozen=True, slots=True)
class Pagination:
    """The pagination of a list.

    Names are wire names; ``items`` etc. are properties of the response, and the parameters are
    query parameters or properties of the body. Empty ``items`` mean the response itself. ``first``
    is the number of the first page or item, if the description gives it. ``item_cursor`` is a
    property of the last item, ``cursor_header`` a response header, ``total`` the number of pages or
    items. ``name`` is the page class of this API; empty for the common classes.
    """

    style: OneOf["cursor", "offset", "page", "link"]
    items: str
    item_type: TypeRef
    parameter: str | None = None
    cursor: str | None = None
    has_more: str | None = None
    previous_parameter: str | None = None
    previous_cursor: str | None = None
    limit: str | None = None
    item_cursor: str | None = None
    cursor_header: str | None = None
    total: str | None = None
    first: int | None = None
    is_in_body: bool = False
    name: Words = ()


@dataclass(frozen=True, slots=True)
class Stream:
    """The stream of an operation: ``when`` is the boolean input that requests it.

    Without one, the operation always streams, or ``by_answer``: the media type of the response
    tells whether it is a stream. ``location`` is the place of the input, ``default`` the server's
    default. ``is_inside``: it is a property of a body that is one argument. ``media_types`` go into
    the request. ``name`` is the stream class of this API, empty for the common class; it inherits
    ``mixin``.
    """

    when: str | None
    type: TypeRef
    kind: OneOf["events", "json-lines"]
    envelope: bool
    done: str | None = None
    error_event: str | None = None
    name: Words = ()
    mixin: str = ""
    media_types: tuple[str, ...] = ()
    location: OneOf["body", "query"] = "body"
    default: bool = False
    is_inside: bool = False
    by_answer: bool = False

    @property
    def is_always(self) -> bool:
        """Whether every response is a stream."""
        return self.when is None and not self.by_answer

    @property
    def switch(self) -> tuple[str, str]:
        """The place of the input that requests a stream, or of the body that contains the input."""
        return self.location, "" if self.is_inside else self.when or ""


@dataclass(frozen=True, slots=True)
class Poll:
    """Polling until a long-running operation ends.

    ``name`` is the method that calls the operation and then waits. ``read`` is the pointer of the
    operation that reads the state, until the property ``field`` has a value of ``until``.
    ``arguments`` maps its path parameters to properties of the result; others stay unchanged.
    ``interval`` and ``timeout`` are seconds.
    """

    name: Words
    read: str
    field: str
    until: tuple[str, ...]
    arguments: tuple[tuple[str, str], ...]
    interval: float = 1.0
    hint_header: str | None = None
    timeout: float | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A named example from the description; ``media_type`` is None for a parameter."""

    name: str
    pointer: str
    value: Any
    summary: str = ""
    status: str | None = None
    media_type: str | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """One endpoint and its place in the SDK.

    ``replaced_by`` is the operationId or the address below the client of its successor. ``wanted``
    is its preferred address, if another operation has that one. ``servers`` are its own, which
    replace the client's. ``positional`` are the positional path parameters of x-sdk, in order.
    ``has_positional_body``: the body is one argument, which may follow them by position.
    """

    id: str
    pointer: str
    http_method: str
    path: str
    resource: tuple[Words, ...]
    name: Words
    parameters: tuple[Parameter, ...]
    body: RequestBody | None
    responses: tuple[Response, ...]
    summary: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    deprecated: bool = False
    security: tuple[tuple[str, ...], ...] | None = None
    pagination: Pagination | None = None
    stream: Stream | None = None
    poll: Poll | None = None
    replaced_by: str | None = None
    examples: tuple[Example, ...] = ()
    wanted: str = ""
    servers: tuple[Server, ...] = ()
    positional: tuple[str, ...] = ()
    has_positional_body: bool = False

    @property
    def key(self) -> str:
        """``GET /threads/{thread_id}``: its key in the names lock."""
        return operation_key(self.http_method, self.path)

    @property
    def has_own_id(self) -> bool:
        """Whether the description gives an operationId; else ``id`` is the method and the path."""
        return self.id != f"{self.http_method.lower()} {self.path}"

    @property
    def bodies(self) -> tuple[RequestBody, ...]:
        """Its body in every media type, the preferred one first; empty without a body."""
        return self.body.kinds() if self.body else ()

    @property
    def body_fields(self) -> list[Field]:
        """The properties of its bodies that are arguments."""
        return [field for body in self.bodies for field in body.fields or ()]

    def path_parameters(self) -> tuple[Parameter, ...]:
        """The path parameters in the order of the method's arguments.

        The first one is positional if the client has no argument for it: the last of the path. The
        others are keywords, so that two ids cannot be swapped by mistake. The ``positional`` ones
        come before all others.
        """
        path = [one for one in self.parameters if one.location == "path"]
        if self.positional:
            order = {name: index for index, name in enumerate(self.positional)}
            return tuple(sorted(path, key=lambda one: order.get(one.wire_name, len(order))))
        path.sort(key=lambda one: bool(one.client_argument))
        own = [one for one in path if not one.client_argument]
        return (*own[-1:], *own[:-1], *path[len(own) :])

    @property
    def positions(self) -> int:
        """The number of positional path parameters, if the client has no arguments for them."""
        return len(self.positional) or 1

    def positional_parameters(self) -> tuple[Parameter, ...]:
        """The positional path parameters."""
        path = self.path_parameters()[: self.positions]
        return tuple(one for one in path if not one.client_argument)


_VARIABLE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class ServerVariable:
    """A part of a server's address.

    ``values`` are all possible values; empty: any text. ``default`` is None if the description
    gives none, and then the caller must pass a value.
    """

    name: str
    default: str | None
    values: tuple[str, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True)
class Server:
    """A base URL with its variables, and the name that selects it."""

    name: str
    template: str
    variables: tuple[ServerVariable, ...] = ()
    description: str = ""

    @property
    def url(self) -> str:
        """The base URL with every variable at its default."""
        defaults = {one.name: one.default for one in self.variables}

        def filled(found: re.Match[str]) -> str:
            default = defaults.get(found[1])
            return found[0] if default is None else default

        return _VARIABLE.sub(filled, self.template)


def variables_in(template: str) -> list[str]:
    """The names of the variables of a base URL, in order, without duplicates."""
    return list(dict.fromkeys(_VARIABLE.findall(template)))
