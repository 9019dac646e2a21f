"""Faults of included code and mixins are reported together, each with its place."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from click.testing import CliRunner, Result

from specloom.commands import main
from specloom.custom_code import read_include
from specloom.errors import Problems

HERE = Path(__file__).parent
SPEC = (HERE / "spec.yaml").read_text(encoding="utf-8")
LIB = Path("lib")


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The description and its folder of code in the working directory."""
    monkeypatch.chdir(tmp_path)
    Path("library.yaml").write_text(SPEC, encoding="utf-8")
    shutil.copytree(HERE / "lib", LIB, ignore=shutil.ignore_patterns("__pycache__"))


def generate(*options: str, include: str = "lib") -> Result:
    given = ["library.yaml", "-o", "out", *(("--include", include) if include else ()), *options]
    return CliRunner().invoke(main, ["generate", *given])


def problems(*options: str, include: str = "lib") -> list[dict[str, Any]]:
    """The problems of a run that writes nothing."""
    result = generate("--format", "json", *options, include=include)
    assert result.exit_code == 2, result.output
    assert not Path("out").exists()
    found: list[dict[str, Any]] = json.loads(result.stderr)
    return found


def only_problem(include: str = "lib") -> dict[str, Any]:
    (problem,) = problems(include=include)
    return problem


def write(path: str, text: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(dedent(text), encoding="utf-8")


def describe(old: str, new: str) -> int:
    """Change the description; returns the line of the change."""
    text = SPEC.replace(old, new)
    assert text != SPEC
    Path("library.yaml").write_text(text, encoding="utf-8")
    return text[: text.index(new)].count("\n") + 1


def test_a_folder_that_is_not_there() -> None:
    problem = only_problem(include="libb")
    assert (problem["code"], problem["file"]) == ("unreadable", "libb")
    assert "create it" in problem["hint"]


@pytest.mark.parametrize("name", ["types", "resources", "client", "_runtime", "streams", "testing"])
def test_a_name_that_the_package_has_itself(name: str) -> None:
    LIB.rename(name)
    describe("lib.", f"{name}.")
    problem = only_problem(include=name)
    assert (problem["code"], problem["file"]) == ("bad-include", name)
    assert "'lib'" in problem["hint"]


@pytest.mark.parametrize("name", ["my-lib", "class", "2lib"])
def test_an_invalid_python_name(name: str) -> None:
    LIB.rename(name)
    describe("lib.", "libs.")
    assert only_problem(include=name)["code"] == "bad-include"


def test_invalid_python_files() -> None:
    write("lib/shortcuts.py", "class A:\n    def b(self:\n        pass\n")
    write("lib/deep/more.pyi", "\nx ==\n")
    (LIB / "nul.py").write_bytes(b"x = '\0'\n")
    found = [(one["code"], one["file"], one["line"], one["column"]) for one in problems()]
    assert found[0] == ("bad-include", "lib/deep/more.pyi", 2, 5)
    assert [one[1] for one in found] == ["lib/deep/more.pyi", "lib/nul.py", "lib/shortcuts.py"]
    assert found[2][2] == 2


def test_a_binary_file() -> None:
    (LIB / "picture.png").write_bytes(b"\x89PNG\r\n")
    problem = only_problem()
    assert (problem["code"], problem["file"]) == ("not-utf8", "lib/picture.png")


def test_a_link_to_outside_the_folder() -> None:
    write("secret.txt", "secret\n")
    (LIB / "data.txt").symlink_to(Path("..") / "secret.txt")
    (LIB / "outside").symlink_to("/", target_is_directory=True)
    (LIB / "nowhere").symlink_to("nothing")
    found = [(one["code"], one["file"]) for one in problems()]
    assert found == [
        ("bad-include", "lib/data.txt"),
        ("bad-include", "lib/nowhere"),
        ("bad-include", "lib/outside"),
    ]


def test_what_is_no_file_is_not_waited_for() -> None:
    os.mkfifo(LIB / "pipe")
    assert only_problem()["file"] == "lib/pipe"


def test_a_link_inside_the_folder_is_its_target() -> None:
    (LIB / "same.json").symlink_to("words.json")
    assert generate().exit_code == 0
    copy = Path("out/library_sdk/lib/same.json")
    assert not copy.is_symlink()
    assert copy.read_bytes() == (LIB / "words.json").read_bytes()


def test_what_python_and_editors_leave_is_left_out() -> None:
    for path in (
        "lib/__pycache__/a.cpython-311.pyc",
        "lib/.hidden/b.py",
        "lib/.c.swp",
        "lib/d.py~",
    ):
        write(path, "no python")
    assert generate().exit_code == 0
    copied = {path.name for path in Path("out/library_sdk/lib").rglob("*")}
    assert copied == {"__init__.py", "loans.py", "shortcuts.py", "words.json"}


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("lib.shortcuts.BookMixin", "did you mean 'lib.shortcuts.BooksMixin'?"),
        ("lib.shortcut.BooksMixin", "did you mean 'lib.shortcuts.BooksMixin'?"),
        ("libs.shortcuts.BooksMixin", "did you mean 'lib.shortcuts.BooksMixin'?"),
        ("zzz.Zzz", "there is: lib."),
    ],
)
def test_a_class_that_is_not_there(path: str, hint: str) -> None:
    line = describe("books: lib.shortcuts.BooksMixin", f"books: {path}")
    problem = only_problem()
    assert (problem["code"], problem["line"]) == ("bad-mixin", line)
    assert path in problem["message"]
    assert problem["hint"].startswith(hint)


