"""Extensions of Speakeasy and Fern name and describe parts of the SDK; x-sdk wins over them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from specloom.errors import Problem
from specloom.options import BuildOptions
from specloom.pipeline import read
from support.generated import Sdk
from support.loopback import Loopback

pytestmark = pytest.mark.slow
SPEC = Path(__file__).parent / "spec.yaml"


@pytest.fixture(scope="module")
def told() -> list[Problem]:
    """The notes about the description."""
    return list(read(SPEC, BuildOptions()).problems)


def test_groups_and_method_names(sdk: Sdk) -> None:
    client = sdk.client("http://localhost")
    books = client.catalogue.books
    assert {"browse", "register", "fetch"} <= set(dir(books))
    assert not {"add", "list", "create", "retrieve", "drop", "delete"} & set(dir(books))
    assert "all" in dir(client.archive.shelves)
    assert "look_for" in dir(client)
    assert "secret" not in dir(client)


def test_two_of_one_name_are_settled(sdk: Sdk) -> None:
    stories = sdk.client("http://localhost").stories
    assert {"words", "retrieve"} <= set(dir(stories))


def test_names_of_inputs_and_types(sdk: Sdk, server: Loopback) -> None:
    server.answer({"id": "b_1"})
    client = sdk.client(server.base_url)
    book = client.catalogue.books.fetch(book_id="b_1")
    assert type(book) is sdk.types.Volume
    assert book.key == "b_1"
    with pytest.raises(TypeError, match="x_trace"):
        client.catalogue.books.browse(x_trace="1")


def test_cursor_of_speakeasy(sdk: Sdk, server: Loopback) -> None:
    pages = [(["a", "b"], "m2"), (["c"], None)]
    for ids, then in pages:
        server.answer({"found": {"books": [{"id": one} for one in ids], "then": then}})
    client = sdk.client(server.base_url)
    books = client.catalogue.books.browse(language="en")
    assert [book.key for book in books] == ["a", "b", "c"]
    assert [one.raw_query for one in server.received] == ["lang=en", "marker=m2&lang=en"]
    assert sdk.types.BookPage


def test_offset_of_fern(sdk: Sdk, server: Loopback) -> None:
    for ids in (["a", "b"], ["c"], []):
        server.answer({"found": {"books": [{"id": one} for one in ids]}})

    async def all_keys() -> list[str]:
        async with sdk.async_client(server.base_url) as client:
            return [book.key async for book in client.archive.shelves.all(size=2)]

    assert asyncio.run(all_keys()) == ["a", "b", "c"]
    assert [one.raw_query for one in server.received][1:] == ["skip=2&size=2", "skip=3&size=2"]


def test_streams_of_fern(sdk: Sdk, server: Loopback) -> None:
    events = b'data: {"word": "once"}\n\ndata: {"word": "upon"}\n\n'
    client = sdk.client(server.base_url)
    for stream in (client.stories.words, lambda: client.stories.tell(live=True)):
        server.answer(events, content_type="text/event-stream")
        with stream() as words:
            assert [one.word for one in words] == ["once", "upon"]
    server.answer({"id": "b_1"})
    assert client.stories.tell().key == "b_1"


def test_each_extension_is_reported_once(told: list[Problem]) -> None:
    notes = [one for one in told if one.severity == "info"]
    messages = {one.message for one in notes}
    assert "x-speakeasy-group names a resource, 3 times" in messages
    assert "x-speakeasy-ignore leaves dropBook out" in messages
    assert "x-fern-ignore leaves secret out" in messages
    assert "x-speakeasy-retries is not used" in messages
    assert all(one.pointer for one in notes)
    assert len(messages) == len(notes)


def test_pages_that_cannot_be_are_a_warning(told: list[Problem]) -> None:
    [problem] = [one for one in told if one.severity == "warning"]
    assert problem.code == "unused-hint"
    assert "searchEverything" in problem.message


def test_values_of_the_wrong_type_are_no_error(generate: Callable[[str], Sdk]) -> None:
    sdk = generate("""
        openapi: 3.1.0
        info: {title: Zoo, version: "1"}
        x-speakeasy-name-override: [1, {operationId: "(", methodNameOverride: x}, {operationId: 3}]
        paths:
          /animals:
            get:
              operationId: listAnimals
              x-speakeasy-group: {a: 1}
              x-speakeasy-name-override: "not; a name"
              x-speakeasy-pagination: {type: cursor, inputs: 3, outputs: [1]}
              x-fern-pagination: {cursor: 3}
              x-fern-streaming: 7
              x-fern-ignore: "no"
              responses:
                "200":
                  description: ""
                  content: {application/json: {schema: {type: array, items: {type: string}}}}
        """)
    assert "list" in dir(sdk.client("http://localhost").animals)


def test_pages_whose_items_are_not_named(generate: Callable[[str], Sdk], server: Loopback) -> None:
    sdk = generate("""
        openapi: 3.1.0
        info: {title: Zoo, version: "1"}
        paths:
          /animals:
            post:
              operationId: searchAnimals
              x-speakeasy-pagination:
                type: cursor
                inputs: [{name: from, in: requestBody, type: cursor}]
                outputs: {nextCursor: $.then}
              requestBody:
                content:
                  application/json:
                    schema: {type: object, properties: {from: {type: string}}}
              responses:
                "200":
                  description: Animals.
                  content:
                    application/json:
                      schema:
                        type: object
                        properties:
                          herd: {type: array, items: {type: string}}
                          then: {type: string}
        """)
    server.answer({"herd": ["a"], "then": "n"})
    server.answer({"herd": ["b"]})
    assert list(sdk.client(server.base_url).animals.search()) == ["a", "b"]
    assert [one.body for one in server.received] == [b"", b'{"from":"n"}']
