"""One view of a schema in any dialect, with its allOf merged.

OpenAPI 3.0 writes ``nullable: true``, 3.1 ``type: [string, "null"]``; allOf spreads one object over
several places; a ``$ref`` may have siblings. A ``Shape`` is their common meaning.

An intersection combines the schemas that several parts of one ``allOf`` give to a property. It is
represented as one schema: an ``allOf`` of references to them (JSON Schema 2020-12, Core 10.2.1).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from specloom.description.node import Node, structural_keys
from specloom.description.places import refusal
from specloom.description.references import reference_to
from specloom.description.tree import escape, uri_of

_MARK = "/(and "
_TEXTS = ("title", "description", "default", "example", "examples", "pattern", "multipleOf")
_SWITCHES = ("deprecated", "readOnly", "writeOnly", "uniqueItems")
_LEAST = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_MOST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")


def intersection(earlier: Node, later: Node) -> Node:
    """The schema of values that both allow. The texts of ``later``, the nearer one, win."""
    parts = {part.pointer: part for one in (earlier, later) for part in parts_of(one) or [one]}
    if later.value == earlier.value and (later.ref is None or later.uri == earlier.uri):
        return later
    if len(parts) == 1 or later.pointer == earlier.pointer or earlier.scope or later.scope:
        return later
    *others, nearest = parts
    pointer = f"{nearest}{_MARK}{escape(' '.join(others))})"
    value = _annotations(earlier) | _annotations(later) | _limits(earlier, later)
    value["allOf"] = [{"$ref": reference_to(part, uri_of(pointer))} for part in parts]
    return Node(later.document, pointer, value)


def _union(earlier: Node, later: Node) -> Node:
    """The schema of values that one of both allows."""
    if not (isinstance(earlier.value, dict) and isinstance(later.value, dict)):
        return earlier
    if earlier.value == later.value or earlier.scope or later.scope:
        return earlier
    pointer = f"{earlier.pointer}/(or {escape(later.pointer)})"
    parts = [{"$ref": reference_to(one.pointer, uri_of(pointer))} for one in (earlier, later)]
    known = earlier.value["anyOf"] if "/(or " in earlier.pointer else parts[:1]
    return Node(later.document, pointer, {"anyOf": [*known, *parts[1:]]})


def parts_of(node: Node) -> list[Node]:
    """The schemas of an intersection; none for other nodes."""
    if not (node.pointer.endswith(")") and _MARK in node.pointer):
        return []
    declared = node.own("allOf")
    return [part.target() for part in declared.entries()] if declared is not None else []


def _annotations(node: Node) -> dict[str, Any]:
    own, target = node.value, node.follow().value
    every = {**(target if isinstance(target, dict) else {}), **own}
    found = {key: every[key] for key in _TEXTS if key in every}
    found |= {key: True for key in _SWITCHES if every.get(key) is True}
    return found | {key: said for key, said in own.items() if key.startswith("x-")}


def _limits(*nodes: Node) -> dict[str, Any]:
    """The narrowest of the limits that are numbers."""
    found: dict[str, Any] = {}
    for keys, narrowest in ((_LEAST, max), (_MOST, min)):
        for key in keys:
            said = [
                value
                for node in nodes
                for value in [{**_mapping(node.follow()), **node.value}.get(key)]
                if isinstance(value, int | float) and not isinstance(value, bool)
            ]
            if said:
                found[key] = narrowest(said)
    return found


def _mapping(node: Node) -> dict[str, Any]:
    return dict(node.value) if isinstance(node.value, dict) else {}


MAX_MERGED = 1000
"""The maximum number of schemas that `allOf` and `$ref` may combine into one."""


MAX_MERGED_DEPTH = 100
"""The maximum depth of such a chain."""


# Most schemas have none of these keys, and are complete with their type.
_COMPOSING = frozenset(("$ref", "$dynamicRef", "allOf", "oneOf", "anyOf"))
_STRUCTURE = frozenset(
    "properties required additionalProperties unevaluatedProperties patternProperties items"
    " unevaluatedItems prefixItems discriminator contentEncoding contentMediaType if then else"
    " dependentSchemas".split()
)
SHAPING = _COMPOSING | _STRUCTURE | {"enum", "const"}
"""Keys that a schema may have besides ``type`` and ``format``."""
_LIMITS = (
    "minimum exclusiveMinimum maximum exclusiveMaximum multipleOf minLength maxLength pattern"
    " minItems maxItems uniqueItems format"
).split()
_LIMITED = frozenset(_LIMITS)


@dataclass(slots=True)
class Shape:
    """The merged meaning of a schema. ``variants`` holds one list of members per oneOf/anyOf."""

    types: list[str] = field(default_factory=list)
    nullable: bool = False
    format: str = ""
    values: list[Any] | None = None
    properties: dict[str, Node] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)
    extra: Node | None = None
    pattern_values: list[Node] = field(default_factory=list)
    first_items: list[Node] = field(default_factory=list)
    items: Node | None = None
    item_counts: dict[str, int] = field(default_factory=dict)
    variants: list[list[Node]] = field(default_factory=list)
    discriminator: Node | None = None
    description: str = ""
    deprecated: bool = False
    content: dict[str, Any] = field(default_factory=dict)

    @property
    def is_object(self) -> bool:
        """Whether the schema describes an object, by type or by its parts."""
        parts = bool(self.properties or self.extra or self.pattern_values)
        return "object" in self.types or (not self.types and parts)

    @property
    def is_array(self) -> bool:
        """Whether the schema describes an array, by type or by its parts."""
        return "array" in self.types or (not self.types and bool(self.items or self.first_items))

    def item_at(self, index: int) -> Node | None:
        """The schema of the item at an index; None if no keyword says so."""
        return self.first_items[index] if index < len(self.first_items) else self.items


def is_null_schema(node: Node) -> bool:
    """Whether only null fits: ``{type: "null"}``, ``{enum: [null]}``, ``{const: null}``."""
    value = node.value
    if not isinstance(value, dict):
        return False
    if value.get("type") in ("null", ["null"]):
        return True
    return value.get("enum") == [None] or ("const" in value and value["const"] is None)


def says_nullable(node: Node) -> bool:
    """Whether the schema itself, not its references, allows null."""
    value = node.value
    if not isinstance(value, dict):
        return False
    declared = value.get("type")
    if value.get("nullable") is True:
        return True
    if isinstance(declared, list) and ("null" in declared or None in declared):
        return True
    enum = value.get("enum")
    return isinstance(enum, list) and None in enum and declared is None


def limits_of(node: Node) -> tuple[tuple[str, Any], ...]:
    """The limits a schema puts on its value, in a fixed order; for documentation."""
    value = node.value if isinstance(node.value, dict) else {}
    if _LIMITED.isdisjoint(value):
        return ()
    return tuple((key, value[key]) for key in _LIMITS if key in value)


def members(node: Node, key: str) -> list[Node]:
    """The members of oneOf/anyOf/allOf that are schemas."""
    found = node.own(key)
    return [entry for entry in found.entries() if isinstance(entry.value, dict)] if found else []


def stands_alone(node: Node) -> bool:
    """Whether a schema is complete: it has no references and no composition."""
    return isinstance(node.value, dict) and _COMPOSING.isdisjoint(node.value)


def is_requirement_only(node: Node) -> bool:
    """Whether a variant only requires properties (``{required: [a]}``) and has no type."""
    return node.ref is None and not structural_keys(node.value)


def shape_of(node: Node) -> Shape:
    """The merged shape of a schema, its allOf and its ``$ref``."""
    shape = Shape()
    if stands_alone(node):
        _add(shape, node)
    else:
        parts = list(_merged(node, set()))
        pointers = {place.pointer for place in parts}
        for place in parts:
            _add(shape, place)
            shape.variants.extend(_variants(place, pointers - {place.pointer}))
    own = node.value if isinstance(node.value, dict) else {}
    shape.nullable = says_nullable(node)
    shape.deprecated = own.get("deprecated") is True
    return shape


def description_of(node: Node) -> str:
    """The description of a schema, else of the nearest schema merged into it."""
    text = _own_description(node)
    if not text and not stands_alone(node):
        for part in _merged(node, set()):
            text = _own_description(part) or text
    return text


def _own_description(node: Node) -> str:
    text = node.value.get("description") if isinstance(node.value, dict) else None
    return text.strip() if isinstance(text, str) else ""


def _merged(node: Node, seen: set[str], depth: int = 0) -> Iterator[Node]:
    """The schema and all schemas merged into it, farthest first, so that the nearest wins."""
    if node.pointer in seen or not isinstance(node.value, dict):
        return
    seen.add(node.pointer)
    if len(seen) > MAX_MERGED or depth > 2 * MAX_MERGED_DEPTH:
        message = f"this schema consists of more than {MAX_MERGED}, or {MAX_MERGED_DEPTH} in a row"
        hint = "describe it with fewer of them"
        raise refusal("too-deep", message, node.document, node.pointer, hint)
    if node.ref is not None:
        yield from _merged(node.target(), seen, depth + 1)
    if "allOf" in node.value:
        for member in members(node, "allOf"):
            yield from _merged(member, seen, depth + 1)
    yield node


def _applied_at_times(place: Node, seen: set[str]) -> Iterator[Node]:
    """The conditional schemas, their parts and their variants: their properties may be there."""
    conditions = ("then", "else") if "if" in place.value else ()
    found = [node for key in conditions if (node := place.own(key)) is not None]
    found += [node for _, node in _children(place, "dependentSchemas")]
    for node in found:
        yield from _with_variants(node, seen)


def _with_variants(node: Node, seen: set[str]) -> Iterator[Node]:
    for part in _merged(node, seen):
        yield part
        for one in (*members(part, "oneOf"), *members(part, "anyOf")):
            yield from _with_variants(one, seen)
        yield from _applied_at_times(part, seen)


def derives_from(node: Node, base: Node) -> bool:
    """Whether a schema includes another one by allOf, at any depth."""
    return any(part.pointer == base.pointer for part in _merged(node, set()))


def _variants(place: Node, heirs: set[str]) -> Iterator[list[Node]]:
    """The variants of a schema, without those of a base that has one of ``heirs`` as variant."""
    for key in ("oneOf", "anyOf"):
        group = members(place, key)
        if group and not (heirs and any(one.follow().pointer in heirs for one in group)):
            yield group


def _add(shape: Shape, place: Node) -> None:
    value = place.value
    _add_type(shape, place)
    shape.description = _own_description(place) or shape.description
    if not _STRUCTURE.isdisjoint(value):
        _add_structure(shape, place)


def _add_structure(shape: Shape, place: Node) -> None:
    value = place.value
    for name, prop in _children(place, "properties"):
        with_property(shape.properties, name, prop)
    required = _listed(place, "required")
    if isinstance(required, list):
        shape.required.update(name for name in required if isinstance(name, str))
    extra = _extra(place)
    if extra is not None:
        shape.extra = _narrowed(shape.extra, extra)
    at_times: dict[str, Node] = {}
    for part in _applied_at_times(place, {place.pointer}):
        for name, prop in _children(part, "properties"):
            at_times[name] = _union(at_times[name], prop) if name in at_times else prop
    declared = shape.properties
    declared |= {name: prop for name, prop in at_times.items() if name not in declared}
    shape.pattern_values.extend(value for _, value in _children(place, "patternProperties"))
    _add_items(shape, place)
    shape.discriminator = place.own("discriminator") or shape.discriminator
    for key in ("contentEncoding", "contentMediaType"):
        if key in value:
            shape.content[key] = value[key]


def _add_items(shape: Shape, place: Node) -> None:
    first, items = place.own("prefixItems"), place.own("items") or place.own("unevaluatedItems")
    if items is not None and isinstance(items.value, list):  # JSON Schema before 2020-12
        is_array = "array" in shape.types
        first, items = (items, place.own("additionalItems")) if is_array else (None, None)
    if first is not None:
        shape.first_items = list(first.entries())
        for key in ("minItems", "maxItems"):
            if isinstance(count := place.value.get(key), int):
                shape.item_counts[key] = count
    if items is not None and (items.value is True or isinstance(items.value, dict)):
        shape.items = _narrowed(shape.items, items)


def _extra(place: Node) -> Node | None:
    """The schema of the properties that are not declared."""
    found = None
    for key in ("unevaluatedProperties", "additionalProperties"):
        extra = place.own(key)
        if extra is not None and (extra.value is True or isinstance(extra.value, dict)):
            found = extra
    return found


def _narrowed(known: Node | None, node: Node) -> Node:
    """A schema that satisfies both, if there already is one."""
    if known is None or not isinstance(known.value, dict):
        return node
    return intersection(known, node) if isinstance(node.value, dict) else known


def _children(place: Node, key: str) -> Iterator[tuple[str, Node]]:
    found = place.own(key)
    return found.items() if found is not None else iter(())


def _add_type(shape: Shape, place: Node) -> None:
    value = place.value
    declared = value.get("type")
    if isinstance(declared, str):
        shape.types = _common_types(shape.types, [declared] if declared != "null" else [])
    elif isinstance(declared, list):
        names = [str(name) for name in declared if name not in ("null", None)]
        shape.types = _common_types(shape.types, names)
    if isinstance(value.get("format"), str):
        shape.format = value["format"]
    if "const" in value:
        _add_values(shape, [value["const"]])
    elif isinstance(values := _listed(place, "enum"), list):
        _add_values(shape, [entry for entry in values if entry is not None])


def _listed(place: Node, key: str) -> Any:
    """A value that should be a list, which a reference may replace."""
    found = place.value.get(key)
    return place.child(key).follow().value if isinstance(found, dict) else found


def _common_types(known: list[str], names: list[str]) -> list[str]:
    """The common types of both lists (an integer is a number); the nearer list if there is none."""
    common = [name for name in names if name in known or (name == "integer" and "number" in known)]
    if "integer" in known and "number" in names and "integer" not in common:
        common.append("integer")
    return common or names


def _add_values(shape: Shape, values: list[Any]) -> None:
    """The common values of two lists; the nearer list if there is none."""
    known = {(type(value), repr(value)) for value in shape.values or ()}
    common = [value for value in values if (type(value), repr(value)) in known]
    shape.values = common or values


def with_property(properties: dict[str, Node], name: str, prop: Node) -> None:
    """Add a property; if the object already has it, both schemas apply."""
    known = properties.get(name)
    if known is None or not isinstance(known.value, dict):
        properties[name] = prop if known is None or isinstance(prop.value, dict) else known
    elif isinstance(prop.value, dict):
        properties[name] = intersection(known, prop)


def joined_properties(*groups: dict[str, Node]) -> dict[str, Node]:
    """The properties of an object that several schemas describe."""
    found: dict[str, Node] = {}
    for group in groups:
        for name, prop in group.items():
            with_property(found, name, prop)
    return found
