"""All schemas of one ``allOf`` apply to a property."""

from __future__ import annotations

from typing import Any

import pytest

from support.generated import Sdk
from support.loopback import Loopback

THING = {
    "kind": "b",
    "state": "idle",
    "meta": {"id": "1", "name": "n", "size": 3},
    "count": 2,
    "maybe": "m",
    "tags": ["x"],
    "owner": {"email": "e"},
    "next": {"kind": "c", "meta": {"id": "2", "name": "o"}},
    "labels": {"a": 1},
}


@pytest.mark.parametrize(
    "line",
    [
        'kind: Literal["b", "c"] | str',
        "state: State | str | None = None",
        "meta: ThingMeta",
        "count: int | None = None",
        "maybe: str | None = None",
        'tags: list[Literal["x", "y"] | str] | None = None',
        "owner: ThingOwner | None = None",
        "next: Thing | None = None",
        "labels: dict[str, int] | None = None",
    ],
)
def test_types_satisfy_all_declarations(sdk: Sdk, line: str) -> None:
    assert f"    {line}\n" in sdk.source("intersections_sdk/types/things.py")


def test_required_lists_are_joined(sdk: Sdk) -> None:
    meta = sdk.types.ThingMeta.model_fields
    assert {name: field.is_required() for name, field in meta.items()} == {
        "id": True,
        "name": True,
        "size": False,
    }


def test_values_are_read_and_written(sdk: Sdk, server: Loopback) -> None:
    server.answer(THING)
    client: Any = sdk.client(server.base_url)
    thing = client.things.create(kind="b", meta={"id": "1", "name": "n"}, strict=True)
    assert thing.to_dict() == THING
    assert (thing.owner.email, thing.next.meta.name) == ("e", "o")


def test_the_words_of_an_earlier_declaration_stay(sdk: Sdk) -> None:
    text = sdk.source("intersections_sdk/types/things.py")
    assert "What it is." in text


@pytest.mark.parametrize("line", ["number: int | None", "text: date | None", "never: str | int |"])
def test_of_several_groups_a_value_is_in_each(sdk: Sdk, line: str) -> None:
    assert f"    {line}" in sdk.source("intersections_sdk/types/choices.py")


def test_groups_that_exclude_each_other_are_a_warning(sdk: Sdk) -> None:
    assert sdk.warnings == ("unused-field",)
