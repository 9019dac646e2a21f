"""The intermediate representation: what the API is, free of OpenAPI's spelling and of Python's.

Everything between reading the description and writing Python passes through these frozen
dataclasses. They import nothing of ours and serialise to JSON (``specloom ir``).

Names here are words (``("run", "step")``), never identifiers: ``names.py`` is the only maker of
those. ``wire_name`` is the exact spelling on the wire, or of a schema that the description names;
of one that stands inline it is empty. ``pointer`` says where a thing stands in
the description, as ``<file>#<JSON Pointer>`` (RFC 6901).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from typing import Literal as OneOf

Words = tuple[str, ...]
ScalarKind = OneOf[
    "string", "integer", "number", "boolean", "date", "date-time", "binary", "any", "null"
]
ParameterLocation = OneOf["path", "query", "header", "cookie"]
ContentKind = OneOf["json", "text", "binary", "events", "json-lines", "empty"]


@dataclass(frozen=True, slots=True)
class Scalar:
    """A type without parts; ``any`` is every JSON value, ``binary`` is raw bytes."""

    kind: ScalarKind


@dataclass(frozen=True, slots=True)
class ListOf:
    """A JSON array."""

    item: TypeRef


@dataclass(frozen=True, slots=True)
class MapOf:
    """A JSON object with arbitrary keys."""

    value: TypeRef


@dataclass(frozen=True, slots=True)
class Literal:
    """A set of values. ``const``: only these, so that a tag narrows; ``enum``: callers give one of
    these, servers may send others some day; ``open``: the description itself allows others.
    """

    values: tuple[str | int | float | bool, ...]
    kind: OneOf["const", "enum", "open"] = "enum"


@dataclass(frozen=True, slots=True)
class Nullable:
    """``inner`` or JSON null."""

    inner: TypeRef


@dataclass(frozen=True, slots=True)
class UnionOf:
    """One of several types.

    ``tag`` is the wire name of the property that tells object members apart, ``mapping`` gives for
    each tag value the key of the member it means.
    """

    members: tuple[TypeRef, ...]
    tag: str | None = None
    mapping: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Ref:
    """A named type, by its key in ``Api.types``."""

    key: str


TypeRef = Scalar | ListOf | MapOf | Literal | Nullable | UnionOf | Ref


@dataclass(frozen=True, slots=True)
class Field:
    """A property of an object. ``replaced_by`` is the wire name of the one to use instead."""

    name: Words
    wire_name: str
    pointer: str
    type: TypeRef
    required: bool
    description: str = ""
    default: Any = None
    read_only: bool = False
    write_only: bool = False
    deprecated: bool = False
    replaced_by: str | None = None
    limits: tuple[tuple[str, Any], ...] = ()
    example: Any = None


@dataclass(frozen=True, slots=True)
class Model:
    """An object with known properties.

    ``extra`` is the type of further ones that the description invites; None where it says nothing
    of them, so that callers give none. ``is_named``: by x-sdk, whatever it is called elsewhere.
    """

    key: str
    name: Words
    wire_name: str
    pointer: str
    fields: tuple[Field, ...]
    description: str = ""
    extra: TypeRef | None = None
    deprecated: bool = False
    is_named: bool = False


@dataclass(frozen=True, slots=True)
class Alias:
    """A name for a type that is no object: a union, an enum, a recursive list."""

    key: str
    name: Words
    wire_name: str
    pointer: str
    type: TypeRef
    description: str = ""
    deprecated: bool = False
    is_named: bool = False


NamedType = Model | Alias


@dataclass(frozen=True, slots=True)
class Parameter:
    """An input outside the body. ``constant``: bound by x-sdk.headers, so no argument.
    ``replaced_by`` is the wire name of the input to use instead.

    The style ``querystring`` means that the value is the whole query string (OpenAPI 3.2).
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


@dataclass(frozen=True, slots=True)
class PartEncoding:
    """How one property of a form or multipart body is written (OpenAPI "Encoding Object")."""

    wire_name: str
    content_type: str | None = None
    style: str | None = None
    explode: bool | None = None


@dataclass(frozen=True, slots=True)
class RequestBody:
    """The body. ``fields`` is None when it is no object and becomes one argument ``body``.

    ``alternatives`` are the other media types that take other arguments than this one.
    """

    pointer: str
    media_type: str
    type: TypeRef
    required: bool
    fields: tuple[Field, ...] | None
    description: str = ""
    encoding: tuple[PartEncoding, ...] = ()
    alternatives: tuple[RequestBody, ...] = ()

    def kinds(self) -> tuple[RequestBody, ...]:
        """The body and its alternatives, the preferred one first."""
        return (self, *self.alternatives)


