"""Checks of what references lead through: path items that others complete, schemas in circles."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from specloom.description.document import Document
from specloom.description.references import find_or_none, follow
from specloom.description.tree import Value, child, members
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

_MOST = 1000
"""How many schemas one check looks at."""


def check_circle(document: Document, visit: Visit, problems: Problems) -> None:
    """Note a schema that is a part of its own `allOf`, or a variant of its own union.

    A value that contains values of its own type is no circle: a tree has an end.
    """
    for keys in _GROUPS:
        for pointer, place in _parts(document, visit.pointer, visit.value, keys):
            if _reaches(document, place, visit.value, keys):
                key = pointer.split("/")[-2]
                message = f"through this {key!r} the schema consists of itself: the part is ignored"
                hint = "remove it, or refer to the schema that is meant"
                problems.warning("circular-ref", message, pointer, hint)


def _reaches(
    document: Document, start: tuple[str, Value], schema: Value, keys: tuple[str, ...]
) -> bool:
    """Whether the composition of `start` by the keywords leads to `schema`."""
    seen: set[int] = set()
    pending = [start]
    while pending and len(seen) < _MOST:
        pointer, value = pending.pop()
        if value is schema:
            return True
        if id(value) not in seen:
            seen.add(id(value))
            pending += [place for _, place in _parts(document, pointer, value, keys)]
    return False


def _parts(
    document: Document, pointer: str, schema: Value, keys: tuple[str, ...]
) -> Iterator[tuple[str, tuple[str, Value]]]:
    """The parts of a schema under the keywords: where each is written, and what it leads to."""
    fields = schema if isinstance(schema, dict) else {}
    for key in keys:
        for index, part in members(fields.get(key)):
            place = child(pointer, key, index)
            yield place, follow(document, place, part)
