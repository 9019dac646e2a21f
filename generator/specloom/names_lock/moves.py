"""Moves lock entries of operations whose path or method has changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from specloom.description.tree import escape
from specloom.ir.names_lock import Entries, Entry, Lock


def moved(lock: Lock, ids: Mapping[str, str]) -> Lock:
    """The lock, with the entries of such operations under their new keys.

    ``ids`` holds for each operation of the description its operationId by its key. An operation
    that the lock does not know is another one only if its operationId is unknown as well.
    """
    gone = {entry.id: key for key, entry in lock.operations.items() if entry.id and key not in ids}
    moves = {
        gone[id_]: key for key, id_ in ids.items() if key not in lock.operations and id_ in gone
    }
    if not moves:
        return lock
    places = {_place(old): _place(new) for old, new in moves.items()}
    return replace(
        lock,
        operations=_rekeyed(lock.operations, moves, ""),
        polls=_rekeyed(lock.polls, moves, ""),
        arguments=_rekeyed(lock.arguments, moves, " "),
        types=_rekeyed(lock.types, places, "/"),
    )


def _place(key: str) -> str:
    """The JSON pointer of an operation."""
    method, _, path = key.partition(" ")
    return f"/paths/{escape(path)}/{method.lower()}"


def _rekeyed(entries: Entries, moves: Mapping[str, str], end: str) -> dict[str, Entry]:
    """Entries whose keys equal one of ``moves``, or begin with one followed by ``end``."""
    found: dict[str, Entry] = {}
    for key, entry in entries.items():
        for old, new in moves.items():
            if key == old or (end and key.startswith(old + end)):
                found[new + key[len(old) :]] = entry
                break
        else:
            found[key] = entry
    return found
