"""The operations of a path, as text for the next build, and taken from it.

They follow from the path item and from components, where operations refer to nothing else. Types
that stand inside of shared components are called by these, so that no operation depends on another.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterator, Mapping
from typing import NamedTuple

from specloom import ir
from specloom.ir.text import as_text, operation
from specloom.lower.kept import types_from, types_said
from specloom.lower.wording import SHARED
from specloom.reading.node import Node
from specloom.usage import dependencies, refs_in, request_refs, response_refs


class LoweredPath(NamedTuple):
    """What a path item has come to: its operations, the types that schemas do not give them, and
    how much of the budget was spent."""

    operations: list[ir.Operation]
    types: Mapping[str, ir.NamedType]
    spent: int


def path_text(lowered: LoweredPath) -> str:
    """A path item as text, in a line."""
    return as_text([lowered.operations, *types_said(lowered.types.values()), lowered.spent])


def path_from(text: str) -> LoweredPath:
    """What `path_text` has made a text of."""
    operations, heads, lines, spent = json.loads(text)
    types = types_from(heads, lines)
    return LoweredPath([operation(said) for said in operations], types, spent)


def types_of_path(
    item: Node,
    operations: list[ir.Operation],
    types: Mapping[str, ir.NamedType],
    of_schemas: Container[str],
) -> dict[str, ir.NamedType] | None:
    """What the operations of a path lead to beside the types `of_schemas`.

    None where they may depend on other operations: where a type stands at another path, or in a
    place that the first who asks names.
    """
    found: dict[str, ir.NamedType] = {}
    start = item.pointer.partition("#")[0]
    own = (f"{item.pointer}/", *(f"{start}{holder}/" for holder in SHARED))
    pending = [key for one in operations for key in _mentioned_by(one)]
    while pending:
        key = pending.pop()
        if key in found or key in of_schemas:
            continue
        if not key.startswith(own):
            return None
        found[key] = types[key]
        pending.extend(_mentioned_in(types[key]))
    return found


def _mentioned_by(one: ir.Operation) -> Iterator[str]:
    for type_ref in (*response_refs(one), *request_refs(one)):
        yield from refs_in(type_ref)


def _mentioned_in(named: ir.NamedType) -> Iterator[str]:
    yield from dependencies(named, request=False)
    yield from dependencies(named, request=True)
    if isinstance(named, ir.Alias) and isinstance(named.type, ir.UnionOf):
        yield from (key for _, key in named.type.mapping)
