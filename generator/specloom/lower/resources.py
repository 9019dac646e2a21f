"""Operations → the tree of resources they hang on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from specloom import ir


def nest(
    operations: Sequence[ir.Operation], descriptions: Mapping[tuple[ir.Words, ...], str]
) -> tuple[ir.Resource, ...]:
    """The tree, siblings sorted by name; a resource without operations still holds its children."""
    grouped: dict[tuple[ir.Words, ...], list[ir.Operation]] = {}
    for operation in operations:
        for depth in range(1, len(operation.resource)):
            grouped.setdefault(operation.resource[:depth], [])
        grouped.setdefault(operation.resource, []).append(operation)

    def build(path: tuple[ir.Words, ...]) -> ir.Resource:
        return ir.Resource(
            path=path,
            operations=tuple(grouped[path]),
            children=tuple(build(other) for other in sorted(grouped) if other[:-1] == path),
            description=descriptions.get(path, ""),
        )

    return tuple(build(path) for path in sorted(grouped) if len(path) == 1)