def test_a_class_without_an_async_class() -> None:
    text = (LIB / "loans.py").read_text(encoding="utf-8")
    write("lib/loans.py", text.replace("class AsyncLoanStreamMixin", "class Other"))
    problem = only_problem()
    assert problem["code"] == "bad-mixin"
    assert "'lib.loans.AsyncLoanStreamMixin'" in problem["message"]
    assert "AsyncLoanStreamMixin = LoanStreamMixin" in problem["hint"]


def test_a_twin_may_be_the_same_class() -> None:
    write(
        "lib/both.py",
        """
        class BooksMixin:
            def shelf(self) -> str:
                return "A"

        AsyncBooksMixin = BooksMixin
        """,
    )
    describe("lib.shortcuts.BooksMixin", "lib.both.BooksMixin")
    assert generate().exit_code == 0


def test_a_mixin_may_be_imported_by_the_module_that_is_named() -> None:
    write("lib/__init__.py", "from .shortcuts import AsyncBooksMixin, BooksMixin as BooksMixin\n")
    describe("lib.shortcuts.BooksMixin", "lib.BooksMixin")
    assert generate().exit_code == 0


def test_a_resource_that_is_not_there() -> None:
    line = describe("books: lib.", "boks: lib.")
    problem = only_problem()
    assert (problem["code"], problem["line"]) == ("bad-mixin", line)
    assert problem["message"] == "no resource is called 'boks'"
    assert problem["hint"] == "did you mean 'books'?"


def test_a_stream_that_is_not_there() -> None:
    describe("LoanStream: lib", "LoanStreams: lib")
    assert only_problem()["hint"] == "did you mean 'LoanStream'?"


def test_a_stream_where_no_operation_has_a_class() -> None:
    text = SPEC.replace(", class: LoanStream", "").replace("{class: LoanStream}", "{}")
    text = text.replace("{class: ReturnStream}", "{}")
    Path("library.yaml").write_text(text, encoding="utf-8")
    assert "stream: {class: LoanStream}" in only_problem()["hint"]


def test_a_method_that_a_generated_one_would_hide() -> None:
    text = (LIB / "shortcuts.py").read_text(encoding="utf-8")
    write("lib/shortcuts.py", text.replace("def titles(", "def list("))
    problem = only_problem()
    assert problem["code"] == "bad-mixin"
    assert "BooksMixin.list would be hidden" in problem["message"]


def test_a_resource_that_would_hide_a_member_of_the_client() -> None:
    text = (LIB / "shortcuts.py").read_text(encoding="utf-8")
    write("lib/shortcuts.py", text.replace("def count(", "def loans("))
    assert "LibraryMixin.loans would be hidden" in only_problem()["message"]


def test_a_class_that_is_called_like_a_generated_one() -> None:
    text = (LIB / "shortcuts.py").read_text(encoding="utf-8")
    write("lib/shortcuts.py", text.replace("BooksMixin", "Books"))
    describe("lib.shortcuts.BooksMixin", "lib.shortcuts.Books")
    assert only_problem()["hint"] == "call it BooksMixin"


@pytest.mark.parametrize("name", ["Stream", "Library", "Books", "APIError"])
def test_a_class_of_a_stream_that_is_called_like_a_generated_one(name: str) -> None:
    line = describe("class: ReturnStream", f"class: {name}")
    problem = only_problem()
    assert (problem["code"], problem["line"]) == ("bad-x-sdk", line)
    assert problem["hint"] == f"call it {name}Stream"


