"""The pages of an API with other features than the Assistants API."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.examples import ExampleServer
from support.generated import Sdk, forget, generate_sdk
from support.loopback import serving
from support.pages import broken_links, programs_of, prose_of, run, type_errors

pytestmark = pytest.mark.slow

SPEC = Path(__file__).parent / "library.yaml"


@pytest.fixture(scope="module")
def sdk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sdk]:
    made = generate_sdk(SPEC, tmp_path_factory.mktemp("library"))
    yield made
    forget(made)


def pages_of(sdk: Sdk) -> list[Path]:
    return sorted(sdk.folder.rglob("*.md"))


@pytest.mark.filterwarnings("ignore:client.books.* is deprecated:DeprecationWarning")
def test_examples_run_and_type_check(
    sdk: Sdk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    programs = [program for page in pages_of(sdk) for program in programs_of(page)]
    with serving(ExampleServer(SPEC)) as server:
        monkeypatch.setenv("LIBRARY_BASE_URL", server.base_url)
        for program in programs:
            run(program)
        called = {(one.method, one.path.rpartition("/")[2]) for one in server.received}
    assert {("GET", "books"), ("PUT", "scan"), ("GET", "scan"), ("GET", "news")} <= called
    assert (tmp_path / "download").read_bytes() == b"%PDF"
    assert type_errors(programs, sdk.folder, tmp_path) == []


def test_an_example_that_is_wrong_is_found(sdk: Sdk, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    code = "from library_sdk import Library\n\nclient = Library(1)\n"
    page.write_text(f"# x\n\n```python\n{code}```\n")
    error, *_ = type_errors(programs_of(page), sdk.folder, tmp_path)
    assert error.startswith(f"{page}:6: error: Too many positional arguments")


def test_links_lead_somewhere(sdk: Sdk) -> None:
    assert broken_links(pages_of(sdk)) == []


def test_only_the_guides_that_apply_are_there(sdk: Sdk) -> None:
    names = {page.stem for page in (sdk.folder / "docs/guides").iterdir()}
    assert {"files", "pages", "streams", "authentication"} <= names
    files = sdk.source("docs/guides/files.md")
    assert "## Uploads" in files
    assert "## Downloads" in files


def test_credentials_are_in_the_examples(sdk: Sdk) -> None:
    assert 'Library(basic_auth=("user", "password"))' in sdk.source("docs/resources/books.md")
    assert "`LIBRARY_API_KEY`" not in sdk.source("README.md")


def test_values_are_made_that_are_valid(sdk: Sdk) -> None:
    text = sdk.source("docs/resources/books.md")
    assert 'scan=("notes.txt", b"Hello")' in text
    assert '"book_123",' in text
    assert "pages=4" in text
    assert '"isbn": "123"' in text
    assert '"author": {"email": "ada@example.com"}' in text
    assert '"published": "2026-01-31"' in text
    assert '"kind": "novel"' in text
    assert "homepage_url" not in text.replace("`homepage_url`", "")


def test_reserved_names_and_wire_names(sdk: Sdk) -> None:
    assert 'class_="novel"' in sdk.source("docs/resources/books.md")
    assert "- `class_` (`str`, optional, wire name `class`): Its shelf." in sdk.source(
        "docs/types/books.md"
    )


def test_deprecated_operations_name_their_successor(sdk: Sdk) -> None:
    told = "**Deprecated: use [`client.books.add_books`](#add_books).**"
    assert told in sdk.source("docs/resources/books.md")


def test_errors_of_one_operation_are_reported_with_it(sdk: Sdk) -> None:
    text = sdk.source("docs/resources/books.md")
    assert (
        "- [`ConflictError`](../guides/errors.md#exception-hierarchy) (409): It is there already."
        in text
    )
    assert "(any other status): Anything else." in text


def test_descriptions_stay_in_their_place(sdk: Sdk) -> None:
    index = sdk.source("docs/README.md")
    assert "\n**Books and readers**\n" in index
    assert "See the guide, the [site](https://library.example.com/help) or ask." in index
    books = sdk.source("docs/resources/books.md")
    assert "- `note` (`str`): Said of it.\n\n    - with `code`\n    - or &lt;script>none" in books
    assert all("<script" not in prose_of(page) for page in pages_of(sdk))
