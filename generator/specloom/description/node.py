"""A place in the description: a value with its JSON Pointer.

The target of a ``$dynamicRef`` depends on the references that led to it: it is the outermost schema
on the way with this ``$dynamicAnchor`` in itself or in its ``$defs`` (JSON Schema 2020-12, Core
8.2.3.2). Descriptions use it for templates, such as a page of items.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from specloom.description.references import MAX_HOPS, find, find_or_none, follow
from specloom.description.tree import Value, child, escape, members, reference_in

if TYPE_CHECKING:
    from specloom.description.document import Document


Scope: TypeAlias = "tuple[tuple[str, str], ...]"
"""Names of dynamic anchors → pointers to their schemas."""

_WITH = re.compile(r"/\(with [^()]*\)")
_SCOPING = frozenset(("$defs", "$dynamicAnchor", "allOf"))
_PLAIN = frozenset(("$ref", "$dynamicAnchor", "$comment", "title", "description"))


def plain_pointer(pointer: str) -> str:
    """The JSON pointer of the schema that a scoped pointer names."""
    return _WITH.sub("", pointer) if "/(with " in pointer else pointer


def scope_within(document: Document, pointer: str, value: Value, scope: Scope) -> Scope:
    """The scope inside a schema, and in the schemas it refers to."""
    own = _declared(document, plain_pointer(pointer), value)
    return tuple(sorted((own | dict(scope)).items())) if own else scope


def entered(document: Document, pointer: str, value: Value, scope: Scope) -> tuple[str, Scope]:
    """The pointer and the scope for a reference's target, limited to the anchors that it uses."""
    if not scope:
        return pointer, ()
    own, used = _declared(document, pointer, value), _used(document, pointer)
    left = tuple((name, place) for name, place in scope if name in used and own.get(name) != place)
    if not left:
        return pointer, ()
    text = ", ".join(f"{name}={place}" for name, place in left)
    # Escaped as one step of a pointer, without brackets.
    step = escape(text).replace("(", "%28").replace(")", "%29")
    return f"{pointer}/(with {step})", left


def _declared(document: Document, pointer: str, value: Value) -> dict[str, str]:
    """The dynamic anchors of a schema, its `$defs` and those in its `allOf`, with their targets."""
    if not isinstance(value, dict):
        return {}
    found: dict[str, str] = {}
    parts = [(child(pointer, "allOf", key), one) for key, one in members(value.get("allOf"))]
    definitions = [
        (child(place, "$defs", key), one)
        for place, part in [*parts, (pointer, value)]
        for key, one in members(part.get("$defs") if isinstance(part, dict) else None)
    ]
    for place, one in [*definitions, (pointer, value)]:
        name = one.get("$dynamicAnchor") if isinstance(one, dict) else None
        if isinstance(name, str):
            found[name] = _named(document, place, one) if place != pointer else place
    return found


def _named(document: Document, place: str, value: Value) -> str:
    """The schema that a definition names; the definition itself if it says more than a name."""
    for _ in range(MAX_HOPS):
        is_name = isinstance(value, dict) and "$ref" in value and value.keys() <= _PLAIN
        ref = reference_in(value) if is_name else None
        target = find_or_none(document, ref, place) if ref is not None else None
        if target is None:
            break
        place, value = target
    return place


@lru_cache(maxsize=4096)
def _used(document: Document, pointer: str) -> frozenset[str]:
    """The dynamic anchors that a schema, or a schema it refers to, uses."""
    found: set[str] = set()
    seen: set[str] = set()
    pending: list[tuple[str, Value]] = [(pointer, document.at(pointer))]
    while pending:
        place, value = pending.pop()
        if place in seen:
            continue
        seen.add(place)
        pending.extend((child(place, key), one) for key, one in members(value))
        ref = reference_in(value)
        target = find_or_none(document, ref, place) if ref is not None else None
        if target is not None:
            pending.append(target)
        if isinstance(value, dict) and isinstance(value.get("$dynamicRef"), str):
            found.add(str(value["$dynamicRef"]).partition("#")[2])
    return frozenset(found)


