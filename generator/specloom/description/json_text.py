"""Parses JSON text with Python's parser. A second, slower pass finds the places of values."""

from __future__ import annotations

import json
import re

from specloom.description.source_text import (
    MAX_DEPTH,
    Fault,
    Lines,
    Mark,
    Marks,
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
    """The value of JSON `text`.

    Duplicate keys are reported, and the last one wins. Raises TextError for all other faults.
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
        # The depth limit of Python's parser differs between versions.
        deep = _too_deep_at(text[: error.pos])
        fault = Fault("not-json", error.msg, error.pos) if deep is None else too_deep(deep)
        raise TextError(fault) from None
    except ValueError as error:
        # TextErrors of `number` and `_refuse_constant` have the token as their argument.
        raise TextError(_bad_number(text, str(error.args[0]))) from None
    except RecursionError:
        raise TextError(too_deep(_too_deep_at(text) or 0)) from None
    if _SURROGATE.search(text):
        _refuse_lone_surrogates(text)
    if duplicated:
        marker, lines = _Marker(text), Lines(text)
        for key, first, second in marker.duplicates:
            report(duplicate_key(lines, key, first, second))
    return root


def mark(text: str) -> Mark:
    """The places of all keys and items of `text`, which `parse` has accepted."""
    return _Marker(text).mark


class _Marker:
    """Reads well-formed JSON token by token, without recursion, and records places of entries."""

    def __init__(self, text: str) -> None:
        self.duplicates: list[tuple[str, int, int]] = []
        self._stack: list[Marks] = []
        top: list[Mark] = []
        self._marks: Marks = top
        self._key: tuple[str, int] | None = None
        self._keys: dict[str, str] = {}
        for match in _TOKEN.finditer(text):
            self._take(match[0], match.start())
        self.mark: Mark = 0 if isinstance(top[0], int) else (0, top[0][1])

    def _take(self, token: str, index: int) -> None:
        if token in "{[":
            marks: Marks = {} if token == "{" else []
            self._put((self._begin(index), marks))
            self._stack.append(self._marks)
            self._marks = marks
        elif token in "]}":
            self._marks = self._stack.pop()
        elif isinstance(self._marks, dict) and self._key is None:
            self._enter_key(token, index)
        else:
            self._put(self._begin(index))

    def _begin(self, index: int) -> int:
        """The start of the entry whose value begins at `index`: its key, if it has one."""
        return index if self._key is None else self._key[1]

    def _enter_key(self, token: str, index: int) -> None:
        key = self._keys.get(token)
        if key is None:
            key = self._keys[token] = json.loads(token)
        first = self._marks.get(key) if isinstance(self._marks, dict) else None
        if first is not None:
            self.duplicates.append((key, first if isinstance(first, int) else first[0], index))
        self._key = key, index

    def _put(self, mark: Mark) -> None:
        if isinstance(self._marks, list):
            self._marks.append(mark)
        elif self._key is not None:
            self._marks[self._key[0]] = mark
            self._key = None


def _refuse_constant(token: str) -> Value:
    raise ValueError(token)


def _bad_number(text: str, token: str) -> Fault:
    index = next((at.start() for at in _TOKEN.finditer(text) if at[0] == token), 0)
    if token[-1:].isdigit():
        return Fault("bad-number", "this number is too large", index, "quote it")
    return Fault("not-json", f"{token} is no JSON", index, "use null, or quote it")


def _too_deep_at(text: str) -> int | None:
    """The place where JSON exceeds `MAX_DEPTH`; None if it does not."""
    depth = 0
    for match in _TOKEN.finditer(text):
        depth += (match[0] in "[{") - (match[0] in "]}")
        if depth > MAX_DEPTH:
            return match.start()
    return None


def _refuse_lone_surrogates(text: str) -> None:
    """Refuse half of a UTF-16 pair: it is not a character, so it cannot be written to a file."""
    for match in _TOKEN.finditer(text):
        if match[0].startswith('"') and _SURROGATE.search(match[0]):
            try:
                json.loads(match[0]).encode()
            except UnicodeEncodeError:
                message = "half of a surrogate pair, which is not a character"
                raise TextError(Fault("not-json", message, match.start(), "remove it")) from None
