"""Converts schemas to types of the IR: named ones become a Model or an Alias, others a TypeRef."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from specloom import ir
from specloom.description.node import is_deprecated, sdk_extension
from specloom.description.source_text import MAX_ENUM
from specloom.ir.words import singular, split_words
from specloom.lower.composition import (
    Heirs,
    base_key,
    combined,
    common_variants,
    component_at,
    default_place,
    mapped_places,
    real_variants,
    tag_of,
    unwrap,
    variant_names,
)
from specloom.lower.schema_names import given_name, own_name, sdk_name
from specloom.lower.shape import (
    Shape,
    derives_from,
    description_of,
    is_null_schema,
    joined_properties,
    limits_of,
    shape_of,
)
from specloom.lower.type_refs import (
    ANY,
    MAX_DEPTH,
    SCALARS,
    Budget,
    LiteralValue,
    distinct,
    is_bulky,
    merge_union,
    nullable_of,
    of_kind,
    plain_scalar,
    string_kind,
    without_null,
)
from specloom.runtime.media_types import kind_of

if TYPE_CHECKING:
    from specloom.description.node import Node
    from specloom.errors import Problems

# Enums up to this length are inlined; longer ones get a name.
_INLINE_VALUES = 4
_KINDS: dict[type, ir.ScalarKind] = {str: "string", int: "integer", bool: "boolean"}


class TypeLowering:
    """Lowers schemas, each once; ``types`` collects the named ones by their pointer.

    The fields of a model are lowered after the schema that requested it, so long chains of
    references do not use the stack.
    """

    def __init__(self, problems: Problems | None = None) -> None:
        self._problems = problems
        self.types: dict[str, ir.NamedType] = {}
        self._heirs = Heirs()
        self._lowered: dict[str, ir.TypeRef] = {}
        self._in_progress: set[str] = set()
        self._asked_while_in_progress: set[str] = set()
        self._waiting: deque[Callable[[], object]] = deque()
        self._is_finishing = False
        self._budget = Budget()

    def lower(self, node: Node | None, hint: ir.Words) -> ir.TypeRef:
        """The type of a schema; ``hint`` is its name if it needs one and has none."""
        if node is None or not isinstance(node.value, dict):
            return ANY
        if (scalar := plain_scalar(node.value)) is not None:
            return scalar
        place, nullable = unwrap(node)
        if is_null_schema(place):
            return ir.Scalar("null")
        lowered = self._lower_place(place, hint)
        if not self._in_progress and not self._is_finishing:
            self._finish()
        return nullable_of(lowered) if nullable else lowered

    def item(self, media: Node, hint: ir.Words) -> ir.TypeRef:
        """The type of one item of a sequential media type (OpenAPI 3.2 §4.14.2).

        ``schema`` describes all items as an array; before 3.2, most descriptions describe one item.
        """
        items = media.get("itemSchema")
        if items is not None:
            return self.lower(items, hint)
        whole = self.lower(media.get("schema"), hint)
        return whole.item if isinstance(whole, ir.ListOf) else whole

    def _finish(self) -> None:
        """Lower the pending fields, including those that become pending meanwhile."""
        self._is_finishing = True
        while self._waiting:
            self._waiting.popleft()()
        self._is_finishing = False

    def words(self, node: Node, hint: ir.Words) -> ir.Words:
        """The name of a schema that needs one; ``hint`` if the description gives none."""
        return given_name(unwrap(node)[0]) or hint

    def has_heirs(self, node: Node) -> bool:
        """Whether a schema is the union of the schemas that include it by allOf."""
        return bool(self._heirs.variants(unwrap(node)[0]))

    def fields(self, place: Node, shape: Shape, hint: ir.Words) -> tuple[ir.Field, ...]:
        """The properties of the object at ``place``, in the description's order."""
        self._budget.spend(len(shape.properties), place.document, place.pointer)
        is_event = "event" in shape.properties
        return tuple(
            self._field(
                wire_name,
                _payload(prop) if is_event and wire_name == "data" else prop,
                wire_name in shape.required,
                hint,
            )
            for wire_name, prop in shape.properties.items()
        )

    def _field(self, wire_name: str, node: Node, required: bool, hint: ir.Words) -> ir.Field:
        words = sdk_name(node) or split_words(wire_name) or ("field",)
        final = node.follow()
        value, target = (one.value if isinstance(one.value, dict) else {} for one in (node, final))
        return ir.Field(
            name=words,
            wire_name=wire_name,
            pointer=node.pointer,
            type=self.lower(node, (*hint, *split_words(wire_name))),
            required=required,
            description=description_of(node),
            default=value.get("default", target.get("default")),
            read_only=value.get("readOnly", target.get("readOnly")) is True,
            write_only=value.get("writeOnly", target.get("writeOnly")) is True,
            deprecated=is_deprecated(node),
            replaced_by=sdk_extension(node).get("replaced_by"),
            limits=limits_of(final),
            example=example_of(node),
            is_named=own_name(node) is not None,
        )

    def _lower_place(self, place: Node, hint: ir.Words) -> ir.TypeRef:
        key = place.pointer
        if key in self._lowered:
            return self._lowered[key]
        if key in self.types:
            return ir.Ref(key)
        if key in self._in_progress or len(self._in_progress) >= MAX_DEPTH:
            self._asked_while_in_progress.add(key)
            if key not in self._in_progress:
                self._waiting.append(lambda: self._lower_place(place, hint))
            return ir.Ref(key)
        self._lowered[key] = self._lower_new(place, hint)
        return self._lowered[key]

    def _lower_new(self, place: Node, hint: ir.Words) -> ir.TypeRef:
        key = place.pointer
        self._in_progress.add(key)
        try:
            words = given_name(place) or hint
            lowered = self._lower_shape(place, shape_of(place), words)
        finally:
            self._in_progress.discard(key)
        if key in self.types:
            return lowered
        if lowered == ir.Ref(key):
            lowered = ANY  # a union of only itself has no meaning
        if key in self._asked_while_in_progress or is_bulky(lowered):
            return self._name(place, words, lowered)
        return lowered

    def _lower_shape(self, place: Node, shape: Shape, words: ir.Words) -> ir.TypeRef:
        groups = [group for group in map(real_variants, shape.variants) if group]
        choices = combined(shape, groups, words) if len(groups) > 1 else []
        if choices:
            return self._combinations(place, choices, words)
        variants = self._common(place, groups) if groups else self._heirs.variants(place)
        if variants:
            return self._union(place, shape, variants, words)
        if shape.values is not None:
            return self._enum(place, shape, words)
        if shape.is_object and len(shape.types) < 2:
            return self._object(place, shape, words)
        if shape.is_array and len(shape.types) < 2:
            return self._array(shape, words)
        return self._scalar(shape, place, words)

    def _common(self, place: Node, groups: list[list[Node]]) -> list[Node]:
        """The variants that all groups of a schema share; else those of the first group."""
        found = common_variants(groups)
        if not found and self._problems is not None:
            message = "of several oneOf and anyOf only the first is used: no value fits all of them"
            self._problems.warning("unused-field", message, place.pointer)
        return found or groups[0]

    def _array(self, shape: Shape, words: ir.Words) -> ir.ListOf:
        hint = singular(words)
        first = tuple(self.lower(item, hint) for item in shape.first_items)
        rest = self.lower(shape.items, hint) if shape.items is not None else None
        item = merge_union([*first, *([rest] if rest is not None else [])] or [ANY])
        if not first or shape.item_counts.get("minItems", len(first)) < len(first):
            return ir.ListOf(item)
        most = shape.item_counts.get("maxItems")
        is_full = most is not None and most <= len(first)
        return ir.TupleOf(item, first[:most], None if is_full else rest)

    def _scalar(self, shape: Shape, place: Node, words: ir.Words) -> ir.TypeRef:
        found: list[ir.TypeRef] = []
        for name in shape.types:
            if name == "object":
                found.append(self._object(place, shape, words))
            elif name == "array":
                found.append(ir.ListOf(self._array(shape, words).item))
            elif name == "string":
                found.append(ir.Scalar(string_kind(shape)))
            else:
                found.append(ir.Scalar(SCALARS.get(name, "any")))
        return merge_union(found) if found else ANY

    def _enum(self, place: Node, shape: Shape, words: ir.Words) -> ir.TypeRef:
        values = [of_kind(value, shape.types) for value in shape.values or []]
        known = distinct(value for value in values if isinstance(value, str | int | float | bool))
        # Python has no literals for lists and objects.
        others: list[ir.TypeRef] = [ir.ListOf(ANY)] * any(isinstance(one, list) for one in values)
        others += [ir.MapOf(ANY)] * any(isinstance(one, dict) for one in values)
        if known:
            others.insert(0, self._literal(place, known, words))
        return merge_union(others or [ANY])

    def _literal(
        self, place: Node, values: tuple[LiteralValue, ...], words: ir.Words
    ) -> ir.TypeRef:
        if any(isinstance(value, float) for value in values):
            return _enum_of_numbers(values)
        if len(values) > MAX_ENUM:
            return merge_union([ir.Scalar(_KINDS[type(value)]) for value in values])
        literal = ir.Literal(values, "enum" if len(values) > 1 else "const")
        if (given_name(place) and len(values) > 1) or len(values) > _INLINE_VALUES:
            return self._name(place, words, literal)
        return literal

    def _object(self, place: Node, shape: Shape, words: ir.Words) -> ir.TypeRef:
        if not shape.properties:
            return ir.MapOf(self._extra(shape, singular(words)) or ANY)
        return self._model(place.pointer, place, shape, words)

    def _extra(self, shape: Shape, hint: ir.Words) -> ir.TypeRef | None:
        """The type of additional properties; None without such a keyword."""
        values = [*shape.pattern_values, *([shape.extra] if shape.extra else [])]
        return merge_union([self.lower(value, hint) for value in values]) if values else None

    def _model(self, key: str, place: Node, shape: Shape, words: ir.Words) -> ir.Ref:
        model = self.types[key] = ir.Model(
            key=key,
            name=words,
            wire_name=component_at(place.pointer) or "",
            pointer=place.pointer,
            fields=(),
            description=shape.description,
            deprecated=shape.deprecated,
            is_named=own_name(place) is not None,
        )

        def finish() -> None:
            extra = self._extra(shape, (*words, "value"))
            self.types[key] = replace(model, fields=self.fields(place, shape, words), extra=extra)

        self._waiting.append(finish)
        return ir.Ref(key)

    def _union(
        self, place: Node, shape: Shape, variants: list[Node], words: ir.Words
    ) -> ir.TypeRef:
        lowered = [
            self._variant(place, shape, variant, index, hint)
            for index, (variant, hint) in enumerate(
                zip(variants, variant_names(variants, words), strict=True)
            )
        ]
        union = merge_union(lowered)
        core = without_null(union)
        if isinstance(core, ir.UnionOf) and any(isinstance(m, ir.Ref) for m in core.members):
            found = dict(zip(map(_place, variants), lowered, strict=True))
            default = default_place(shape.discriminator)
            other = found.pop(_place(default), None) if default is not None else None
            key = other.key if isinstance(other, ir.Ref) else None
            mapping = _mapping(shape, found)
            tagged = replace(core, tag=tag_of(shape), mapping=mapping, default=key)
            named = self._name(place, words, tagged)
            return nullable_of(named) if isinstance(union, ir.Nullable) else named
        return union

    def _combinations(
        self, place: Node, choices: list[tuple[Node, Shape, ir.Words]], words: ir.Words
    ) -> ir.TypeRef:
        """The union of the objects that satisfy all of several groups of variants."""
        lowered: list[ir.TypeRef] = [
            self._model(f"{place.pointer}/(variant {index})", node, shape, name)
            for index, (node, shape, name) in enumerate(choices)
        ]
        union = merge_union(lowered)
        return self._name(place, words, union) if isinstance(union, ir.UnionOf) else union

    def _variant(
        self, place: Node, shape: Shape, variant: Node, index: int, hint: ir.Words
    ) -> ir.TypeRef:
        """A variant; if the schema has properties of its own, both are merged into one model."""
        if variant.pointer == place.pointer:
            return self._model(base_key(place.pointer), place, shape, (*hint, "base"))
        own = shape_of(variant)
        has_parts = own.is_object or own.properties
        if not shape.properties or not has_parts or derives_from(variant, place):
            return self.lower(variant, hint)
        merged = replace(
            own,
            properties=joined_properties(shape.properties, own.properties),
            required=shape.required | own.required,
            extra=own.extra or shape.extra,
        )
        return self._model(f"{place.pointer}/(variant {index})", variant, merged, hint)

    def _name(self, place: Node, words: ir.Words, lowered: ir.TypeRef) -> ir.Ref:
        self.types[place.pointer] = ir.Alias(
            key=place.pointer,
            name=words,
            wire_name=component_at(place.pointer) or "",
            pointer=place.pointer,
            type=lowered,
            description=description_of(place),
            deprecated=place.value.get("deprecated") is True,
            is_named=own_name(place) is not None,
        )
        return ir.Ref(place.pointer)


