"""The names lock as data: the current and former names of each thing in the SDK."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

# An index is not a stable key: the items of a list may move.
_IN_A_LIST = re.compile(
    r"/(?:allOf|anyOf|oneOf|parameters|prefixItems)/\d+(?:/|$)|/\(variant \d+\)"
)
_COMPONENTS = "/components/schemas/"
_RELEASE = re.compile(r"(\d+)(?:\.(\d+))?")


@dataclass(frozen=True, slots=True)
class Entry:
    """A name, and its former names with the versions of the SDK that dropped them.

    ``id`` is the operationId, which identifies an operation after its path has changed; ``pointer``
    is the entry's place in the lock. For an operation, ``pages`` is the style of its pages and
    ``returns`` the name of its result or item type; both may be empty.
    """

    name: str
    id: str = ""
    was: Mapping[str, str] = field(default_factory=dict[str, str])
    pointer: str = ""
    pages: str = ""
    returns: str = ""


Entries = Mapping[str, Entry]


@dataclass(frozen=True, slots=True)
class Lock:
    """Entries by the things that they name.

    The keys are: ``operation_key`` for ``operations`` and ``polls`` (the methods that also wait),
    ``argument_key`` for ``arguments``, ``type_key`` for ``types``. ``document`` is the address of
    the description. ``joins_results``: operations with equal results share one type, as in SDKs of
    early versions of specloom.
    """

    operations: Entries = field(default_factory=dict[str, Entry])
    polls: Entries = field(default_factory=dict[str, Entry])
    arguments: Entries = field(default_factory=dict[str, Entry])
    types: Entries = field(default_factory=dict[str, Entry])
    document: str = ""
    joins_results: bool = False

    def type(self, key: str) -> Entry | None:
        """The entry of a named type of the IR."""
        place = type_key(key, self.document)
        return None if place is None else self.types.get(place)


NO_LOCK = Lock()


def operation_key(http_method: str, path: str) -> str:
    """The key of an operation: ``GET /threads/{thread_id}``."""
    return f"{http_method} {path}"


def argument_key(operation: str, location: str, wire_name: str) -> str:
    """The key of an argument; ``operation`` is the key of its operation."""
    return f"{operation} {location} {wire_name}".rstrip()


def type_key(key: str, document: str) -> str | None:
    """The key of a type: the name of its component, else its place in the description.

    None for a type inside a list.
    """
    if _IN_A_LIST.search(key):
        return None
    file, _, pointer = key.partition("#")
    if file != document:
        return key
    name = pointer.removeprefix(_COMPONENTS)
    return pointer if "/" in name else name or "#"


def still_works(since: str, version: str) -> bool:
    """Whether a name that was dropped in version ``since`` still works in ``version``.

    It works until the minor or the major version changes.
    """
    return _minor(since) == _minor(version)


def _minor(version: str) -> tuple[int, int]:
    match = _RELEASE.match(version)
    return (int(match[1]), int(match[2] or 0)) if match else (0, 0)
