"""Where an API is: base URLs with variables (OpenAPI 3.1.1, Server Object)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

__all__ = ["ApiServer", "ApiServerVariable"]


class ApiServerVariable(NamedTuple):
    """A part of a base URL that the caller may choose.

    Attributes:
        argument: The argument of the client that takes it.
        default: Its value unless the caller gives one. ``None``: the caller must.
        values: All values that it can have. Empty: any.
    """

    argument: str
    default: str | None = None
    values: tuple[str, ...] = ()


class ApiServer(NamedTuple):
    """A base URL. Its variables are in braces, such as ``https://{region}.example.com``."""

    url: str
    variables: Mapping[str, ApiServerVariable] = {}
