"""The intermediate representation: what the API is, free of OpenAPI's spelling and of Python's.

Everything between reading the description and writing Python passes through these frozen
dataclasses. They import nothing of ours and serialise to JSON (``specloom ir``).

Names here are words (``("run", "step")``), never identifiers: ``names.py`` is the only maker of
those. ``wire_name`` is the exact spelling on the wire, or of a schema that the description names;
of one that stands inline it is empty. ``pointer`` says where a thing stands in
the description, as ``<file>#<JSON Pointer>`` (RFC 6901).
"""

from __future__ import annotations

from specloom.ir.api import Api, FormerName, LeftOut, OAuthFlows, Resource, SecurityScheme, Settings
from specloom.ir.former_sdk import FormerArgument, FormerSdk
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
from specloom.ir.project import Project
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
    TypeRef,
    UnionOf,
    Words,
)
from specloom.ir.webhooks import Webhooks

__all__ = [
    "Alias",
    "Api",
    "Content",
    "ContentKind",
    "Example",
    "Field",
    "FormerArgument",
    "FormerName",
    "FormerSdk",
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
    "TypeRef",
    "UnionOf",
    "Webhooks",
    "Words",
    "variables_in",
]
