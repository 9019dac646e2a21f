"""Validates every `x-sdk` against its vocabulary, `xsdk.schema.json`.

The validator supports the few keywords that the schema uses. Libraries take 10 to 50 ms to import
or stop at the first error, and none suggests the intended key. A test compares it with a full
validator.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import isfinite
from typing import Any, cast

from specloom.description.document import Document
from specloom.description.tree import Value, child, kind_of, members, one_of
from specloom.description.walk import Kind, visits
from specloom.errors import Problems, did_you_mean

KEY = "x-sdk"

PLACES: dict[Kind, str] = {
    "openapi": "root",
    "operation": "operation",
    "parameter": "parameter",
    "schema": "schema",
    "server": "server",
    "security-scheme": "securityScheme",
}
"""The kinds that may have an `x-sdk`, each with its definition in the schema."""

_Schema = dict[str, Any]


@cache
def vocabulary() -> _Schema:
    """The JSON Schema of `x-sdk`: one definition for each place, and shared ones."""
    text = (
        resources.files("specloom.description")
        .joinpath("xsdk.schema.json")
        .read_text(encoding="utf-8")
    )
    schema: _Schema = json.loads(text)
    return schema


def validate(document: Document, problems: Problems) -> None:
    """Report every invalid `x-sdk` in `problems`."""
    if not any(KEY in source.text for source in document.sources.values()):
        return
    for visit in visits(document):
        if not isinstance(visit.value, dict) or KEY not in visit.value:
            continue
        pointer = child(visit.pointer, KEY)
        place = PLACES.get(visit.kind)
        if place is None:
            message = f"x-sdk has no effect in a {visit.kind.replace('-', ' ')}"
            hint = (
                "it belongs to the root, an operation, a parameter, a schema, a server or a"
                " security scheme"
            )
            problems.error("misplaced-x-sdk", message, pointer, hint)
            continue
        for fault in _faults(vocabulary()["$defs"][place], visit.value[KEY], pointer):
            problems.error(fault.code, fault.message, fault.pointer, fault.hint)
    _check_names(document, problems)


@dataclass(frozen=True, slots=True)
class _Fault:
    code: str
    message: str
    pointer: str
    hint: str = ""


def _faults(schema: _Schema, value: Value, pointer: str) -> Iterator[_Fault]:
    """The parts of `value` that the schema refuses."""
    schema = _resolved(schema)
    if not _fits(schema, value, pointer):
        message = f"expected {_expected(schema)}, found {_shown(value)}"
        yield _Fault("bad-x-sdk", message, pointer)
    elif isinstance(value, dict):
        yield from _mapping_faults(schema, value, pointer)
    elif isinstance(value, list) and "items" in schema:
        for index, item in enumerate(value):
            yield from _faults(schema["items"], item, child(pointer, index))


def _resolved(schema: _Schema) -> _Schema:
    """A schema merged with the definition that it refers to; its own keys win."""
    ref: str = schema.get("$ref", "")
    return {**vocabulary()["$defs"][ref.rpartition("/")[2]], **schema} if ref else schema


_TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": (int, float),
    "number": (int, float),
}
_TYPE_WORDS = {
    "object": "a mapping",
    "array": "a list",
    "string": "text",
    "boolean": "true or false",
    "integer": "an integer",
    "number": "a number",
}


def _fits(schema: _Schema, value: Value, pointer: str) -> bool:
    """Whether `value` itself, without its contents, fits the schema."""
    if "anyOf" in schema:
        return not all(list(_faults(choice, value, pointer)) for choice in schema["anyOf"])
    if "const" in schema:
        return value is schema["const"]
    if "enum" in schema:
        return value in schema["enum"]
    is_boolean = schema["type"] == "boolean"
    if not isinstance(value, _TYPES[schema["type"]]) or isinstance(value, bool) != is_boolean:
        return False
    if isinstance(value, int | float):
        is_whole = schema["type"] != "integer" or value == int(value)
        return is_boolean or (is_whole and _is_within(schema, value))
    return not isinstance(value, str) or _matches(schema.get("pattern", ""), value)


def _is_within(schema: _Schema, value: float) -> bool:
    """Whether a finite number is within the bounds (JSON Schema Validation, section 6.2)."""
    least, most = schema.get("minimum", value), schema.get("maximum", value)
    above = schema.get("exclusiveMinimum")
    return isfinite(value) and least <= value <= most and (above is None or value > above)


def _matches(pattern: str, text: str) -> bool:
    """Whether a text matches (JSON Schema Core, section 6.4); `$` matches only at the end."""
    return re.search(pattern.replace("$", r"\Z"), text) is not None


def _mapping_faults(schema: _Schema, value: dict[str, Value], pointer: str) -> Iterator[_Fault]:
    known: _Schema = schema.get("properties", {})
    others = schema.get("additionalProperties", True)
    for name in schema.get("required", []):
        if name not in value:
            yield _Fault("bad-x-sdk", f"{name!r} is missing", pointer)
    for key, inner in value.items():
        if "propertyNames" in schema:
            yield from _faults(schema["propertyNames"], key, child(pointer, key))
        if key in known:
            yield from _faults(known[key], inner, child(pointer, key))
        elif isinstance(others, dict):
            yield from _faults(cast("_Schema", others), inner, child(pointer, key))
        elif not others:
            hint = did_you_mean(key, known, f"known here: {', '.join(known)}")
            message = f"x-sdk has no key {key!r} here"
            yield _Fault("unknown-x-sdk-key", message, child(pointer, key), hint)


def _expected(schema: _Schema) -> str:
    schema = _resolved(schema)
    if "anyOf" in schema:
        return one_of([_expected(choice) for choice in schema["anyOf"]])
    if "enum" in schema:
        return one_of(schema["enum"])
    if "const" in schema:
        return str(json.dumps(schema["const"]))
    return str(schema.get("title") or _TYPE_WORDS[schema["type"]])


def _shown(value: Value) -> str:
    if isinstance(value, dict | list) or value is None:
        return kind_of(value)
    return json.dumps(value, ensure_ascii=False)


def _check_names(document: Document, problems: Problems) -> None:
    """Check that the names in `x-sdk` are declared: schemes, operations, headers."""
    root = document.root
    sdk = root.get(KEY) if isinstance(root, dict) else None
    sdk = sdk if isinstance(sdk, dict) else {}
    schemes = {str(name) for name, _ in members(sdk.get("pagination"))}
    polling = {str(name) for name, _ in members(sdk.get("polling"))}
    operations = [visit for visit in visits(document) if visit.kind == "operation"]
    ids = {_text(visit.value, "operationId") for visit in operations} - {""}
    for visit in operations:
        extension = visit.value.get(KEY) if isinstance(visit.value, dict) else None
        place = child(visit.pointer, KEY)
        _check_name(extension, "pagination", schemes, "pagination scheme", place, problems)
        if "." not in _text(extension, "replaced_by"):  # `successors` resolves addresses
            _check_name(extension, "replaced_by", ids, "operation", place, problems)
        poll = extension.get("poll") if isinstance(extension, dict) else None
        _check_name(poll, "scheme", polling, "polling scheme", child(place, "poll"), problems)
    for name, scheme in members(sdk.get("polling")):
        place = child(f"{document.entry}#", KEY, "polling", name)
        _check_name(scheme, "read", ids, "operation", place, problems)
    _check_client_arguments(document, sdk, problems)
    _check_pagination(sdk, child(f"{document.entry}#", KEY, "pagination"), problems)
    declared = set(_parameters(document, "header"))
    for header, _ in members(sdk.get("headers")):
        _check_header(document, str(header), declared, problems)


def _check_name(
    holder: Value, key: str, known: set[str], what: str, place: str, problems: Problems
) -> None:
    name = _text(holder, key)
    if name and name not in known:
        pointer = child(place, key)
        _unknown(f"no {what} is named {name!r}", name, known, pointer, problems)


def _check_pagination(sdk: dict[str, Value], place: str, problems: Problems) -> None:
    for name, scheme in members(sdk.get("pagination")):
        style = _text(scheme, "style")
        if style in ("cursor", "offset", "page") and not _text(scheme, "parameter"):
            message = f"style {style!r} needs 'parameter', which requests the next page"
            problems.error("bad-x-sdk", message, child(place, name))
        ends = ("cursor", "cursor_header", "has_more")
        if style == "cursor" and not any(_text(scheme, key) for key in ends):
            message = (
                "style 'cursor' needs 'cursor' or 'has_more': otherwise a list ends after one page"
            )
            problems.error("bad-x-sdk", message, child(place, name))


def _check_client_arguments(document: Document, sdk: dict[str, Value], problems: Problems) -> None:
    """Check the client's arguments: names in paths exist; a place has one value of its type."""
    declared = set(_parameters(document, "path"))
    taken: dict[tuple[str, str], str] = {}
    for argument, entry in members(sdk.get("client_arguments")):
        place = child(f"{document.entry}#", KEY, "client_arguments", argument)
        location, name = _text(entry, "in"), _text(entry, "name") or str(argument)
        if location == "path" and name not in declared:
            _unknown(f"no path parameter is named {name!r}", name, declared, place, problems)
        key = (location, name.lower() if location == "header" else name)
        if location and taken.setdefault(key, str(argument)) != argument:
            message = f"the argument {taken[key]!r} is sent as the {location} {name!r} already"
            problems.error("bad-x-sdk", message, place)
        for fault in _argument_faults(entry, location):
            problems.error("bad-x-sdk", fault, place)


