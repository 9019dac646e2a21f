"""One use of an operation: what the caller gave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypedDict

from ..api.operation import Operation
from ..options import RequestOptions, omit

__all__ = ["Call", "Inputs"]


class Inputs(TypedDict, total=False):
    """The arguments of a session's methods, apart from the operation. See ``Call``."""

    path: Mapping[str, object]
    query: Mapping[str, object]
    headers: Mapping[str, object]
    cookies: Mapping[str, object]
    body: object
    options: RequestOptions


_OPTIONS: Final = frozenset(RequestOptions.__annotations__)


def _nothing() -> dict[str, object]:
    return {}


@dataclass(slots=True, eq=False, repr=False)
class Call:
    """An operation and its inputs. It is never changed.

    Attributes:
        operation: The operation.
        path: The path arguments by wire name. Here and below, ``omit`` marks an input as not sent.
        query: The query arguments by wire name.
        headers: The header arguments by wire name.
        cookies: The cookie arguments by wire name.
        body: The body, or its members by wire name.
        options: The options of this call.
        url: A link from the server that replaces base URL, path and query.

    Raises:
        TypeError: An option does not exist.
    """

    operation: Operation[Any, Any]
    path: Mapping[str, object] = field(default_factory=_nothing)
    query: Mapping[str, object] = field(default_factory=_nothing)
    headers: Mapping[str, object] = field(default_factory=_nothing)
    cookies: Mapping[str, object] = field(default_factory=_nothing)
    body: object = omit
    options: RequestOptions = field(default_factory=RequestOptions)
    url: str | None = None

    def __post_init__(self) -> None:
        if not self.options:  # most calls
            return
        for name in self.options:
            if name not in _OPTIONS:
                from ..keywords import refuse_unknown  # only wrong calls need it

                refuse_unknown(self.options, _OPTIONS)

    def at(self, query: Mapping[str, object], url: str | None = None) -> Call:
        """The same call for another page of its list."""
        return replace(self, query=query, url=url)

    def with_body(self, body: object) -> Call:
        """The same call with another body."""
        return replace(self, body=body)