def test_one_class_for_different_events() -> None:
    old = 'application/jsonl: {schema: {$ref: "#/components/schemas/Loan"}}'
    text = SPEC.replace(old, old.replace("Loan", "Book")).replace("ReturnStream", "LoanStream")
    Path("library.yaml").write_text(text, encoding="utf-8")
    problem = only_problem()
    assert problem["code"] == "bad-x-sdk"
    assert "'LoanStream' is not for these events, but for those of 'create'" in problem["message"]


def test_mixins_without_a_folder() -> None:
    found = problems(include="")
    assert {one["code"] for one in found} == {"bad-mixin"}
    assert len(found) == 3
    assert 'set include = "path/to/lib"' in found[0]["hint"]


def test_what_is_wrong_elsewhere_is_told_as_well() -> None:
    write("lib/loans.py", "def")
    describe("openapi: 3.1.0", "openapi: 3.1.0\nservers: 1")
    assert sorted(one["code"] for one in problems()) == ["bad-include", "wrong-type"]


def test_lint_tells_it_too() -> None:
    Path("pyproject.toml").write_text(
        '[tool.specloom]\nspec = "library.yaml"\ninclude = "lib"\n', encoding="utf-8"
    )
    describe("books: lib.shortcuts.BooksMixin", "books: lib.shortcuts.Nothing")
    result = CliRunner().invoke(main, ["lint", "--format", "json"])
    assert result.exit_code == 2
    assert [one["code"] for one in json.loads(result.stdout)] == ["bad-mixin"]


def test_the_folder_is_not_executed() -> None:
    write("lib/loud.py", "raise SystemExit('imported')\n")
    found = Problems()
    assert "lib.loans.LoanStreamMixin" in read_include(LIB, found).classes
    assert not len(found)


def test_a_change_is_noticed_and_an_edited_copy_is_kept() -> None:
    assert generate().exit_code == 0
    assert "unchanged" in generate().stdout
    write("lib/words.json", '{"greeting": "Moin"}\n')
    assert generate("--check").exit_code == 1
    assert "files: 1 written" in generate().stdout
    copy = Path("out/library_sdk/lib/words.json")
    assert copy.read_text(encoding="utf-8") == '{"greeting": "Moin"}\n'
    copy.write_text("{}", encoding="utf-8")
    assert "edited-file" in generate().stderr
    assert copy.read_text(encoding="utf-8") == "{}"


def test_what_has_gone_from_the_folder_goes_from_the_package() -> None:
    write("lib/deep/more.py", "x = 1\n")
    assert generate().exit_code == 0
    assert Path("out/library_sdk/lib/deep/more.py").is_file()
    shutil.rmtree(LIB / "deep")
    assert generate().exit_code == 0
    assert not Path("out/library_sdk/lib/deep").exists()


def test_the_folder_is_a_setting() -> None:
    Path("pyproject.toml").write_text(
        '[tool.specloom]\nspec = "library.yaml"\noutput = "out"\ninclude = "lib"\n',
        encoding="utf-8",
    )
    assert CliRunner().invoke(main, ["generate"]).exit_code == 0
    assert Path("out/library_sdk/lib/loans.py").is_file()


def test_a_part_keeps_its_mixins() -> None:
    assert generate("--only", "books").exit_code == 0
    assert Path("out/library_sdk/lib/shortcuts.py").is_file()
    assert not Path("out/library_sdk/streams").exists()
    assert "class Books(BooksMixin, SyncResource)" in Path(
        "out/library_sdk/resources/books.py"
    ).read_text(encoding="utf-8")


def test_a_part_without_mixins_has_no_folder() -> None:
    describe("    client: lib.shortcuts.LibraryMixin\n", "")
    assert generate("--only", "create").exit_code == 0
    assert Path("out/library_sdk/lib").is_dir()
    assert generate("--only", "list").exit_code == 0
    assert Path("out/library_sdk/lib").is_dir()
    describe(
        "    client: lib.shortcuts.LibraryMixin\n    resources:\n      books: lib.shortcuts.BooksMixin\n",
        "",
    )
    assert generate("--only", "list").exit_code == 0
    assert not Path("out/library_sdk/lib").exists()


def test_the_mixin_of_a_left_out_resource_is_left_out() -> None:
    describe("isbn: {type: string}}", "isbn: {$ref: nothing.yaml}}")
    result = generate("--allow-partial")
    assert result.exit_code == 0, result.output
    assert not Path("out/library_sdk/resources/books.py").exists()
    assert Path("out/library_sdk/streams/loan_stream.py").is_file()
