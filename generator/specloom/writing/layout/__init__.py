"""Lays Python out as black does, where that is plain to see.

Nearly all lines that our templates write are of a few shapes: a definition, a call, an import, a
docstring. These are laid out here, forty times as fast as black is; every other statement is given
to black by itself. What comes out is what black makes of the whole file, and tests hold it to that.
"""

from __future__ import annotations

from typing import Protocol

from specloom.writing.layout.blanks import BlankLines
from specloom.writing.layout.docstrings import lay_out_docstring
from specloom.writing.layout.lines import LogicalLine, UnclearError, logical_lines
from specloom.writing.layout.statements import lay_out_statement

__all__ = ["Black", "UnclearError", "lay_out"]


class Black(Protocol):
    """black, for one statement or argument at an indentation; what it gives has no indentation.

    Both raise UnclearError for what is no Python.
    """

    def statement(self, text: str, indent: int) -> str:
        """A statement, a docstring, or the head of a compound statement."""
        ...

    def argument(self, text: str, indent: int) -> str:
        """An argument of a function, as its definition has it."""
        ...


def lay_out(text: str, black: Black) -> str:
    """A file that one of our templates has made, laid out; whether it is Python is not looked at.

    Raises UnclearError where black has to see all of it.
    """
    blanks = BlankLines()
    laid: list[str] = []
    for line in logical_lines(text):
        is_docstring = blanks.is_docstring(line)
        laid.append("\n" * blanks.above(line))
        laid.append(f"{' ' * line.indent}{_line(line, is_docstring, black)}\n")
    return "".join(laid)


def _line(line: LogicalLine, is_docstring: bool, black: Black) -> str:
    if line.is_comment or (line.is_string and not is_docstring):
        return line.text  # a text below a field is no docstring to black
    try:
        if is_docstring:
            return lay_out_docstring(line.text, line.indent)
        return lay_out_statement(line.text, line.indent, black.argument)
    except UnclearError:
        return black.statement(line.text, line.indent)
