"""What the readers of JSON and YAML text share: faults, and the places of keys and items."""

from __future__ import annotations

import math
import re
from array import array
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from specloom.description.tree import is_index

MAX_DEPTH = 100
"""The deepest nesting that is read: more than three times that of any description we know, and
little enough for whatever recurses over a tree to stay inside Python's stack."""

_MAX_DIGITS = 4300
_LINE_BREAK = re.compile(r"\r\n?|\n")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a text; `index` counts characters from its beginning."""

    code: str
    message: str
    index: int
    hint: str = ""


class TextError(Exception):
    """A text cannot be read; holds the one fault that ended it."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


Report: TypeAlias = Callable[[Fault], None]
"""Takes a fault after which reading can go on."""

Marks: TypeAlias = "dict[str, Mark] | list[Mark]"
Mark: TypeAlias = "int | tuple[int, Marks]"
"""Where a key or an item begins; of one that holds others, also where these begin."""


def index_in(mark: Mark, tokens: Sequence[str]) -> int:
    """Where the key or item at `tokens` begins, or the deepest one on the way that exists.

    `mark` is that of a whole text.
    """
    for token in tokens:
        marks = None if isinstance(mark, int) else mark[1]
        if isinstance(marks, dict) and token in marks:
            mark = marks[token]
        elif isinstance(marks, list) and is_index(token, marks):
            mark = marks[int(token)]
        else:
            break
    return mark if isinstance(mark, int) else mark[0]


class Lines:
    """Line and column, as editors count them, of an index into a text."""

    def __init__(self, text: str) -> None:
        self._text = text
        # Beginnings of lines, with their numbers: lines are counted from the nearest one.
        self._known = [(0, 1)]

    def place(self, index: int) -> tuple[int, int]:
        """Line and column of a character, both from 1."""
        if index == 0:
            return 1, 1
        if self._starts is not None:
            line = bisect_right(self._starts, index)
            return line, index - self._starts[line - 1] + 1
        start = self._text.rfind("\n", 0, index) + 1
        place = bisect_right(self._known, (start, len(self._text)))
        known, line = self._known[place - 1]
        if known != start:
            line += self._text.count("\n", known, start)
            self._known.insert(place, (start, line))
        return line, index - start + 1

    def line(self, number: int) -> str | None:
        """The text of a line without its break, or None where the text has no such line."""
        start = self._start_of(number)
        if start is None:
            return None
        found = _LINE_BREAK.search(self._text, start)
        return self._text[start : found.start() if found else None]

    def _start_of(self, number: int) -> int | None:
        if self._starts is not None:
            return self._starts[number - 1] if 1 <= number <= len(self._starts) else None
        if number < 1:
            return None
        start, line = self._known[bisect_right(self._known, number, key=lambda one: one[1]) - 1]
        while line < number and start >= 0:
            start, line = self._text.find("\n", start) + 1, line + 1
            start = start or -1
        return None if start < 0 else start

    @cached_property
    def _starts(self) -> array[int] | None:
        """Where every line begins, for a text that breaks lines in more than one way.

        Only once somebody asks: a text may be nothing but line breaks, and refused for that.
        """
        if "\r" not in self._text:
            return None
        starts = array("Q", [0])
        starts.extend(match.end() for match in _LINE_BREAK.finditer(self._text))
        return starts


def duplicate_key(lines: Lines, key: str, first: int, second: int) -> Fault:
    """The fault of a mapping with one key twice."""
    line = lines.place(first)[0]
    message = f"the key {key!r} is already on line {line} of the same mapping"
    return Fault("duplicate-key", message, second, "merge the two, or rename one")


def too_deep(index: int) -> Fault:
    """The fault of nesting beyond `MAX_DEPTH`."""
    return Fault("too-deep", f"values are nested more than {MAX_DEPTH} deep", index)


def number(text: str) -> int | float:
    """The number that `text` stands for. Raises ValueError with `text` for what Python cannot hold.

    Integers end at 4300 digits, where Python refuses to spend the time that longer ones take.
    """
    if text.lstrip("-").isdigit():
        if len(text) > _MAX_DIGITS:
            raise ValueError(text)
        return int(text)
    value = float(text)
    if math.isinf(value):
        raise ValueError(text)
    return value
