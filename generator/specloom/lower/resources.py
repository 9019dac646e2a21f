"""Operations → the tree of resources they hang on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from specloom import ir
from specloom.ir.words import dotted_path, snake, split_words
from specloom.lower.limits import MAX_RESOURCE_DEPTH

if TYPE_CHECKING:
    from specloom.errors import Problems

Former: TypeAlias = "Sequence[tuple[tuple[ir.Words, ...], ir.FormerName]]"


def nest(
    operations: Sequence[ir.Operation],
    descriptions: Mapping[tuple[ir.Words, ...], str],
    mixins: Mapping[str, str],
    former: Former = (),
) -> tuple[ir.Resource, ...]:
    """The tree, siblings sorted by name; a resource without operations still holds its children.

    ``mixins`` has its keys as ``dotted_path`` spells them; ``former`` are names that methods had.
    """
    grouped: dict[tuple[ir.Words, ...], list[ir.Operation]] = {}
    for path in [*(one.resource for one in operations), *(path for path, _ in former)]:
        for depth in range(1, len(path) + 1):
            grouped.setdefault(path[:depth], [])
    for operation in operations:
        grouped[operation.resource].append(operation)

    def build(path: tuple[ir.Words, ...]) -> ir.Resource:
        return ir.Resource(
            path=path,
            operations=tuple(grouped[path]),
            children=tuple(build(other) for other in sorted(grouped) if other[:-1] == path),
            description=descriptions.get(path, ""),
            mixin=mixins.get(dotted_path(path), ""),
            former=tuple(name for place, name in former if place == path),
        )

    return tuple(build(path) for path in sorted(grouped) if len(path) == 1)


def refuse_depth(operations: Sequence[ir.Operation], problems: Problems) -> None:
    """Raise SpecError if a resource stands so deep that its file could have no path."""
    for operation in operations:
        if len(operation.resource) > MAX_RESOURCE_DEPTH:
            message = f"its resource would have more than {MAX_RESOURCE_DEPTH} steps"
            hint = "add\n  x-sdk:\n    resource: another.place"
            problems.error("too-deep", message, operation.pointer, hint)
    problems.raise_if_errors()


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
