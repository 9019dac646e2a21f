"""Reads extensions of other generators that name or describe parts of an SDK.

Speakeasy writes ``x-speakeasy-…``, Fern ``x-fern-…``. x-sdk and the names lock win over them. An
unsupported value is a note, never an error: it is meant for another tool.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from specloom.description.document import Document
from specloom.description.tree import Value, child
from specloom.description.walk import Kind, Visit, visits
from specloom.errors import Problems

PREFIXES = ("x-speakeasy-", "x-fern-")

_GROUPS = ("x-speakeasy-group", "x-fern-sdk-group-name")
_METHODS = ("x-speakeasy-name-override", "x-fern-sdk-method-name")
PAGES = ("x-speakeasy-pagination", "x-fern-pagination")
_IGNORED = ("x-speakeasy-ignore", "x-fern-ignore")
_NAMES = ("x-speakeasy-name-override", "x-fern-parameter-name", "x-fern-property-name")
_TYPE_NAMES = ("x-fern-type-name",)
_STREAMING = ("x-fern-streaming",)

_MEANINGS: Mapping[Kind, Mapping[str, str]] = {
    "openapi": {
        "x-speakeasy-name-override": "names methods by their operationIds",
        "x-fern-pagination": "says how lists are divided into pages",
    },
    "operation": {
        **dict.fromkeys(_GROUPS, "names a resource"),
        **dict.fromkeys(_METHODS, "names a method"),
        **dict.fromkeys(PAGES, "says how a list is divided into pages"),
        **dict.fromkeys(_IGNORED, "leaves something out"),
        **dict.fromkeys(_STREAMING, "describes a stream"),
    },
    "parameter": {
        "x-speakeasy-name-override": "names an argument",
        "x-fern-parameter-name": "names an argument",
        **dict.fromkeys(_IGNORED, "leaves something out"),
    },
    "schema": {
        "x-speakeasy-name-override": "names a type or an attribute",
        "x-fern-type-name": "names a type",
        "x-fern-property-name": "names an attribute",
    },
}
"""The extensions by the kinds where they are valid, with their effects."""

_Map = Mapping[str, Any]


class PlaceHint(NamedTuple):
    """The place of an operation: the names of its resources and its method."""

    resource: tuple[str, ...] | None
    method: str | None


def place_hint(operation: Value, root: Value) -> PlaceHint:
    """The place that extensions of an operation, or of the root for its id, give.

    A Fern method without a group belongs to the client itself.
    """
    fields: _Map = operation if isinstance(operation, dict) else {}
    group = next((fields[key] for key in _GROUPS if key in fields), None)
    method = _text(next((fields[key] for key in _METHODS if key in fields), None))
    if group is None and _text(fields.get("x-fern-sdk-method-name")):
        group = []
    return PlaceHint(_steps(group), method or _method_by_id(fields.get("operationId"), root))


def _steps(group: Value) -> tuple[str, ...] | None:
    """The steps of a path: ``a.b``, and for Fern also ``[a, b]``."""
    names = [group] if isinstance(group, str) else group
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        return None
    return tuple(step for name in names for step in str(name).split(".") if _is_name(step))


def _method_by_id(operation_id: Value, root: Value) -> str | None:
    rules = root.get("x-speakeasy-name-override") if isinstance(root, dict) else None
    for rule in rules if isinstance(rules, list) else ():
        pattern = rule.get("operationId") if isinstance(rule, dict) else None
        name = _text(rule.get("methodNameOverride")) if isinstance(rule, dict) else None
        if isinstance(pattern, str) and isinstance(operation_id, str) and name:
            expression = _compiled(pattern)
            if expression is not None and expression.search(operation_id):
                return name
    return None


@lru_cache
def _compiled(pattern: str) -> re.Pattern[str] | None:
    """A compiled pattern if it is short and simple: nested repeats could run forever."""
    if len(pattern) > 200 or re.search(r"[+*}]\s*\)\s*[+*{]", pattern):
        return None
    try:
        return re.compile(pattern)
    except re.error:
        return None


def name_hint(value: Value) -> str | None:
    """The name that an extension gives to a parameter, a property or a type."""
    return _first_text(value, _NAMES)


def type_name_hint(value: Value) -> str | None:
    """The name that an extension gives only to the type of a schema."""
    return _first_text(value, _TYPE_NAMES)


def is_ignored(value: Value) -> bool:
    """Whether an extension leaves an operation or a parameter out of the SDK."""
    return isinstance(value, dict) and any(value.get(key) is True for key in _IGNORED)


def page_hint(operation: Value, root: Value) -> dict[str, Any] | None:
    """The x-sdk pagination scheme that is equivalent to an operation's extension."""
    if not isinstance(operation, dict):
        return None
    speakeasy, fern = (operation.get(key) for key in PAGES)
    if fern is True and isinstance(root, dict):
        fern = root.get("x-fern-pagination")
    if isinstance(speakeasy, dict):
        return _of_speakeasy(speakeasy)
    return _of_fern(fern) if isinstance(fern, dict) else None


def _of_speakeasy(said: _Map) -> dict[str, Any] | None:
    listed = said.get("inputs")
    inputs = {
        str(one.get("type")): str(one.get("name"))
        for one in (listed if isinstance(listed, list) else ())
        if isinstance(one, dict)
    }
    outputs = said.get("outputs")
    results: _Map = outputs if isinstance(outputs, dict) else {}
    kinds = {"cursor": ("cursor",), "offsetLimit": ("page", "offset"), "url": ("link",)}
    found = [one for one in kinds.get(str(said.get("type")), ()) if one == "link" or one in inputs]
    if not found:
        return None
    total = results.get("numPages") if found[0] == "page" else None
    cursor = results.get("nextUrl") if found[0] == "link" else results.get("nextCursor")
    return _scheme(
        style=found[0],
        parameter=inputs.get(found[0]),
        items=_pointer(results.get("results"), "$"),
        total=_pointer(total, "$"),
        cursor=_pointer(cursor, "$"),
        limit=inputs.get("limit"),
    )


