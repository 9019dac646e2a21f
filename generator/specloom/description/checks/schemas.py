"""Checks of schemas: their types, values, required properties, mappings and circles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from specloom.description.document import Document
from specloom.description.references import Suggestions, find_or_none, follow
from specloom.description.source_text import MAX_ENUM
from specloom.description.tree import (
    Value,
    child,
    escape,
    kind_of,
    members,
    one_of,
    reference_in,
    split,
)
from specloom.description.walk import Visit, mapped_references
from specloom.errors import Problems

_COMPOSED = ("allOf", "anyOf", "oneOf")
_CONDITIONAL = ("not", "if", "then", "else")
_OPENING_KEYS = ("additionalProperties", "unevaluatedProperties", "patternProperties")


def check_schema(
    document: Document, visit: Visit, suggestions: Suggestions, problems: Problems
) -> None:
    """Report a useless enum, and required properties that no part of `allOf` declares."""
    _check_enum(visit, problems)
    required = dict(_required(visit.pointer, visit.value, problems))
    if not required or _is_part(visit.pointer):
        return
    declared: set[str] = set()
    if not add_declared(document, visit.pointer, visit.value, declared):
        return
    for name, pointer in required.items():
        if name not in declared:
            close = suggestions.closest(name, sorted(declared))
            suggestion = f"did you mean {close!r}? Else " if close is not None else ""
            message = f"{name!r} is required, and no property declares it: ignored"
            hint = f"{suggestion}declare it under 'properties', or remove it here"
            problems.warning("undeclared-required", message, pointer, hint)


def _check_enum(visit: Visit, problems: Problems) -> None:
    """Report an enum without values, or with too many."""
    values = visit.fields.get("enum")
    if values == []:
        message = "an enum without a value allows nothing: ignored"
        problems.warning("wrong-value", message, child(visit.pointer, "enum"), "list its values")
    if isinstance(values, list) and len(values) > MAX_ENUM:
        message = (
            f"{len(values):,} values are too many to name: the SDK accepts any value of their type"
        )
        hint = f"leave 'enum' out, or list {MAX_ENUM:,} values at most"
        problems.warning("long-enum", message, child(visit.pointer, "enum"), hint)


def _is_part(pointer: str) -> bool:
    """Whether a schema is a part of the schema around it."""
    *_, above, last = ("", "", *split(pointer)[1])
    return above in _COMPOSED or (last in _CONDITIONAL and above != "properties")


def _required(pointer: str, value: Value, problems: Problems) -> Iterator[tuple[str, str]]:
    """The required properties of a schema and of the inline parts of its `allOf`, with places."""
    if not isinstance(value, dict):
        return
    names = value.get("required")
    if names is not None and not isinstance(names, list) and reference_in(names) is None:
        message = f"'required' takes a list of property names, found {kind_of(names)}: ignored"
        hint = "list the property in the 'required' of the schema around it"
        problems.warning("wrong-type", message, child(pointer, "required"), hint)
    elif isinstance(names, list):
        yield from (
            (name, child(pointer, "required", index))
            for index, name in enumerate(names)
            if isinstance(name, str)
        )
    parts = value.get("allOf")
    for index, part in enumerate(parts if isinstance(parts, list) else []):
        yield from _required(child(pointer, "allOf", index), part, problems)


def add_declared(document: Document, pointer: str, value: Value, names: set[str]) -> bool:
    """Add the declared properties of a schema to `names`; False if they cannot be determined."""
    seen: set[str] = set()
    pending = [(pointer, value)]
    while pending:
        pointer, value = pending.pop()
        if not isinstance(value, dict) or pointer in seen:
            continue
        seen.add(pointer)
        ref = reference_in(value)
        target = find_or_none(document, ref, pointer) if ref is not None else None
        pending += [target] if target is not None else []  # what stands beside it counts as well
        if any(value.get(key) for key in _OPENING_KEYS):
            return False
        properties = follow(document, child(pointer, "properties"), value.get("properties"))
        names.update(str(name) for name, _ in members(properties[1]))
        pending += [
            (child(pointer, key, index), part)
            for key in _COMPOSED
            for index, part in members(value.get(key))
        ]
        pending += [(child(pointer, key), value[key]) for key in _CONDITIONAL if key in value]
        pending += [
            (child(pointer, "dependentSchemas", key), part)
            for key, part in members(value.get("dependentSchemas"))
        ]
    return True


_TYPES = ("string", "integer", "number", "boolean", "array", "object", "null")
_OLD_TYPES = ("file",)  # a keyword of Swagger 2.0, read with its meaning there
_FORMATS = {
    **dict.fromkeys(("date", "date-time", "uuid", "uri", "email", "binary", "byte"), "string"),
    **dict.fromkeys(("int32", "int64"), "integer"),
    **dict.fromkeys(("float", "double"), "number"),
}


def check_type(visit: Visit, suggestions: Suggestions, problems: Problems) -> None:
    """Report a `type` that JSON Schema does not define (Validation, section 6.1.1)."""
    declared = visit.fields.get("type")
    one_or_more = declared if isinstance(declared, list) else [declared]
    if declared == []:
        message = "a list of types without a type: read as any value"
        problems.warning("wrong-type", message, child(visit.pointer, "type"), "name a type")
    if isinstance(declared, list) and None in declared:
        message = "a type must be text, but this is YAML's null: read as 'null'"
        pointer = child(visit.pointer, "type", declared.index(None))
        problems.warning("wrong-type", message, pointer, 'write "null", with quotes')
    for name in one_or_more:
        if not isinstance(name, str) or name in _TYPES or name in _OLD_TYPES:
            continue
        hint = f"one of {', '.join(_TYPES)}"
        if name in _FORMATS:
            hint = f"write 'type: {_FORMATS[name]}' and 'format: {name}'"
        elif name == "any":
            hint = "leave 'type' out: a schema without it takes any value"
        elif (close := suggestions.closest(name, _TYPES)) is not None:
            hint = f"did you mean {close!r}?"
        message = f"{name!r} is not a type: it is read as any value"
        problems.warning("unknown-type", message, child(visit.pointer, "type"), hint)


_VALUES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}


def check_values(visit: Visit, problems: Problems) -> None:
    """Report a default, an example or an enum value that does not fit the schema's type."""
    schema = visit.value
    if not isinstance(schema, dict) or not isinstance(schema.get("type"), str | list):
        return
    declared = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not all(
        (isinstance(name, str) and name in _VALUES) or name in ("null", None) for name in declared
    ):
        return
    for what, pointer, value in _written_values(visit.pointer, schema):
        if value is not None and not any(_fits(value, name) for name in declared):
            types = one_of(map(str, declared))
            message = f"{what} is {kind_of(value)}, and the schema's type is {types}"
            problems.warning("wrong-value", message, pointer, "correct one of them")


