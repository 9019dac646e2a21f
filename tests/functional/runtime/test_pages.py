"""Lists over a real server: every scheme, both directions, and broken servers."""

from __future__ import annotations

import asyncio
import copy
import json
import pickle
from typing import Any

import pytest

from functional.runtime.sample import INFO, AsyncSample, Run, Sample
from specloom.runtime import errors
from specloom.runtime.api.content import Json
from specloom.runtime.api.operation import Operation, Pagination
from specloom.runtime.models.base import Model, request_id_of
from support.loopback import Loopback, serving


class Items(Model):
    """A page of another API."""

    items: list[Run]
    meta: dict[str, Any]


def run(id_: str) -> dict[str, Any]:
    return {"id": id_, "status": "done"}


def page(*ids: str, has_more: bool, **more: Any) -> dict[str, Any]:
    edges = {"first_id": ids[0], "last_id": ids[-1]} if ids else {}
    return {"data": [run(id_) for id_ in ids], "has_more": has_more, **edges, **more}


def sample(server: Loopback) -> Sample:
    return Sample(INFO, credentials={"key": "k"}, base_url=server.base_url)


def test_iterating_walks_all_pages_lazily(server: Loopback) -> None:
    server.answer(page("a", "b", has_more=True, new=1), headers={"x-request-id": "q"})
    server.answer(page(has_more=True, last_id="b2"))
    server.answer(page("c", has_more=False))
    with sample(server) as client:
        first = client.runs.list()
        assert (len(server.received), [each.id for each in first.data]) == (1, ["a", "b"])
        assert (first.has_more, first.first_id, first.last_id) == (True, "a", "b")
        assert first.to_dict() == page("a", "b", has_more=True, new=1)
        assert request_id_of(first) == "q"
        assert [each.id for each in first] == ["a", "b", "c"]
    assert [request.query for request in server.received] == [
        [],
        [("after", "b")],
        [("after", "b2")],
    ]


def test_page_by_page(server: Loopback) -> None:
    server.answer(page("a", has_more=True))
    server.answer(page("b", has_more=False))
    with sample(server) as client:
        first = client.runs.list()
        assert first.has_next_page()
        second = first.get_next_page()
        assert not second.has_next_page()
        with pytest.raises(RuntimeError, match="no next page"):
            second.get_next_page()
        assert [len(each.data) for each in second.iter_pages()] == [1]


def test_pages_before_a_cursor_continue_backwards(server: Loopback) -> None:
    server.answer(page("y", "z", has_more=True))
    server.answer(page("x", has_more=False))
    with sample(server) as client:
        assert [each.id for each in client.runs.list(before="zz")] == ["y", "z", "x"]
    assert server.last.query == [("before", "y")]


def test_a_missing_cursor_is_the_id_of_the_last_item(server: Loopback) -> None:
    server.answer({"data": [run("a")], "has_more": True})
    server.answer(page("b", has_more=False))
    with sample(server) as client:
        assert [each.id for each in client.runs.list()] == ["a", "b"]
    assert server.last.query == [("after", "a")]


def test_a_circle_is_an_error(server: Loopback) -> None:
    server.answer(page("a", has_more=True))
    server.answer(page("b", has_more=True))
    server.answer(page("a", has_more=True))
    with (
        sample(server) as client,
        pytest.raises(errors.APIResponseValidationError, match="repeats"),
    ):
        list(client.runs.list())
    assert len(server.received) == 3


def test_more_without_a_cursor_is_an_error(server: Loopback) -> None:
    server.answer({"data": [], "has_more": True})
    with (
        sample(server) as client,
        pytest.raises(errors.APIResponseValidationError, match="no cursor"),
    ):
        list(client.runs.list())


def operation(pagination: Pagination) -> Operation[Run]:
    return Operation(
        id="list",
        method="GET",
        path="/items",
        responses={"200": Json(lambda: Items)},
        pagination=pagination,
    )


def items(*ids: str, **meta: Any) -> dict[str, Any]:
    return {"items": [run(id_) for id_ in ids], "meta": meta}


def test_offsets(server: Loopback) -> None:
    for answer in (items("a", "b"), items("c"), items()):
        server.answer(answer)
    scheme = Pagination("offset", items="items", parameter="skip")
    with sample(server) as client:
        pages = client.session.offset_page(operation(scheme), query={"skip": 10})
        assert [each.id for each in pages] == ["a", "b", "c"]
    assert [dict(request.query)["skip"] for request in server.received] == ["10", "12", "13"]


def test_page_numbers(server: Loopback) -> None:
    for answer in (items("a", more=True), items("b", more=False)):
        server.answer(answer)
    scheme = Pagination("page", items="items", parameter="page", has_more="/meta/more")
    with sample(server) as client:
        pages = client.session.number_page(operation(scheme))
        assert [each.id for each in pages] == ["a", "b"]
    assert server.last.query == [("page", "2")]


