"""Checks of chains: path items that references complete, and schemas that form circles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial

from specloom.description.document import Document
from specloom.description.references import find_or_none, follow
from specloom.description.tree import child, members
from specloom.description.walk import METHODS, Visit, chained
from specloom.errors import Problems


def item_links(document: Document, item: Visit) -> list[Visit]:
    """A path item and what its `$ref` leads to. The fields of the first that has them count."""
    places = chained(item.pointer, item.value, partial(find_or_none, document))
    return [Visit("path-item", *place) for place in places]


def check_item_links(document: Document, item: Visit, problems: Problems) -> None:
    """Note the fields of a path item that what its `$ref` leads to has as well."""
    _, *others = item_links(document, item)
    for name, _ in members(item.value):
        is_single = name in METHODS or name == "servers"
        if is_single and any(name in one.value for one in others if isinstance(one.value, dict)):
            message = f"{name!r} stands here and where the $ref leads: the one here is used"
            problems.warning(
                "unused-field", message, child(item.pointer, name), "remove one of them"
            )


_GROUPS = (("allOf",), ("oneOf", "anyOf"))
"""Keywords that together make a circle. A base whose `oneOf` lists its heirs is none."""


def check_circles(document: Document, schemas: Iterable[Visit], problems: Problems) -> None:
    """Report each schema that is a part of its own `allOf`, or a variant of its own union.

    A value that contains values of its own type is no circle: a tree has an end.
    """
    places = {id(visit.value): visit for visit in schemas}
    for keys in _GROUPS:
        parts = {one: list(_parts(document, visit, keys)) for one, visit in places.items()}
        groups = _circles_in({one: [part for _, part in each] for one, each in parts.items()})
        for one, each in parts.items():
            for pointer in (place for place, part in each if groups[part] == groups[one]):
                key = pointer.split("/")[-2]
                message = f"through this {key!r} the schema consists of itself: the part is ignored"
                hint = "remove it, or refer to the schema that is meant"
                problems.warning("circular-ref", message, pointer, hint)


def _circles_in(edges: Mapping[int, Sequence[int]]) -> dict[int, int]:
    """A number for each node. Nodes with the same number lead to each other.

    These are the strongly connected components, found by Gabow's algorithm in linear time.
    """
    order: dict[int, int] = {}
    groups: dict[int, int] = {}
    path: list[int] = []
    roots: list[int] = []
    for start in edges:
        pending = [(start, iter((start,)))]
        while pending:
            node, targets = pending[-1]
            target = next(targets, None)
            if target is None:
                pending.pop()
                if roots and roots[-1] == node:
                    roots.pop()
                    while node not in groups:
                        groups[path.pop()] = node
            elif target not in order:
                order[target] = len(order)
                path.append(target)
                roots.append(target)
                pending.append((target, iter(edges.get(target, ()))))
            elif target not in groups:
                while order[roots[-1]] > order[target]:
                    roots.pop()
    return groups


def _parts(document: Document, schema: Visit, keys: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """The parts of a schema under the keywords: where each is written, and the id of its value."""
    fields = schema.value if isinstance(schema.value, dict) else {}
    for key in keys:
        for index, part in members(fields.get(key)):
            place = child(schema.pointer, key, index)
            yield place, id(follow(document, place, part)[1])
