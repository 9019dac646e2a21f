"""Checks of fields: their names, their types, and the ones without effect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from specloom.description.document import Document
from specloom.description.references import Suggestions, find_or_none, follow
from specloom.description.tree import Value, child, kind_of, members, one_of, reference_in
from specloom.description.walk import (
    METHODS,
    PATTERNED,
    PLAIN,
    STYLES,
    Field,
    Kind,
    Visit,
    fields,
    item_links,
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
    takes = _types(field.holds)
    pointer = f"{visit.pointer}/{field.name}"
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


@cache
def _types(holds: str) -> Sequence[tuple[tuple[type, ...], str]]:
    """The Python types that a field accepts, with their names for messages; empty for objects."""
    containers = {"[": ((list,), "a list"), "{": ((dict,), "a mapping")}
    plain = {one: (PLAIN[one], words) for one, words in _WORDS.items()}
    found = [containers.get(one[0], plain.get(one)) for one in holds.split("/")]
    return [one for one in found if one is not None]


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
    holder = visit.fields
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


_LOCATIONS = ("query", "header", "path", "cookie", "querystring")


def check_parameter(visit: Visit, problems: Problems) -> None:
    """Check the name and the location of a parameter, and note what of it is not used."""
    if not isinstance(visit.value, dict) or "$ref" in visit.value:
        return
    for key in ("name", "in"):
        if key not in visit.value:
            problems.error("missing-field", f"a parameter needs {key!r}", visit.pointer)
        elif not isinstance(visit.value[key], str):
            message = f"{key!r} takes text, found {kind_of(visit.value[key])}"
            hint = "quote it" if not isinstance(visit.value[key], dict | list) else ""
            problems.error("wrong-type", message, child(visit.pointer, key), hint)
    if visit.value.get("name") == "":
        message = "a parameter without a name is left out"
        problems.warning("missing-field", message, child(visit.pointer, "name"))
    _check_location(visit, visit.value.get("in"), problems)
    _check_content(visit, visit.value, problems)


def _check_location(visit: Visit, place: Value, problems: Problems) -> None:
    if isinstance(place, str) and place not in _LOCATIONS:
        message = f"a parameter cannot be in {place!r}"
        hint = f"one of {', '.join(_LOCATIONS)}"
        if place in ("body", "formData"):
            hint = "this is Swagger 2.0; in OpenAPI 3, write a requestBody"
        problems.error("wrong-type", message, child(visit.pointer, "in"), hint)


def _check_content(visit: Visit, fields: dict[str, Value], problems: Problems) -> None:
    """Note a style, a schema or further media types that are not used."""
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
    style = visit.fields.get("style")
    known = STYLES.get(location)
    if isinstance(style, str) and known and style not in known:
        where = {"query": "the query or a form", "path": "a path"}.get(location, f"a {location}")
        message = f"{style!r} is not a style of {where}: read as {known[0]!r}"
        hint = f"write {one_of(map(repr, known))}, or leave it out"
        problems.warning("wrong-value", message, child(visit.pointer, "style"), hint)


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


def check_item_links(document: Document, item: Visit, problems: Problems) -> None:
    """Note the fields of a path item that what its `$ref` leads to has as well."""
    _, *others = item_links(document, item)
    for name, _ in members(item.value):
        is_single = name in METHODS or name == "servers"
        if is_single and any(name in one.value for one in others if isinstance(one.value, dict)):
            message = f"{name!r} stands here and where the $ref leads: the one here is used"
            problems.warning(
                "unused-field", message, child(item.pointer, name), "remove one of them"
            )
