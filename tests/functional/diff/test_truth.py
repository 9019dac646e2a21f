"""Type checkers agree: code that was written for the old SDK passes with the new one where no change
is called breaking, and fails where one is.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from functional.diff.library import CASES, SPEC, Case, edited
from specloom.api_diff.kinds import KINDS
from specloom.options import BuildOptions
from specloom.pipeline import build

pytestmark = pytest.mark.slow

# What a user wrote; a comment names the cases that break its line.
CODE = """\
from library_sdk import Library, types

client = Library(api_key="k", base_url="https://localhost")
Library(api_key="k", base_url="https://localhost", desk="d")  # a credential less

one = client.books.retrieve("b_1")  # an endpoint less; another operationId; another resource
client.books.retrieve(book_id="b_1")  # an endpoint less; another operationId; another resource; a path parameter with another name
client.books.retrieve("b_1").pages  # an endpoint less; another operationId; another resource; a result that may be nothing
client.reports.write(content_type="text/csv", body="a;b")  # a kind of body less
client.reports.write(title="T", content_type="application/json")  # a kind of body less

client.books.list(shelf="A")  # a required argument more; a required argument
client.books.list(shelf="A", limit=3)  # an argument with another name; text instead of numbers; a required argument more
client.books.list(shelf="A", limit=2.5)  # an argument with another name; text instead of numbers; integers only; a required argument more
client.books.list(shelf="A", order="asc")  # a required argument more; a required argument
client.books.list(shelf="A", order="desc")  # a value less; a required argument more; a required argument
client.shelves.books.update("b_1", shelf_id="A", slot=1, rule={"until": "noon"})  # another parameter that is positional; a required key more; a key that is needed
client.shelves.books.update("b_1", shelf_id="A", slot=1, rule={"until": "noon", "weight": 2.5}, hint="no")  # another parameter that is positional; a required key more; a key less; a key of another type
client.shelves.books.update("b_1", shelf_id="A", slot=1, rule={"until": "noon", "weight": 2, "mode": "loose"}, hint=None)  # another parameter that is positional; a null less; a required key more; a key less; a key of another type; a key that takes less
rule: types.RuleParam = {"until": "noon"}  # a required key more; a key that is needed

client.books.list(shelf="A", limit=1)[0]  # one instead of many; pages instead of all; a required argument more; an argument with another name; text instead of numbers
client.news.retrieve(live=True).response  # a stream that nothing asks for
noise: types.Text = next(iter(client.noise.retrieve()))  # a stream of other events


def shown(book: types.Book) -> str:
    return f"{book.genre}, {book.cover}"


def length(book: types.Book) -> float:
    return book.pages  # an attribute that need not be there


def author(book: types.Book) -> str | None:
    return book.author  # an attribute less; an attribute with another name


def key(book: types.Book) -> str:
    return book.id  # a nullable attribute; an attribute of another type


genre: types.Genre = "poem"  # an enum value less
spare = types.Spare(part="p")  # a type of another kind
tree: types.Tree = [[], [[]]]  # an alias for something else


def kind(part: types.Part) -> str:
    if part.kind == "Text":
        return "text"
    return "other"


def image(given: types.Image) -> types.Part:
    return given  # a variant less


def mixed(given: types.Mixed) -> str | types.Text | types.UnknownMixed | list[types.Mixed]:
    return given  # a variant that no union has room for
"""

# Seen when the code runs: a variable, a value that the environment may give, a parsed error, and
# names of ``types``, which are loaded when
# they are asked for. Or seen in every line.
_UNSEEN = {
    *("variable-removed", "error-retyped", "type-removed", "type-renamed"),
    "required-credential-added",
}
_EVERYWHERE = {"package-renamed", "client-renamed"}
_WITH_LOCK = {"alias-removed"}
_TAGS = [set(line.partition("  # ")[2].split("; ")) - {""} for line in CODE.splitlines()]


def test_code_passes_unless_a_change_is_breaking(tmp_path: Path) -> None:
    compatible = [case for case in CASES if not case.is_breaking]
    unseen = _UNSEEN | _EVERYWHERE
    breaking = [case for case in CASES if case.is_breaking and not unseen & set(case.codes)]
    groups = [[], *_groups(compatible), *_groups(breaking)]
    for number, group in enumerate(groups):
        _write(tmp_path, f"sdk_{number}", group)
    failed = _failing_lines(tmp_path, len(groups))
    for number, group in enumerate(groups):
        names = {case.name for case in group}
        expected = {line for line, tags in enumerate(_TAGS, 1) if tags & names}
        assert failed[number] == expected, (number, names)
    assert {name for tags in _TAGS for name in tags} == {case.name for case in breaking}


def test_every_breaking_kind_is_tried() -> None:
    tags = {name for tags in _TAGS for name in tags}
    tried = {code for case in CASES if case.name in tags for code in case.codes}
    assert {
        code for code in KINDS if KINDS[code].bump == "major"
    } - tried == _UNSEEN | _EVERYWHERE | _WITH_LOCK


def _groups(cases: list[Case]) -> list[list[Case]]:
    """Groups of cases that do not hide which case breaks a line."""
    groups: list[list[Case]] = []
    for case in cases:
        for group in groups:
            if _goes_with(case, group):
                group.append(case)
                break
        else:
            groups.append([case])
    return groups


def _goes_with(case: Case, group: list[Case]) -> bool:
    others = {other.name for other in group}
    if any(case.name in tags and tags & others for tags in _TAGS):
        return False
    edits = (edit for other in (*group, case) for edit in other.edits)
    text = SPEC
    for old, new in edits:
        if old not in text:
            return False
        text = text.replace(old, new)
    return True


def _write(folder: Path, package: str, group: list[Case]) -> None:
    """The SDK, as a package beside the others, and the user's code for it."""
    spec = folder / f"{package}.yaml"
    spec.write_text(edited(*group).replace("library_sdk", package), encoding="utf-8")
    files = build(spec, BuildOptions()).files
    ours = {path: text for path, text in files.items() if path.startswith(f"{package}/")}
    for path, text in ours.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    code = CODE.replace("library_sdk", package)
    (folder / f"uses_{package}.py").write_text(code, encoding="utf-8")


def _failing_lines(folder: Path, count: int) -> list[set[int]]:
    """The lines of the user's code that mypy has errors for, by number of the SDK."""
    cache = Path(tempfile.gettempdir()) / "specloom-tests-mypy"
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--no-error-summary"]
    command += ["--python-version=3.11", f"--cache-dir={cache}"]
    result = subprocess.run(
        [*command, *(f"uses_sdk_{number}.py" for number in range(count))],
        cwd=folder,
        env=os.environ | {"MYPYPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    failed: list[set[int]] = [set() for _ in range(count)]
    for number, line in re.findall(
        r"^uses_sdk_(\d+)\.py:(\d+): error", result.stdout, re.MULTILINE
    ):
        failed[int(number)].add(int(line))
    return failed
