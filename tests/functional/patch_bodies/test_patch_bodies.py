"""Only given values are sent: None is null, omitted values are absent, and no default is sent."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from support.generated import Sdk
from support.loopback import Loopback
from support.typecheck import mypy_errors

BODIES = [
    ({"nickname": None}, b'{"nickname":null}'),
    ({"age": 3}, b'{"age":3}'),
    ({"status": "active"}, b'{"status":"active"}'),
    ({"address": {"street": None}}, b'{"address":{"street":null}}'),
    ({"address": {}}, b'{"address":{}}'),
    ({"nickname": "", "age": 0}, b'{"nickname":"","age":0}'),
]


@pytest.mark.parametrize(("given", "sent"), BODIES)
def test_exactly_the_given_values_are_sent(
    sdk: Sdk, server: Loopback, given: dict[str, Any], sent: bytes
) -> None:
    server.answer({"id": "1"})
    sdk.client(server.base_url).people.update("1", **given)
    assert server.last.body == sent
    assert server.last.raw_query == ""
    assert server.last.headers["content-type"] == "application/json"


def test_async_client_sends_the_same(sdk: Sdk, server: Loopback) -> None:
    server.answer({"id": "1"})

    async def change() -> None:
        async with sdk.async_client(server.base_url) as client:
            await client.people.update("1", nickname=None)

    asyncio.run(change())
    assert server.last.body == b'{"nickname":null}'


def test_omit_is_the_same_as_not_given(sdk: Sdk, server: Loopback) -> None:
    server.answer({"id": "1"})
    omit = sdk.module.omit
    sdk.client(server.base_url).people.update("1", nickname=omit, age=3, notify=omit)
    assert server.last.body == b'{"age":3}'


def test_no_arguments_send_no_body_unless_it_is_required(sdk: Sdk, server: Loopback) -> None:
    server.answer({"id": "1"})
    server.answer({"id": "1"})
    client = sdk.client(server.base_url)
    client.people.update("1")
    assert server.last.body == b""
    assert "content-type" not in server.last.headers
    client.people.replace("1")
    assert server.last.body == b"{}"


def test_defaults_do_not_appear_in_results(sdk: Sdk, server: Loopback) -> None:
    server.answer({"id": "1", "nickname": None})
    person = sdk.client(server.base_url).people.update("1", age=3)
    assert person.status is None
    assert person.to_dict() == {"id": "1", "nickname": None}


def test_null_is_a_type_error_where_the_description_allows_none(sdk: Sdk) -> None:
    snippet = """
        from people_sdk import People

        def check(client: People) -> None:
            client.people.update("1", nickname=None, address={"street": None})
            client.people.update("1", age=None)  # type: ignore[arg-type]
            client.people.update("1", address={"city": None})  # type: ignore[arg-type]
    """
    assert mypy_errors(sdk, snippet) == []