def _written_values(pointer: str, schema: dict[str, Value]) -> Iterator[tuple[str, str, Value]]:
    """The name, the place and the value of each entry."""
    for key in ("default", "example", "const"):
        if key in schema:
            yield f"{key!r}", child(pointer, key), schema[key]
    for key in ("examples", "enum"):
        several = schema.get(key)
        for index, value in enumerate(several if isinstance(several, list) else []):
            yield f"a value of {key!r}", child(pointer, key, index), value


def _fits(value: Value, name: Value) -> bool:
    """Whether a value has a type (JSON Schema Core, section 4.2.1): 1.0 is an integer."""
    if isinstance(value, bool) or not isinstance(name, str) or name not in _VALUES:
        return name == "boolean" and isinstance(value, bool)
    return isinstance(value, _VALUES[name]) or (
        name == "integer" and isinstance(value, float) and value.is_integer()
    )


def check_mapping(
    document: Document, visit: Visit, suggestions: Suggestions, problems: Problems
) -> None:
    """Report a discriminator mapping whose target does not exist or is not a variant."""
    mapping = visit.fields.get("mapping")
    for key, target in members(mapping):
        if not isinstance(target, str):
            message = (
                f"a mapping value must be the name of a schema, found {kind_of(target)}: ignored"
            )
            problems.warning("wrong-type", message, child(visit.pointer, "mapping", key))
    variants = _variants(document, visit.pointer)
    for pointer, target in mapped_references(visit.pointer, visit.value):
        key = split(pointer)[1][-1]
        found = _mapped_schema(document, target, visit.pointer)
        if found is None:
            schemas = find_or_none(document, "#/components/schemas", document.entry)
            names = [str(name) for name, _ in members(schemas[1] if schemas else {})]
            close = suggestions.closest(target.rpartition("/")[2], names)
            hint = f"did you mean {close!r}?" if close else "map it to a schema that exists"
            message = f"{key!r} is mapped to {target!r}, which does not exist: ignored"
            problems.warning("undefined-mapping", message, pointer, hint)
        elif variants and found not in variants:
            message = f"{key!r} is mapped to {target!r}, which is none of the variants: ignored"
            hint = "add it to the list of variants, or remove it here"
            problems.warning("undefined-mapping", message, pointer, hint)