def test_links_in_body_and_header(server: Loopback) -> None:
    server.answer(items("a", next="/items?page=2&size=9"))
    server.answer(items("b", next=None))
    server.answer(items("a"), headers={"Link": '</items?p=2>; rel="next", </items>; rel="first"'})
    server.answer(items("b"))
    in_body = Pagination("link", items="/items", cursor="/meta/next")
    in_header = Pagination("link", items="items")
    with sample(server) as client:
        for scheme in (in_body, in_header):
            pages = client.session.link_page(operation(scheme), query={"size": 9})
            assert [each.id for each in pages] == ["a", "b"]
    assert [request.raw_query for request in server.received] == [
        "size=9",
        "page=2&size=9",
        "size=9",
        "p=2",
    ]
    assert server.last.headers["authorization"] == "Bearer k"


def test_a_link_to_another_host_is_not_followed(server: Loopback) -> None:
    server.answer(items("a", next="http://elsewhere.invalid/items"))
    scheme = Pagination("link", items="items", cursor="/meta/next")
    with sample(server) as client:
        pages = client.session.link_page(operation(scheme))
        with pytest.raises(errors.APIResponseValidationError, match="another host"):
            pages.has_next_page()


def test_raw_pages(server: Loopback) -> None:
    server.answer(page("a", has_more=True), headers={"X-Total": "2"})
    server.answer(page("b", has_more=False))
    with sample(server) as client:
        raw = client.runs.with_raw_response.list()
        assert raw.headers["x-total"] == "2"
        assert [each.id for each in raw.parse()] == ["a", "b"]


def test_async_lists_can_be_awaited_and_iterated(server: Loopback) -> None:
    for _ in range(2):
        server.answer(page("a", has_more=True))
        server.answer(page("b", has_more=False))
    server.answer(page("c", has_more=False))

    async def main() -> None:
        async with AsyncSample(INFO, credentials={"key": "k"}, base_url=server.base_url) as client:
            assert [each.id async for each in client.runs.list()] == ["a", "b"]
            first = await client.runs.list()
            assert (first.last_id, first.has_next_page()) == ("a", True)
            assert (await first.get_next_page()).data[0].id == "b"
            raw = await client.runs.with_raw_response.list()
            assert raw.parse().data[0].id == "c"

    asyncio.run(main())


def test_a_link_with_another_scheme_keeps_that_of_the_client(server: Loopback) -> None:
    """Frameworks behind a proxy that ends TLS write links with ``http``."""
    address = server.base_url.replace("http://", "https://")
    server.answer(items("a", next=f"{address}/items?page=2"))
    server.answer(items("b"))
    scheme = Pagination("link", items="items", cursor="/meta/next")
    with sample(server) as client:
        pages = client.session.link_page(operation(scheme))
        assert [each.id for each in pages] == ["a", "b"]
    assert server.last.query == [("page", "2")]


def test_a_list_that_was_redirected_to_another_host_ends_there(server: Loopback) -> None:
    """The next page would send the credentials of the first host to another one."""
    with serving() as elsewhere:
        other = elsewhere.base_url.replace("127.0.0.1", "localhost")
        server.answer(status=302, headers={"Location": f"{other}/items"})
        elsewhere.answer(items("a", next=f"{other}/items?page=2"))
        scheme = Pagination("link", items="items", cursor="/meta/next")
        with sample(server) as client:
            pages = client.session.link_page(operation(scheme))
            with pytest.raises(errors.APIResponseValidationError, match="another host"):
                pages.has_next_page()


def test_pages_have_the_fields_of_their_response_and_dump_as_it_does(server: Loopback) -> None:
    body = page("a", has_more=False, total=7)
    server.answer(body)
    with sample(server) as client:
        found: Any = client.runs.list()
    assert found.total == 7
    with pytest.raises(AttributeError):
        _ = found.totl
    assert found.model_dump(exclude_unset=True) == body
    assert json.loads(found.model_dump_json(exclude_unset=True)) == body
    assert json.loads(found.to_json()) == body
    assert found.to_json(indent=2).startswith('{\n  "')


def test_pages_pickle_without_their_client(server: Loopback) -> None:
    server.answer(page("a", has_more=True, total=7), headers={"x-request-id": "q"})
    server.answer(page("b", has_more=False))
    with sample(server) as client:
        pages = list(client.runs.list().iter_pages())
    first, last = (pickle.loads(pickle.dumps(each)) for each in pages)
    assert (first.to_dict(), type(first)) == (pages[0].to_dict(), type(pages[0]))
    assert (first.data[0].id, first.last_id, first.total) == ("a", "a", 7)
    assert (request_id_of(first), first.has_next_page()) == ("q", True)
    with pytest.raises(RuntimeError, match="from a pickle"):
        list(first)
    assert b"Bearer" not in pickle.dumps(pages[0])
    assert [each.id for each in last] == ["b"]
    assert not pickle.loads(pickle.dumps(last)).has_next_page()


def test_a_copy_of_a_page_keeps_its_client(server: Loopback) -> None:
    server.answer(page("a", has_more=True))
    server.answer(page("b", has_more=False))
    with sample(server) as client:
        twin = copy.copy(client.runs.list())
        assert twin.get_next_page().data[0].id == "b"
