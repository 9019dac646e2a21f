"""The old names of "not given", and of the types of common arguments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias, TypeVar

from ..options import Omit, omit
from ..request.uploads import FileInput

__all__ = [
    "NOT_GIVEN",
    "AsyncTransport",
    "Base64FileInput",
    "Body",
    "FileContent",
    "FileTypes",
    "Headers",
    "NoneType",
    "NotGiven",
    "Omit",
    "ProxiesTypes",
    "Query",
    "RequestFiles",
    "ResponseT",
    "SequenceNotStr",
    "Transport",
    "not_given",
    "omit",
]

NotGiven = Omit
NOT_GIVEN = omit
not_given = omit
NoneType = type(None)
Headers: TypeAlias = Mapping[str, str | Omit]
Query: TypeAlias = Mapping[str, object]
Body: TypeAlias = object
FileTypes: TypeAlias = FileInput
Base64FileInput: TypeAlias = FileInput
FileContent: TypeAlias = FileInput
RequestFiles: TypeAlias = Mapping[str, FileInput] | Sequence[tuple[str, FileInput]]
SequenceNotStr = Sequence
ResponseT = TypeVar("ResponseT")
Transport: TypeAlias = Any
AsyncTransport: TypeAlias = Any
ProxiesTypes: TypeAlias = Any
