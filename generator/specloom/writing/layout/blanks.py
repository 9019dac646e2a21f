"""How many blank lines black leaves between two logical lines."""

from __future__ import annotations

from specloom.writing.layout.lines import LogicalLine, UnclearError


class BlankLines:
    """Follows a file from its first line to its last."""

    def __init__(self) -> None:
        self._previous: LogicalLine | None = None
        self._open: list[int] = []  # the depths of the definitions and classes around
        self._follows_class_docstring = False
        self._follows_module_docstring = False

    def above(self, line: LogicalLine) -> int:
        """The blank lines above the next line. Raises UnclearError for comments at definitions."""
        previous, closes = self._previous, self._closes(line)
        is_module_docstring = not line.depth and self.is_docstring(line)
        count = 0 if previous is None else self._between(previous, line, closes)
        is_class_docstring = previous is not None and previous.is_class and self.is_docstring(line)
        if self._follows_class_docstring:
            count = max(count, 1)
        if self._follows_module_docstring and not (line.is_class or line.is_definition):
            count = 1
        self._previous = line
        self._follows_class_docstring = is_class_docstring
        self._follows_module_docstring = is_module_docstring
        return count

    def is_docstring(self, line: LogicalLine) -> bool:
        """Whether the next line is the docstring of the module, class or function around it."""
        previous = self._previous
        is_first = previous is None or previous.is_comment or previous.depth < line.depth
        return line.is_string and is_first

    def _closes(self, line: LogicalLine) -> bool:
        """Whether a definition or a class has ended above the line."""
        closes = False
        while self._open and self._open[-1] >= line.depth:
            self._open.pop()
            closes = True
        if line.is_definition or line.is_class:
            self._open.append(line.depth)
        return closes

    def _between(self, previous: LogicalLine, line: LogicalLine, closes: bool) -> int:
        if line.is_comment and closes:
            raise UnclearError
        most = 1 if line.depth else 2
        given = min(line.blank_lines, most)
        opens = previous.depth < line.depth and (previous.is_class or previous.is_definition)
        if opens and line.is_string:
            return 0
        if line.is_decorator or line.is_definition or line.is_class:
            if previous.is_comment:
                raise UnclearError
            if previous.is_decorator or (previous.is_stub and not given):
                return 0
            return min(given, 1) if opens else most
        if closes:
            given = most
        if previous.is_import and not line.is_import and previous.depth == line.depth:
            return given or 1 if line.depth else 1
        return given
