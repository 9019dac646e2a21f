"""Schemas that contain themselves are read and written at any depth."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from support.generated import Sdk
from support.loopback import Loopback
from support.typecheck import mypy_errors

TREE: dict[str, Any] = {
    "name": "root",
    "parent": None,
    "children": [{"name": "a", "children": [{"name": "b", "parent": {"name": "c"}}]}],
    "by_name": {"d": {"name": "d", "by_name": {}}},
}
JSON: list[Any] = [
    {"k": [1, "a", {"z": 2}]},
    [1, 2.5, -3, [[]], {}, ""],
    "text",
    7,
    {"a": {"b": {"c": [{"d": 10**20}]}}},
]


def test_a_tree_of_objects(sdk: Sdk, server: Loopback) -> None:
    server.answer(TREE)
    node = sdk.client(server.base_url, strict=True).nodes.create(**TREE)
    assert server.last.json == TREE
    assert node.to_dict() == TREE
    deepest = node.children[0].children[0]
    assert isinstance(deepest.parent, sdk.types.Node)
    assert deepest.parent.name == "c"
    assert isinstance(node.by_name["d"], sdk.types.Node)


def test_a_cycle_through_all_of(sdk: Sdk, server: Loopback) -> None:
    wire = {
        "name": "A",
        "badge": 1,
        "boss": {"name": "B", "badge": 2},
        "friends": [{"name": "C", "boss": {"badge": 3}}],
    }
    server.answer(wire)

    async def person() -> Any:
        async with sdk.async_client(server.base_url, strict=True) as client:
            return await client.people.create(**wire)

    staff = asyncio.run(person())
    assert server.last.json == wire
    assert staff.to_dict() == wire
    assert isinstance(staff.boss, sdk.types.Staff)
    assert isinstance(staff.friends[0], sdk.types.Person)
    assert isinstance(staff.friends[0].boss, sdk.types.Staff)


@pytest.mark.parametrize("value", JSON)
def test_any_json_is_unchanged(sdk: Sdk, server: Loopback, value: Any) -> None:
    server.answer(value)
    result = sdk.client(server.base_url, strict=True).json.create(body=value)
    assert server.last.json == value
    assert result == value
    assert repr(result) == repr(value)


def test_unions_lists_and_maps_of_themselves(sdk: Sdk, server: Loopback) -> None:
    wire = {
        "expression": {"op": "sum", "of": [1, {"op": "not", "of": 0}]},
        "nested": [[], [[]]],
        "tree": {"a": {"b": {}}},
        "self": {"self": {"loop": "l"}},
        "loop": "l",
    }
    server.answer(wire)
    odd = sdk.client(server.base_url, strict=True).odd.retrieve()
    assert odd.to_dict() == wire
    assert isinstance(odd.expression, sdk.types.Sum)
    assert isinstance(odd.expression.of[1], sdk.types.Not)


def test_the_sdk_type_checks(sdk: Sdk) -> None:
    snippet = """
        from typing import assert_type
        from trees_sdk import Trees, types

        def check(client: Trees) -> None:
            node = client.nodes.create(name="a", children=[{"name": "b", "children": []}])
            assert_type(node.children, list[types.Node] | None)
            client.nodes.create(name="a", children=[node, {"name": "c", "parent": node}])
            client.nodes.create(name="a", children=[{"nam": "b"}])  # type: ignore[list-item]
            echo = client.json.create(body={"k": [1, "a", {"z": 2}]})
            if isinstance(echo, dict):
                assert_type(echo["k"], types.Json)
            client.json.create(body={"k": object()})  # type: ignore[dict-item]
    """
    assert mypy_errors(sdk, snippet) == []
