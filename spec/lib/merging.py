"""Merges the deltas of a stream into objects of plain JSON values.

A delta is a partial object. The entries of its lists have an ``index``, which selects the entry of
the object that they continue. This module does not depend on events or models.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias, TypeGuard

Json: TypeAlias = Any

# Text that grows: the key of the object or the list that holds it, and its own key. All other text
# replaces what was there.
_GROWING = frozenset(
    (
        ("text", "value"),
        ("function", "arguments"),
        ("code_interpreter", "input"),
        ("outputs", "logs"),
    )
)

# What an object has before the pieces for it have come, by the key it stands under.
_BLANK: Mapping[str, Mapping[str, Json]] = {
    "text": {"value": "", "annotations": []},
    "function": {"name": "", "arguments": "", "output": None},
    "code_interpreter": {"input": "", "outputs": []},
}


class Growing:
    """An object that deltas are merged into.

    Args:
        start: The initial value; not modified.
    """

    def __init__(self, start: Mapping[str, Json]) -> None:
        self._value: dict[str, Json] = {}
        self.add(start)

    def add(self, piece: Mapping[str, Json]) -> None:
        """Merge a delta. A ``null`` does not change an existing value."""
        _merge(self._value, piece, "")

    def value(self) -> dict[str, Json]:
        """The current object. Its lists contain only entries that were received."""
        value: dict[str, Json] = _plain(self._value)
        return value


class _Entries(dict[int, Json]):
    """A partial list: its entries by index."""


class _Text:
    """Text that grows. Pieces are joined by the thousand: one by one takes quadratic time."""

    def __init__(self, start: str) -> None:
        self._whole = [start]
        self._pieces: list[str] = []

    def add(self, piece: str) -> None:
        self._pieces.append(piece)
        if len(self._pieces) == 1_000:
            self._whole.append("".join(self._pieces))
            self._pieces.clear()

    def __str__(self) -> str:
        return "".join((*self._whole, *self._pieces))


def _merge(value: dict[str, Json], piece: Mapping[str, Json], under: str) -> None:
    """Merge a delta into the object at the key, or in the list, ``under``."""
    for key, new in piece.items():
        old = value.get(key)
        if new is None:
            value.setdefault(key, None)
        elif _is_object(new):
            value[key] = _object(old, new, key)
        elif _is_array(new):
            value[key] = _array(old, new, key)
        elif (under, key) in _GROWING and isinstance(old, str | _Text):
            grown = value[key] = _Text(old) if isinstance(old, str) else old
            grown.add(str(new))
        else:
            value[key] = new


def _object(old: Json, piece: dict[str, Json], key: str) -> dict[str, Json]:
    grown: dict[str, Json] = old if _is_object(old) else {}
    if not grown:
        _merge(grown, _BLANK.get(key, {}), key)
    _merge(grown, piece, key)
    return grown


def _array(old: Json, pieces: list[Json], key: str) -> Json:
    """Merge entries that are objects by index or position; append the others."""
    if not all(_is_object(piece) for piece in pieces):
        known: list[Json] = list(old.values()) if isinstance(old, _Entries) else []
        return _Entries(enumerate([*known, *(new for new in pieces if new not in known)]))
    entries = old if isinstance(old, _Entries) else _Entries()
    for place, piece in enumerate(pieces):
        rest = dict(piece)
        index = rest.pop("index", None)
        index = index if isinstance(index, int) else place
        entries[index] = _object(entries.get(index), rest, key)
    return entries


def _plain(value: Json) -> Json:
    if isinstance(value, _Entries):
        return [_plain(value[index]) for index in sorted(value)]
    if _is_object(value):
        return {key: _plain(inner) for key, inner in value.items()}
    return str(value) if isinstance(value, _Text) else value


def _is_object(value: Json) -> TypeGuard[dict[str, Json]]:
    return isinstance(value, dict) and not isinstance(value, _Entries)


def _is_array(value: Json) -> TypeGuard[list[Json]]:
    return isinstance(value, list)
