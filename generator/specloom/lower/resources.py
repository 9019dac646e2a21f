"""Operations → the tree of resources they hang on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from specloom import ir
from specloom.words import snake, split_words

if TYPE_CHECKING:
    from specloom.errors import Problems


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


def refuse_clashes(operations: Sequence[ir.Operation], problems: Problems) -> None:
    """Two things that the REST reading gives one name are an error: neither is guessed away."""
    resources = {
        tuple(snake(words) for words in operation.resource[:depth])
        for operation in operations
        for depth in range(1, len(operation.resource) + 1)
    }
    taken: dict[tuple[str, ...], ir.Operation] = {}
    for operation in operations:
        place = (*(snake(words) for words in operation.resource), snake(operation.name))
        first = taken.setdefault(place, operation)
        if first is operation and place not in resources:
            continue
        other = "a resource" if first is operation else f"{first.http_method} {first.path}"
        problems.error(
            "surface-clash",
            f"client.{'.'.join(place)} is already {other}",
            operation.pointer,
            f"add\n  x-sdk:\n    method: {snake(split_words(operation.id)) or 'another_name'}",
        )
