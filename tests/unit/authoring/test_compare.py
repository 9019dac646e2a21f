"""JSON against the schema that describes it."""

from __future__ import annotations

from typing import Any

import pytest

from specloom.authoring.compare import differences
from specloom.description.document import Document, Source
from specloom.description.node import Node

CAT = {
    "type": "object",
    "required": ["kind", "name"],
    "properties": {"kind": {"const": "cat"}, "name": {"type": "string"}, "id": {"readOnly": True}},
}
DOG = {"type": "object", "required": ["kind"], "properties": {"kind": {"enum": ["dog"]}}}
SCHEMAS: dict[str, Any] = {
    "Cat": CAT,
    "Dog": DOG,
    "Pet": {"oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]},
    "Named": {
        "oneOf": [{"$ref": "#/components/schemas/Lion"}, {"$ref": "#/components/schemas/Bear"}],
        "discriminator": {"propertyName": "t", "mapping": {"grizzly": "#/components/schemas/Bear"}},
    },
    "Lion": {
        "type": "object",
        "properties": {"t": {"type": "string"}, "mane": {"type": "integer"}},
    },
    "Bear": {
        "type": "object",
        "properties": {"t": {"type": "string"}, "size": {"type": "integer"}},
    },
    "Level": {"type": "string", "enum": ["low", "high"]},
    "Model": {"anyOf": [{"type": "string"}, {"type": "string", "enum": ["a"]}]},
    "Choice": {
        "oneOf": [{"type": "string", "enum": ["auto"]}, {"$ref": "#/components/schemas/Dog"}]
    },
    "Old": {"type": "string", "nullable": True},
    "Either": {"oneOf": [{"$ref": "#/components/schemas/Cat"}, {"type": "null"}]},
    "Free": {"type": "object"},
    "Map": {"type": "object", "additionalProperties": {"type": "integer"}},
    "Derived": {
        "allOf": [
            {"$ref": "#/components/schemas/Cat"},
            {"properties": {"age": {"type": "integer"}}},
        ]
    },
    "Json": {
        "oneOf": [
            {"type": "string"},
            {"type": "array", "items": {"$ref": "#/components/schemas/Json"}},
            {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/Json"}},
        ]
    },
    "Circle": {"oneOf": [{"$ref": "#/components/schemas/Ring"}, {"type": "string"}]},
    "Ring": {"anyOf": [{"$ref": "#/components/schemas/Circle"}, {"type": "integer"}]},
    "Tree": {
        "type": "object",
        "properties": {
            "level": {"$ref": "#/components/schemas/Level"},
            "old": {"$ref": "#/components/schemas/Old"},
            "children": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}},
        },
    },
}
HEAD = "a.yaml#/components/schemas"


def deep(levels: int) -> Any:
    return {"a": [deep(levels - 1), "b"]} if levels else "end"


def found(schema: str, value: Any) -> list[tuple[str, str, str, str]]:
    root: Any = {"components": {"schemas": SCHEMAS}}
    source = Source("a.yaml", "a.yaml", "", root, is_json=False)
    document = Document("a.yaml", "", {"a.yaml": source}, root)
    node = Node(document, f"{HEAD}/{schema}", SCHEMAS[schema])
    return [
        (one.kind, one.pointer.removeprefix(f"{HEAD}/"), one.key, one.sample)
        for one in differences(node, value)
    ]


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ("Cat", {"kind": "cat", "name": "Tom"}),
        ("Pet", {"kind": "dog"}),
        ("Named", {"t": "grizzly", "size": 1}),
        ("Named", {"t": "Lion", "mane": 1}),
        ("Level", "low"),
        ("Model", "anything"),
        ("Choice", "auto"),
        ("Choice", {"kind": "dog"}),
        ("Old", None),
        ("Either", None),
        ("Free", {"a": {"b": None}}),
        ("Map", {"a": 1, "b": 2.0}),
        ("Derived", {"kind": "cat", "name": "Tom", "age": 3}),
        ("Json", deep(60)),
        ("Circle", 1),
        ("Circle", "a"),
        ("Tree", {"old": None, "children": [{"level": "high", "children": []}]}),
    ],
)
def test_what_is_described(schema: str, value: Any) -> None:
    assert found(schema, value) == []


@pytest.mark.parametrize(
    ("schema", "value", "expected"),
    [
        ("Cat", {"kind": "cat", "name": "T", "x": 1}, ("field", "Cat", "x", "/x")),
        ("Cat", {"kind": "cat"}, ("missing", "Cat", "name", "")),
        ("Cat", {"kind": "cat", "name": 1}, ("type", "Cat/properties/name", "", "/name")),
        ("Cat", {"kind": "cat", "name": None}, ("null", "Cat/properties/name", "", "/name")),
        ("Level", "mid", ("value", "Level", "", "")),
        ("Pet", {"kind": "cow"}, ("variant", "Pet", "kind", "")),
        ("Pet", {"kind": "dog", "x": 1}, ("field", "Dog", "x", "/x")),
        ("Named", {"t": "wolf"}, ("variant", "Named", "t", "")),
        ("Choice", "none", ("value", "Choice/oneOf/0", "", "")),
        ("Map", {"a": "x"}, ("type", "Map/additionalProperties", "", "/a")),
        ("Map", {"a": 1.5}, ("type", "Map/additionalProperties", "", "/a")),
        ("Map", {"a": True}, ("type", "Map/additionalProperties", "", "/a")),
        ("Derived", {"kind": "cat", "name": "T", "x": 1}, ("field", "Cat", "x", "/x")),
        ("Tree", {"level": "mid"}, ("value", "Level", "", "/level")),
        ("Tree", {"level": None}, ("null", "Tree/properties/level", "", "/level")),
        (
            "Tree",
            {"children": [{}, {"children": [{"a/b": 1}]}]},
            ("field", "Tree", "a/b", "/children/1/children/0/a~1b"),
        ),
    ],
)
def test_what_is_not(schema: str, value: Any, expected: tuple[str, str, str, str]) -> None:
    assert found(schema, value) == [expected]