def example_of(node: Node) -> object:
    """The first example a schema or parameter gives for its value; None without one."""
    value = node.value if isinstance(node.value, dict) else {}
    if "example" in value:
        return value["example"]
    examples = value.get("examples")
    return examples[0] if isinstance(examples, list) and examples else None


def _enum_of_numbers(values: tuple[str | int | float | bool, ...]) -> ir.TypeRef:
    """The number type for an enum: Python has no literals of fractions (PEP 586)."""
    others = tuple(value for value in values if isinstance(value, str | bool))
    literal: list[ir.TypeRef] = [ir.Literal(others)] if others else []
    return merge_union([*literal, ir.Scalar("number")])


def _payload(data: Node) -> Node:
    """The data of a server-sent event: the JSON in it (OpenAPI 3.2 §4.14.4)."""
    schema = data.get("contentSchema")
    is_json = kind_of(data.text("contentMediaType")) == "json"
    return schema if schema is not None and is_json else data


def _place(variant: Node) -> str:
    return unwrap(variant)[0].pointer


def _mapping(shape: Shape, variants: dict[str, ir.TypeRef]) -> tuple[tuple[str, str], ...]:
    """Tag value → key of the variant, from ``mapping`` or from the names of the schemas.

    ``variants`` are the types by the pointers of their schemas.
    """
    if shape.discriminator is None:
        return ()
    mapped = {value: _place(node) for value, node in mapped_places(shape.discriminator).items()}
    targets = dict.fromkeys(mapped.values())
    for pointer in variants:
        name = component_at(pointer)
        if pointer not in targets and name is not None:
            mapped.setdefault(name, pointer)
    found = {value: variants.get(pointer) for value, pointer in mapped.items()}
    return tuple((value, ref.key) for value, ref in found.items() if isinstance(ref, ir.Ref))
