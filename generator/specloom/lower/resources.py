"""Operations → the tree of resources they hang on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from specloom import ir
from specloom.ir.words import dotted_path

Former: TypeAlias = "Sequence[tuple[tuple[ir.Words, ...], ir.FormerName]]"


def nest(
    operations: Sequence[ir.Operation],
    descriptions: Mapping[tuple[ir.Words, ...], str],
    mixins: Mapping[str, str],
    former: Former = (),
) -> tuple[ir.Resource, ...]:
    """The tree, siblings sorted by name; a resource without operations still holds its children.

    Methods on the client itself are those of the first, whose path is empty.

    ``mixins`` has its keys as ``dotted_path`` spells them; ``former`` are names that methods had.
    """
    grouped: dict[tuple[ir.Words, ...], list[ir.Operation]] = {}
    for path in [*(one.resource for one in operations), *(path for path, _ in former)]:
        for depth in range(1, len(path) + 1):
            grouped.setdefault(path[:depth], [])
        if not path:
            grouped.setdefault((), [])
    for operation in operations:
        grouped[operation.resource].append(operation)

    def build(path: tuple[ir.Words, ...]) -> ir.Resource:
        return ir.Resource(
            path=path,
            operations=tuple(grouped[path]),
            children=tuple(
                build(other) for other in sorted(grouped) if path and other[:-1] == path
            ),
            description=descriptions.get(path, ""),
            mixin=mixins.get(dotted_path(path), ""),
            former=tuple(name for place, name in former if place == path),
        )

    return tuple(build(path) for path in sorted(grouped) if len(path) < 2)