def _argument_faults(entry: Value, location: str) -> Iterator[str]:
    """Conflicts between the keys of an argument."""
    if not isinstance(entry, dict):
        return
    default, kind = entry.get("default"), _text(entry, "type") or "string"
    if "name" in entry and not location:
        yield "'name' has no effect without 'in': no request sends the value"
    if default is None:
        return
    if kind in _TYPE_WORDS and not _fits({"type": kind}, default, ""):
        yield f"'default' is not of the type {kind!r}"
    if entry.get("required") is True:
        yield "'required' has no effect with a 'default'"


def _check_header(document: Document, name: str, declared: set[str], problems: Problems) -> None:
    if name.lower() not in {header.lower() for header in declared}:
        place = child(f"{document.entry}#", KEY, "headers", name)
        _unknown(f"no header parameter is named {name!r}", name, declared, place, problems)


def _unknown(message: str, name: str, known: set[str], pointer: str, problems: Problems) -> None:
    choice = ", ".join(sorted(known)[:10]) or "none"
    hint = did_you_mean(name, known, f"declared: {choice}")
    problems.error("bad-x-sdk", message, pointer, hint)


def _parameters(document: Document, location: str) -> Iterator[str]:
    """The parameter names of a location; for paths, also undeclared names."""
    for visit in visits(document):
        if visit.kind == "parameter" and _text(visit.value, "in") == location:
            yield _text(visit.value, "name")
    paths = document.root.get("paths") if isinstance(document.root, dict) else None
    if location == "path":
        for path, _ in members(paths):
            yield from re.findall(r"\{([^{}]*)\}", str(path))


def _text(value: Value, key: str) -> str:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""
