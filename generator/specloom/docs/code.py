"""Python expressions, formatted as black does: on one line if they fit, else one part a line."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import Any, TypeGuard

WIDTH = 88
_STEP = 4

Arguments = Sequence[tuple[str, Any]]


class Raw(str):
    """An expression in the place of a value."""


def call(function: str, arguments: Arguments, *, column: int, indent: int, after: int = 0) -> str:
    """A call. An argument without a name is positional.

    Args:
        function: What is called.
        arguments: Names and values.
        column: Where the text begins.
        indent: How far its later lines are indented.
        after: How many characters follow it on its last line.
    """
    flat = ", ".join(_named(name) + flat_value(value) for name, value in arguments)
    text = f"{function}({flat})"
    if column + len(text) + after <= WIDTH or not arguments:
        return text
    margin = " " * (indent + _STEP)
    if indent + _STEP + len(flat) <= WIDTH and not _is_open_ended(arguments):
        return f"{function}(\n{margin}{flat}\n{' ' * indent})"
    lines = [
        f"{margin}{_named(name)}{value_text(value, indent + _STEP, len(_named(name)) + 1)},\n"
        for name, value in arguments
    ]
    return f"{function}(\n{''.join(lines)}{' ' * indent})"


def value_text(value: Any, indent: int, taken: int = 0) -> str:
    """A value; ``taken`` is the width of the other text on its first line."""
    flat = flat_value(value)
    if (
        indent + taken + len(flat) <= WIDTH
        or not value
        or not (is_object(value) or is_array(value))
    ):
        return flat
    margin = " " * (indent + _STEP)
    if is_object(value):
        pairs = [(f"{flat_value(key)}: ", each) for key, each in value.items()]
    else:
        pairs = [("", each) for each in value]
    lines = [
        f"{margin}{key}{value_text(each, indent + _STEP, len(key) + 1)},\n" for key, each in pairs
    ]
    opening, closing = "{}" if is_object(value) else "[]"
    return f"{opening}\n{''.join(lines)}{' ' * indent}{closing}"


def flat_value(value: Any) -> str:
    """A value on one line."""
    if is_object(value):
        pairs = (f"{flat_value(key)}: {flat_value(each)}" for key, each in value.items())
        return f"{{{', '.join(pairs)}}}"
    if is_array(value):
        return f"[{', '.join(map(flat_value, value))}]"
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, str):
        return _quoted(repr(value))
    is_number = not isinstance(value, float) or isfinite(value)
    return repr(value) if is_number else f'float("{value}")'


def _named(name: str) -> str:
    return f"{name}=" if name else ""


def _is_open_ended(arguments: Arguments) -> bool:
    """Whether one part a line is more readable than all parts on one line."""
    return len(arguments) > 2


def _quoted(literal: str) -> str:
    """A literal in double quotes, unless it contains some."""
    body = literal[1:-1]
    return literal if literal[0] == '"' or '"' in body else '"' + body.replace("\\'", "'") + '"'


_LARGEST = 1e300


def is_object(value: object) -> TypeGuard[dict[Any, Any]]:
    """Whether a value is an object with text keys; YAML has others."""
    return isinstance(value, dict)


def is_array(value: object) -> TypeGuard[list[Any]]:
    """Whether a value is an array."""
    return isinstance(value, list)


def is_number(value: object) -> TypeGuard[int | float]:
    """Whether a value is a number, and one that a float can hold."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    return -_LARGEST < value < _LARGEST
