"""Converts schemas and simple values of Swagger 2.0 to OpenAPI 3.0, and records their origins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from specloom.description.node import Node
from specloom.description.references import RefError, Suggestions, find
from specloom.description.tree import Token, Value, child, kind_of
from specloom.errors import Problems

VALUE_FIELDS = frozenset(
    "type format items default enum multipleOf maximum exclusiveMaximum minimum exclusiveMinimum"
    " maxLength minLength pattern maxItems minItems uniqueItems allowEmptyArray x-nullable".split()
)
"""The fields of a parameter, a header or an item that describe its value (Swagger 2.0)."""

_STYLES = {"csv": "form", "multi": "form", "ssv": "spaceDelimited", "pipes": "pipeDelimited"}
_REFERENCES = {
    "#/definitions/": "#/components/schemas/",
    "#/parameters/": "#/components/parameters/",
    "#/responses/": "#/components/responses/",
}
_SCHEMA_MAPS = ("properties", "patternProperties")
_SCHEMA_LISTS = ("allOf", "anyOf", "oneOf", "items")  # JSON Schema draft 4 allows a list
_SCHEMA_ONES = ("items", "additionalProperties", "not")


@dataclass
class Moves:
    """Puts values into new places, and records the pointers they come from."""

    problems: Problems
    origins: dict[tuple[int, Token], str] = field(default_factory=dict[tuple[int, Token], str])
    _suggestions: Suggestions = field(default_factory=Suggestions)

    def put(self, target: dict[str, Value], key: str, value: Value, origin: str) -> None:
        """Put `value`, from the pointer `origin`, under a key."""
        target[key] = value
        self.origins[id(target), key] = origin

    def append(self, target: list[Value], value: Value, origin: str) -> None:
        """Append `value`, from the pointer `origin`, to a list."""
        self.origins[id(target), len(target)] = origin
        target.append(value)

    def text(self, node: Node, key: str) -> str:
        """The text under a key; other values are reported, and the result is empty."""
        value = node.value.get(key)
        if value is not None and not isinstance(value, str):
            self._wrong_type(child(node.pointer, key), key, "text", value)
            return ""
        return value or ""

    def texts(self, node: Node, key: str) -> Sequence[Node] | None:
        """The list of texts under a key; None if absent. Other values are reported."""
        listed = node.get(key)
        if listed is None:
            return None
        if not isinstance(listed.value, list):
            self._wrong_type(listed.pointer, key, "a list", listed.value)
        for one in listed.entries():
            if not isinstance(one.value, str):
                self._wrong_type(one.pointer, key, "text", one.value)
        return [one for one in listed.entries() if isinstance(one.value, str)]

    def _wrong_type(self, pointer: str, key: str, wanted: str, value: Value) -> None:
        message = f"{key!r} takes {wanted}, not {kind_of(value)}"
        self.problems.error("wrong-type", message, pointer)

    def same(self, node: Node) -> Value:
        """A value of a wrong type, unchanged: the checks report it."""
        value: Value = node.value
        return value

    def reference(self, node: Node) -> Value:
        """A reference with its new address; other values unchanged."""
        if node.ref is None:
            return self.same(node)
        out: dict[str, Value] = {}
        for key, inner in node.own_items():
            if key == "$ref":
                self.put_reference(out, inner)
            else:
                self.put(out, key, inner.value, inner.pointer)
        return out

    def put_reference(self, target: dict[str, Value], node: Node) -> None:
        """Put a `$ref` under its new address; the error of a broken one has the original text."""
        ref = str(node.value)
        try:
            find(node.document, ref, node.pointer)
        except RefError as error:
            if error.code == "undefined-ref":
                hint = error.hint(self._suggestions)
                self.problems.error(error.code, error.message, node.pointer, hint)
                return
        self.put(target, "$ref", _moved(ref), node.pointer)

    def array_style(self, node: Node, location: str) -> dict[str, Value]:
        """`style` and `explode` for a `collectionFormat`; unsupported formats are a warning."""
        if node.text("type") != "array":
            return {}
        separator = node.text("collectionFormat") or "csv"
        if location not in ("query", "formData"):
            self.only_commas(node)
            return {}
        if separator not in _STYLES:
            self.only_commas(node)
            separator = "csv"
        return {"style": _STYLES[separator], "explode": separator == "multi"}

    def only_commas(self, node: Node) -> None:
        """Warn about a list whose items are not separated by commas."""
        separator = node.text("collectionFormat") or "csv"
        if node.text("type") == "array" and separator != "csv":
            message = f"OpenAPI 3 has no counterpart of {separator!r} here: commas are sent"
            pointer = child(node.pointer, "collectionFormat")
            self.problems.warning("collection-format", message, pointer)


def _moved(ref: str) -> str:
    for old, new in _REFERENCES.items():
        if ref.startswith(old):
            return new + ref.removeprefix(old)
    return ref


def value_schema(node: Node, moves: Moves) -> dict[str, Value]:
    """The schema of the value of a parameter, a header or a form field."""
    out: dict[str, Value] = {}
    for key, inner in node.items():
        if key in VALUE_FIELDS:
            _put_field(out, key, inner, moves)
    return out


def schema(node: Node, moves: Moves) -> Value:
    """A Schema Object of OpenAPI 3.0."""
    if not isinstance(node.value, dict):
        return moves.same(node)
    out: dict[str, Value] = {}
    for key, inner in node.own_items():
        _put_field(out, key, inner, moves)
    if "$ref" in out and out.get("nullable") is True:
        # OpenAPI 3.0 ignores fields beside a reference.
        reference = {"$ref": out.pop("$ref")}
        moves.put(out, "allOf", [reference], child(node.pointer, "$ref"))
    return out


def _put_field(out: dict[str, Value], key: str, node: Node, moves: Moves) -> None:
    value = node.value
    if key == "$ref" and isinstance(value, str):
        moves.put_reference(out, node)
    elif key == "discriminator" and isinstance(value, str):
        moves.put(out, key, {"propertyName": value}, node.pointer)
    elif key == "x-nullable":
        moves.put(out, "nullable", value, node.pointer)
    elif key == "type" and value == "file":
        moves.put(out, "type", "string", node.pointer)
        out["format"] = "binary"
    elif key in _SCHEMA_MAPS and isinstance(value, dict):
        each: Value = {name: schema(inner, moves) for name, inner in node.items()}
        moves.put(out, key, each, node.pointer)
    elif key in _SCHEMA_LISTS and isinstance(value, list):
        moves.put(out, key, [schema(one, moves) for one in node.entries()], node.pointer)
    elif key in _SCHEMA_ONES and isinstance(value, dict):
        moves.only_commas(node)
        moves.put(out, key, schema(node, moves), node.pointer)
    elif key != "collectionFormat":
        moves.put(out, key, value, node.pointer)
