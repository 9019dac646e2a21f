"""Checks of parameters: how their values are written."""

from __future__ import annotations

from specloom.description.tree import Value, child, one_of
from specloom.description.walk import STYLES, Visit
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
    for name, meant in _TYPES_OF.items():
        if schema.get(name) and _is_plain(types) and meant not in types:
            message = f"{name!r} says nothing of values of the type {one_of(map(str, types))}"
            hint = f"write 'type: {meant}', or remove {name!r}"
            problems.warning("unused-keyword", message, child(visit.pointer, name), hint)


def _is_plain(types: list[Value]) -> bool:
    known = {"string", "integer", "number", "boolean", "array", "object", "null"}
    return types not in ([], [None]) and all(one is None or str(one) in known for one in types)
