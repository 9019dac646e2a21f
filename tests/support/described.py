"""The description ``spec/assistants.yaml`` as an oracle that uses nothing of specloom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

DESCRIPTION = Path(__file__).resolve().parents[2] / "spec/assistants.yaml"
_SCHEMAS = "#/components/schemas/"
Schema = Mapping[str, Any]


@cache
def document() -> dict[str, Any]:
    """The description as plain values."""
    with DESCRIPTION.open(encoding="utf-8") as stream:
        loaded: dict[str, Any] = yaml.load(stream, Loader=yaml.CSafeLoader)
    return loaded


def resolve(node: Schema) -> Schema:
    """The target of a ``$ref``; other objects unchanged."""
    while "$ref" in node:
        target: Any = document()
        for token in node["$ref"].removeprefix("#/").split("/"):
            target = target[token]
        node = target
    return node


@cache
def operations() -> dict[str, dict[str, Any]]:
    """All operations by their id."""
    return {
        operation["operationId"]: operation
        for item in document()["paths"].values()
        for method, operation in item.items()
        if method != "parameters"
    }


def operation(operation_id: str) -> dict[str, Any]:
    """One operation."""
    return operations()[operation_id]


def success(operation_id: str, media_type: str = "application/json") -> dict[str, Any]:
    """The body of an operation's success response in a media type: its schema and examples."""
    content = operation(operation_id)["responses"]["200"]["content"]
    body: dict[str, Any] = content.get(media_type, {})
    return body


def sdk_name(reference: Schema) -> str:
    """The SDK's name for the schema of a ``$ref``."""
    name: str = resolve(reference).get("x-sdk", {}).get("name")
    return name or reference["$ref"].removeprefix(_SCHEMAS)


def assert_read_as(schema: Schema, value: Any, wire: Any, *, complete: bool) -> None:
    """Assert that the SDK read a JSON value as the description says, each part of it.

    Args:
        schema: What the description says of it.
        value: What the SDK made of it.
        wire: What the server sent. Where it breaks the description, it is to be kept as it is.
        complete: Whether the description has to know all there is: no undeclared property, no
            unknown variant.
    """
    reference, declared = _declared(schema, wire)
    if isinstance(wire, list) and "items" in declared:
        assert isinstance(value, list)
        for each, sent in zip(value, wire, strict=True):
            assert_read_as(declared["items"], each, sent, complete=complete)
    elif isinstance(wire, dict) and "properties" in declared:
        assert type(value).__name__ == sdk_name(reference)
        _assert_properties(declared["properties"], value, wire, complete=complete)
    elif wire is not None and _is_union_of_objects(declared):
        assert not complete, f"no variant of {sdk_name(reference)} fits {wire}"
        assert (type(value).__name__, value.raw) == (f"Unknown{sdk_name(reference)}", wire)
    else:
        assert (type(value), value) == (type(wire), wire)


def _assert_properties(
    properties: Schema, value: Any, wire: Mapping[str, Any], *, complete: bool
) -> None:
    for name, declared in properties.items():
        if name in wire:
            assert_read_as(declared, getattr(value, name), wire[name], complete=complete)
        else:
            assert getattr(value, name) is None
    undeclared = {name: sent for name, sent in wire.items() if name not in properties}
    assert value.model_extra == undeclared
    assert not (complete and undeclared)


def _declared(schema: Schema, wire: Any) -> tuple[Schema, Schema]:
    """The schema of a value, with its reference; unions are resolved."""
    found = resolve(schema)
    members = [each for each in found.get("oneOf", found.get("anyOf", ())) if not _is_null(each)]
    if len(members) == 1:
        return _declared(members[0], wire)
    fitting = [leaf for leaf in _leaves(members) if _fits(resolve(leaf), wire)]
    return (fitting[0], resolve(fitting[0])) if fitting else (schema, found)


def _leaves(members: list[Schema]) -> Iterator[Schema]:
    for member in members:
        inner = resolve(member).get("oneOf")
        if inner:
            yield from _leaves(inner)
        else:
            yield member


def _is_union_of_objects(schema: Schema) -> bool:
    leaves = [resolve(leaf) for leaf in _leaves(schema.get("oneOf", []))]
    return bool(leaves) and all("properties" in leaf for leaf in leaves)


def _fits(leaf: Schema, wire: Any) -> bool:
    """Whether a value has the constant properties of a variant."""
    if not isinstance(wire, dict) or "properties" not in leaf:
        return False
    tags = {name: each["const"] for name, each in leaf["properties"].items() if "const" in each}
    return all(wire.get(name) == tag for name, tag in tags.items())


def _is_null(schema: Schema) -> bool:
    return schema.get("type") == "null"