def _mapped_schema(document: Document, target: str, base: str) -> str | None:
    """The pointer to a mapping's target, which is a reference or a component name."""
    name = f"#/components/schemas/{escape(target)}"
    found = find_or_none(document, target, base) or find_or_none(document, name, document.entry)
    return follow(document, *found)[0] if found else None


def _variants(document: Document, pointer: str) -> set[str]:
    """The pointers to the variants of a discriminator; empty if these have variants themselves."""
    above = find_or_none(document, "#" + pointer.partition("#")[2].rpartition("/")[0], pointer)
    schema = above[1] if above and isinstance(above[1], dict) else {}
    found: set[str] = set()
    for key in ("oneOf", "anyOf"):
        for index, part in members(schema.get(key)):
            place, value = follow(document, child(above[0] if above else "", key, index), part)
            if not isinstance(value, dict) or value.keys() & {"discriminator", *_COMPOSED}:
                return set()
            found.add(place)
    return found


_TYPES_OF = {"properties": "object", "items": "array", "prefixItems": "array"}


def check_keywords(visit: Visit, problems: Problems) -> None:
    """Note keywords of a schema that say nothing of values of its type."""
    schema = visit.fields
    declared = schema.get("type")
    types: list[Value] = [*declared] if isinstance(declared, list) else [declared]
    if isinstance(schema.get("items"), list) and "array" not in str(declared):
        message = "'items' is a list of schemas, and the type is not array: any value is taken"
        hint = "write 'oneOf' if the value is one of these, or add 'type: array'"
        problems.warning("unused-keyword", message, child(visit.pointer, "items"), hint)
        return
    if "type" in schema and declared is None:
        message = "a type must be text, but this is YAML's null: read as any value"
        hint = 'write "null", with quotes, or leave it out'
        problems.warning("wrong-type", message, child(visit.pointer, "type"), hint)
    for name, meant in _TYPES_OF.items():
        if schema.get(name) and _is_plain(types) and meant not in types:
            message = f"{name!r} says nothing of values of the type {one_of(map(str, types))}"
            hint = f"write 'type: {meant}', or remove {name!r}"
            problems.warning("unused-keyword", message, child(visit.pointer, name), hint)


def _is_plain(types: list[Value]) -> bool:
    known = {"string", "integer", "number", "boolean", "array", "object", "null"}
    return types not in ([], [None]) and all(one is None or str(one) in known for one in types)


def check_listed(visit: Visit, problems: Problems) -> None:
    """Note a default, an example or a constant that is none of the values of the enum."""
    schema = visit.fields
    listed = schema.get("enum")
    if not isinstance(listed, list) or not listed:
        return
    texts = [str(one) for one in listed]  # YAML reads text without quotes as numbers
    for name in ("default", "example", "const"):
        value = schema.get(name)
        if value is not None and value not in listed and str(value) not in texts:
            message = f"{name!r} is none of the values of 'enum'"
            hint = "add it there, or correct it"
            problems.warning("wrong-value", message, child(visit.pointer, name), hint)


_GROUPS = (("allOf",), ("oneOf", "anyOf"))
"""Keywords that together make a circle. A base whose `oneOf` lists its heirs is none."""


def check_circles(document: Document, schemas: Iterable[Visit], problems: Problems) -> None:
    """Report each schema that is a part of its own `allOf`, or a variant of its own union.

    A value that contains values of its own type is no circle: a tree has an end.
    """
    places = {id(visit.value): visit for visit in schemas}
    for keys in _GROUPS:
        parts = {
            one: list(_parts(document, visit, keys))
            for one, visit in places.items()
            if not visit.fields.keys().isdisjoint(keys)
        }
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
    fields = schema.fields
    for key in keys:
        for index, part in members(fields.get(key)):
            place = child(schema.pointer, key, index)
            yield place, id(follow(document, place, part)[1])
