"""Compares JSON with the schema that describes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from specloom.description.node import Node
from specloom.description.tree import child
from specloom.lower.shape import Shape, is_null_schema, is_requirement_only, shape_of
from specloom.lower.shape import members as members_of

Kind: TypeAlias = Literal["field", "value", "null", "missing", "type", "variant"]
"""The kind of a violation.

`field`: a property is not declared. `value`: an enum lacks the value. `null`: null is not allowed.
`missing`: a required property is missing. `type`: the type is another one. `variant`: no member of
a union has the tag.
"""

_WEIGHTS: dict[Kind, int] = {"type": 1000, "variant": 100, "missing": 10}
_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that violates its schema.

    `pointer` is the place of the schema, `key` a property of it. `sample` is the JSON pointer
    (RFC 6901) to `value` in the compared JSON.
    """

    kind: Kind
    pointer: str
    key: str
    sample: str
    value: Any = field(compare=False)


def differences(node: Node, value: Any, sample: str = "") -> Iterator[Difference]:
    """The violations of the schema at `node` in `value`."""
    yield from _differences(node, value, sample, frozenset())


def _differences(
    node: Node, value: Any, sample: str, open_unions: frozenset[str]
) -> Iterator[Difference]:
    """`open_unions` are the unions on the path to `node` for the same value."""
    if not isinstance(node.value, dict):
        return  # true and false
    if value is None:
        if not allows_null(node):
            yield Difference("null", node.pointer, "", sample, None)
        return
    views = list(_views(node, value, sample, open_unions))
    for view in views:
        yield from view.problems
    if any(view.problems for view in views):
        return
    if isinstance(value, dict):
        yield from _object_differences([view for view in views if view.shape], value, sample)
    elif isinstance(value, list):
        yield from _item_differences(views, value, sample)


def allows_null(node: Node) -> bool:
    """Whether a schema allows null, by itself, through a reference, or as one of its variants."""
    return _allows_null(node, set())


def _allows_null(node: Node, seen: set[str]) -> bool:
    if node.pointer in seen or not isinstance(node.value, dict):
        return node.value is True
    seen.add(node.pointer)
    value, declared = node.value, node.value.get("type")
    if value.get("nullable") is True or is_null_schema(node):
        return True
    if isinstance(declared, str | list):
        return "null" in declared if isinstance(declared, list) else False
    if "enum" in value or "const" in value:
        return None in value.get("enum", [value.get("const")])
    if node.ref is not None:
        return _allows_null(node.target(), seen)
    variants = [*members_of(node, "oneOf"), *members_of(node, "anyOf")]
    if variants:
        return any(_allows_null(one, seen) for one in variants)
    parts = members_of(node, "allOf")
    # A schema that says nothing allows everything.
    return all(_allows_null(one, seen) for one in parts) and not shape_of(node).properties


@dataclass(frozen=True, slots=True)
class _View:
    """The schema for a value: the given one, or the matching member of a union."""

    node: Node
    shape: Shape
    problems: list[Difference]


def _views(node: Node, value: Any, sample: str, open_unions: frozenset[str]) -> Iterator[_View]:
    shape = shape_of(node)
    # A union may contain itself through its members.
    open_unions |= {node.follow().pointer}
    yield _View(node, shape, list(_own_problems(node, shape, value, sample)))
    for group in shape.variants:
        leaves = [
            leaf
            for leaf in _leaves(group)
            if not is_null_schema(leaf) and leaf.follow().pointer not in open_unions
        ]
        if not leaves or all(is_requirement_only(leaf) for leaf in leaves):
            continue
        tag = _tag(leaves, shape)
        fitting = _with_tag(leaves, tag, shape, value) if tag else leaves
        if fitting:
            best = _best(fitting, value, open_unions)
            yield from _views(best, value, sample, open_unions)
        else:
            place = holder(node, ("oneOf", "anyOf")).pointer
            found = Difference("variant", place, tag, sample, value[tag])
            yield _View(node, Shape(), [found])


def _own_problems(node: Node, shape: Shape, value: Any, sample: str) -> Iterator[Difference]:
    if not _is_of_type(shape, value):
        yield Difference("type", holder(node, ("type",)).pointer, "", sample, value)
    elif shape.values is not None and not any(_same(value, one) for one in shape.values):
        yield Difference("value", holder(node, ("const", "enum")).pointer, "", sample, value)


def _is_of_type(shape: Shape, value: Any) -> bool:
    types = shape.types or (["object"] if shape.is_object else ["array"] if shape.is_array else [])
    return not types or any(is_of(name, value) for name in types)


def is_of(name: str, value: Any) -> bool:
    """Whether a value is of a JSON type; 1.0 is an integer too (JSON Schema 2020-12 §6.1.1)."""
    if isinstance(value, bool):
        return name == "boolean"
    if name == "integer" and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, _TYPES.get(name, (object,)))


def _same(left: Any, right: Any) -> bool:
    return left == right and isinstance(left, bool) == isinstance(right, bool)


