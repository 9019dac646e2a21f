"""Merges a generated TOML file with a person's edits, key by key.

A key is merged as a whole, lists of strings by element. Comments stay with the key below them.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping

Key = tuple[str, str]
"""A table's header line and a key in it; the key is empty for the header itself."""

_END: Key = ("", "")


def merged(base: str, edited: str, generated: str) -> str:
    """`edited`, with the changes from `base` to `generated`.

    `base` is the generated file before the edit. If a person and the generator changed the same
    key, the person's value stays. Raises tomllib.TOMLDecodeError if `edited` is not TOML, or if the
    two cannot be merged.
    """
    tomllib.loads(edited)
    old, mine, new = (dict(_entries(text)) for text in (base, edited, generated))
    result = {
        key: _chosen(key, old.get(key), text, new.get(key))
        for key, text in mine.items()
        if key in new or old.get(key) != text
    }
    added = {key: text for key, text in new.items() if key not in mine and key not in old}
    text = "".join(_with(result, added).values())
    tomllib.loads(text)
    return text


def _entries(text: str) -> Iterator[tuple[Key, str]]:
    """Each header and each key with its lines, and the comments and empty lines above it."""
    table, block, arrays = "", "", 0
    for line in text.splitlines(keepends=True):
        block += line
        if not line.strip() or line.lstrip().startswith("#") or _is_open(block):
            continue
        if _is_header(line):
            table = line.split("#")[0].strip()
            if table.startswith("[["):
                arrays += 1
                table += str(arrays)
            yield (table, ""), block
        else:
            yield (table, _name(block)), block
        block = ""
    if block:
        yield _END, block


def _is_open(block: str) -> bool:
    """Whether a list, an inline table or a multi-line string is still open."""
    try:
        tomllib.loads(block)
    except tomllib.TOMLDecodeError:
        return True
    return False


def _name(block: str) -> str:
    """The key of an entry, without its quotes."""
    lines = (line for line in block.splitlines() if line.strip() and not line.startswith("#"))
    return re.sub(r"[\"'\s]", "", next(lines, "").partition("=")[0])


def _is_header(line: str) -> bool:
    """Whether a complete entry that ends with `line` is the header of a table."""
    header = line.split("#", maxsplit=1)[0].rstrip()
    return header.startswith("[") and header.endswith("]") and "=" not in header


def _chosen(key: Key, old: str | None, mine: str, new: str | None) -> str:
    """The text of a key that a person edited."""
    if new is None or new in (old, mine):
        return mine
    if mine == old:
        return new
    lists = [_strings(text) for text in (old or "", mine, new)]
    if any(one is None for one in lists) or not key[1]:
        return mine
    before, ours, theirs = (one or [] for one in lists)
    added = [one for one in theirs if one not in before and one not in ours]
    elements = [one for one in ours if one not in before or one in theirs] + added
    return mine[: mine.index("[")] + "[\n" + "".join(f"    {one},\n" for one in elements) + "]\n"


def _strings(text: str) -> list[str] | None:
    """The elements of a list of strings as TOML; None for another value."""
    value: object = next(iter(tomllib.loads(text).values()), []) if text else []
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        return None
    return [json.dumps(one, ensure_ascii=False) for one in value]


def _with(entries: dict[Key, str], added: Mapping[Key, str]) -> dict[Key, str]:
    """`entries` with new keys at the end of their tables, and new tables at the end."""
    end = {_END: entries.pop(_END)} if _END in entries else {}
    for (table, key), text in added.items():
        tables = [one for one, _ in entries]
        if table in tables:
            place = len(tables) - tables[::-1].index(table)
            items = list(entries.items())
            entries = dict([*items[:place], ((table, key), text), *items[place:]])
        else:
            entries[table, key] = text
    return entries | end
