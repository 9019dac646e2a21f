"""Where an API is: base URLs with variables (OpenAPI 3.1.1, Server Object)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["ApiServer", "ApiServerVariable"]


@dataclass(slots=True, eq=False, repr=False)
class ApiServerVariable:
    """A part of a base URL that the caller may choose.

    Attributes:
        argument: The argument of the client that takes it.
        default: Its value unless the caller gives one. ``None``: the caller must.
        values: All values that it can have. Empty: any.
    """

    argument: str
    default: str | None = None
    values: tuple[str, ...] = ()


@dataclass(slots=True, eq=False, repr=False)
class ApiServer:
    """A base URL. Its variables are in braces, such as ``https://{region}.example.com``."""

    url: str
    variables: Mapping[str, ApiServerVariable] = field(default_factory=dict[str, ApiServerVariable])
