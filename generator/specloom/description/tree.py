"""Plain values, as in JSON, and JSON pointers (RFC 6901) to them.

A pointer names a place in a set of sources: "<uri>#<JSON pointer>", for example
`assistants.yaml#/paths/~1threads/post`. The uri is percent-encoded, the JSON pointer is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sized
from typing import TypeAlias

Value: TypeAlias = "dict[str, Value] | list[Value] | str | int | float | bool | None"
"""The types of values in a parsed description: the types of JSON."""

Token: TypeAlias = "str | int"
TreePath: TypeAlias = "tuple[Token, ...]"
"""Keys and indices from the root to a value."""


def escape(token: Token) -> str:
    """One reference token of a pointer: `~` and `/` escaped."""
    text = str(token)
    return text.replace("~", "~0").replace("/", "~1") if "~" in text or "/" in text else text


def unescape(token: str) -> str:
    """The key of a reference token."""
    return token.replace("~1", "/").replace("~0", "~") if "~" in token else token


def child(pointer: str, *tokens: Token) -> str:
    """The pointer to the value below `pointer` at `tokens`."""
    for token in tokens:
        pointer = f"{pointer}/{escape(token)}"
    return pointer


def split(pointer: str) -> tuple[str, list[str]]:
    """A pointer's uri and its tokens, unescaped."""
    uri, _, path = pointer.partition("#")
    return uri, [unescape(token) for token in path.split("/")[1:]]


def uri_of(pointer: str) -> str:
    """The uri of the source that `pointer` points into."""
    return pointer.partition("#")[0]


def reference_in(value: Value) -> str | None:
    """The value of `$ref`, else of `$dynamicRef`; None if there is neither."""
    if not isinstance(value, dict):
        return None
    ref = value.get("$ref", value.get("$dynamicRef"))
    return ref if isinstance(ref, str) else None


def step(value: Value, token: str) -> Value:
    """The value under `token` in `value`. Raises KeyError if there is none."""
    if isinstance(value, dict):
        return value[token]
    if isinstance(value, list) and is_index(token, value):
        return value[int(token)]
    raise KeyError(token)


def is_index(token: str, items: Sized) -> bool:
    """Whether `token` is a valid index of `items`."""
    return token.isascii() and token.isdigit() and int(token) < len(items)


def members(value: Value) -> Iterator[tuple[Token, Value]]:
    """The entries of a mapping or a list with their keys or indices; empty for other values."""
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, list):
        yield from enumerate(value)


def kind_of(value: Value) -> str:
    """The type of `value` for a message: "a list"."""
    match value:
        case None:
            return "nothing"
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case str():
            return "text"
        case bool():
            return "a boolean"
        case _:
            return "a number"


def one_of(words: Iterable[str]) -> str:
    """Words as alternatives for a message: "a, b or c"."""
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


def is_swagger(root: Value) -> bool:
    """Whether a description declares Swagger 2.0."""
    if not isinstance(root, dict) or "openapi" in root:
        return False
    return str(root.get("swagger")) in ("2.0", "2")
