"""Actions of an OpenAPI Overlay (1.0) that widen a schema, and their text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from specloom.authoring.style import Style, written
from specloom.description.document import Document
from specloom.description.tree import split

_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Action:
    """The change at `path`: merge `update` into it, or remove it if `update` is None."""

    path: tuple[str, ...]
    update: dict[str, Any] | None
    description: str = ""

    @property
    def is_removal(self) -> bool:
        """Whether the action removes the value at the path."""
        return self.update is None

    @property
    def target(self) -> str:
        """The path as a JSONPath (RFC 9535) that selects this one place."""
        return "$" + "".join(map(_segment, self.path))


def path_of(pointer: str) -> tuple[str, ...]:
    """The tokens of a pointer, without its file."""
    return tuple(split(pointer)[1])


def _segment(token: str) -> str:
    if _NAME.fullmatch(token):
        return f".{token}"
    if token.isdigit() and token.isascii() and len(token) < 3:
        return f"[{token}]"
    escaped = token.replace("\\", "\\\\").replace("'", "\\'")
    controls = re.sub(r"[\x00-\x1f]", lambda match: f"\\u{ord(match[0]):04x}", escaped)
    return f"['{controls}']"


def actions_for_values(
    document: Document, pointer: str, values: Sequence[Any], text: str
) -> list[Action]:
    """Adds values to an enum, or turns a constant into an enum."""
    path, schema = path_of(pointer), document.at(pointer)
    new: list[Any] = []
    new += (value for value in values if value not in new)
    if not new or not isinstance(schema, dict):
        return []
    if "const" not in schema:
        return [Action(path, {"enum": new}, text)]
    return [
        Action((*path, "const"), None, text),
        Action(path, {"enum": [schema["const"], *new]}, text),
    ]


def actions_for_null(document: Document, pointer: str, text: str) -> list[Action]:
    """A schema also allows null, as the OpenAPI version spells it."""
    path, schema = path_of(pointer), document.at(pointer)
    if not isinstance(schema, dict):
        return []
    if document.version == "3.0":
        return _null_in_30(path, schema, text)
    return _null_since_31(path, schema, text)


def _null_in_30(path: tuple[str, ...], schema: dict[str, Any], text: str) -> list[Action]:
    if "$ref" in schema:
        # Beside a $ref, 3.0 has no other fields.
        wrapped = {"allOf": [{"$ref": schema["$ref"]}], "nullable": True}
        return [Action((*path, "$ref"), None, text), Action(path, wrapped, text)]
    values: dict[str, Any] = {"enum": [None]} if isinstance(schema.get("enum"), list) else {}
    return [Action(path, {"nullable": True, **values}, text)]


def _null_since_31(path: tuple[str, ...], schema: dict[str, Any], text: str) -> list[Action]:
    null = {"type": "null"}
    for key in ("$ref", "allOf"):
        if key in schema:
            wrapped = {"oneOf": [{key: schema[key]}, null]}
            return [Action((*path, key), None, text), Action(path, wrapped, text)]
    for key in ("oneOf", "anyOf"):
        if key in schema:
            return [Action(path, {key: [null]}, text)]
    return _null_in_type(path, schema, text)


def _null_in_type(path: tuple[str, ...], schema: dict[str, Any], text: str) -> list[Action]:
    declared = schema.get("type", "object" if "properties" in schema else None)
    actions: list[Action] = []
    update: dict[str, Any] = {}
    if isinstance(declared, str):
        actions += [Action((*path, "type"), None, text)] if "type" in schema else []
        update["type"] = [declared, "null"]
    elif isinstance(declared, list) and "null" not in declared:
        update["type"] = ["null"]
    if isinstance(schema.get("enum"), list):
        update["enum"] = [None]
    elif "const" in schema:
        actions.append(Action((*path, "const"), None, text))
        update["enum"] = [schema["const"], None]
    return [*actions, Action(path, update, text)]


def merged(actions: Sequence[Action]) -> list[Action]:
    """Neighbours that add to the same place, as one."""
    made: list[Action] = []
    for action in actions:
        last = made[-1] if made else None
        if last and last.path == action.path and last.update and action.update:
            made[-1] = _joined(last, action)
        else:
            made.append(action)
    return made


def _joined(last: Action, action: Action) -> Action:
    update = dict(last.update or {})
    for key, value in (action.update or {}).items():
        known = update.get(key)
        if isinstance(known, dict) and isinstance(value, dict):
            update[key] = {**known, **value}
        elif isinstance(known, list) and isinstance(value, list):
            update[key] = [*known, *value]
        else:
            update[key] = value
    texts = dict.fromkeys((last.description, action.description))
    return Action(last.path, update, " ".join(texts))


def overlay_text(actions: Sequence[Action], title: str) -> str:
    """An Overlay document (1.0.0), with a comment for each open question."""
    listed = [
        {
            "target": action.target,
            "description": action.description,
            **({"remove": True} if action.is_removal else {"update": action.update}),
        }
        for action in actions
    ]
    info = {"title": f"What {title} lacks, according to recordings", "version": "1.0.0"}
    return written({"overlay": "1.0.0", "info": info, "actions": listed}, Style())
