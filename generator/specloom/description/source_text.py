"""The common parts of the JSON and YAML readers: faults, and the places of keys and items."""

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
        """The text of a line without its break, or None if the text has no such line."""
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
    """The number in `text`. Raises ValueError with `text` for what Python cannot hold.

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


MAX_VALUES = 10_000_000
"""How many values a file may hold. The densest published descriptions hold 60,000 in a MB."""

MAX_EXPANSION = 10
FREE_EXPANSION = 20_000
"""How many times longer aliases may make a document, beyond a number of values that anybody may
use: what stands at two places becomes two types. No published description that we know is made
longer by a tenth."""

MAX_ENUM = 5_000
"""How many values of an enum the SDK names. Type checkers and editors are slow with more, and black
takes a minute for 100,000."""


def is_small(root: Value) -> bool:
    """Whether no value is shared and none is too deep, as in nearly all files.

    This check takes a quarter of the time of `Sizes`, and makes that one unnecessary.
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
    """The extent of every container below `root`."""

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
        """The way down to the first container that is too deep."""
        tokens: list[str] = []
        value = self._root
        while len(tokens) < MAX_DEPTH:
            token, value = max(members(value), key=lambda item: self._of(item[1]).depth)
            tokens.append(str(token))
        return tokens

    def _largest(self) -> list[str]:
        """The way down to the innermost container that alone is too large."""
        tokens: list[str] = []
        inner: tuple[Token, Value] | None = ("", self._root)
        while inner is not None:
            value = inner[1]
            large = (item for item in members(value) if self._of(item[1]).values > self._most)
            inner = next(large, None)
            tokens += [str(inner[0])] if inner is not None else []
        return tokens


_NOTHING = _Extent(0, 0)
