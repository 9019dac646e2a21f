"""Settings of the surface in x-sdk: aliases, own page classes, the README's first call."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from specloom.errors import SpecError
from specloom.options import BuildOptions
from specloom.pipeline import build
from support.generated import Sdk, forget, generate_sdk
from support.loopback import serving
from support.typecheck import mypy_errors

_BOOK = "{type: object, required: [id], properties: {id: {type: string}}}"
_SPEC = f"""\
openapi: 3.1.0
info: {{title: Library, version: "1"}}
x-sdk:
  version: 0.1.0
  readme: {{operation: books.lend, arguments: {{id: b_7, days: 14}}}}
  pagination:
    shelf: {{style: page, parameter: page, items: books, class: ShelfPage}}
paths:
  /books:
    get:
      operationId: listBooks
      x-sdk: {{pagination: shelf}}
      parameters: [{{name: page, in: query, schema: {{type: integer}}}}]
      responses:
        "200":
          description: ok
          content:
            application/json:
              schema: {{type: object, properties: {{books: {{type: array, items: {_BOOK}}}}}}}
  /books/{{id}}/lend:
    post:
      operationId: lendBook
      x-sdk: {{aliases: [books.give, loans.create, lend]}}
      parameters: [{{name: id, in: path, required: true, schema: {{type: string}}}}]
      requestBody:
        content:
          application/json:
            schema: {{type: object, properties: {{days: {{type: integer}}}}}}
      responses: {{"200": {{description: ok, content: {{application/json: {{schema: {_BOOK}}}}}}}}}
  /shelves/{{shelf}}/books/{{book}}/pages/{{page}}:
    get:
      operationId: readPage
      x-sdk: {{resource: pages, method: read, positional: [shelf, book]}}
      parameters:
        - {{name: shelf, in: path, required: true, schema: {{type: string}}}}
        - {{name: book, in: path, required: true, schema: {{type: string}}}}
        - {{name: page, in: path, required: true, schema: {{type: integer}}}}
      responses: {{"200": {{description: ok, content: {{application/json: {{schema: {_BOOK}}}}}}}}}
  /shelves/{{shelf}}/cover:
    put:
      operationId: writeCover
      x-sdk: {{resource: covers, method: write, positional_body: true}}
      parameters:
        - {{name: shelf, in: path, required: true, schema: {{type: string}}}}
        - {{name: size, in: query, schema: {{type: integer}}}}
      requestBody: {{required: true, content: {{image/png: {{}}}}}}
      responses: {{"204": {{description: ok}}}}
