"""The data about an old SDK."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["positional", "keyword"]
CLIENT_ARGUMENTS = frozenset(
    "base_url timeout max_retries default_headers default_query http_client".split()
)
"""The arguments of a client in the layout of Stainless that the new client has by itself."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A line of a file of the old SDK; the file's path is that in its archive or folder."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Unread:
    """A part of the old SDK that specloom does not read, with the reason."""

    place: Place
    reason: str


@dataclass(frozen=True, slots=True)
class OldArgument:
    """An argument of a method.

    ``location`` is ``path``, ``query``, ``header``, ``body`` or ``file``, and ``wire_name`` the
    name of its value in the request (empty for a whole body); ``location`` is empty if it is
    unknown.
    """

    name: str
    kind: Kind
    required: bool
    location: str = ""
    wire_name: str = ""


@dataclass(frozen=True, slots=True)
class OldMethod:
    """A method that sends one request.

    ``resource`` is the attribute path under the client, empty for the client itself.

    The result: ``returns`` is its class, ``page`` the class of its pages, ``unwrap`` the property
    that contains it. ``event`` is the class of the events of a stream, with the wire names
    ``event_fields``; with ``always_streams``, no argument requests the stream.

    The request: ``accept`` is its ``Accept`` header, empty for the usual one. ``headers`` are
    further constant headers without ``Content-Type``. ``has_body``: it can have a body.

    ``is_partial``: the method is from a configuration, which tells neither arguments nor results.
    ``has_no_pages``: the configuration says that the result has no pages.
    """

    http_method: str
    path: str
    resource: str
    name: str
    place: Place
    arguments: tuple[OldArgument, ...] = ()
    returns: str = ""
    page: str = ""
    streams: bool = False
    always_streams: bool = False
    event: str = ""
    event_fields: frozenset[str] = frozenset()
    unwrap: str = ""
    accept: str = ""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    has_body: bool = True
    is_partial: bool = False
    has_no_pages: bool = False

    @property
    def address(self) -> str:
        """``threads.runs.create``: how it is reached from the client."""
        return f"{self.resource}.{self.name}" if self.resource else self.name


@dataclass(frozen=True, slots=True)
class OldPage:
    """How a page class finds the next page; the names are wire names.

    ``items`` is the property with the items, ``parameter`` selects the next page, and ``cursor``,
    ``item_cursor`` or ``cursor_header`` contains its value.
    """

    style: Literal["cursor", "offset", "page", "link"]
    items: str
    parameter: str = ""
    cursor: str = ""
    item_cursor: str = ""
    cursor_header: str = ""
    has_more: str = ""


@dataclass(frozen=True, slots=True)
class OldCredential:
    """A credential: ``kind`` and ``scheme`` as in OpenAPI's security schemes.

    ``kind`` is empty if no security scheme can describe it, as for ``X-Key: v1 <key>``.
    ``arguments`` of the client provide it: one, or user and password. ``key`` is the key of the
    security scheme, if a configuration gives it.
    """

    kind: str
    header: str
    scheme: str
    arguments: tuple[str, ...]
    key: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """The place of a client argument's value in every request."""

    location: str
    name: str


@dataclass(frozen=True, slots=True)
class OldClient:
    """The client: its class, the arguments of its constructor, and the constants that it sends.

    ``variables`` are environment variables by the argument whose default they give. ``servers`` are
    addresses by the name of their environment. ``header_variables`` are environment variables with
    headers, one on each line. ``accept`` is the ``Accept`` header of requests without a result, if
    it is not ``*/*``. ``array_format`` is the format of arrays in the query: ``comma``, ``repeat``,
    ``brackets`` or ``indices``.
    """

    name: str
    place: Place
    arguments: tuple[OldArgument, ...] = ()
    variables: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    servers: Mapping[str, str] = field(default_factory=dict[str, str])
    header_variables: tuple[str, ...] = ()
    credentials: tuple[OldCredential, ...] = ()
    sent: Mapping[str, Sent] = field(default_factory=dict[str, Sent])
    idempotency_header: str = ""
    accept: str = ""
    timeout: str = ""
    max_retries: str = ""
    array_format: str = ""


@dataclass(frozen=True, slots=True)
class OldSdk:
    """An old SDK.

    ``handwritten`` are public methods that send no request of their own. ``types`` maps exported
    types to their modules, ``schemas`` types to their components. ``library`` is hand-written code:
    the text of files by their path in the folder ``lib``. ``internals`` are names of the old SDK's
    own modules that the new SDK does not have, by module. ``names_by_tags``: tags and operationIds
    name the methods without a hint. ``has_tags_in_ids``: an operationId may begin with the tag.
    """

    layout: str
    package: str
    version: str
    client: OldClient | None
    methods: tuple[OldMethod, ...]
    pages: Mapping[str, OldPage] = field(default_factory=dict[str, OldPage])
    types: Mapping[str, str] = field(default_factory=dict[str, str])
    schemas: Mapping[str, str] = field(default_factory=dict[str, str])
    library: Mapping[str, str] = field(default_factory=dict[str, str])
    internals: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    handwritten: tuple[tuple[str, Place], ...] = ()
    unread: tuple[Unread, ...] = ()
    names_by_tags: bool = False
    has_tags_in_ids: bool = False


KINDS = {
    "missing": "The description does not have the operation.",
    "name": "The method has another name.",
    "path-arguments": "Callers pass the path arguments in another way.",
    "argument": "An argument does not exist, has another name, or is no longer positional.",
    "required": "An optional argument is now required.",
    "pages": "One of the two returns pages, the other the response.",
    "stream": "One of the two can stream, the other cannot; or events have another type.",
    "returns": "The result's class has another name.",
    "client": "An argument, a variable or a header of the client does not exist.",
    "handwritten": "The method sends no request of its own; write it by hand.",
    "type": "The package has no type of this name.",
    "wire": "The same call sends another request.",
    "answer": "The same response gives another result.",
    "test": "A test of the old SDK that it passes itself fails.",
}
"""The kinds of differences with their meaning."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference for callers of the old SDK. ``waived`` is the line that allows it."""

    kind: str
    subject: str
    detail: str
    place: Place
    waived: str = ""

    @property
    def key(self) -> str:
        """Its name in a waiver."""
        return f"{self.kind} {self.subject}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """The differences, and the counts of operations that both SDKs have.

    ``named`` of the ``common`` operations have their old name, ``addressed`` also have the old path
    arguments, and ``equal`` have no difference.
    """

    common: int
    named: int
    addressed: int
    equal: int
    differences: tuple[Difference, ...]

    @property
    def open(self) -> tuple[Difference, ...]:
        """The differences without a waiver."""
        return tuple(one for one in self.differences if not one.waived)


@dataclass(frozen=True, slots=True)
class Proof:
    """The counts of a proof.

    ``calls`` were made with both SDKs. ``same_requests`` of them send the same request, and
    ``same_answers`` also return the same. The old SDK passes ``tests`` of its own tests; the new
    one passes ``kept`` of these. Both are None if the old SDK has no tests. ``cut`` says which of
    the SDKs did not run all tests, and why. ``left_out`` is the number of passed tests that are not
    counted: they call methods that the description lacks.
    """

    calls: int
    same_requests: int
    same_answers: int
    tests: int | None
    kept: int | None
    differences: tuple[Difference, ...]
    cut: str = ""
    left_out: int = 0
