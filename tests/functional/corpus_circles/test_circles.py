"""Schemas that only refer to each other describe any value, and have no type of their own."""

from __future__ import annotations

from support.generated import Sdk
from support.loopback import Loopback
from support.typecheck import mypy_errors


def test_any_value_is_read(sdk: Sdk, server: Loopback) -> None:
    client = sdk.client(server.base_url, strict=True)
    server.answer([1, {"a": None}])
    server.answer({"other": [1.5], "self": {"x": 1}})
    assert client.one.retrieve() == [1, {"a": None}]
    assert client.holder.retrieve().to_dict() == {"other": [1.5], "self": {"x": 1}}
    assert mypy_errors(sdk) == []
