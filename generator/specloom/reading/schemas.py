"""The schemas of `components` by themselves: most of what a large description says.

Unless they refer to what stands elsewhere, what they mean follows from them and what stands at the
root; an edit of an operation leaves it as it was.
"""

from __future__ import annotations

import hashlib
import marshal
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from specloom.reading.tree import Value, child, members
from specloom.reading.walk import Find, Visit, walk

_OTHERS = frozenset({"paths", "webhooks"})
"""What stands at the root and says nothing of a schema that refers to schemas alone."""

_VERSION = 2
"""The last version of marshal's format whose bytes follow from the value alone."""


def walk_around(entry: str, root: Value, find: Find) -> Iterator[Visit]:
    """Everything in the description but the schemas of `components`."""
    return walk([Visit("openapi", f"{entry}#", root)], find, without=_pointer(entry))


def walk_schemas(entry: str, root: Value, find: Find) -> Iterator[Visit]:
    """The schemas of `components` and all that they refer to."""
    components = root.get("components") if isinstance(root, dict) else None
    schemas = components.get("schemas") if isinstance(components, dict) else None
    declared = schemas.items() if isinstance(schemas, dict) else ()
    pointer = _pointer(entry)
    return walk([Visit("schema", child(pointer, name), schema) for name, schema in declared], find)


def digest_of_schemas(entry: str, root: Value) -> str:
    """A hash over what schemas that `stand_alone` mean something by; empty where there is none."""
    if not isinstance(root, dict):
        return ""
    relevant = {key: value for key, value in root.items() if key not in _OTHERS}
    try:
        data = marshal.dumps((entry, relevant), _VERSION)
    except ValueError:  # too deep
        return ""
    return hashlib.sha256(data).hexdigest()


def stand_alone(entry: str, visits: Iterable[Visit], find: Find) -> bool:
    """Whether schemas refer to schemas of `components` only, each by the one way that leads there.

    `visits` are those of `walk_schemas`.
    """
    start = _pointer(entry).removeprefix(entry)
    for ref in _references(visits):
        found = find(ref, f"{entry}#") if ref.startswith(f"{start}/") else None
        if found is None or found[0] != f"{entry}{unquote(ref)}":
            return False
    return True


def _references(visits: Iterable[Visit]) -> Iterator[str]:
    for kind, _, value in visits:
        if isinstance(value, dict):
            if "$ref" in value:
                yield str(value["$ref"])
            if kind == "discriminator":
                yield from (str(target) for _, target in members(value.get("mapping")))


def _pointer(entry: str) -> str:
    return f"{entry}#/components/schemas"
