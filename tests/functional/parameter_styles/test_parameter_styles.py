"""Parameters are sent in their described style and location."""

from __future__ import annotations

import asyncio
import inspect
from datetime import UTC, datetime
from typing import Any

import pytest

from support.generated import Sdk
from support.loopback import Loopback
from support.typecheck import mypy_errors

QUERIES: list[tuple[dict[str, Any], str]] = [
    (
        {"filter": {"author": "A", "year": 1}, "ids": [1, 2], "page": {"limit": 5}},
        "filter%5Bauthor%5D=A&filter%5Byear%5D=1&ids=1,2&limit=5",
    ),
    ({"tags": ["a", "b&c"]}, "tags=a&tags=b%26c"),
    ({"page": {"limit": 5, "sort": ["a,asc", "b"]}}, "limit=5&sort=a%2Casc&sort=b"),
    ({"page": {"sort": []}}, ""),
    ({"tags": []}, ""),
    ({"spaced": ["a", "b c"]}, "spaced=a%20b%20c"),
    ({"piped": ["a", "b"]}, "piped=a%7Cb"),
    ({"next": "/a?b:c;d", "text": "/a?b:c;d"}, "next=/a?b:c;d&text=%2Fa%3Fb%3Ac%3Bd"),
    ({"pair": {"a": 1, "b": "x,y"}}, "pair=a,1,b,x%2Cy"),
    ({"where": {"a": 1, "b": "ü"}}, "where=%7B%22a%22%3A1%2C%22b%22%3A%22%C3%BC%22%7D"),
    ({"since": datetime(2024, 5, 1, tzinfo=UTC)}, "since=2024-05-01T00%3A00%3A00Z"),
    ({"is_open": False, "order": "asc"}, "is-open=false&order=asc"),
    ({"text": ""}, "text="),
]


@pytest.mark.parametrize(("given", "raw_query"), QUERIES)
def test_query(sdk: Sdk, server: Loopback, given: dict[str, Any], raw_query: str) -> None:
    server.answer({"ok": True})
    sdk.client(server.base_url).search(**given)
    assert server.last.path == "/search"
    assert server.last.raw_query == raw_query


def test_async_client_sends_the_same_query(sdk: Sdk, server: Loopback) -> None:
    given, raw_query = QUERIES[0]
    server.answer({"ok": True})

    async def search() -> None:
        async with sdk.async_client(server.base_url) as client:
            await client.search(**given)

    asyncio.run(search())
    assert server.last.raw_query == raw_query


def test_a_whole_query_string_as_a_form_is_arguments(sdk: Sdk, server: Loopback) -> None:
    server.answer({"ok": True})
    find = sdk.client(server.base_url).find
    assert list(inspect.signature(find).parameters) == ["term", "max_price", "colors", "options"]
    find(term="a b", max_price=9.5, colors=["red", "blue"])
    assert server.last.raw_query == "term=a%20b&maxPrice=9.5&colors=red&colors=blue"


def test_a_whole_query_string_as_json_is_one_argument(sdk: Sdk, server: Loopback) -> None:
    server.answer({"ok": True})
    sdk.client(server.base_url).query(selector={"a": 1})
    assert server.last.raw_query == "%7B%22a%22%3A1%7D"


PATHS: list[tuple[str, tuple[Any, dict[str, Any]], str]] = [
    (
        "simple",
        (["x", "y/z"], {"id": "a b", "pair": {"a": 1, "b": "?"}}),
        "/simple/a%20b/a=1,b=%3F/x,y%2Fz",
    ),
    ("label", (["x", "y"], {"value": "v"}), "/label.v/.x.y"),
    ("matrix", (["x", "y"], {"value": 3}), "/matrix;value=3/;list=x;list=y"),
]


@pytest.mark.parametrize(("resource", "given", "path"), PATHS)
def test_path(
    sdk: Sdk, server: Loopback, resource: str, given: tuple[Any, dict[str, Any]], path: str
) -> None:
    server.answer({"ok": True})
    getattr(sdk.client(server.base_url), resource).retrieve(given[0], **given[1])
    assert server.last.path == path


def test_an_empty_path_argument_is_refused(sdk: Sdk, server: Loopback) -> None:
    client = sdk.client(server.base_url)
    with pytest.raises(ValueError, match="Expected a non-empty value for `id` but received ''"):
        client.simple.retrieve(["x"], id="", pair={"a": 1})
    assert server.received == []


def test_headers_and_cookies(sdk: Sdk, server: Loopback) -> None:
    server.answer({"ok": True})
    outside = sdk.client(server.base_url).outside.retrieve
    assert "accept" not in inspect.signature(outside).parameters
    outside(x_ids=[1, 2], x_pair={"a": 1, "b": "x"}, x_where={"b": "y"}, session="s", seen=[3, 4])
    headers = server.last.headers
    assert headers["x-ids"] == "1,2"
    assert headers["x-pair"] == "a=1,b=x"
    assert headers["x-where"] == '{"b":"y"}'
    assert headers["cookie"] == "session=s; seen=3,4"


def test_the_sdk_type_checks(sdk: Sdk) -> None:
    snippet = """
        from search_sdk import Search

        def check(client: Search) -> None:
            client.search(filter={"author": "A"}, ids=[1], since="2024-05-01", pair={"a": 1})
            client.search(filter={"autor": "A"})  # type: ignore[arg-type]
            client.search(order="up")  # type: ignore[arg-type]
            client.find()  # type: ignore[call-arg]
    """
    assert mypy_errors(sdk, snippet) == []
