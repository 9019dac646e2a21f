"""The lock of names as data: which name each thing of the SDK has, and which it had before."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

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
    ``pointer`` says where in the lock the entry stands. Of an operation, ``pages`` is the style of
    the pages that it had, and ``returns`` the type that it returned, or whose items; empty if
    it had no pages, or no type with a name.
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
    """Entries by what they name.

    ``operations`` and ``polls`` (the methods that also wait) by ``operation_key``, ``arguments`` by
    ``argument_key``, ``types`` by ``type_key``; ``document`` is the address of the description.
    ``joins_results``: operations whose results are equal return one type, as users know it from
    a version of specloom that made no other SDKs.
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

    None for a type that stands in a list.
    """
    if _IN_A_LIST.search(key):
        return None
    file, _, pointer = key.partition("#")
    if file != document:
        return key
    name = pointer.removeprefix(_COMPONENTS)
    return pointer if "/" in name else name or "#"


def still_works(since: str, version: str) -> bool:
    """Whether a name given up in version ``since`` still works in ``version``.

    It does until the minor or the major version changes.
    """
    return _minor(since) == _minor(version)


def _minor(version: str) -> tuple[int, int]:
    match = _RELEASE.match(version)
    return (int(match[1]), int(match[2] or 0)) if match else (0, 0)
