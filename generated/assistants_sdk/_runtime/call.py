"""One use of an operation: what the caller gave, before anything is made of it."""

from __future__ import annotations

from .omit import omit
from .record import NOTHING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, Final

    from .operation import Operation
    from .options import RequestOptions

__all__ = ["Call"]

_NO_OPTIONS: Final[RequestOptions] = {}


class Call:
    """An operation and its inputs by wire name; inputs that are ``omit`` are not sent.

    ``url`` takes the place of base URL, path and query: a link that the server gave. There is one
    for every request, so it is written out: as a ``Record`` it would take a µs longer to make.
    """

    __slots__ = ("body", "cookies", "headers", "operation", "options", "path", "query", "url")

    def __init__(
        self,
        operation: Operation[Any, Any],
        path: Mapping[str, object] = NOTHING,
        query: Mapping[str, object] = NOTHING,
        headers: Mapping[str, object] = NOTHING,
        cookies: Mapping[str, object] = NOTHING,
        body: object = omit,
        options: RequestOptions = _NO_OPTIONS,
        url: str | None = None,
    ) -> None:
        self.operation = operation
        self.path = path
        self.query = query
        self.headers = headers
        self.cookies = cookies
        self.body = body
        self.options = options
        self.url = url

    def at(self, query: Mapping[str, object], url: str | None = None) -> Call:
        """The same call for another part of a list."""
        return Call(
            self.operation,
            self.path,
            query,
            self.headers,
            self.cookies,
            self.body,
            self.options,
            url,
        )
