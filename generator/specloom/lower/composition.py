"""allOf, oneOf, anyOf and discriminators: the parts and the variants of a schema.

OpenAPI 3.1 §4.8.24.3, §4.8.25. A schema with a discriminator but without ``oneOf`` is the union of
the schemas that include it by ``allOf``. Without them, their properties would be lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from math import prod
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from specloom.description.node import Node, structural_keys
from specloom.description.references import find_or_none
from specloom.description.tree import escape, unescape
from specloom.description.walk import SCHEMA_ONES
from specloom.ir.words import split_words
from specloom.lower.shape import (
    Shape,
    intersection,
    is_null_schema,
    is_requirement_only,
    joined_properties,
    members,
    parts_of,
    says_nullable,
    shape_of,
    stands_alone,
)

if TYPE_CHECKING:
    from specloom import ir

_HOLDERS = ("#/components/schemas", "#/schemas", "/$defs", "/definitions")
_IN_A_FILE = frozenset((*SCHEMA_ONES, "schema", "itemSchema"))


def declared_discriminator(node: Node) -> Node | None:
    """The discriminator of the schema itself, not of its references."""
    found = node.own("discriminator")
    if found is not None and isinstance(found.value, dict):
        return found
    inline = [member for member in members(node, "allOf") if member.ref is None]
    return next((one for member in inline if (one := declared_discriminator(member))), None)


def tag_of(shape: Shape) -> str | None:
    """The wire name of the property that distinguishes the variants."""
    return (shape.discriminator.text("propertyName") or None) if shape.discriminator else None


def mapped_places(discriminator: Node) -> dict[str, Node]:
    """Tag value → its schema in ``discriminator.mapping``, if it exists."""
    declared = discriminator.get("mapping")
    found = {value: _mapped(target) for value, target in (declared.items() if declared else ())}
    return {value: node for value, node in found.items() if node is not None}


def default_place(discriminator: Node | None) -> Node | None:
    """The schema for other tag values (OpenAPI 3.2, ``defaultMapping``)."""
    declared = discriminator.get("defaultMapping") if discriminator is not None else None
    return _mapped(declared) if declared is not None else None


def _mapped(target: Node) -> Node | None:
    """The target of a mapping value: a reference, or the name of a component."""
    text, document = str(target.value), target.document
    named = f"#/components/schemas/{escape(text)}"
    for ref, base in ((text, target.uri), (named, document.entry)):
        found = find_or_none(document, ref, base)
        if found is not None:
            return Node(document, *found)
    return None


def is_heir(node: Node, base: Node) -> bool:
    """Whether a component includes ``base`` as one of the variants of ``base``."""
    if component_at(node.pointer) is None or declared_discriminator(base) is None:
        return False
    named = [one.follow().pointer for key in ("oneOf", "anyOf") for one in members(base, key)]
    return not named or node.pointer in named


def base_key(pointer: str) -> str:
    """The key of the model of a base itself, beside the union that it stands for."""
    return f"{pointer}/(base)"


class Heirs:
    """Knows which components include which by ``allOf``."""

    def __init__(self) -> None:
        self._direct: dict[str, list[Node]] | None = None

    def variants(self, base: Node) -> list[Node]:
        """The variants of an object with a discriminator; none for other schemas."""
        discriminator = declared_discriminator(base)
        if discriminator is None or component_at(base.pointer) is None:
            return []
        found = {node.pointer: node for node in self._below(base)}
        if not found:
            return []
        named = [node.follow() for node in mapped_places(discriminator).values()]
        found.update((node.pointer, node) for node in named)
        if any(declared_discriminator(node) for node in self._above(base)):
            found[base.pointer] = base  # it is a variant of another base, so it exists itself
        return list(found.values())

    def _below(self, base: Node) -> Iterator[Node]:
        """All components that include ``base``, each followed by those that include it."""
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


def unwrap(node: Node) -> tuple[Node, bool]:
    """Follow schemas that only refer to another one, and return whether null is allowed.

    In a cycle, the result is the same from every start.
    """
    if stands_alone(node):
        return node, says_nullable(node)
    if parts := parts_of(node):
        found = [unwrap(part) for part in parts]
        return _narrowest(node, [place for place, _ in found]), all(null for _, null in found)
    nullable = False
    seen: dict[str, Node] = {}
    while node.pointer not in seen:
        seen[node.pointer] = node
        nullable = nullable or says_nullable(node)
        following, by_null_member = _sole_meaning(node)
        nullable = nullable or by_null_member
        if following is None:
            return node, nullable
        node = following
    circle = list(seen)[list(seen).index(node.pointer) :]
    return seen[min(circle)], nullable


def _narrowest(node: Node, places: list[Node]) -> Node:
    """The one of several schemas that implies all others, the nearest first."""
    shapes = {place.pointer: shape_of(place) for place in places}
    left = [one for one in places if not _is_implied(one, places, shapes)] or places
    whole = _content(shape_of(node))
    same = (one for one in reversed(left) if _content(shapes[one.pointer]) == whole)
    return left[0] if len(left) == 1 else next(same, node)


def _is_implied(place: Node, places: list[Node], shapes: dict[str, Shape]) -> bool:
    """Whether a schema only has a type, and another one has that type and further constraints."""
    if place.ref is not None or not structural_keys(place.value) <= {"type"}:
        return False
    own = set(shapes[place.pointer].types)
    others = [
        shapes[one.pointer]
        for one in places
        if one.ref is not None or not structural_keys(one.value) <= {"type"}
    ]
    return any(set(one.types) <= own and _says_more(one) for one in others)


def _says_more(shape: Shape) -> bool:
    return bool(shape.types or shape.variants or shape.values or shape.is_object)


def _content(shape: Shape) -> tuple[object, ...]:
    """The constraints of a schema, for comparison."""
    return (
        sorted(shape.types),
        shape.format,
        repr(shape.values),
        {name: prop.pointer for name, prop in shape.properties.items()},
        shape.required,
        shape.extra.pointer if shape.extra else None,
        [one.pointer for one in shape.pattern_values],
        [one.pointer for one in shape.first_items],
        shape.items.pointer if shape.items else None,
        [[one.pointer for one in group] for group in shape.variants],
    )


def _is_repeated(node: Node) -> bool:
    """Whether the type beside a reference repeats that of its target, possibly with null.

    ``{$ref: …, type: [object, "null"]}`` is a common way to write a nullable reference.
    """
    target = node.target()
    merged, alone = shape_of(node), shape_of(target)
    is_narrower = says_nullable(target) and not says_nullable(node)
    return bool(alone.types) and merged.types == alone.types and not is_narrower


def _sole_meaning(node: Node) -> tuple[Node | None, bool]:
    """The one schema that a schema stands for (a lone $ref, an allOf or union of one), and null."""
    if not isinstance(node.value, dict) or node.value.get("required"):
        return None, False
    own = structural_keys(node.value)
    if node.ref is not None:
        is_bare = not own or (own == {"type"} and _is_repeated(node))
        return (node.target() if is_bare else None), False
    parts = members(node, "allOf")
    if own <= {"allOf", "type"} and parts:
        typed = [part for part in parts if part.ref is not None or structural_keys(part.value)]
        null_part = any(says_nullable(part) for part in parts if part not in typed)
        demands = any(part.value.get("required") for part in parts if part.ref is None)
        if len(typed) == 1 and not demands and not is_heir(node, typed[0].follow()):
            return typed[0], null_part
    for key in ("oneOf", "anyOf"):
        if own == {key}:
            group = members(node, key)
            rest = [member for member in group if not _is_null_variant(member)]
            if len(rest) == 1:
                return rest[0], len(rest) < len(group)
            return None, len(rest) < len(group)
    return None, False


_MAX_COMBINATIONS = 40
"""The maximum number of combined variants; beyond it, the groups become one object."""


def real_variants(group: list[Node]) -> list[Node]:
    """The variants with a type; empty if all variants only require properties."""
    if all(is_requirement_only(member) for member in group):
        return []
    return [member for member in group if not _is_null_variant(member)]


def _is_null_variant(member: Node) -> bool:
    """Whether a variant only adds null.

    ``{nullable: true}`` by itself would accept any value; generators of OpenAPI 3.0 use it as a
    variant to make the others nullable.
    """
    if is_null_schema(member):
        return True
    return member.value.get("nullable") is True and is_requirement_only(member)


def combined(
    shape: Shape, groups: list[list[Node]], words: ir.Words
) -> list[tuple[Node, Shape, ir.Words]]:
    """One object for each combination of a variant from every group, with its place and name.

    None if a group contains something other than plain objects: Python has no type for an
    intersection of texts.
    """
    named = [list(zip(group, variant_names(group, words), strict=True)) for group in groups]
    shapes = {one.pointer: shape_of(one) for group in groups for one in group}
    if not all(one.is_object and not one.variants for one in shapes.values()):
        return []
    if prod(map(len, groups)) > _MAX_COMBINATIONS:
        every = [shapes[one.pointer] for group in groups for one in group]
        return [(groups[0][0], _joined(shape, every, demand=False), words)]
    return [
        (
            choice[0][0],
            _joined(shape, [shapes[one.pointer] for one, _ in choice], demand=True),
            (*words, *(word for _, name in choice for word in name[len(words) :])),
        )
        for choice in product(*named)
    ]


def common_variants(groups: list[list[Node]]) -> list[Node]:
    """The values that fit one variant of each group; empty if unknown."""
    found, *others = groups
    for group in others:
        pairs = [(one, other) for one in found for other in group if _may_be_both(one, other)]
        if len(pairs) > _MAX_COMBINATIONS:
            return []
        found = [intersection(one, other) for one, other in pairs]
    return found


def _may_be_both(one: Node, other: Node) -> bool:
    first, second = shape_of(one), shape_of(other)
    if first.values is not None and second.values is not None:
        return any(value in second.values for value in first.values)
    types, others = _types_of(first), _types_of(second)
    return not types or not others or not types.isdisjoint(others)


def _types_of(shape: Shape) -> set[str]:
    """The possible types of a value; empty if a schema does not give them."""
    if shape.variants:
        return set()
    found = set(shape.types)
    if not found and shape.is_object:
        return {"object"}
    return found | ({"integer"} if "number" in found else set())


def _joined(shape: Shape, parts: list[Shape], *, demand: bool) -> Shape:
    for part in parts:
        shape = replace(
            shape,
            properties=joined_properties(shape.properties, part.properties),
            required=shape.required | part.required if demand else shape.required,
            extra=part.extra or shape.extra,
            pattern_values=[*shape.pattern_values, *part.pattern_values],
        )
    return shape


def component_name(node: Node) -> ir.Words | None:
    """The words of a component's own name; None for a nested schema."""
    name = component_at(node.pointer)
    return None if name is None else split_words(name) or ("model",)


