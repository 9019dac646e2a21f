"""Places in a large text, without a second reading of all of it.

Most of what is told of a large description are warnings: a few places, for which its 13 MB need not
be read once more.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from specloom.description.source_text import Marked, TextError
from specloom.description.tree import Value
from specloom.description.yaml_text import mark

LARGE = 100_000
"""From how many characters on a text is worth the trouble."""

_ENTRY = 20_000
"""A part of a YAML text with so many characters is read, a larger one looked into."""


_MOST = 200
"""Where the lines of more entries are asked for, reading all is less work."""


class NearPlaces(Protocol):
    """Says where keys and items of a text begin."""

    def index(self, tokens: Sequence[str]) -> int | None:
        """Where the key or item at ``tokens`` begins, or the deepest one on the way that exists.

        None where the text would have to be read whole to say so.
        """
        ...


class JsonPlaces:
    """Knows what stands in the containers that were asked for, and steps over all others."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._decoder = json.JSONDecoder()
        self._members: dict[int, dict[str, tuple[int, int]]] = {}

    def index(self, tokens: Sequence[str]) -> int | None:
        """Where the key or item at ``tokens`` begins; never None."""
        found, start = 0, self._blank(0)
        for token in tokens:
            if start not in self._members:
                self._members[start] = self._below(start)
            if token not in self._members[start]:
                break
            found, start = self._members[start][token]
        return found

    def _below(self, start: int) -> dict[str, tuple[int, int]]:
        """Where the keys (or items) and the values of a container begin."""
        found: dict[str, tuple[int, int]] = {}
        kind, position = self._text[start], start + 1
        while kind in "{[":
            begin = position = self._blank(position)
            if self._text[position] in "}]":
                break
            key = str(len(found))
            if kind == "{":
                key, position = self._decoder.raw_decode(self._text, position)
                position = self._blank(self._blank(position) + 1)
            found[key] = begin, position
            _, position = self._decoder.raw_decode(self._text, position)
            position = self._blank(position)
            if self._text[position] != ",":
                break
            position += 1
        return found

    def _blank(self, position: int) -> int:
        """The next character that is not blank."""
        match = _BLANKS.match(self._text, position)
        return match.end() if match else position


_BLANKS = re.compile(r"[ \t\n\r]*")


class _Lines(NamedTuple):
    """Some lines of a text: from the break before the first to the one after the last."""

    start: int
    end: int


class YamlPlaces:
    """Finds the lines of an entry by their indentation, and reads them alone.

    What they say has to be what is known to stand there, else nothing is said of the place.
    """

    def __init__(self, text: str, root: Value) -> None:
        self._text = f"\n{text}\n"
        self._root = root
        self._entries: dict[tuple[str, ...], _Lines | None] = {}
        self._marked: dict[_Lines, Marked | None] = {}

    def index(self, tokens: Sequence[str]) -> int | None:
        """Where the key or item at ``tokens`` begins; None where the text is not plain enough."""
        if len(self._entries) > _MOST:
            return None
        value, lines = self._root, _Lines(0, len(self._text) - 1)
        for depth, key in enumerate(tokens):
            if not isinstance(value, dict) or key not in value:
                return None
            value = value[key]
            entry = self._entry(tuple(tokens[: depth + 1]), lines)
            if entry is None:
                return None
            if entry.end - entry.start <= _ENTRY:
                return self._index(entry, {key: value}, tokens[depth:])
            # What stands below begins on the line after the key's.
            lines = _Lines(self._text.index("\n", entry.start + 1), entry.end)
        return None

    def _index(self, lines: _Lines, expected: Value, tokens: Sequence[str]) -> int | None:
        if lines not in self._marked:
            self._marked[lines] = _read(self._text[lines.start : lines.end])
        marked = self._marked[lines]
        if marked is None or marked.root != expected:
            return None
        # The break before the first line is one that we have put before the text.
        return lines.start - 1 + marked.index(list(tokens))

    def _entry(self, tokens: tuple[str, ...], around: _Lines) -> _Lines | None:
        if tokens not in self._entries:
            self._entries[tokens] = self._found(tokens[-1], around)
        return self._entries[tokens]

    def _found(self, key: str, around: _Lines) -> _Lines | None:
        """The lines of the entry that ``key`` names, among entries of one indentation."""
        first = _FIRST.search(self._text, *around)
        if first is None:
            return None
        margin = first[1]
        spellings = (f"\n{margin}{quote}{key}{quote}:" for quote in ("", '"', "'"))
        places = (self._text.find(one, *around) for one in spellings)
        start = next((place for place in places if place >= 0), None)
        if start is None:
            return None
        following = re.compile(rf"\n {{0,{len(margin)}}}[^\s#]")
        end = following.search(self._text, self._text.index("\n", start + 1), around.end)
        return _Lines(start, end.start() if end else around.end)


_FIRST = re.compile(r"\n( *)[^\s#]")


def _read(text: str) -> Marked | None:
    try:
        return mark(text)
    except TextError:
        return None
