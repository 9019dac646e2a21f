"""The old names of "not given", and of the types of common arguments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from ..options import Omit, omit
from ..request.uploads import FileInput

__all__ = [
    "NOT_GIVEN",
    "Base64FileInput",
    "Body",
    "FileTypes",
    "Headers",
    "NoneType",
    "NotGiven",
    "Omit",
    "ProxiesTypes",
    "Query",
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
Transport: TypeAlias = Any
ProxiesTypes: TypeAlias = Any