def _of_fern(said: _Map) -> dict[str, Any] | None:
    if "cursor" in said:
        style, parameter = "cursor", said["cursor"]
    elif "offset" in said:
        style, parameter = ("offset" if "step" in said else "page"), said["offset"]
    elif "next_uri" in said:
        style, parameter = "link", None
    else:
        return None
    next_page = said.get("next_uri") if style == "link" else said.get("next_cursor")
    return _scheme(
        style=style,
        parameter=_input(parameter),
        items=_pointer(said.get("results"), "$response"),
        has_more=_pointer(said.get("has-next-page"), "$response"),
        cursor=_pointer(next_page, "$response"),
        limit=_input(said.get("step")),
    )


def _scheme(**said: str | None) -> dict[str, Any]:
    return {key: value for key, value in said.items() if value is not None}


def _input(text: Value) -> str | None:
    """``$request.cursor`` is the input ``cursor``; in a nested object, a JSON Pointer."""
    return _pointer(text, "$request")


def _pointer(text: Value, start: str) -> str | None:
    """``$.data.items`` and ``$response.data.items`` as x-sdk names a property."""
    if not isinstance(text, str) or not (text == start or text.startswith(f"{start}.")):
        return None
    steps = text.removeprefix(start).removeprefix(".").split(".")
    return steps[0] if len(steps) == 1 else child("", *steps)


class StreamHint(NamedTuple):
    """How an operation streams: the media type, the input that requests it, and the schemas."""

    media_type: str
    switch: str
    schemas: Mapping[str, Value]


def stream_hint(operation: Value) -> StreamHint | None:
    """The meaning of ``x-fern-streaming``; ``schemas`` has the keys of the extension."""
    said = operation.get("x-fern-streaming") if isinstance(operation, dict) else None
    if said is not True and not isinstance(said, dict):
        return None
    options: _Map = said if isinstance(said, dict) else {}
    is_events = options.get("format") == "sse" or "stream-condition" in options
    is_events = is_events and options.get("format") != "json"
    switch = _input(options.get("stream-condition")) or ""
    schemas = {key: options[key] for key in ("response", "response-stream") if key in options}
    return StreamHint("text/event-stream" if is_events else "application/x-ndjson", switch, schemas)


def ignored(document: Document) -> list[str]:
    """The places of the operations that an extension leaves out of the SDK."""
    return [
        visit.pointer
        for visit in visits(document)
        if visit.kind == "operation" and is_ignored(visit.value)
    ]


def tell_hints(document: Document, problems: Problems) -> None:
    """Report each kind of extension once: its effect, its count, and its first place."""
    first: dict[tuple[str, str], str] = {}
    counts: dict[tuple[str, str], int] = {}
    for visit, key, meaning in _hints(document):
        first.setdefault((key, meaning), child(visit.pointer, key))
        counts[key, meaning] = counts.get((key, meaning), 0) + 1
    for (key, meaning), pointer in first.items():
        count = counts[key, meaning]
        times = "" if count == 1 else f", {count} times"
        if meaning:
            problems.info("used-hint", f"{key} {meaning}{times}", pointer)
        else:
            message = f"{key} is not used{times}"
            problems.info("unused-hint", message, pointer)


def _hints(document: Document) -> Iterator[tuple[Visit, str, str]]:
    """The extensions and the effect of each; empty if there is none."""
    if not any(prefix in one.text for one in document.sources.values() for prefix in PREFIXES):
        return
    for visit in visits(document):
        if isinstance(visit.value, dict):
            for key in visit.value:
                if isinstance(key, str) and key.startswith(PREFIXES):
                    has_meaning = _has_meaning(visit, key, document.root)
                    yield visit, key, _meaning(visit, key) if has_meaning else ""


def _meaning(visit: Visit, key: str) -> str:
    """The effect of an extension; for left-out operations, also the id."""
    if visit.kind == "operation" and key in _IGNORED and isinstance(visit.value, dict):
        return f"leaves {visit.value.get('operationId') or 'the operation here'} out"
    return _MEANINGS.get(visit.kind, {}).get(key, "")


def _has_meaning(visit: Visit, key: str, root: Value) -> bool:
    value = visit.value[key] if isinstance(visit.value, dict) else None
    if key in _IGNORED:
        is_needed = visit.kind == "parameter" and _is_needed(visit.value)
        return value is True and not is_needed
    if key in PAGES:
        return visit.kind == "openapi" or page_hint(visit.value, root) is not None
    if key in _GROUPS:
        return _steps(value) is not None
    if key in _STREAMING:
        return stream_hint(visit.value) is not None
    return isinstance(value, list) if visit.kind == "openapi" else _text(value) is not None


def _is_needed(parameter: Value) -> bool:
    return isinstance(parameter, dict) and parameter.get("required") is True


def _first_text(value: Value, keys: tuple[str, ...]) -> str | None:
    fields: _Map = value if isinstance(value, dict) else {}
    return next((text for key in keys if (text := _text(fields.get(key)))), None)


def _text(value: Value) -> str | None:
    """A name, or the first of several."""
    if isinstance(value, list) and value:
        value = value[0]
    return value if isinstance(value, str) and _is_name(value) else None


def _is_name(text: str) -> bool:
    return re.fullmatch(r"[A-Za-z_][\w -]*", text, re.ASCII) is not None