"""


def _write(folder: Path, *changes: tuple[str, str]) -> Path:
    text = _SPEC
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / "library.yaml").write_text(text)
    return folder / "library.yaml"


@pytest.fixture(scope="module")
def sdk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sdk]:
    folder = tmp_path_factory.mktemp("library")
    made = generate_sdk(_write(folder), folder / "sdk", BuildOptions())
    yield made
    forget(made)


def test_a_method_has_further_names(sdk: Sdk) -> None:
    with serving() as server:
        client = sdk.client(server.base_url)
        for method in (client.books.lend, client.books.give, client.loans.create, client.lend):
            server.answer({"id": "b_1"})
            assert isinstance(method("b_1", days=3), sdk.types.BookLendResponse)
            assert server.last.path == "/books/b_1/lend"
        server.answer({"id": "b_1"})
        assert client.loans.with_raw_response.create("b_1").parse().id == "b_1"

        async def lent() -> Any:
            async with sdk.async_client(server.base_url) as other:
                return await other.loans.create("b_1")

        server.answer({"id": "b_2"})
        assert asyncio.run(lent()).id == "b_2"
    assert "`loans.create`: The same as [`client.books.lend`](books.md#lend)." in sdk.source(
        "docs/resources/loans.md"
    )


def test_several_path_arguments_are_positional(sdk: Sdk) -> None:
    with serving() as server:
        client = sdk.client(server.base_url)
        server.answer({"id": "b_1"})
        client.pages.read("a", "b", page=3)
        assert server.last.path == "/shelves/a/books/b/pages/3"
        with pytest.raises(TypeError, match="positional"):
            client.pages.read("a", "b", 3)
    assert "client.pages.read(shelf, book, *, page" in sdk.source("api.md")
    assert 'client.pages.read("shelf", "book", page=' in sdk.source("docs/resources/pages.md")
    errors = mypy_errors(
        sdk,
        """
        from library_sdk import Library

        Library().pages.read("a", "b", page=1)
        Library().pages.read("a", book="b", page=1)
        Library().pages.read("a", page=1)  # type: ignore[call-arg]
        """,
    )
    assert errors == []


def test_a_body_may_be_positional(sdk: Sdk) -> None:
    with serving() as server:
        server.answer(None, status=204)
        sdk.client(server.base_url).covers.write("a", b"bytes", size=1)
        assert (server.last.path, server.last.body) == ("/shelves/a/cover", b"bytes")
    assert "client.covers.write(shelf, body, *, size=...)" in sdk.source("api.md")


def test_a_body_of_several_arguments_has_no_position(tmp_path: Path) -> None:
    spec = _write(tmp_path, ("positional: [shelf, book]", "positional_body: true"))
    with pytest.raises(SpecError) as caught:
        build(spec, BuildOptions())
    assert "is not one argument" in str(caught.value)


def test_pages_have_a_class_of_their_own(sdk: Sdk) -> None:
    with serving() as server:
        server.answer({"books": [{"id": "b_1"}]})
        server.answer({"books": []})
        page = sdk.client(server.base_url).books.list()
        assert type(page) is sdk.module.SyncShelfPage
        assert isinstance(page.get_next_page(), sdk.module.SyncShelfPage)

        async def listed() -> Any:
            async with sdk.async_client(server.base_url) as client:
                return await client.books.list()

        server.answer({"books": []})
        assert isinstance(asyncio.run(listed()), sdk.module.AsyncShelfPage)
    assert "SyncShelfPage" in sdk.source("docs/resources/books.md")


def test_the_readme_begins_with_the_call(sdk: Sdk) -> None:
    program = sdk.source("README.md").partition("```python\n")[2].partition("```")[0]
    assert 'client.books.lend("b_7", days=14)' in program


@pytest.mark.slow
def test_type_checkers_follow(sdk: Sdk) -> None:
    snippet = (
        "from library_sdk import Library, SyncShelfPage\n"
        "from library_sdk.types import BookLendResponse, BookListResponseBook\n"
        "client = Library()\n"
        "page: SyncShelfPage[BookListResponseBook] = client.books.list()\n"
        "lent: BookLendResponse = client.loans.create('b_1', days=3)\n"
    )
    assert mypy_errors(sdk, snippet) == []


def test_a_removed_alias_is_not_a_former_name(tmp_path: Path) -> None:
    lock = tmp_path / "names.lock"
    options = BuildOptions(names_lock=lock)
    lock.write_text(build(_write(tmp_path), options).lock or "")
    assert "loans" not in lock.read_text()
    # A renamed method keeps its former name as an alias without a warning.
    moved = _write(
        tmp_path,
        (
            "{aliases: [books.give, loans.create, lend]}",
            "{method: hand_out, aliases: [books.lend]}",
        ),
        ("operation: books.lend", "operation: lendBook"),
    )
    made = build(moved, options)
    former = [one for resource in made.api.resources for one in resource.former]
    assert [one.is_alias for one in former] == [True]


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("books.give", "books.list", 23, "client.books.list is already GET /books, or below it"),
        ("books.give", "books", 23, "client.books is already a resource"),
        ("books.give", "books.list.all", 23, "client.books.list.all is already GET /books"),
        ("[books.give", "['no name'", 23, "expected attribute names joined by dots"),
        ("books.lend,", "books.lnd,", 5, "did you mean 'books.lend'?"),
        ("days: 14", "dys: 14", 5, "did you mean 'days'?"),
        ("shelf, book]", "shelf, bok]", 33, "no path parameter is named 'bok'"),
        ("class: ShelfPage", "class: CursorPage", 7, "SyncCursorPage is a class of the runtime"),
    ],
)
def test_wrong_values_are_errors(
    tmp_path: Path, old: str, new: str, line: int, message: str
) -> None:
    with pytest.raises(SpecError) as caught:
        build(_write(tmp_path, (old, new)), BuildOptions())
    assert message in str(caught.value)
    if line != 7:
        assert f"library.yaml:{line}:" in str(caught.value)
