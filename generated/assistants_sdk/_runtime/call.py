"""One use of an operation: what the caller gave, before anything is made of it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from .omit import omit
from .operation import Operation
from .options import RequestOptions

__all__ = ["NOTHING", "Call"]

NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})
_NO_OPTIONS: Final[RequestOptions] = {}


class Call(NamedTuple):
    """An operation and its inputs by wire name; inputs that are ``omit`` are not sent.

    ``url`` takes the place of base URL, path and query: a link that the server gave.
    """

    operation: Operation[Any, Any]
    path: Mapping[str, object] = NOTHING
    query: Mapping[str, object] = NOTHING
    headers: Mapping[str, object] = NOTHING
    cookies: Mapping[str, object] = NOTHING
    body: object = omit
    options: RequestOptions = _NO_OPTIONS
    url: str | None = None
