"""What a lock holds, and how it is asked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from specloom.description.tree import escape

# The place of a thing in a list is no name for it: another may stand there tomorrow.
_IN_A_LIST = re.compile(
    r"/(?:allOf|anyOf|oneOf|parameters|prefixItems)/\d+(?:/|$)|/\(variant \d+\)"
)
_COMPONENTS = "/components/schemas/"
_RELEASE = re.compile(r"(\d+)(?:\.(\d+))?")


@dataclass(frozen=True, slots=True)
class Entry:
    """A name, and those it had before by the version of the SDK that gave them up.

    ``id`` is the operationId, by which an operation is found again when its path has changed;
    ``pointer`` says where in the lock the entry stands.
    """

    name: str
    id: str = ""
    was: Mapping[str, str] = field(default_factory=dict[str, str])
    pointer: str = ""


Entries = Mapping[str, Entry]


@dataclass(frozen=True, slots=True)
class Lock:
    """Entries by what they name.

    ``operations`` and ``polls`` (the methods that also wait) by ``operation_key``, ``arguments`` by
    ``argument_key``, ``types`` by ``type_key``; ``document`` is the address of the description.
    """

    operations: Entries = field(default_factory=dict[str, Entry])
    polls: Entries = field(default_factory=dict[str, Entry])
    arguments: Entries = field(default_factory=dict[str, Entry])
    types: Entries = field(default_factory=dict[str, Entry])
    document: str = ""

    def type(self, key: str) -> Entry | None:
        """The entry of a named type of the IR."""
        place = type_key(key, self.document)
        return None if place is None else self.types.get(place)


NO_LOCK = Lock()


def operation_key(http_method: str, path: str) -> str:
    """What an operation is known by: ``GET /threads/{thread_id}``."""
    return f"{http_method} {path}"


def argument_key(operation: str, location: str, wire_name: str) -> str:
    """What an argument is known by; ``operation`` is the key of its operation."""
    return f"{operation} {location} {wire_name}".rstrip()


def type_key(key: str, document: str) -> str | None:
    """What a type is known by: a component's name, else its place in the description.

    None for a type that stands in a list.
    """
    if _IN_A_LIST.search(key):
        return None
    file, _, pointer = key.partition("#")
    if file != document:
        return key
    name = pointer.removeprefix(_COMPONENTS)
    return pointer if "/" in name else name or "#"


def is_kept(since: str, version: str) -> bool:
    """Whether a name given up in version ``since`` still works in ``version``.

    It does until the minor or the major version changes.
    """
    return _minor(since) == _minor(version)


def _minor(version: str) -> tuple[int, int]:
    match = _RELEASE.match(version)
    return (int(match[1]), int(match[2] or 0)) if match else (0, 0)


def moved(lock: Lock, ids: Mapping[str, str]) -> Lock:
    """The lock, with entries of operations whose path or method has changed under the new key.

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
    """Entries whose keys are, or where ``end`` separates begin with, one of ``moves``."""
    found: dict[str, Entry] = {}
    for key, entry in entries.items():
        for old, new in moves.items():
            if key == old or (end and key.startswith(old + end)):
                found[new + key[len(old) :]] = entry
                break
        else:
            found[key] = entry
    return found
