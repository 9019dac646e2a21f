"""Docstrings as black leaves them; `specloom.writing.docstrings` has wrapped them already."""

from __future__ import annotations

from specloom.writing.layout.lines import UnclearError


def lay_out_docstring(text: str, indent: int) -> str:
    """A docstring with its quotes. Raises UnclearError where black may see more to change."""
    lines = text[3:-3].split("\n")
    # Blanks and quotes at the ends, and what a backslash does to them, are for black to settle.
    if not lines[0] or lines[0][0] in ' "' or "\\" in text or "\t" in text:
        raise UnclearError
    if len(lines) == 1:
        ending, margin = lines[0], ""
    else:
        ending, margin = lines[-2], " " * indent
        if lines[-1] != margin or not _is_even(lines[1:-1], margin):
            raise UnclearError
    if not ending or ending[-1] in ' "' or lines[0] != lines[0].rstrip():
        raise UnclearError
    return f'"""{lines[0]}"""' if len(lines) <= 2 else text


def _is_even(lines: list[str], margin: str) -> bool:
    """Whether every line starts at the margin or behind it, and none ends in blanks."""
    return all(not one or (one.startswith(margin) and one == one.rstrip()) for one in lines)
