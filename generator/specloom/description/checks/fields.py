"""Checks of single objects: their fields, the types of the fields, and schemas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from specloom.description.checks.values import check_enum
from specloom.description.document import Document
from specloom.description.references import Suggestions, find_or_none, follow
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
from specloom.description.walk import (
    PATTERNED,
    PLAIN,
    Field,
    Kind,
    Visit,
    fields,
    mapped_references,
    title,
)
from specloom.errors import Problems

_EVERY = [field for of in fields().values() for field in of.values()]
_USED = {field.holds.strip("[]{}") for field in _EVERY if field.outcome != "silent"}
_UNUSED = {field.holds.strip("[]{}") for field in _EVERY} - _USED
_UNUSED |= {"example", "tag", "discriminator", "header"}
"""Kinds that an SDK can be made without."""

_CHECKED_APART = {(field.object, field.name) for field in _EVERY if field.name == "$ref"} | {
    ("schema", "required"),
    ("parameter", "name"),
    ("parameter", "in"),
}
_NEEDED = {("operation", "tags"), ("schema", "type"), ("schema", "enum")}
"""Lists of plain values in which a wrong type is an error."""

_OPEN: frozenset[Kind] = frozenset(("security-requirement", "x-sdk", "stream", "reference"))
"""Kinds whose fields may have any name, or are checked elsewhere."""

_EXTENSION = "x-sdk"


def is_object(visit: Visit, problems: Problems) -> bool:
    """Whether an object is a mapping; if it is not, a problem is reported."""
    if isinstance(visit.value, dict):
        return True
    if visit.kind == "reference":
        return False
    # JSON Schema allows true and false; a missing value counts as an empty object.
    if visit.value is None or (visit.kind == "schema" and isinstance(visit.value, bool)):
        return False
    kind = visit.kind.replace("-", " ")
    message = f"expected a mapping (a {kind}), found {kind_of(visit.value)}"
    if visit.kind in _UNUSED or visit.value == []:  # PHP writes an empty mapping as a list
        problems.warning("wrong-type", f"{message}: ignored", visit.pointer)
    elif visit.kind not in ("x-sdk", "stream"):  # `xsdk` checks these
        problems.error("wrong-type", message, visit.pointer)
    return False


def check_fields(
    document: Document, visit: Visit, suggestions: Suggestions, problems: Problems
) -> None:
    """Report fields that are unknown, have a wrong type, or have no effect."""
    if visit.kind in _OPEN or visit.kind in PATTERNED or not isinstance(visit.value, dict):
        return
    known = fields().get(visit.kind, {})
    for name, value in visit.value.items():
        field = known.get(name)
        if field is not None:
            _check_type(document, visit, field, problems)
            _check_use(visit, field, value, problems)
        elif name != "$ref":
            _check_unknown(document, visit, name, known, suggestions, problems)


def _check_type(document: Document, visit: Visit, field: Field, problems: Problems) -> None:
    """Report a value of a wrong type: an error if objects are expected in it, else a warning."""
    if not isinstance(visit.value, dict) or (visit.kind, field.name) in _CHECKED_APART:
        return
    takes = list(_types(field.holds))
    pointer = child(visit.pointer, field.name)
    _, value = follow(document, pointer, visit.value[field.name])
    is_lost = reference_in(value) is not None  # the reference is reported elsewhere
    if value is None or is_lost or not takes or any(_is(value, types) for types, _ in takes):
        return
    words = one_of([words for _, words in takes])
    message = f"{field.name!r} takes {words}, found {kind_of(value)}"
    if _is_needed(field) and value != []:
        problems.error("wrong-type", message, pointer)
    elif field.outcome != "silent" or field.holds not in PLAIN:
        problems.warning("wrong-type", f"{message}: ignored", pointer)


def _is_needed(field: Field) -> bool:
    kinds = {one.strip("[]{}") for one in field.holds.split("/")}
    is_used = field.outcome != "silent" and kinds.isdisjoint(_UNUSED)
    return (is_used and kinds.isdisjoint(PLAIN)) or (field.object, field.name) in _NEEDED


_WORDS = {"text": "text", "number": "a number", "boolean": "true or false"}


def _types(holds: str) -> Iterator[tuple[tuple[type, ...], str]]:
    """The Python types that a field accepts, with their names for messages; empty for objects."""
    for one in holds.split("/"):
        if one[0] == "[":
            yield (list,), "a list"
        elif one[0] == "{":
            yield (dict,), "a mapping"
        elif one in _WORDS:
            yield PLAIN[one], _WORDS[one]


def _is(value: Value, types: tuple[type, ...]) -> bool:
    return isinstance(value, types) and (not isinstance(value, bool) or bool in types)


_SAID_BY_VALUE = {
    ("openapi", "jsonSchemaDialect"): (
        "https://json-schema.org/draft/2020-12/schema",
        "https://spec.openapis.org/oas/",
    ),
}
"""Fields that are used if their value begins with one of these."""


def _check_use(visit: Visit, field: Field, value: Value, problems: Problems) -> None:
    """Report an unused field, unless its value is empty or true."""
    used = _SAID_BY_VALUE.get((visit.kind, field.name), ())
    if field.outcome != "warned" or value in (None, True, {}, []):
        return
    if used and str(value).startswith(used):
        return
    holder = visit.value if isinstance(visit.value, dict) else {}
    if field.name == "additionalItems" and isinstance(holder.get("items"), list):
        return  # keywords of JSON Schema before 2020-12
    message = f"{field.name!r} of this {visit.kind.replace('-', ' ')} is not used: {field.says}"
    problems.warning("unused-field", message, child(visit.pointer, field.name))


def _check_unknown(
    document: Document,
    visit: Visit,
    name: str,
    known: Mapping[str, Field],
    suggestions: Suggestions,
    problems: Problems,
) -> None:
    """Report a field that OpenAPI does not define.

    Since 3.1, schemas accept any field; only likely misspellings are reported.
    """
    if name.startswith("x-"):
        if name != _EXTENSION and suggestions.closest(name, [_EXTENSION], 0.8):
            _unknown(visit, name, _EXTENSION, problems)
        return
    is_open = visit.kind == "schema" and document.version != "3.0"
    close = suggestions.closest(name, known, 0.8 if is_open else 0.6)
    if close is not None or not is_open:
        _unknown(visit, name, close, problems)


def _unknown(visit: Visit, name: str, close: str | None, problems: Problems) -> None:
    message = f"the {title(visit.kind)} has no field {name!r}: ignored"
    hint = f"did you mean {close!r}?" if close is not None else "an extension begins with 'x-'"
    place = next((one for names, one in _SINCE_3.get(visit.kind, ()) if name in names), None)
    hint = f"this is Swagger 2.0; in OpenAPI 3, {place}" if place is not None else hint
    problems.warning("unknown-field", message, child(visit.pointer, name), hint)


_OF_SCHEMAS = (
    frozenset("type format items enum default minimum maximum pattern collectionFormat".split()),
    "it stands under 'schema'",
)
_SINCE_3: dict[str, tuple[tuple[frozenset[str], str], ...]] = {
    "parameter": (_OF_SCHEMAS,),
    "header": (_OF_SCHEMAS,),
    "response": ((frozenset(("schema", "examples")), "it stands under 'content', by media type"),),
    "operation": ((frozenset(("consumes", "produces")), "media types are the keys of 'content'"),),
}
"""Fields of Swagger 2.0, and where OpenAPI 3 has them."""

_COMPOSED = ("allOf", "anyOf", "oneOf")
_CONDITIONAL = ("not", "if", "then", "else")
_OPENING_KEYS = ("additionalProperties", "unevaluatedProperties", "patternProperties")


def check_schema(
    document: Document, visit: Visit, suggestions: Suggestions, problems: Problems
) -> None:
    """Report a useless enum, and required properties that no part of `allOf` declares."""
    check_enum(visit, problems)
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
    declared = visit.value.get("type") if isinstance(visit.value, dict) else None
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
    mapping = visit.value.get("mapping") if isinstance(visit.value, dict) else None
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
