"""Lists with nested items, cursors and parameters, page by page."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

import pytest

from support.generated import Sdk
from support.loopback import Loopback, Received
from support.typecheck import mypy_errors


@dataclass(frozen=True)
class Walk:
    """A list of the titles A, B, C: its method, the responses and the request of each page."""

    method: str
    answers: list[Any]
    asked: list[Any]
    given: Mapping[str, Any] = field(default_factory=dict)
    headers: tuple[Mapping[str, str], ...] = ()
    titles: tuple[list[str], ...] = (["A", "B"], ["C"], [])


def books(*titles: str) -> list[dict[str, str]]:
    return [{"title": title} for title in titles]


def counted(*numbers: str) -> list[Any]:
    return ["", *numbers]


THREE: list[Any] = [{"items": books("A", "B")}, {"items": books("C")}, {"items": []}]
CURSORS: list[Any] = [
    {"items": books("A", "B"), "more": True, "next": "n1"},
    {"items": books("C"), "more": False, "next": None},
]
WALKS = {
    "root": Walk(
        "roots.list",
        [books("A", "B"), books("C")],
        ["size=2", "page=2"],
        {"size": 2},
        ({"link": '</roots?page=2>; rel="next", </roots?page=2>; rel="last"'}, {}),
    ),
    "a cursor of the header Link, as its text says": Walk(
        "told.list",
        [books("A", "B"), books("C")],
        ["", "after=n1"],
        headers=({"link": '</told?after=n1>; rel="next"'}, {}),
    ),
    "a list and its cursors within meta": Walk(
        "teams.list",
        [
            {"status": 200, "meta": {"books": books("A", "B"), "cursor": {"after": 7}}},
            {"status": 200, "meta": {"books": books("C"), "cursor": {"before": 9}}},
        ],
        ["", "after=7"],
    ),
    "a next page whose text says that it is a URL": Walk(
        "versions.list",
        [
            {"versions": books("A", "B"), "pagination": {"next_page": "/versions?after=7"}},
            {"versions": books("C"), "pagination": {}},
        ],
        ["", "after=7"],
    ),
    "one of two lists": Walk(
        "either.list",
        [books("A", "B"), [{"title": "C", "starred_at": "noon"}], []],
        ["", "page=2", "page=3"],
    ),
    "nested": Walk(
        "nested.list",
        [
            {"data": {"items": books("A", "B")}, "meta": {"next": "n1"}},
            {"data": {"items": books("C")}, "meta": {"next": None}},
        ],
        ["", "cursor=n1"],
    ),
    "empty pages": Walk(
        "nested.list",
        [
            {"data": {"items": []}, "meta": {"next": "n1"}},
            {"data": {"items": books("A", "B")}, "meta": {"next": "n2"}},
            {"data": {"items": None}, "meta": {"next": "n3"}},
            {"data": {"items": books("C")}, "meta": {"next": None}},
        ],
        ["", "cursor=n1", "cursor=n2", "cursor=n3"],
        titles=([], ["A", "B"], [], ["C"]),
    ),
    "an empty page that repeats the cursor": Walk(
        "nested.list",
        [
            {"data": {"items": books("A", "B")}, "meta": {"next": "n1"}},
            {"data": {"items": []}, "meta": {"next": "n1"}},
        ],
        ["", "cursor=n1"],
        titles=(["A", "B"], []),
    ),
    "body, seen": Walk(
        "scroll.run",
        [
            {"result": {"points": books("A", "B"), "next_page_offset": "n1"}},
            {"result": {"points": books("C"), "next_page_offset": None}},
        ],
        [{"limit": 2}, {"limit": 2, "offset": "n1"}],
        {"limit": 2},
    ),
    "body, seen by token": Walk(
        "tokens.run",
        [{"items": books("A", "B"), "next": "n1"}, {"items": books("C"), "next": None}],
        [{"query": {"cursor": "own"}}, {"query": {"cursor": "own"}, "cursor": "n1"}],
        {"query": {"cursor": "own"}},
    ),
    "body, seen by a cursor of one name": Walk(
        "orders.run",
        [{"cursor": "n1", "orders": books("A", "B")}, {"orders": books("C")}],
        [{"limit": 2}, {"limit": 2, "cursor": "n1"}],
        {"limit": 2},
    ),
    "body, seen by number": Walk(
        "reports.run",
        [{"totalPages": 2, "items": books("A", "B")}, {"totalPages": 2, "items": books("C")}],
        [{"pageSize": 2}, {"pageSize": 2, "page": 1}],
        {"page_size": 2},
    ),
    "deep body, seen": Walk(
        "rows.run",
        [{"total": 3, "items": books("A", "B")}, {"total": 3, "items": books("C")}],
        [{"pagination": {"limit": 2}}, {"pagination": {"limit": 2, "offset": 2}}],
        {"pagination": {"limit": 2}},
    ),
    "a page of Spring beside its order": Walk(
        "spring.list",
        [
            {"content": books("A", "B"), "sort": ["title"], "totalPages": 2},
            {"content": books("C"), "sort": ["title"], "totalPages": 2},
        ],
        ["", "page=1"],
    ),
    "continue": Walk(
        "pods.list",
        [
            {"metadata": {"continue": "n1"}, "items": books("A", "B")},
            {"metadata": {"continue": ""}, "items": books("C")},
        ],
        ["", "continue=n1"],
    ),
    "offset of text": Walk(
        "records.list",
        [{"records": books("A", "B"), "offset": "n1"}, {"records": books("C")}],
        ["", "offset=n1"],
    ),
    "body": Walk(
        "search.run",
        CURSORS,
        [{"words": "x"}, {"words": "x", "start_at": "n1"}],
        {"words": "x"},
    ),
    "no body": Walk("search.run", CURSORS, [None, {"start_at": "n1"}]),
    "deep body": Walk(
        "query.run",
        THREE,
        [{"page": {"size": 2}}, {"page": {"size": 2, "from": 2}}, {"page": {"size": 2, "from": 3}}],
        {"page": {"size": 2}},
    ),
    "default 0": Walk("zero.list", THREE, ["", "page=1", "page=2"]),
    "default 0, seen": Walk("zero.seen", THREE, ["", "page=1", "page=2"]),
    "minimum 0": Walk("minimum.list", THREE, ["", "page=1", "page=2"]),
    "default 0 of a property": Walk("pageable.list", THREE, ["", "page=1", "page=2"]),
    "0 by shape": Walk("shape.list", THREE, ["", "page=1", "page=2"]),
    "first 1": Walk("one.list", THREE, ["", "start=3", "start=4"]),
    "skip": Walk("skip.list", THREE, ["limit=2", "skip=2&limit=2", "skip=3&limit=2"], {"limit": 2}),
    "skip from 4": Walk("skip.list", THREE, ["skip=4", "skip=6", "skip=7"], {"skip": 4}),
}


def script(server: Loopback, walk: Walk) -> None:
    headers = walk.headers or ({},) * len(walk.answers)
    for answer, more in zip(walk.answers, headers, strict=True):
        server.answer(answer, headers=more)


def asked(request: Received) -> Any:
    if request.method in {"POST", "QUERY"}:
        return json.loads(request.body) if request.body else None
    return "&".join(sorted(request.raw_query.split("&"), reverse=True))


def method_of(client: Any, path: str) -> Any:
    return attrgetter(path)(client)


@pytest.mark.parametrize("name", WALKS)
def test_page_by_page(sdk: Sdk, server: Loopback, name: str) -> None:
    walk = WALKS[name]
    script(server, walk)
    pages = list(method_of(sdk.client(server.base_url), walk.method)(**walk.given).iter_pages())
    titles = [[book.title for book in page.data] for page in pages]
    assert titles == [*walk.titles][: len(walk.answers)]
    assert [asked(request) for request in server.received] == walk.asked
    assert {request.path for request in server.received} == {server.received[0].path}


@pytest.mark.parametrize("name", WALKS)
def test_page_by_page_async(sdk: Sdk, server: Loopback, name: str) -> None:
    walk = WALKS[name]
    script(server, walk)

    async def titles() -> list[list[str]]:
        async with sdk.async_client(server.base_url) as client:
            first = await method_of(client, walk.method)(**walk.given)
            return [[book.title for book in page.data] async for page in first.iter_pages()]

    assert asyncio.run(titles()) == [*walk.titles][: len(walk.answers)]
    assert [asked(request) for request in server.received] == walk.asked


def test_a_repeated_cursor_in_the_body_is_an_error(sdk: Sdk, server: Loopback) -> None:
    for _ in range(2):
        server.answer(CURSORS[0])
    with pytest.raises(sdk.module.APIResponseValidationError, match="repeats a cursor"):
        list(sdk.client(server.base_url).search.run())
    assert len(server.received) == 2


def test_the_callers_objects_are_not_changed(sdk: Sdk, server: Loopback) -> None:
    script(server, WALKS["deep body"])
    given: dict[str, Any] = {"size": 2}
    assert len(list(sdk.client(server.base_url).query.run(page=given))) == 3
    assert given == {"size": 2}


def test_what_comes_back_as_it_was_sent_is_no_page(sdk: Sdk, server: Loopback) -> None:
    server.answer({"name": "a", "next": "b", "tags": ["t"]})
    node = sdk.client(server.base_url).nodes.create(name="a", next="b")
    assert type(node) is sdk.types.Node


def test_a_number_in_a_body_is_no_page_unless_the_response_has_an_end(
    sdk: Sdk, server: Loopback
) -> None:
    server.answer({"items": books("A")})
    books_of_page = sdk.client(server.base_url).prints.create(page=3)
    assert [book.title for book in books_of_page.items] == ["A"]
    assert not hasattr(books_of_page, "iter_pages")


def test_types(sdk: Sdk) -> None:
    snippet = """
        from typing import assert_type
        from archive_sdk import Archive
        from archive_sdk._runtime.pagination.pages import SyncCursorPage, SyncLinkPage
        from archive_sdk.types import Book

        def check(client: Archive) -> None:
            assert_type(client.roots.list(), SyncLinkPage[Book])
            assert_type(client.nested.list(), SyncCursorPage[Book])
            assert_type(client.search.run(words="x"), SyncCursorPage[Book])
    """
    assert mypy_errors(sdk, snippet) == []
