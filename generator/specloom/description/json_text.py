"""JSON text to plain values, with Python's own parser; places by a second, slower reading."""

from __future__ import annotations

import json
import re

from specloom.description.source_text import (
    MAX_DEPTH,
    Fault,
    Lines,
    Marked,
    Places,
    Report,
    TextError,
    duplicate_key,
    number,
    too_deep,
)
from specloom.description.tree import Value

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[][{}]|[^][{}:,"\s]+', re.DOTALL)
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def parse(text: str, report: Report) -> Value:
    """The value that JSON `text` stands for.

    Duplicate keys are reported, the last one counts. Raises TextError for everything worse.
    """
    duplicated = False

    def mapping(pairs: list[tuple[str, Value]]) -> Value:
        nonlocal duplicated
        made = dict(pairs)
        duplicated = duplicated or len(made) != len(pairs)
        return made

    try:
        root: Value = json.JSONDecoder(
            object_pairs_hook=mapping,
            parse_int=number,
            parse_float=number,
            parse_constant=_refuse_constant,
        ).decode(text)
    except json.JSONDecodeError as error:
        raise TextError(Fault("not-json", error.msg, error.pos)) from None
    except ValueError as error:
        # Ours, from `number` and `_refuse_constant`: the argument is the token.
        raise TextError(_bad_number(text, str(error.args[0]))) from None
    except RecursionError:
        raise TextError(too_deep(_too_deep_at(text))) from None
    if _SURROGATE.search(text):
        _refuse_lone_surrogates(text)
    if duplicated:
        marker, lines = _Marker(text), Lines(text)
        for key, first, second in marker.duplicates:
            report(duplicate_key(lines, key, first, second))
    return root


def mark(text: str) -> Marked:
    """`text`, which `parse` has accepted, once more: with the place of every key and item."""
    marker = _Marker(text)
    return Marked(marker.root, marker.places)


class _Marker:
    """Reads well-formed JSON token by token, without recursion."""

    def __init__(self, text: str) -> None:
        self.places: Places = {}
        self.duplicates: list[tuple[str, int, int]] = []
        self._stack: list[tuple[dict[str, Value] | None, list[Value]]] = []
        top: list[Value] = []
        self._map: dict[str, Value] | None = None
        self._list = top
        self._key: str | None = None
        for match in _TOKEN.finditer(text):
            self._take(match[0], match.start())
        self.root = top[0]

    def _take(self, token: str, index: int) -> None:
        if token in "]}":
            self._map, self._list = self._stack.pop()
        elif token == "{":
            mapping: dict[str, Value] = {}
            self._open(mapping, index)
            self._map = mapping
        elif token == "[":
            items: list[Value] = []
            self._open(items, index)
            self._map, self._list = None, items
        elif self._map is not None and self._key is None:
            self._enter_key(json.loads(token), index)
        else:
            self._put(json.loads(token), index)

    def _open(self, container: Value, index: int) -> None:
        self._stack.append((self._map, self._list))
        self._put(container, index)
        self.places[id(container)] = {}

    def _enter_key(self, key: str, index: int) -> None:
        places = self.places[id(self._map)]
        if key in places:
            self.duplicates.append((key, places[key], index))
        places[key] = index
        self._key = key

    def _put(self, value: Value, index: int) -> None:
        if self._map is None:
            self.places.setdefault(id(self._list), {})[len(self._list)] = index
            self._list.append(value)
        elif self._key is not None:
            self._map[self._key] = value
            self._key = None


def _refuse_constant(token: str) -> Value:
    raise ValueError(token)


def _bad_number(text: str, token: str) -> Fault:
    index = next((at.start() for at in _TOKEN.finditer(text) if at[0] == token), 0)
    if token[-1:].isdigit():
        return Fault("bad-number", "this number is too large", index, "quote it")
    return Fault("not-json", f"{token} is no JSON", index, "use null, or quote it")


def _too_deep_at(text: str) -> int:
    depth = 0
    for match in _TOKEN.finditer(text):
        depth += (match[0] in "[{") - (match[0] in "]}")
        if depth > MAX_DEPTH:
            return match.start()
    return 0


def _refuse_lone_surrogates(text: str) -> None:
    """Half of a UTF-16 pair is no character: no file could be written with it."""
    for match in _TOKEN.finditer(text):
        if match[0].startswith('"') and _SURROGATE.search(match[0]):
            try:
                json.loads(match[0]).encode()
            except UnicodeEncodeError:
                message = "half of a surrogate pair, which is no character"
                raise TextError(Fault("not-json", message, match.start(), "remove it")) from None
