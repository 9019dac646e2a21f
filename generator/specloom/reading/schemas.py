"""The schemas of `components` by themselves: most of what a large description says.

Unless they refer to what stands elsewhere, what they mean follows from them and what stands at the
root; an edit of an operation leaves it as it was.
"""

from __future__ import annotations

import hashlib
import marshal
import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from specloom.reading.tree import Value, child, members
from specloom.reading.walk import FIELDS, Find, Kind, Visit, walk

_OTHERS = frozenset({"paths", "webhooks"})
"""What stands at the root and says nothing of a schema that refers to schemas alone."""

_COMPONENT = re.compile(r"#/components/([^/]+)/[^/]+")
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
    return digest_of([entry, {key: value for key, value in root.items() if key not in _OTHERS}])


def digest_of(value: Value) -> str:
    """A hash over a value of a description; empty for one that is too deep."""
    try:
        return hashlib.sha256(marshal.dumps(value, _VERSION)).hexdigest()
    except ValueError:
        return ""


def stand_alone(entry: str, visits: Iterable[Visit], find: Find) -> bool:
    """Whether schemas, the `visits` of `walk_schemas`, refer to schemas of `components` only."""
    return all(
        ref.startswith("#/components/schemas/") and _leads_straight(ref, entry, find)
        for _, ref in _references(visits)
    )


def use_components(entry: str, visits: Iterable[Visit], find: Find) -> bool:
    """Whether all else, the `visits` of `walk_around`, refers to whole components of its kind."""
    return all(
        (place := _COMPONENT.fullmatch(ref)) is not None
        and (shape := FIELDS["components"].get(place[1])) is not None
        and shape.kind == kind
        and _leads_straight(ref, entry, find)
        for kind, ref in _references(visits)
    )


def _leads_straight(ref: str, entry: str, find: Find) -> bool:
    """Whether a reference leads to where it says, not on by a reference on its way."""
    found = find(ref, f"{entry}#")
    return found is not None and found[0] == f"{entry}{unquote(ref)}"


def _references(visits: Iterable[Visit]) -> set[tuple[Kind, str]]:
    """All references, and what they are to lead to."""
    found: set[tuple[Kind, str]] = set()
    for kind, _, value in visits:
        if isinstance(value, dict):
            if "$ref" in value:
                found.add((kind, str(value["$ref"])))
            if kind == "discriminator":
                found.update(("schema", str(name)) for _, name in members(value.get("mapping")))
    return found


def _pointer(entry: str) -> str:
    return f"{entry}#/components/schemas"