def _leaves(group: Sequence[Node], depth: int = 0) -> Iterator[Node]:
    """The members of a union. A member that is only a union is replaced by its members."""
    for member in group:
        place = member.follow()
        inner = [*members_of(place, "oneOf"), *members_of(place, "anyOf")]
        if inner and not shape_of(place).properties and depth < 10:
            yield from _leaves(inner, depth + 1)
        else:
            yield member


def _tag(leaves: Sequence[Node], shape: Shape) -> str:
    """The property that distinguishes the objects of a union; "" if there is none."""
    if shape.discriminator is not None:
        return shape.discriminator.text("propertyName")
    objects = [inner for inner in map(shape_of, leaves) if inner.is_object]
    if len(objects) < 2:
        return ""
    shared = (
        name for name in objects[0].properties if all(name in one.required for one in objects)
    )
    return next((name for name in shared if all(_constants(one, name) for one in objects)), "")


def _constants(shape: Shape, name: str) -> list[Any]:
    """The values of a property, if the schema lists them."""
    declared = shape.properties.get(name)
    return (shape_of(declared).values or []) if declared is not None else []


def _with_tag(leaves: Sequence[Node], tag: str, shape: Shape, value: Any) -> Sequence[Node]:
    """The members that `value` can belong to, by its tag; none if the tag is new."""
    if not isinstance(value, dict) or tag not in value:
        return leaves
    fitting = [leaf for leaf in leaves if value[tag] in _constants(shape_of(leaf), tag)]
    return fitting or [leaf for leaf in leaves if _is_mapped(leaf, shape, value[tag])]


def _is_mapped(leaf: Node, shape: Shape, value: Any) -> bool:
    """Whether a discriminator maps a tag's value to a member (OpenAPI §4.8.25)."""
    place = leaf.follow()
    if shape.discriminator is None or not isinstance(value, str):
        return False
    mapping = shape.discriminator.get("mapping")
    ref = mapping.value.get(value) if mapping is not None and mapping.value else None
    if not isinstance(ref, str):
        return place.last_token == value
    if "/" not in ref and "#" not in ref:
        return place.last_token == ref
    return Node(place.document, shape.discriminator.pointer, {"$ref": ref}).follow().pointer == (
        place.pointer
    )


def _best(fitting: Sequence[Node], value: Any, open_unions: frozenset[str]) -> Node:
    """The member with the fewest violations in `value`."""
    # Most unions have one member of the right type. Then no deep value is compared twice.
    of_type = [leaf for leaf in fitting if _is_of_type(shape_of(leaf), value)] or fitting
    if len(of_type) == 1:
        return of_type[0]
    weights = [_weight(leaf, value, open_unions) for leaf in of_type]
    return of_type[weights.index(min(weights))]


def _weight(node: Node, value: Any, open_unions: frozenset[str]) -> int:
    found = _differences(node, value, "", open_unions)
    return sum(_WEIGHTS.get(one.kind, 1) for one in found)


def _object_differences(
    views: Sequence[_View], value: dict[str, Any], sample: str
) -> Iterator[Difference]:
    for key, inner in value.items():
        place = child(sample, key)
        described = [view.shape.properties[key] for view in views if key in view.shape.properties]
        others = [view.shape.extra for view in views if view.shape.extra is not None]
        patterns = [one for view in views for one in view.shape.pattern_values]
        if described or patterns or others:
            yield from differences((described or patterns or others)[-1], inner, place)
        elif any(view.shape.properties for view in views):
            owner = [view.node for view in views if view.shape.properties][-1]
            yield Difference("field", holder(owner, ("properties",)).pointer, key, place, inner)
    for view in views:
        for name in sorted(view.shape.required - value.keys()):
            declared = view.shape.properties.get(name)
            if declared is not None and not _is_one_way(declared):
                pointer = holder(view.node, ("required",)).pointer
                yield Difference("missing", pointer, name, sample, None)


def _is_one_way(node: Node) -> bool:
    """Whether a property is only in requests, or only in responses."""
    return any(
        isinstance(one.value, dict)
        and (one.value.get("readOnly") is True or one.value.get("writeOnly") is True)
        for one in (node, node.follow())
    )


def _item_differences(
    views: Sequence[_View], value: list[Any], sample: str
) -> Iterator[Difference]:
    for view in views:
        for index, inner in enumerate(value):
            declared = view.shape.item_at(index)
            if declared is not None:
                yield from differences(declared, inner, child(sample, index))


def holder(node: Node, keys: Sequence[str]) -> Node:
    """The place of one of `keys` at `node`, or in a schema that is merged into it."""
    return next(_holders(node, keys, set()), node.follow())


def _holders(node: Node, keys: Sequence[str], seen: set[str]) -> Iterator[Node]:
    if node.pointer in seen or not isinstance(node.value, dict):
        return
    seen.add(node.pointer)
    if any(key in node.value for key in keys):
        yield node
    if node.ref is not None:
        yield from _holders(node.target(), keys, seen)
    for member in members_of(node, "allOf"):
        yield from _holders(member, keys, seen)
