"""``readOnly`` is no argument, ``writeOnly`` no attribute, though one schema says both."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any

from support.generated import Sdk
from support.loopback import Loopback
from support.typecheck import mypy_errors

BOOK = {"id": "b1", "title": "Emma", "added": "2024-05-01T00:00:00Z"}


def test_arguments_are_what_can_be_written(sdk: Sdk, server: Loopback) -> None:
    server.answer(BOOK, status=201)
    create = sdk.client(server.base_url).books.create
    assert list(inspect.signature(create).parameters) == ["title", "secret", "options"]
    create(title="Emma", secret="s")
    assert server.last.json == {"title": "Emma", "secret": "s"}


def test_attributes_are_what_can_be_read(sdk: Sdk, server: Loopback) -> None:
    server.answer(BOOK, status=201)
    book = sdk.client(server.base_url, strict=True).books.create(title="Emma", secret="s")
    assert list(sdk.types.Book.model_fields) == ["id", "title", "added"]
    assert (book.id, book.added.year) == ("b1", 2024)
    assert book.to_dict() == BOOK


def test_nested_objects_are_split_as_well(sdk: Sdk, server: Loopback) -> None:
    server.answer({"books": [BOOK]}, status=201)

    async def create() -> Any:
        async with sdk.async_client(server.base_url, strict=True) as client:
            return await client.shelves.create(books=[{"title": "Emma", "secret": "s"}])

    shelf = asyncio.run(create())
    assert server.last.json == {"books": [{"title": "Emma", "secret": "s"}]}
    assert shelf.books[0].to_dict() == BOOK


def test_types_of_both_directions(sdk: Sdk) -> None:
    snippet = """
        from library_sdk import Library

        def check(client: Library) -> None:
            book = client.books.create(title="Emma", secret="s")
            client.shelves.create(books=[{"title": "Emma", "secret": "s"}, book])
            client.books.create(title="Emma", secret="s", id="b1")  # type: ignore[call-arg]
            client.books.create(title="Emma")  # type: ignore[call-arg]
            book.secret  # type: ignore[attr-defined]
    """
    assert mypy_errors(sdk, snippet) == []
