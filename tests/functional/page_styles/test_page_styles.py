"""Pages by offset, by number and by link, sync and async; and raw responses."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from specloom.options import BuildOptions
from specloom.pipeline import read
from support.generated import Sdk
from support.loopback import Loopback
from support.typecheck import mypy_errors

Exchange = tuple[dict[str, Any], str]


def script(server: Loopback, kind: str) -> list[str]:
    """Two pages and, if only an empty one ends the list, a third; with their queries."""
    first: dict[str, Any] = {"books": [{"title": "A"}, {"title": "B"}]}
    second: dict[str, Any] = {"books": [{"title": "C"}]}
    if kind == "offset":
        answers, queries = [first, second, {"books": []}], ["", "offset=2", "offset=3"]
    elif kind == "number":
        answers = [first | {"more": True}, second | {"more": False}]
        queries = ["", "page=2"]
    else:
        answers = [first | {"next": f"{server.base_url}/link?from=2"}, second | {"next": None}]
        queries = ["", "from=2"]
    for answer in answers:
        server.answer(answer)
    return queries


@pytest.mark.parametrize("kind", ["offset", "number", "link"])
def test_walks_all_pages(sdk: Sdk, server: Loopback, kind: str) -> None:
    queries = script(server, kind)
    books = list(getattr(sdk.client(server.base_url), kind).list())
    assert [book.title for book in books] == ["A", "B", "C"]
    assert [request.raw_query for request in server.received] == queries


@pytest.mark.parametrize("kind", ["offset", "number", "link"])
def test_walks_all_pages_async(sdk: Sdk, server: Loopback, kind: str) -> None:
    queries = script(server, kind)

    async def walk() -> list[str]:
        async with sdk.async_client(server.base_url) as client:
            return [book.title async for book in getattr(client, kind).list()]

    assert asyncio.run(walk()) == ["A", "B", "C"]
    assert [request.raw_query for request in server.received] == queries


def test_a_raw_response_has_the_page_too(sdk: Sdk, server: Loopback) -> None:
    server.answer({"books": [{"title": "A"}], "more": False}, headers={"x-request-id": "r1"})
    raw = sdk.client(server.base_url).number.with_raw_response.list(page=4)
    assert (raw.status_code, raw.request_id) == (200, "r1")
    assert [book.title for book in raw.parse()] == ["A"]
    assert server.last.raw_query == "page=4"


def test_a_streaming_response_is_read_in_its_block(sdk: Sdk, server: Loopback) -> None:
    server.answer({"books": []})
    with sdk.client(server.base_url).offset.with_streaming_response.list() as response:
        assert b"".join(response.iter_bytes()) == b'{"books": []}'
    assert response.is_closed


def test_raw_and_streaming_responses_async(sdk: Sdk, server: Loopback) -> None:
    server.answer({"books": [{"title": "A"}], "next": None})
    server.answer({"books": []})

    async def check() -> None:
        async with sdk.async_client(server.base_url) as client:
            raw = await client.link.with_raw_response.list()
            assert raw.status_code == 200
            async with client.link.with_streaming_response.list() as response:
                assert await response.read() == b'{"books": []}'

    asyncio.run(check())


def test_types(sdk: Sdk) -> None:
    snippet = """
        from typing import assert_type
        from shelves_sdk import AsyncShelves, Shelves
        from shelves_sdk._runtime.pagination.pages import AsyncOffsetPage, SyncLinkPage, SyncNumberPage
        from shelves_sdk._runtime.response.raw import RawResponse
        from shelves_sdk.types import Book

        def check(client: Shelves) -> None:
            assert_type(client.link.list(), SyncLinkPage[Book])
            raw = client.number.with_raw_response.list(page=1)
            assert_type(raw, RawResponse[SyncNumberPage[Book]])
            client.number.with_raw_response.list(page="1")  # type: ignore[arg-type]

        async def check_async(client: AsyncShelves) -> None:
            assert_type(await client.offset.list(), AsyncOffsetPage[Book])
    """
    assert mypy_errors(sdk, snippet) == []


_REST_FRAMEWORK = """
openapi: 3.0.3
info: {title: Shop, version: "1"}
paths:
  /cursors: {get: {parameters: [{name: cursor, in: query, schema: {type: string}}], responses: &page
    {"200": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/Page"}}}}}}}
  /numbers: {get: {parameters: [{name: page, in: query, schema: {type: integer}}], responses: *page}}
  /offsets: {get: {parameters: [{name: offset, in: query, schema: {type: integer}}], responses: *page}}
components:
  schemas:
    Page:
      properties:
        count: {type: integer}
        next: {type: string, nullable: true, format: uri}
        results: {type: array, items: {type: object, properties: {id: {type: integer}}}}
"""


def test_the_url_of_the_next_page_is_not_a_cursor(tmp_path: Path) -> None:
    spec = tmp_path / "spec.yaml"
    spec.write_text(_REST_FRAMEWORK)
    found = {one.path: one.pagination for one in read(spec, BuildOptions()).api.operations()}
    assert {path: (one.style, one.cursor) if one else None for path, one in found.items()} == {
        "/cursors": ("link", "next"),
        # A number past the last page is answered with 404.
        "/numbers": ("link", "next"),
        "/offsets": ("offset", None),
    }
