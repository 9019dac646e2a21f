"""``nullable`` works in every place, and adds no type of its own."""

from __future__ import annotations

from typing import Any

import pytest

from support.generated import Sdk
from support.loopback import Loopback
from support.typecheck import mypy_errors

RUNS: list[dict[str, Any]] = [
    {"error": None, "format": None},
    {"error": {"message": "m"}, "format": "auto"},
    {"error": None, "format": {"type": "json"}, "other_format": None, "state": None},
    {"error": None, "format": {"type": "xml"}, "other_format": "auto", "state": "on"},
    {"error": None, "format": None, "states": ["on", None, "new"], "plain": None},
    {"error": None, "format": None, "beside": {"x": 1}, "among": 1, "any": [2]},
    {"error": None, "format": None, "beside": None, "among": None, "any": None},
]


@pytest.mark.parametrize("wire", RUNS)
def test_null_and_value_are_read_and_sent(sdk: Sdk, server: Loopback, wire: dict[str, Any]) -> None:
    server.answer(wire)
    run = sdk.client(server.base_url, strict=True).runs.create(**wire)
    assert server.last.json == wire
    assert run.to_dict() == wire


def test_the_object_of_a_union_is_read_as_its_class(sdk: Sdk, server: Loopback) -> None:
    server.answer({"error": {"message": "m"}, "format": {"type": "text", "more": 1}})
    run = sdk.client(server.base_url, strict=True).runs.create(error=None, format=None)
    assert isinstance(run.error, sdk.types.Error)
    assert run.format.type == "text"
    assert run.format.to_dict() == {"type": "text", "more": 1}


def test_types_are_exact(sdk: Sdk) -> None:
    snippet = """
        from typing import Literal, assert_type
        from runs_sdk import Runs, types

        def check(client: Runs) -> None:
            run = client.runs.create(error=None, format={"type": "json"}, other_format=None, plain=None)
            assert_type(run.error, types.Error | None)
            assert_type(run.plain, types.Plain | None)
            assert_type(run.beside, types.Plain | None)
            assert_type(run.among, int | str | None)
            assert_type(run.state, types.State | str | None)
            if not isinstance(run.format, types.FormatObject):
                assert_type(run.format, Literal["auto"] | types.UnknownFormat | None)
    """
    assert mypy_errors(sdk, snippet) == []
