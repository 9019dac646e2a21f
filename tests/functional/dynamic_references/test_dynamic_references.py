"""A ``$dynamicRef`` means the anchor of the outermost schema on the way."""

from __future__ import annotations

from typing import Any

import pytest

from support.generated import Sdk
from support.loopback import Loopback


@pytest.fixture
def read(sdk: Sdk, server: Loopback) -> Any:
    """A call of ``list`` or ``retrieve`` with this response."""

    def call(resource: str, value: Any) -> Any:
        server.answer(value)
        methods = getattr(sdk.client(server.base_url), resource)
        name = "list" if hasattr(methods, "list") else "retrieve"
        return getattr(methods, name)(strict=True)

    return call


def test_a_template_has_items_of_each_user(sdk: Sdk, read: Any) -> None:
    users = read("users", {"items": [{"name": "a"}], "best": {"value": {"name": "b"}}})
    assert isinstance(users.items[0], sdk.types.User)
    assert isinstance(users.best.value, sdk.types.User)
    pets = read("pets", {"items": [{"tail": "long"}], "best": {"by": {"name": "c"}}, "total": 1})
    assert isinstance(pets.items[0], sdk.types.Pet)
    assert isinstance(pets.best.by, sdk.types.User)
    assert pets.total == 1


def test_types_in_a_template_are_called_after_its_users(sdk: Sdk) -> None:
    assert {"UserPage", "UserPageBest", "PetPage", "PetPageBest"} <= set(dir(sdk.types))


def test_a_response_may_fill_a_template(sdk: Sdk, read: Any) -> None:
    members = read("members", {"items": [{"name": "a"}]})
    assert type(members) is sdk.types.UserPage


def test_a_filled_template_fills_another(sdk: Sdk, read: Any) -> None:
    wrapped = read("wrapped", {"data": {"items": [{"leaf": "long"}]}})
    assert isinstance(wrapped.data.items[0], sdk.types.Plant)


def test_a_part_of_all_of_may_fill_its_neighbour(sdk: Sdk, read: Any) -> None:
    assert isinstance(read("merged", {"items": [{"leaf": "long"}]}).items[0], sdk.types.Plant)


def test_a_list_has_items_of_its_user(sdk: Sdk, read: Any) -> None:
    assert read("texts", ["a"]) == ["a"]
    assert "list[str]" in sdk.source("dynamic_sdk/resources/texts.py")


def test_a_tree_consists_of_what_extends_it(sdk: Sdk, read: Any) -> None:
    value = {"data": "d", "colour": "red", "children": [{"colour": "blue", "children": []}]}
    assert read("coloured", value).children[0].colour == "blue"
    plain = read("trees", {"children": [{"data": "d"}]})
    assert type(plain.children[0]) is sdk.types.Tree
