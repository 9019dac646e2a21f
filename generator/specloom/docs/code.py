"""Python expressions, formatted as black does: on one line if they fit, else one part a line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeGuard

from specloom.layout import WIDTH, literal

_STEP = 4

Arguments = Sequence[tuple[str, Any]]


def call(function: str, arguments: Arguments, *, column: int, indent: int, after: int = 0) -> str:
    """A call. An argument without a name is positional.

    Args:
        function: What is called.
        arguments: Names and values.
        column: Where the text begins.
        indent: How far its later lines are indented.
        after: How many characters follow it on its last line.
    """
    flat = ", ".join(_named(name) + literal(value) for name, value in arguments)
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
    flat = literal(value)
    if (
        indent + taken + len(flat) <= WIDTH
        or not value
        or not (is_object(value) or is_array(value))
    ):
        return flat
    margin = " " * (indent + _STEP)
    if is_object(value):
        pairs = [(f"{literal(key)}: ", each) for key, each in value.items()]
    else:
        pairs = [("", each) for each in value]
    lines = [
        f"{margin}{key}{value_text(each, indent + _STEP, len(key) + 1)},\n" for key, each in pairs
    ]
    opening, closing = "{}" if is_object(value) else "[]"
    return f"{opening}\n{''.join(lines)}{' ' * indent}{closing}"


def _named(name: str) -> str:
    return f"{name}=" if name else ""


def _is_open_ended(arguments: Arguments) -> bool:
    """Whether one part a line is more readable than all parts on one line."""
    return len(arguments) > 2


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
