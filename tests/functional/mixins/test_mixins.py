"""Hand-written code goes into the package, and generated classes inherit from it."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from specloom.options import BuildOptions
from support.generated import Sdk, forget, generate_sdk
from support.loopback import Loopback
from support.typecheck import mypy_errors

HERE = Path(__file__).parent
LOANS = b'data: {"book": "a", "days": 7}\n\ndata: {"book": "b", "days": 14}\n\n'
BOOKS = [{"title": "Momo", "isbn": "1"}, {"title": "Jim Knopf", "isbn": "2"}]


@pytest.fixture(scope="module")
def sdk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sdk]:
    made = generate_sdk(
        HERE / "spec.yaml", tmp_path_factory.mktemp("sdk"), BuildOptions(include=HERE / "lib")
    )
    yield made
    forget(made)


def stream(server: Loopback, content: bytes = LOANS) -> None:
    server.answer(content, content_type="text/event-stream")


def test_the_folder_is_copied_unchanged(sdk: Sdk) -> None:
    written = sorted(path.name for path in (HERE / "lib").iterdir() if path.is_file())
    copied = sdk.folder / "library_sdk/lib"
    assert sorted(path.name for path in copied.iterdir() if path.is_file()) == written
    for name in written:
        assert (copied / name).read_bytes() == (HERE / "lib" / name).read_bytes()


def test_a_resource_has_the_members_of_its_mixin(sdk: Sdk, server: Loopback) -> None:
    server.answer(BOOKS)
    books = sdk.client(server.base_url).books
    assert books.titles(author="Ende") == ["Jim Knopf", "Momo"]
    assert server.last.query == [("author", "Ende")]


def test_an_async_resource_has_the_members_of_its_mixin(sdk: Sdk, server: Loopback) -> None:
    server.answer(BOOKS)

    async def titles() -> object:
        async with sdk.async_client(server.base_url) as client:
            return await client.books.titles(author="Ende", limit=1)

    assert asyncio.run(titles()) == ["Jim Knopf"]


def test_clients_have_the_members_of_their_mixins(sdk: Sdk, server: Loopback) -> None:
    server.answer(BOOKS)
    server.answer(BOOKS)
    client = sdk.client(server.base_url)
    assert client.greeting == "Grüß Gott"
    assert client.count() == 2
    assert client.with_options(max_retries=0).count() == 2

    server.answer(BOOKS)

    async def count() -> object:
        async with sdk.async_client(server.base_url) as client:
            return await client.count()

    assert asyncio.run(count()) == 2


def test_a_stream_has_the_members_of_its_mixin(sdk: Sdk, server: Loopback) -> None:
    loans = sdk.client(server.base_url).loans
    stream(server)
    with loans.create(book="a", stream=True) as made:
        assert type(made) is sdk.module.LoanStream
        assert isinstance(made, sdk.module.Stream)
        assert made.days() == 21
    stream(server)
    assert loans.watch().days() == 21
    server.answer({"book": "a", "days": 7})
    assert loans.create(book="a").days == 7


def test_an_async_stream_has_the_members_of_its_mixin(sdk: Sdk, server: Loopback) -> None:
    async def days() -> list[object]:
        async with sdk.async_client(server.base_url) as client:
            stream(server)
            made = await client.loans.create(book="a", stream=True)
            stream(server)
            watched = await client.loans.watch()
            return [type(made), await made.days(), await watched.days()]

    assert asyncio.run(days()) == [sdk.module.AsyncLoanStream, 21, 21]


def test_a_stream_can_have_a_class_without_a_mixin(sdk: Sdk, server: Loopback) -> None:
    server.answer(b'{"book": "a", "days": 7}\n', content_type="application/jsonl")
    returned = sdk.client(server.base_url).returns.watch()
    assert type(returned) is sdk.module.ReturnStream
    assert [loan.book for loan in returned] == ["a"]


def test_raw_responses_are_parsed_to_the_class_of_the_stream(sdk: Sdk, server: Loopback) -> None:
    loans = sdk.client(server.base_url).loans
    stream(server)
    assert loans.with_raw_response.watch().parse().days() == 21
    stream(server)
    with loans.with_streaming_response.watch() as response:
        assert response.parse().days() == 21


def test_type_checkers_see_inherited_members(sdk: Sdk) -> None:
    snippet = """
        from typing import assert_type
        from library_sdk import AsyncLibrary, AsyncLoanStream, Library, LoanStream, ReturnStream
        from library_sdk.types import Loan

        def check(client: Library, either: bool) -> None:
            assert_type(client.greeting, str)
            assert_type(client.count(), int)
            assert_type(client.books.titles(author="a"), list[str])
            assert_type(client.loans.create(book="a"), Loan)
            stream = client.loans.create(book="a", stream=True)
            assert_type(stream, LoanStream)
            assert_type(stream.days(), int)
            assert_type(next(stream), Loan)
            assert_type(client.loans.create(book="a", stream=either), Loan | LoanStream)
            assert_type(client.loans.watch(), LoanStream)
            assert_type(client.loans.with_raw_response.watch().parse(), LoanStream)
            assert_type(client.returns.watch(), ReturnStream)
            client.books.titels(author="a")  # type: ignore[attr-defined]

        async def check_async(client: AsyncLibrary) -> None:
            assert_type(await client.count(), int)
            assert_type(await client.books.titles(author="a"), list[str])
            stream = await client.loans.create(book="a", stream=True)
            assert_type(stream, AsyncLoanStream)
            assert_type(await stream.days(), int)
    """
    assert mypy_errors(sdk, snippet) == []


def test_what_is_written_by_hand_is_loaded_when_it_is_used(sdk: Sdk) -> None:
    code = """
        import sys
        from library_sdk import Library
        client = Library(base_url="http://localhost")
        print("library_sdk.lib.loans" in sys.modules, "pydantic" in sys.modules)
        client.loans.watch
        print("library_sdk.lib.loans" in sys.modules, "pydantic" in sys.modules)
    """
    result = subprocess.run(
        [sys.executable, "-c", "\n".join(line.strip() for line in code.splitlines())],
        cwd=sdk.folder,
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.split() == ["False"] * 4


def test_pages_tell_of_it(sdk: Sdk) -> None:
    guide = sdk.source("docs/guides/streams.md")
    assert "## `LoanStream`\n\nAdds loans up.\n" in guide
    assert "        print(stream.days())" not in guide
    assert "    print(stream.days())\n```" in guide
    assert "- `days()`: The days of all loans to come.\n" in guide
    assert "## `ReturnStream`\n" in guide
    books = sdk.source("docs/resources/books.md")
    assert "- `titles(*, author, limit=10)`: The titles by an author.\n" in books
    index = sdk.source("docs/README.md")
    assert "- `greeting`: How the library greets.\n- `count()`: How many books" in index
    assert "[`LoanStream`](../guides/streams.md#loanstream) of" in sdk.source(
        "docs/resources/loans.md"
    )


def test_the_project_ships_it(sdk: Sdk, tmp_path: Path) -> None:
    built = tmp_path / "built"
    shutil.copytree(sdk.folder, tmp_path / "project", ignore=shutil.ignore_patterns("__pycache__"))
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"),
            *("--no-build-isolation", "--disable-pip-version-check"),
            *("--target", str(built), str(tmp_path / "project")),
        ],
        check=True,
    )
    assert (built / "library_sdk/lib/words.json").is_file()
    assert (built / "library_sdk/lib/loans.py").is_file()
