"""The operations of a path, as text for the next build, and taken from it.

They follow from the path item and from components, where operations refer to nothing else. Types
that stand inside of shared components are called by these. Where operations ask for types in any
other place, who asks first names them, and nothing is kept.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Mapping
from typing import NamedTuple

from specloom import ir
from specloom.ir.text import as_text, operation
from specloom.lower.kept import types_from, types_said
from specloom.lower.limits import MAX_WRITTEN
from specloom.lower.wording import SHARED
from specloom.reading.kept_schemas import KeptPaths
from specloom.reading.node import Node
from specloom.reading.schemas import digest_of
from specloom.usage import mentioned_by, mentioned_in


class LoweredPath(NamedTuple):
    """What a path item has come to: its operations, and the types that they lead to beside those of
    schemas."""

    operations: list[ir.Operation]
    types: Mapping[str, ir.NamedType]


def path_text(lowered: LoweredPath, spent: int) -> str:
    """A path item as text, in a line. It begins with what it has `spent` of the budget."""
    return f"{spent} {as_text([lowered.operations, *types_said(lowered.types.values())])}"


def path_from(text: str) -> LoweredPath:
    """What `path_text` has made a text of."""
    operations, heads, lines = json.loads(text.partition(" ")[2])
    return LoweredPath([operation(said) for said in operations], types_from(heads, lines))


def known_paths(paths: KeptPaths, keys: Iterable[str], left: int) -> Mapping[str, str]:
    """The texts that may be taken over, with so much of the budget left.

    None where that comes near its end: what was spent on shared components is not known of each
    path by itself, and an error is to be the one that a first build gives.
    """
    texts = (paths.known[key] for key in keys if key in paths.known)
    spent = sum(int(text.partition(" ")[0]) for text in texts)
    return paths.known if left - spent > MAX_WRITTEN // 2 else {}


def path_key(item: Node, pointer: str) -> str:
    """What a path item is known by, whose operation stands at a pointer; empty where it is none of
    its own: if two paths refer to one, the first names what stands in it."""
    return digest_of([item.pointer, item.value]) if pointer.startswith(f"{item.pointer}/") else ""


def are_independent(keys: Iterable[str], entry: str) -> bool:
    """Whether types, by their keys, are called the same whoever asks for them."""
    own = tuple(f"{entry}#/{holder}/" for holder in ("paths", "webhooks"))
    shared = tuple(f"{entry}{holder}/" for holder in SHARED)
    return all(key.startswith(own) or _is_inside(key, shared) for key in keys)


def _is_inside(key: str, holders: tuple[str, ...]) -> bool:
    """Whether a type stands in a component of some holders, and is none itself."""
    return any(key.startswith(one) and "/" in key[len(one) :] for one in holders)


def reached_types(
    operations: Iterable[ir.Operation],
    types: Mapping[str, ir.NamedType],
    without: Container[str],
) -> dict[str, ir.NamedType]:
    """All types that operations lead to, by key; ``without`` some, and what only these lead to."""
    found: dict[str, ir.NamedType] = {}
    pending = [key for one in operations for key in mentioned_by(one)]
    while pending:
        key = pending.pop()
        if key not in found and key not in without:
            found[key] = types[key]
            pending.extend(mentioned_in(types[key]))
    return dict(sorted(found.items()))