class Node(NamedTuple):
    """A value in a document, with its place.

    ``pointer`` is ``<file>#<JSON Pointer>``; children extend it, references replace it. ``scope``
    holds the targets of dynamic anchors; a schema that depends on it has a pointer of its own.
    """

    document: Document
    pointer: str
    value: Any
    scope: Scope = ()

    def child(self, key: str | int) -> Node:
        """The existing value under a key or index."""
        pointer = f"{self.pointer}/{escape(key)}"
        return Node(self.document, pointer, self.value[key], self._scope_within())

    def own(self, key: str) -> Node | None:
        """The value of a key here, or None; references are not followed."""
        if isinstance(self.value, dict) and key in self.value:
            return self.child(key)
        return None

    def get(self, key: str) -> Node | None:
        """The value under a key; None if this is not an object or lacks the key.

        A reference has its own keys and those of its target. The same holds for the methods below.
        """
        found = self.own(key)
        if found is None and self.ref is not None:
            end = self.follow()
            return end.own(key) if end.ref is None else None
        return found

    def at(self, *keys: str) -> Node | None:
        """The value at the end of some keys; None if one of them is missing."""
        found: Node | None = self
        for key in keys:
            found = found.get(key) if found is not None else None
        return found

    def text(self, key: str) -> str:
        """The string under a key, stripped; empty if there is none."""
        found = self.get(key)
        value = found.follow().value if found is not None else None
        return value.strip() if isinstance(value, str) else ""

    def items(self) -> Iterator[tuple[str, Node]]:
        """Keys and values of an object; nothing for anything else."""
        end = self.follow()
        if self.ref is None or end.ref is not None:
            yield from self.own_items()
            return
        yield from ((key, one) for key, one in self.own_items() if key != "$ref")
        yield from ((key, one) for key, one in end.own_items() if key not in self.value)

    def items_of(self, *keys: str) -> Iterator[tuple[str, Node]]:
        """Keys and values of the object at the end of some keys; nothing without one."""
        found = self.at(*keys)
        return iter(()) if found is None else found.items()

    def own_items(self) -> Iterator[tuple[str, Node]]:
        """The keys and values here; references are not followed."""
        for key in self.value if isinstance(self.value, dict) else ():
            yield key, self.child(key)

    def entries(self) -> Iterator[Node]:
        """The members of an array; empty for other values."""
        end = self.follow()
        for index in range(len(end.value) if isinstance(end.value, list) else 0):
            yield end.child(index)

    def entries_of(self, key: str) -> Iterator[Node]:
        """The members of the array under a key; empty without one."""
        found = self.get(key)
        return iter(()) if found is None else found.entries()

    @property
    def uri(self) -> str:
        """The file of this node."""
        return self.pointer.partition("#")[0]

    @property
    def last_token(self) -> str:
        """The last step of the pointer, unescaped: for a component, its name."""
        return self.pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")

    @property
    def ref(self) -> str | None:
        """The text of ``$ref`` (or ``$dynamicRef``), where this is a reference."""
        return reference_in(self.value)

    def target(self) -> Node:
        """The target of one ``$ref``; the checks guarantee that it exists."""
        ref = self.ref or ""
        pointer, value = find(self.document, ref, self.pointer)
        scope = self._scope_within()
        if not scope:
            return Node(self.document, pointer, value)
        name = ref.partition("#")[2]
        declared = value.get("$dynamicAnchor") if isinstance(value, dict) else None
        if "$ref" not in self.value and declared == name:
            pointer = dict(scope).get(name, pointer)
            value = self.document.at(pointer)
        place, scope = entered(self.document, pointer, value, scope)
        return Node(self.document, place, value, scope)

    def follow(self) -> Node:
        """The end of a chain of ``$ref``s; the last reference if the chain is broken."""
        if not self._scope_within():
            return Node(self.document, *follow(self.document, self.pointer, self.value))
        node = self
        for _ in range(MAX_HOPS):
            if node.ref is None or find_or_none(node.document, node.ref, node.pointer) is None:
                break
            node = node.target()
        return node

    def described(self) -> Node:
        """As `follow`, with the words beside the reference (OpenAPI 3.1, Reference Object)."""
        end, node, words = self.follow(), self, None
        while node.pointer != end.pointer and words is None:
            words, node = node.own("description"), node.target()
        if words is None or self.document.version == "3.0" or not isinstance(end.value, dict):
            return end
        return end._replace(value={**end.value, "description": words.value})

    def _scope_within(self) -> Scope:
        value = self.value
        # `_SCOPING.isdisjoint(value)` would read every key of a mapping of thousands.
        if isinstance(value, dict) and not value.keys().isdisjoint(_SCOPING):
            return scope_within(self.document, self.pointer, value, self.scope)
        return self.scope


def is_deprecated(node: Node) -> bool:
    """Whether a description marks something as deprecated."""
    said = isinstance(node.value, dict) and node.value.get("deprecated") is True
    return said or "replaced_by" in sdk_extension(node)


def sdk_extension(node: Node) -> Mapping[str, Any]:
    """The ``x-sdk`` of a node; empty if there is none."""
    value = node.value.get("x-sdk") if isinstance(node.value, dict) else None
    return value if isinstance(value, dict) else {}


# Annotations: a schema with only these keys, as in ``allOf: [{$ref: …}, {nullable: true}]``, adds
# no type.
_ANNOTATIONS = frozenset(
    "$comment $id $schema $anchor $dynamicAnchor $defs definitions default deprecated description"
    " discriminator example examples externalDocs nullable readOnly title writeOnly xml".split()
)
# Constraints that Python types cannot express; they only appear in the documentation.
_ASSERTIONS = frozenset(
    "exclusiveMaximum exclusiveMinimum maxItems maxLength maxProperties maximum minItems"
    " minLength minProperties minimum multipleOf not pattern uniqueItems"
    " dependentRequired contains propertyNames".split()
)


def structural_keys(value: dict[str, Any]) -> set[str]:
    """The keys of a schema that affect its type, without ``$ref``."""
    return {
        key
        for key in value
        if key not in _ANNOTATIONS
        and key not in _ASSERTIONS
        and key not in ("$ref", "$dynamicRef", "required")
        and not key.startswith("x-")
    }
