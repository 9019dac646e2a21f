"""Null is part of a type; required and nullable are independent."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from support.generated import Sdk
from support.loopback import Loopback
from support.typecheck import mypy_errors

REQUIRED: dict[str, Any] = {
    "object": "thing",
    "title": None,
    "size": None,
    "mark": None,
    "nothing": None,
}
FULL = REQUIRED | {
    "title": "t",
    "size": {"width": 1},
    "mark": "x",
    "other_mark": "y",
    "described": {"width": 2},
    "comment": "c",
    "either": 3,
    "items": [1, None],
    "any_of": 1.5,
    "version": 2,
}
EMPTY = FULL | dict.fromkeys(("comment", "either", "items", "any_of", "other_mark"))


@pytest.mark.filterwarnings("ignore:.*'described' of .* is deprecated")
@pytest.mark.parametrize("wire", [REQUIRED, FULL, EMPTY])
def test_everything_described_is_read_and_written_back(
    sdk: Sdk, server: Loopback, wire: dict[str, Any]
) -> None:
    server.answer(wire)
    server.answer(wire)
    things = sdk.client(server.base_url, strict=True).things
    thing = things.create(**wire)
    assert server.last.json == wire
    assert thing.to_dict() == wire
    things.create(**{name: getattr(thing, name) for name in wire})
    assert server.last.json == wire


def test_a_required_property_that_is_missing_is_reported(sdk: Sdk, server: Loopback) -> None:
    server.answer({"object": "thing", "size": None, "mark": None, "nothing": None})
    client = sdk.client(server.base_url, strict=True)
    with pytest.raises(sdk.module.APIResponseValidationError, match="title"):
        client.things.best()


def test_a_whole_response_may_be_null(sdk: Sdk, server: Loopback) -> None:
    server.answer(b"null", content_type="application/json")
    server.answer(REQUIRED)

    async def best() -> tuple[Any, Any]:
        async with sdk.async_client(server.base_url, strict=True) as client:
            return await client.things.best(), await client.things.best()

    nothing, thing = asyncio.run(best())
    assert nothing is None
    assert isinstance(thing, sdk.types.Thing)


def test_there_are_no_wrapper_models(sdk: Sdk) -> None:
    names = [name for name in dir(sdk.types) if name[0].isupper() and name != "TYPE_CHECKING"]
    assert names == ["Size", "SizeParam", "Thing"]


def test_words_beside_a_reference_are_kept(sdk: Sdk) -> None:
    assert "How large it is, in its own words." in sdk.source("nulls_sdk/types/things.py")


def test_types_are_exact(sdk: Sdk) -> None:
    snippet = """
        from typing import Literal, assert_type
        from nulls_sdk import Nulls
        from nulls_sdk.types import Size, Thing

        def check(client: Nulls) -> None:
            assert_type(client.things.best(), Thing | None)
            thing = client.things.create(title=None, size=None, mark=None, nothing=None, object="thing")
            assert_type(thing.object, Literal["thing"])
            assert_type(thing.title, str | None)
            assert_type(thing.size, Size | None)
            assert_type(thing.mark, Literal["x", "y"] | str | None)
            assert_type(thing.described, Size | None)
            assert_type(thing.comment, str | None)
            assert_type(thing.either, str | int | None)
            assert_type(thing.items, list[int | None] | None)
            assert_type(thing.version, Literal[2] | None)
            client.things.create(title="t", size={"width": 1}, mark="z", nothing=None, object="thing")  # type: ignore[arg-type]
            client.things.create(size=None, mark="x", nothing=None, object="thing")  # type: ignore[call-arg]
            client.things.create(title="t", size=None, mark="y", nothing=None, object="thing", described=None)  # type: ignore[arg-type]
    """
    assert mypy_errors(sdk, snippet) == []
