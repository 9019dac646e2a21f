"""The common parts of the JSON and YAML parsers: faults, and the places of keys and items."""

from __future__ import annotations

import math
import re
from array import array
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from specloom.description.tree import Token, Value, is_index, members

MAX_DEPTH = 100
"""The maximum nesting: three times that of any description we know, and safe for recursion."""

_MAX_DIGITS = 4300
_LINE_BREAK = re.compile(r"\r\n?|\n")


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of a text; `index` counts characters from its beginning."""

    code: str
    message: str
    index: int
    hint: str = ""


class TextError(Exception):
    """A text cannot be parsed; contains the fault that ended the parser."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


Report: TypeAlias = Callable[[Fault], None]
"""Receives a fault after which the parser continues."""

Marks: TypeAlias = "dict[str, Mark] | list[Mark]"
Mark: TypeAlias = "int | tuple[int, Marks]"
"""The index of a key or an item; for containers also the marks of their contents."""


def index_in(mark: Mark, tokens: Sequence[str]) -> int:
    """The index of the key or item at `tokens`, or of its deepest existing parent.

    `mark` belongs to the whole text.
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
    """Line and column, as in editors, of an index into a text."""

    def __init__(self, text: str) -> None:
        self._text = text
        # The starts of lines by their numbers: counting begins at the nearest known line.
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
        """The text of a line without its break; None if the text has no such line."""
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
        """The starts of all lines, for a text with several kinds of line breaks.

        Computed on demand, because a refused text may consist of line breaks only.
        """
        if "\r" not in self._text:
            return None
        starts = array("Q", [0])
        starts.extend(match.end() for match in _LINE_BREAK.finditer(self._text))
        return starts


def duplicate_key(lines: Lines, key: str, first: int, second: int) -> Fault:
    """The fault of a mapping with a duplicate key."""
    line = lines.place(first)[0]
    message = f"the key {key!r} is already on line {line} of the same mapping"
    return Fault("duplicate-key", message, second, "merge the two, or rename one")


def too_deep(index: int) -> Fault:
    """The fault of nesting beyond `MAX_DEPTH`."""
    return Fault("too-deep", f"values are nested more than {MAX_DEPTH} deep", index)


def number(text: str) -> int | float:
    """The number in `text`.

    Raises ValueError with `text` for numbers that Python cannot represent. Integers may have 4300
    digits, the limit of Python's parser.
    """
    if text.lstrip("-").isdigit():
        if len(text) > _MAX_DIGITS:
            raise ValueError(text)
        return int(text)
    value = float(text)
    if math.isinf(value):
        raise ValueError(text)
    return value


MAX_VALUES = 10_000_000
"""The maximum number of values in a file. Published descriptions have up to 60,000 per MB."""

MAX_EXPANSION = 10
FREE_EXPANSION = 20_000
"""The maximum growth of a document through aliases, above a minimum number of values.

A value in two places becomes two types. Published descriptions grow by less than a tenth.
"""

MAX_ENUM = 5_000
"""The maximum number of enum values that the SDK names.

Type checkers and editors are slow with more, and black takes a minute for 100,000.
"""


def is_small(root: Value) -> bool:
    """Whether no value is shared or too deep, as in nearly all files.

    This check takes a quarter of the time of `Sizes`, and makes `Sizes` unnecessary.
    """
    level: list[Value] = [root]
    seen: set[int] = set()
    for _ in range(MAX_DEPTH):
        below: list[Value] = []
        for value in level:
            if isinstance(value, dict | list) and value:
                if id(value) in seen:
                    return False
                seen.add(id(value))
                below.extend(value.values() if isinstance(value, dict) else value)
        if not below:
            return True
        level = below
    return False


@dataclass(frozen=True, slots=True)
class _Extent:
    values: int
    depth: int


class Sizes:
    """The number of values of every container below `root`."""

    def __init__(self, root: Value) -> None:
        self._root = root
        self._extents: dict[int, _Extent] = {}
        self._measure()
        written = sum(len(value) for value in self._containers)
        self._most = min(MAX_VALUES, FREE_EXPANSION + MAX_EXPANSION * written)

    def fault(self) -> tuple[list[str], Fault] | None:
        """The problem and the tokens of its place; None if there is none."""
        found = self._of(self._root)
        if found.depth > MAX_DEPTH:
            return self._deepest(), too_deep(0)
        if found.values > self._most:
            message = f"aliases make more than {self._most} values of this file"
            hint = "write a repeated value as a component, and refer to it with $ref"
            return self._largest(), Fault("too-many-aliases", message, 0, hint)
        return None

    def _of(self, value: Value) -> _Extent:
        return self._extents.get(id(value), _NOTHING)

    def _measure(self) -> None:
        self._containers: list[dict[str, Value] | list[Value]] = []
        pending: list[tuple[Value, bool]] = [(self._root, False)]
        while pending:
            value, is_measured_inside = pending.pop()
            if not isinstance(value, dict | list):
                continue
            inner = value.values() if isinstance(value, dict) else value
            if is_measured_inside:
                parts = [self._of(one) for one in inner if isinstance(one, dict | list)]
                values = len(value) + sum(one.values for one in parts)
                depth = 1 + max((one.depth for one in parts), default=0)
                self._extents[id(value)] = _Extent(values, depth)
            elif id(value) not in self._extents:
                self._extents[id(value)] = _NOTHING
                self._containers.append(value)
                pending.append((value, True))
                pending.extend((one, False) for one in inner if isinstance(one, dict | list))

    def _deepest(self) -> list[str]:
        """The path to the first container that is too deep."""
        tokens: list[str] = []
        value = self._root
        while len(tokens) < MAX_DEPTH:
            token, value = max(members(value), key=lambda item: self._of(item[1]).depth)
            tokens.append(str(token))
        return tokens

    def _largest(self) -> list[str]:
        """The path to the innermost container that is too large by itself."""
        tokens: list[str] = []
        inner: tuple[Token, Value] | None = ("", self._root)
        while inner is not None:
            value = inner[1]
            large = (item for item in members(value) if self._of(item[1]).values > self._most)
            inner = next(large, None)
            tokens += [str(inner[0])] if inner is not None else []
        return tokens


_NOTHING = _Extent(0, 0)
