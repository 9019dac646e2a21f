"""JSON Schemas for editors: of descriptions and overlays with `x-sdk`, and of `[tool.specloom]`.

They come from the tables that the checks use, so editors suggest what specloom reads. The
description of a field is its effect in the SDK. All editors support Draft 7.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from specloom.config import settings_schema
from specloom.description.walk import Field, fields, title
from specloom.description.xsdk import PLACES, vocabulary

FILE_NAME = "specloom.schema.json"
"""The schema file beside a description, for editors."""

_DRAFT = "http://json-schema.org/draft-07/schema#"
_OPENING = "# yaml-language-server: $schema="
_PLAIN: Mapping[str, dict[str, Any]] = {
    "any": {},
    "text": {"type": "string"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
}
_X_SDK: Mapping[str, str] = {str(kind): place for kind, place in PLACES.items()}


def description_schema() -> dict[str, Any]:
    """The schema of a description; of an overlay where the file has the key `overlay`."""
    definitions = {_key(name): _object(name, of) for name, of in fields().items()}
    definitions[_key("openapi")]["required"] = ["openapi", "info"]
    # Swagger 2.0 has other places: this schema accepts all of it.
    described = {"if": {"required": ["swagger"]}, "else": _ref("openapi")}
    return {
        "$schema": _DRAFT,
        "title": "An OpenAPI description, or an overlay of one, with x-sdk",
        "if": {"required": ["overlay"]},
        "then": _overlay(),
        "else": described,
        "$defs": definitions | vocabulary()["$defs"],
    }


def pyproject_schema() -> dict[str, Any]:
    """The schema of the table `[tool.specloom]` in pyproject.toml."""
    tool = {"type": "object", "properties": {"specloom": settings_schema()}}
    return {"$schema": _DRAFT, "type": "object", "properties": {"tool": tool}}


def as_text(schema: Mapping[str, Any]) -> str:
    """A schema as the text of its file."""
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def schema_line(path: str) -> str:
    """The first line of a YAML file that tells editors its schema."""
    return f"{_OPENING}{path}"


def with_schema_line(text: str, path: str) -> str:
    """A description with the line above all others; unchanged if it is JSON or has one."""
    if text.lstrip("\ufeff \t\r\n").startswith("{") or _OPENING in text:
        return text
    ending = "\r\n" if "\r\n" in text else "\n"
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    return f"{mark}{schema_line(path)}{ending}{text.removeprefix(mark)}"


def without_schema_line(content: bytes) -> bytes:
    """A file without the line that ``with_schema_line`` puts first."""
    mark = b"\xef\xbb\xbf" if content.startswith(b"\xef\xbb\xbf") else b""
    text = content.removeprefix(mark)
    return mark + text.partition(b"\n")[2] if text.startswith(_OPENING.encode()) else content


def _key(name: str) -> str:
    # `x-sdk` has its own definitions for places with the same name.
    return f"{name}-object"


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{_key(name)}"}


def _object(name: str, of: Mapping[str, Field]) -> dict[str, Any]:
    properties: dict[str, Any] = {"$ref": {"type": "string"}}
    others: dict[str, Any] = {}
    for field in of.values():
        held = {**_held(field.holds), "description": _meaning(field)}
        if field.name.startswith("{"):
            others = {"additionalProperties": held}
        else:
            properties[field.name] = held
    place = _X_SDK.get(name)
    properties["x-sdk"] = {"$ref": f"#/$defs/{place}"} if place else False
    types = ["object", "boolean"] if name == "schema" else "object"
    if others:
        others["patternProperties"] = {"^x-": {}}
    return {"title": title(name), "type": types, "properties": properties, **others}


def _held(holds: str) -> dict[str, Any]:
    if "/" in holds:
        return {"anyOf": [_held(one) for one in holds.split("/")]}
    if holds.startswith("["):
        return {"type": "array", "items": _held(holds[1:-1])}
    if holds.startswith("{"):
        return {"type": "object", "additionalProperties": _held(holds[1:-1])}
    return dict(_PLAIN[holds]) if holds in _PLAIN else _ref(holds)


def _meaning(field: Field) -> str:
    since = "" if field.since == "3.0" else f" Since OpenAPI {field.since}."
    return f"{'In the SDK' if field.outcome == 'becomes' else 'Not used'}: {field.says}.{since}"


def _overlay() -> dict[str, Any]:
    places = [{"$ref": f"#/$defs/{place}"} for place in _X_SDK.values()]
    action = {
        "type": "object",
        "required": ["target"],
        "properties": {
            "target": {"type": "string", "description": "A JSONPath (RFC 9535)."},
            "description": {"type": "string"},
            "update": {"properties": {"x-sdk": {"anyOf": places}}},
            "remove": {"type": "boolean"},
            "copy": {"type": "string", "description": "A JSONPath. Since Overlay 1.1."},
        },
    }
    return {
        "type": "object",
        "required": ["overlay", "actions"],
        "properties": {
            "overlay": {"type": "string", "pattern": "^1\\."},
            "info": {"type": "object"},
            "extends": {"type": "string"},
            "actions": {"type": "array", "items": action},
        },
    }
