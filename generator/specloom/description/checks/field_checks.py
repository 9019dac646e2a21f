"""Checks of the fields of each object against the table of `coverage`: their names and types, and
whether anything is made of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from specloom.description.coverage import PLAIN, Field, fields, title
from specloom.description.document import Document
from specloom.description.references import follow
from specloom.description.suggest import Suggestions
from specloom.description.tree import Value, child, kind_of, one_of, reference_in
from specloom.description.walk import PATTERNED, Kind, Visit
from specloom.errors import Problems

_EVERY = [field for of in fields().values() for field in of.values()]
_USED = {field.holds.strip("[]{}") for field in _EVERY if field.outcome != "silent"}
_UNUSED = {field.holds.strip("[]{}") for field in _EVERY} - _USED | {"example", "tag"}
"""Kinds that an SDK can be made without."""

_CHECKED_APART = {(field.object, field.name) for field in _EVERY if field.name == "$ref"} | {
    ("schema", "required"),
    ("parameter", "name"),
    ("parameter", "in"),
}
_NEEDED = {("operation", "tags"), ("schema", "type"), ("schema", "enum")}
"""Lists of plain values that nothing can be made without."""

_OPEN: frozenset[Kind] = frozenset(("security-requirement", "x-sdk", "stream", "reference"))
"""Kinds whose fields have any name, or are checked elsewhere."""

_EXTENSION = "x-sdk"


def is_object(visit: Visit, problems: Problems) -> bool:
    """Whether an object is a mapping; notes what is none."""
    if isinstance(visit.value, dict):
        return True
    if visit.kind == "reference":
        return False
    # JSON Schema's true and false; nothing at all is taken for an empty object.
    if visit.value is None or (visit.kind == "schema" and isinstance(visit.value, bool)):
        return False
    kind = visit.kind.replace("-", " ")
    message = f"expected a mapping (a {kind}), found {kind_of(visit.value)}"
    if visit.kind in _UNUSED:
        problems.warning("wrong-type", message, visit.pointer)
    elif visit.kind not in ("x-sdk", "stream"):  # those are `xsdk`'s
        problems.error("wrong-type", message, visit.pointer)
    return False


def check_fields(
    document: Document, visit: Visit, suggestions: Suggestions, problems: Problems
) -> None:
    """Note fields of an object that do not exist, are of a wrong type, or become nothing."""
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
    """Note a value of a wrong type: an error if objects are expected in it, else it is ignored."""
    if not isinstance(visit.value, dict) or (visit.kind, field.name) in _CHECKED_APART:
        return
    takes = list(_types(field.holds))
    pointer = child(visit.pointer, field.name)
    _, value = follow(document, pointer, visit.value[field.name])
    is_lost = reference_in(value) is not None  # which is told of as a reference
    if value is None or is_lost or not takes or any(_is(value, types) for types, _ in takes):
        return
    words = one_of([words for _, words in takes])
    message = f"{field.name!r} takes {words}, found {kind_of(value)}"
    if _is_needed(field):
        problems.error("wrong-type", message, pointer)
    elif field.outcome != "silent" or field.holds not in PLAIN:
        problems.warning("wrong-type", f"{message}: ignored", pointer)


def _is_needed(field: Field) -> bool:
    held = {one.strip("[]{}") for one in field.holds.split("/")}
    is_used = field.outcome != "silent" and held.isdisjoint(_UNUSED)
    return (is_used and held.isdisjoint(PLAIN)) or (field.object, field.name) in _NEEDED


_WORDS = {"text": "text", "number": "a number", "boolean": "true or false"}


def _types(holds: str) -> Iterator[tuple[tuple[type, ...], str]]:
    """The types of what a field holds, with words for each; nothing for objects and any value."""
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
"""Fields that are used as long as their value begins with one of these."""


def _check_use(visit: Visit, field: Field, value: Value, problems: Problems) -> None:
    """Note a field that nothing is made of, unless it says nothing either."""
    used = _SAID_BY_VALUE.get((visit.kind, field.name), ())
    if field.outcome != "told" or value in (None, True, {}, []):
        return
    if used and str(value).startswith(used):
        return
    holder = visit.value if isinstance(visit.value, dict) else {}
    if field.name == "additionalItems" and isinstance(holder.get("items"), list):
        return  # both are read as JSON Schema had them before 2020-12
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
    """Note a name that OpenAPI has not. Schemas take any since 3.1: only a slip is noted."""
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
    problems.warning("unknown-field", message, child(visit.pointer, name), hint)