@dataclass(frozen=True, slots=True)
class StatusPattern:
    """A response key: a code (``"404"``), a range (``"4XX"``) or ``"default"``."""

    text: str

    @property
    def is_success(self) -> bool:
        """Whether a call that gets this status returns rather than raises."""
        return self.text.startswith("2")


@dataclass(frozen=True, slots=True)
class Content:
    """One way to read a response body."""

    media_type: str
    kind: ContentKind
    type: TypeRef


@dataclass(frozen=True, slots=True)
class Response:
    """What a status means."""

    pointer: str
    status: StatusPattern
    contents: tuple[Content, ...]
    description: str = ""
    headers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pagination:
    """How a list goes on. Names are wire names; ``items`` and friends are response properties."""

    style: OneOf["cursor", "offset", "page", "link"]
    items: str
    item_type: TypeRef
    parameter: str | None = None
    cursor: str | None = None
    has_more: str | None = None
    previous_parameter: str | None = None
    previous_cursor: str | None = None
    limit: str | None = None


@dataclass(frozen=True, slots=True)
class Stream:
    """How an operation streams: ``when`` is the boolean body property that asks for it.

    ``name`` is the class of such streams, empty for one like any other; it inherits ``mixin``.
    """

    when: str | None
    type: TypeRef
    kind: OneOf["events", "json-lines"]
    envelope: bool
    done: str | None = None
    error_event: str | None = None
    name: Words = ()
    mixin: str = ""


@dataclass(frozen=True, slots=True)
class Poll:
    """How the end of something that takes a while is waited for.

    ``name`` is the method that calls the operation and then waits; ``read`` is the pointer of the
    operation that is called again and again until the property ``field`` has a value of ``until``.
    ``arguments`` maps its path parameters to properties of the result; others stay as they were.
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
    """A named example from the description; ``media_type`` is None for a parameter's."""

    name: str
    pointer: str
    value: Any
    summary: str = ""
    status: str | None = None
    media_type: str | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """One endpoint and its place on the SDK's surface.

    ``replaced_by`` is the operationId, or the address under the client, of what to use instead.
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


@dataclass(frozen=True, slots=True)
class FormerName:
    """A method's name before it was renamed, which still works, and warns.

    ``operation`` is a pointer, ``since`` the version of the SDK that gave the name up. Where it
    ``waits``, it was the name of the method that also waits.
    """

    name: Words
    operation: str
    since: str
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Resource:
    """A group of operations: an attribute of the client, or of another resource.

    ``mixin`` is a class written by hand that its class inherits, by its path below the package.
    ``former`` are names that methods had here: there may be nothing else.
    """

    path: tuple[Words, ...]
    operations: tuple[Operation, ...]
    children: tuple[Resource, ...]
    description: str = ""
    mixin: str = ""
    former: tuple[FormerName, ...] = ()


@dataclass(frozen=True, slots=True)
class SecurityScheme:
    """A way to authenticate that needs no login flow (an OAuth token is sent as a bearer)."""

    key: str
    pointer: str
    kind: OneOf["bearer", "basic", "apiKey"]
    location: OneOf["header", "query", "cookie"] | None = None
    wire_name: str | None = None
    description: str = ""


@dataclass(frozen=True, slots=True)
class Server:
    """A base URL, its variables filled with their defaults."""

    url: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """What x-sdk says of the SDK as a whole."""

    package: str
    client: str
    version: str
    api_key_environment: tuple[str, ...] = ()
    base_url_environment: tuple[str, ...] = ()
    log_environment: str | None = None
    idempotency_header: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    error_pointers: tuple[tuple[str, str], ...] = ()
    mixin: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An operation that the SDK does not have, and why; ``name`` is method, path and id."""

    name: str
    pointer: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Api:
    """The whole description."""

    title: str
    version: str
    description: str
    settings: Settings
    servers: tuple[Server, ...]
    security_schemes: tuple[SecurityScheme, ...]
    security: tuple[tuple[str, ...], ...]
    resources: tuple[Resource, ...]
    types: dict[str, NamedType] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()

    def operations(self) -> list[Operation]:
        """Every operation, resource by resource, depth first."""
        found: list[Operation] = []
        pending = list(reversed(self.resources))
        while pending:
            resource = pending.pop()
            found.extend(resource.operations)
            pending.extend(reversed(resource.children))
        return found
