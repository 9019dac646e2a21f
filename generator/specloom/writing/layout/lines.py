"""Python's text → its logical lines, told apart by brackets, strings and comments alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

# A string is passed over whole; what is odd enough to be left to black is matched to be noticed.
_MARK = re.compile(
    r"""'''"""
    r'''|"""(?:[^\\"]|\\.|"(?!""))*"""|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"'''
    r"""|[()\[\]{}]|\#[^\n]*|\n|\\""",
    re.DOTALL,
)
_DEPTHS = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}


class UnclearError(Exception):
    """What stands here is not one of the few things that we lay out ourselves."""


class LogicalLine(NamedTuple):
    """A statement, or the head of a compound one, without its indentation.

    ``blank_lines`` are those above it.
    """

    text: str
    indent: int
    blank_lines: int

    @property
    def depth(self) -> int:
        """How many blocks it stands in."""
        return self.indent // 4

    @property
    def is_definition(self) -> bool:
        """Whether a function or a method begins here."""
        return self.text.startswith(("def ", "async def "))

    @property
    def is_stub(self) -> bool:
        """Whether it is all there is of a function."""
        return self.is_definition and self.text.endswith(": ...")

    @property
    def is_class(self) -> bool:
        """Whether a class begins here."""
        return self.text.startswith("class ")

    @property
    def is_decorator(self) -> bool:
        """Whether it decorates what is below."""
        return self.text.startswith("@")

    @property
    def is_import(self) -> bool:
        """Whether something is imported."""
        return self.text.startswith(("from ", "import "))

    @property
    def is_comment(self) -> bool:
        """Whether it is a comment of its own."""
        return self.text.startswith("#")

    @property
    def is_string(self) -> bool:
        """Whether it is nothing but a string in triple quotes, such as a docstring."""
        return len(self.text) > 6 and self.text.startswith('"""') and self.text.endswith('"""')


def logical_lines(text: str) -> Iterator[LogicalLine]:
    """The logical lines of a file. Raises UnclearError where it cannot be sure of them."""
    start = depth = blank_lines = 0
    for mark in _MARK.finditer(text):
        found = mark.group()
        if found != "\n":
            depth += _DEPTHS.get(found, 0)
            if found in {"\\", "'''"}:
                raise UnclearError
        elif not depth:
            line = text[start : mark.start()]
            start = mark.end()
            stripped = line.strip()
            if stripped:
                yield LogicalLine(stripped, _indent(line), blank_lines)
            blank_lines = 0 if stripped else blank_lines + 1
    if depth or start != len(text):
        raise UnclearError


def _indent(line: str) -> int:
    indent = len(line) - len(line.lstrip(" "))
    if indent % 4 or line[indent] in "\t\f":
        raise UnclearError
    return indent
