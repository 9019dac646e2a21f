"""JSONPath (RFC 9535) with a limit on its cost. Importing this module takes 40 ms."""

from __future__ import annotations

import re
from typing import Any

from jsonpath import JSONPathEnvironment, JSONPathError
from jsonpath.function_extensions import Match, Search

from specloom.description.tree import TreePath, Value
from specloom.patterns import longest_text

MAX_DESCENTS = 3
"""The maximum number of `..` in an expression: each multiplies the visited nodes."""

_TEXT = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"", re.DOTALL)


class QueryError(Exception):
    """An expression cannot be used; the message gives the reason."""


def select(expression: str, root: Value) -> list[TreePath]:
    """The paths of the nodes that an expression selects. Raises QueryError."""
    if _TEXT.sub("", expression).count("..") > MAX_DESCENTS:
        raise QueryError(f"it has more than {MAX_DESCENTS} '..', which may take very long")
    environment = JSONPathEnvironment(strict=True)
    environment.function_extensions |= {"match": _BoundMatch(), "search": _BoundSearch()}
    try:
        return [match.parts for match in environment.compile(expression).finditer(root)]
    except JSONPathError as error:
        reason = str(error).partition("\n")[0]
        raise QueryError(f"it is not a JSONPath (RFC 9535): {reason}") from None
    except RecursionError:
        raise QueryError("it is nested too deep") from None


class _BoundMatch(Match):
    def __call__(self, value: object, pattern: object) -> bool:
        _refuse_slow(value, pattern)
        return super().__call__(value, pattern)


class _BoundSearch(Search):
    def __call__(self, value: object, pattern: object) -> bool:
        _refuse_slow(value, pattern)
        return super().__call__(value, pattern)


def _refuse_slow(value: Any, pattern: Any) -> None:
    is_tried = isinstance(value, str) and isinstance(pattern, str)
    if is_tried and len(value) > longest_text(pattern):
        raise QueryError(f"{pattern!r} may take very long on a text of {len(value)} characters")
