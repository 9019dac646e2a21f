"""The x-sdk reference, made from the vocabulary's JSON Schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from specloom.description.xsdk import vocabulary

_HEAD = """\
# x-sdk reference

<!-- Made from specloom/description/xsdk.schema.json: pytest tests/docs --update-golden -->

{description}

An unknown key is an error with a suggestion. For a description that you do not own, put the same
keys into an OpenAPI Overlay file.
"""

_TYPES = {
    "string": "text",
    "object": "a mapping",
    "boolean": "`true` or `false`",
    "number": "a number",
}


def page() -> str:
    """The page as Markdown."""
    schema: dict[str, Any] = dict(vocabulary())
    parts = [_HEAD.format(description=schema["description"])]
    for name in ("root", "operation", "parameter", "schema", "securityScheme"):
        place = schema["$defs"].get(name)
        if place is not None:
            parts.append(_section(place, schema))
    return "\n".join(parts)


def _section(place: dict[str, Any], schema: dict[str, Any]) -> str:
    rows = "\n".join(_rows(place["properties"], "", schema))
    head = f"## {place['title']}\n\n{place['description']}\n"
    return f"{head}\n| key | value | meaning |\n| --- | --- | --- |\n{rows}\n"


def _rows(properties: dict[str, Any], prefix: str, schema: dict[str, Any]) -> Iterator[str]:
    for key, entry in properties.items():
        yield f"| `{prefix}{key}` | {_value(entry, schema)} | {entry.get('description', '')} |"
        inner = _resolved(entry.get("additionalProperties"), schema)
        if "properties" in entry:
            yield from _rows(entry["properties"], f"{prefix}{key}.", schema)
        elif isinstance(inner, dict) and "properties" in inner:
            yield from _rows(inner["properties"], f"{prefix}{key}.<name>.", schema)


def _value(entry: dict[str, Any], schema: dict[str, Any]) -> str:
    resolved = _resolved(entry, schema)
    if "title" in resolved:
        return str(resolved["title"])
    if "enum" in resolved:
        return " or ".join(f"`{value}`" for value in resolved["enum"])
    if "const" in resolved:
        return f"`{str(resolved['const']).lower()}`"
    if "anyOf" in resolved:
        return " or ".join(_value(option, schema) for option in resolved["anyOf"])
    if resolved.get("type") == "array":
        return f"a list of: {_value(resolved['items'], schema)}"
    return _TYPES[resolved["type"]]


def _resolved(entry: Any, schema: dict[str, Any]) -> Any:
    if isinstance(entry, dict) and "$ref" in entry:
        target = schema["$defs"][entry["$ref"].rpartition("/")[2]]
        return {**target, **{key: value for key, value in entry.items() if key != "$ref"}}
    return entry
