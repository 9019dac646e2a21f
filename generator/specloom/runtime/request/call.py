"""One use of an operation: what the caller gave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, TypedDict

from ..options import RequestOptions, omit

if TYPE_CHECKING:  # the first resource loads it
    from ..api.operation import Operation

__all__ = ["Call", "Inputs"]


class Inputs(TypedDict, total=False):
    """The arguments of a session's methods, apart from the operation. See ``Call``."""

    path: Mapping[str, object]
    query: Mapping[str, object]
    headers: Mapping[str, object]
    cookies: Mapping[str, object]
    body: object
    options: RequestOptions


_NOTHING: Final[Mapping[str, object]] = {}
_OPTIONS: Final = frozenset(RequestOptions.__annotations__)


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

    __slots__ = ("body", "cookies", "headers", "operation", "options", "path", "query", "url")

    def __init__(
        self,
        operation: Operation[Any, Any],
        path: Mapping[str, object] = _NOTHING,
        query: Mapping[str, object] = _NOTHING,
        headers: Mapping[str, object] = _NOTHING,
        cookies: Mapping[str, object] = _NOTHING,
        body: object = omit,
        options: RequestOptions | None = None,
        url: str | None = None,
    ) -> None:
        self.operation = operation
        self.path = path
        self.query = query
        self.headers = headers
        self.cookies = cookies
        self.body = body
        self.options: RequestOptions = options or {}
        self.url = url
        for name in self.options:
            if name not in _OPTIONS:
                from ..keywords import refuse_unknown  # only wrong calls need it

                refuse_unknown(self.options, _OPTIONS)

    def changed(self, **changes: Any) -> Call:
        """The same call with some other inputs: another page of its list, say."""
        return Call(**{**{name: getattr(self, name) for name in self.__slots__}, **changes})
