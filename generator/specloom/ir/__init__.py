"""The intermediate representation: the API, without the spelling of OpenAPI or Python.

All stages between reading the description and writing Python use these frozen dataclasses. They
import none of our modules and serialise to JSON (``specloom ir``).

Names are words (``("run", "step")``), never identifiers: only ``naming`` makes those. ``wire_name``
is the exact spelling on the wire, or the name of a schema in the description; it is empty for an
inline schema. ``pointer`` is the place in the description, as ``<file>#<JSON Pointer>`` (RFC 6901).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from typing import Literal as OneOf

from specloom.ir.operations import (
    Content,
    ContentKind,
    Example,
    Operation,
    Pagination,
    Parameter,
    ParameterLocation,
    PartEncoding,
    Poll,
    RequestBody,
    Response,
    Server,
    ServerVariable,
    StatusPattern,
    Stream,
    variables_in,
)
from specloom.ir.types import (
    Alias,
    Field,
    ListOf,
    Literal,
    MapOf,
    Model,
    NamedType,
    Nullable,
    Ref,
    Scalar,
    ScalarKind,
    TupleOf,
    TypeRef,
    UnionOf,
    Words,
)

OLDEST_PYTHON = 11
"""The minor version of the oldest Python 3 that an SDK runs on."""


@dataclass(frozen=True, slots=True)
class Project:
    """Metadata of a distribution (packaging.python.org, "pyproject.toml specification").

    ``authors`` are pairs of name and email, either of which may be empty. ``license`` is an SPDX
    expression (PEP 639). ``urls`` are pairs of label and URL, ``dependencies`` pairs of
    distribution and version specifier (PEP 440).
    """

    name: str = ""
    authors: tuple[tuple[str, str], ...] = ()
    license: str = ""
    keywords: tuple[str, ...] = ()
    classifiers: tuple[str, ...] = ()
    urls: tuple[tuple[str, str], ...] = ()
    python: str = ""
    dependencies: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Webhooks:
    """The webhooks of a description.

    ``event`` is the type of all of them; ``named`` maps names in the description to types.
    ``signature`` holds the settings of x-sdk; without settings, signatures follow Standard
    Webhooks.
    """

    event: TypeRef
    named: tuple[tuple[str, TypeRef], ...]
    signature: tuple[tuple[str, str], ...] = ()
    tolerance: float = 300.0


@dataclass(frozen=True, slots=True)
class FormerName:
    """A former name of a method that still works, with a warning.

    ``operation`` is a pointer, ``since`` the version of the SDK that dropped the name. ``waits``:
    it was the name of the method that also waits. An alias in x-sdk is a further name that was
    never dropped: its ``since`` is empty, and it does not warn.
    """

    name: Words
    operation: str
    since: str
    waits: bool = False

    @property
    def is_alias(self) -> bool:
        """Whether it is an alias, a current further name."""
        return not self.since


@dataclass(frozen=True, slots=True)
class Resource:
    """A group of operations: an attribute of the client, or of another resource.

    ``mixin`` is the path, below the package, of a hand-written class that its class inherits.
    ``former`` are former names and aliases of its methods; a resource may have nothing else.
    """

    path: tuple[Words, ...]
    operations: tuple[Operation, ...]
    children: tuple[Resource, ...]
    description: str = ""
    mixin: str = ""
    former: tuple[FormerName, ...] = ()


@dataclass(frozen=True, slots=True)
class SecurityScheme:
    """A way to authenticate without a login flow (an OAuth token is sent as a bearer token).

    ``http`` is any other HTTP authentication scheme; ``wire_name`` is its name (RFC 9110 §11).
    ``arguments`` are the names of the client's arguments in x-sdk: one, or user and password.
    ``variables`` are the environment variables of each.
    """

    key: str
    pointer: str
    kind: OneOf["bearer", "basic", "apiKey", "http"]
    location: OneOf["header", "query", "cookie"] | None = None
    wire_name: str | None = None
    description: str = ""
    flows: OAuthFlows | None = None
    arguments: tuple[str, ...] = ()
    variables: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class OAuthFlows:
    """The sources of OAuth 2 tokens (RFC 6749).

    ``takes_client``: a program can request tokens with its own id and secret. ``authentication`` is
    how it sends them, ``parameters`` are further parameters. ``scopes`` are names and descriptions.
    """

    token_url: str = ""
    refresh_url: str = ""
    takes_client: bool = False
    scopes: tuple[tuple[str, str], ...] = ()
    authentication: OneOf["basic", "post"] = "basic"
    parameters: tuple[tuple[str, str], ...] = ()

    @property
    def form(self) -> dict[str, str]:
        """The parameters by name."""
        return dict(self.parameters)


@dataclass(frozen=True, slots=True)
class ClientArgument:
    """A further argument of the client, from x-sdk.

    ``location`` is None if it is never sent. ``everywhere``: no operation declares the input, so
    every call sends it.
    """

    name: str
    location: OneOf["path", "query", "header"] | None = None
    wire_name: str = ""
    type: OneOf["string", "integer", "number", "boolean"] = "string"
    environment: tuple[str, ...] = ()
    default: str | float | None = None
    required: bool = False
    description: str = ""
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class Readme:
    """The first call of the README: an operationId or a method address, and argument values."""

    operation: str
    arguments: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of the SDK from the root ``x-sdk``.

    ``naming`` fills in missing names. ``timeout`` and ``retries`` are arguments of the classes with
    these names.
    """

    package: str
    client: str
    version: str
    api_key_environment: tuple[str, ...] = ()
    base_url_environment: tuple[str, ...] = ()
    client_id_environment: tuple[str, ...] = ()
    client_secret_environment: tuple[str, ...] = ()
    log_environment: str | None = None
    idempotency_header: str | None = None
    accept: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    error_pointers: tuple[tuple[str, str], ...] = ()
    mixin: str = ""
    client_arguments: tuple[ClientArgument, ...] = ()
    timeout: tuple[tuple[str, Any], ...] = ()
    max_retries: int | None = None
    retries: tuple[tuple[str, Any], ...] = ()
    project: Project = field(default_factory=Project)
    readme: Readme | None = None

    @property
    def distribution(self) -> str:
        """The name of the SDK on a package index."""
        return self.project.name or self.package.replace("_", "-")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An operation that the SDK lacks, with the reason; ``name`` is method, path and id."""

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
    webhooks: Webhooks | None = None

    def operations(self) -> list[Operation]:
        """Every operation, resource by resource, depth first."""
        found: list[Operation] = []
        pending = list(reversed(self.resources))
        while pending:
            resource = pending.pop()
            found.extend(resource.operations)
            pending.extend(reversed(resource.children))
        return found


__all__ = [
    "Alias",
    "Api",
    "ClientArgument",
    "Content",
    "ContentKind",
    "Example",
    "Field",
    "FormerName",
    "LeftOut",
    "ListOf",
    "Literal",
    "MapOf",
    "Model",
    "NamedType",
    "Nullable",
    "OAuthFlows",
    "Operation",
    "Pagination",
    "Parameter",
    "ParameterLocation",
    "PartEncoding",
    "Poll",
    "Project",
    "Readme",
    "Ref",
    "RequestBody",
    "Resource",
    "Response",
    "Scalar",
    "ScalarKind",
    "SecurityScheme",
    "Server",
    "ServerVariable",
    "Settings",
    "StatusPattern",
    "Stream",
    "TupleOf",
    "TypeRef",
    "UnionOf",
    "Webhooks",
    "Words",
    "variables_in",
]