def component_at(pointer: str) -> str | None:
    """The name of the component at a pointer; None for other values.

    A file that consists of one schema has the name of the file.
    """
    holder, _, name = pointer.rpartition("/")
    if pointer.endswith("#"):
        return PurePosixPath(unquote(pointer[:-1])).stem
    is_in_file = holder.endswith("#") and name not in _IN_A_FILE  # a file with only schemas
    return unescape(name) if is_in_file or holder.endswith(_HOLDERS) else None


def variant_names(variants: list[Node], words: ir.Words) -> list[ir.Words]:
    """The names of the variants of ``words`` that have no name.

    They come from the tag's value or the title; a number is the last resort.
    """
    objects = [variant for variant in variants if shape_of(variant).is_object]
    return [
        _beside(words, _own_words(variant) or _rest_words(variant, variants, objects))
        for variant in variants
    ]


def _beside(words: ir.Words, own: ir.Words) -> ir.Words:
    # "Seat ticket" as a variant of "ticket" already contains the word.
    repeats = [word.lower() for word in own[-len(words) :]] == [word.lower() for word in words]
    return own if repeats and len(own) > len(words) else (*words, *own)


def _rest_words(variant: Node, variants: list[Node], objects: list[Node]) -> ir.Words:
    if variant not in objects:
        return ()
    return ("object",) if len(objects) == 1 else ("variant", str(variants.index(variant) + 1))


def _own_words(variant: Node) -> ir.Words | None:
    if variant.ref is not None:
        return component_name(variant.follow())
    for prop in shape_of(variant).properties.values():
        values = shape_of(prop).values
        if values and len(values) == 1 and isinstance(values[0], str):
            return split_words(values[0]) or None
    return split_words(variant.text("title")) or None
