"""Discriminators: the tag of a union, what its values mean, and bases that only their heirs name.

A schema with a discriminator but without ``oneOf`` is one of the schemas that take it by ``allOf``
(OpenAPI 3.1 §4.8.25): read as the base alone, everything its heirs add would be lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from specloom.description.node import Node
from specloom.description.references import find_or_none
from specloom.description.tree import escape
from specloom.lower.schema_names import component_at
from specloom.lower.shape import members

if TYPE_CHECKING:
    from specloom.lower.shape import Shape


def declared_discriminator(node: Node) -> Node | None:
    """The discriminator a schema has itself, not by what it refers to."""
    found = node.own("discriminator")
    if found is not None and isinstance(found.value, dict):
        return found
    inline = [member for member in members(node, "allOf") if member.ref is None]
    return next((one for member in inline if (one := declared_discriminator(member))), None)


def tag_of(shape: Shape) -> str | None:
    """The wire name of the property that tells the variants apart."""
    return (shape.discriminator.text("propertyName") or None) if shape.discriminator else None


def mapped_places(discriminator: Node) -> dict[str, Node]:
    """Tag value → the schema that ``discriminator.mapping`` gives it, where it leads to one."""
    declared = discriminator.get("mapping")
    found = {value: _mapped(target) for value, target in (declared.items() if declared else ())}
    return {value: node for value, node in found.items() if node is not None}


def default_place(discriminator: Node | None) -> Node | None:
    """The schema of values whose tag means no other (OpenAPI 3.2, ``defaultMapping``)."""
    declared = discriminator.get("defaultMapping") if discriminator is not None else None
    return _mapped(declared) if declared is not None else None


def _mapped(target: Node) -> Node | None:
    """Where a mapping value leads: a reference, or the name of a component."""
    text, document = str(target.value), target.document
    named = f"#/components/schemas/{escape(text)}"
    for ref, base in ((text, target.uri), (named, document.entry)):
        found = find_or_none(document, ref, base)
        if found is not None:
            return Node(document, *found)
    return None


def is_heir(node: Node, base: Node) -> bool:
    """Whether a component takes ``base`` to be one of the variants that ``base`` stands for."""
    if component_at(node.pointer) is None or declared_discriminator(base) is None:
        return False
    named = [one.follow().pointer for key in ("oneOf", "anyOf") for one in members(base, key)]
    return not named or node.pointer in named


def base_key(pointer: str) -> str:
    """The key of the model that a base is itself, beside the union of all that it stands for."""
    return f"{pointer}/(base)"


class Heirs:
    """Knows which components take which by ``allOf``."""

    def __init__(self) -> None:
        self._direct: dict[str, list[Node]] | None = None

    def variants(self, base: Node) -> list[Node]:
        """The schemas that an object with a discriminator stands for; none for any other schema."""
        discriminator = declared_discriminator(base)
        if discriminator is None or component_at(base.pointer) is None:
            return []
        found = {node.pointer: node for node in self._below(base)}
        if not found:
            return []
        named = [node.follow() for node in mapped_places(discriminator).values()]
        found.update((node.pointer, node) for node in named)
        if any(declared_discriminator(node) for node in self._above(base)):
            found[base.pointer] = base  # it is a variant of another base, so that it exists itself
        return list(found.values())

    def _below(self, base: Node) -> Iterator[Node]:
        """All that take ``base``, each followed by those that take it."""
        index = self._index(base)
        seen = {base.pointer}
        pending = list(reversed(index.get(base.pointer, ())))
        while pending:
            heir = pending.pop()
            if heir.pointer not in seen:
                seen.add(heir.pointer)
                yield heir
                pending.extend(reversed(index.get(heir.pointer, ())))

    @staticmethod
    def _above(node: Node) -> Iterator[Node]:
        for member in members(node, "allOf"):
            yield from [member.follow()] if member.ref is not None else Heirs._above(member)

    def _index(self, base: Node) -> dict[str, list[Node]]:
        if self._direct is None:
            self._direct = {}
            root = Node(base.document, f"{base.document.entry}#", base.document.root)
            components = root.get("components")
            schemas = components.get("schemas") if components else None
            for _, heir in schemas.items() if schemas else ():
                for pointer in dict.fromkeys(above.pointer for above in self._above(heir)):
                    self._direct.setdefault(pointer, []).append(heir)
        return self._direct
