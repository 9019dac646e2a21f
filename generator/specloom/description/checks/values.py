"""Checks of values: how those of parameters are written, and which a schema allows."""

from __future__ import annotations

from specloom.description.document import Document
from specloom.description.references import find_or_none
from specloom.description.source_text import MAX_ENUM
from specloom.description.tree import Value, child, one_of, reference_in
from specloom.description.walk import PATTERNED, STYLES, Visit
from specloom.errors import Problems


def check_parameter(visit: Visit, problems: Problems) -> None:
    """Note what of a parameter is not used: its style, its schema, its other media types."""
    fields = visit.value if isinstance(visit.value, dict) else {}
    if "$ref" in fields:
        return
    check_style(visit, str(fields.get("in")), problems)
    content = fields.get("content")
    if not isinstance(content, dict) or not content:
        return
    if "schema" in fields:
        message = "a parameter has 'schema' or 'content': the schema beside 'content' is not used"
        problems.warning("unused-field", message, child(visit.pointer, "schema"), "remove one")
    first, *others = content
    for name in others:
        message = f"a parameter has one media type: {first} is used, and not {name}"
        problems.warning("unused-field", message, child(visit.pointer, "content", name))


def check_style(visit: Visit, location: str, problems: Problems) -> None:
    """Note the style of a parameter or an encoding that its location does not have."""
    style = visit.value.get("style") if isinstance(visit.value, dict) else None
    known = STYLES.get(location)
    if isinstance(style, str) and known and style not in known:
        where = {"query": "the query or a form", "path": "a path"}.get(location, f"a {location}")
        message = f"{style!r} is not a style of {where}: read as {known[0]!r}"
        hint = f"write {one_of(map(repr, known))}, or leave it out"
        problems.warning("wrong-value", message, child(visit.pointer, "style"), hint)


_TYPES_OF = {"properties": "object", "items": "array", "prefixItems": "array"}


def check_keywords(visit: Visit, problems: Problems) -> None:
    """Note keywords of a schema that say nothing of values of its type."""
    schema = visit.value if isinstance(visit.value, dict) else {}
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
    schema = visit.value if isinstance(visit.value, dict) else {}
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


def check_texts(document: Document, visit: Visit, problems: Problems) -> None:
    """Note a reference in the place of text or of a list. Texts of schemas are not followed."""
    fields = visit.value if isinstance(visit.value, dict) and visit.kind not in PATTERNED else {}
    lists = ("enum", "required") if visit.kind == "schema" else ("tags",)
    for name in ("summary", "description", "type", "format", *lists):
        ref = reference_in(fields.get(name))
        if ref is not None:
            is_followed = visit.kind != "schema" or name in lists
            found = is_followed and find_or_none(document, ref, visit.pointer)
            message = f"OpenAPI does not allow a reference in the place of {name!r}"
            message += ": it is followed" if found else ": it is ignored"
            hint = "for other tools, write the text here instead"
            problems.warning("misplaced-ref", message, child(visit.pointer, name), hint)


def check_enum(visit: Visit, problems: Problems) -> None:
    """Report an enum without values, or with too many."""
    values = visit.value.get("enum") if isinstance(visit.value, dict) else None
    if values == []:
        message = "an enum without a value allows nothing: ignored"
        problems.warning("wrong-value", message, child(visit.pointer, "enum"), "list its values")
    if isinstance(values, list) and len(values) > MAX_ENUM:
        message = (
            f"{len(values):,} values are too many to name: the SDK accepts any value of their type"
        )
        hint = f"leave 'enum' out, or list {MAX_ENUM:,} values at most"
        problems.warning("long-enum", message, child(visit.pointer, "enum"), hint)
