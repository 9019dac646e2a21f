"""Every kind of change, forwards and backwards, by the command line."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functional.diff.library import CASES, SPEC, Case, edited, together
from specloom.api_diff.kinds import KINDS
from specloom.commands import main

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]
EVERY_CASE = pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])

# What a change is when it is undone, where that is not the same kind.
_UNDONE = {
    "removed": "added",
    "narrowed": "widened",
    "now-required": "now-optional",
    "no-longer-deprecated": "deprecated",
}


def diff(old: str, new: str, folder: Path) -> list[dict[str, Any]]:
    """The changes in the JSON format."""
    for name, text in (("old.yaml", old), ("new.yaml", new)):
        (folder / name).write_text(text, encoding="utf-8")
    return changes_of(folder / "old.yaml", folder / "new.yaml")


def changes_of(old: Path, new: Path) -> list[dict[str, Any]]:
    """The changes from one file to another."""
    arguments = ["diff", str(old), str(new), "--format", "json", "--allow-partial"]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    changes: list[dict[str, Any]] = json.loads(result.stdout)["changes"]
    return changes


def told(changes: list[dict[str, Any]]) -> list[str]:
    """Code and subject of each change."""
    return sorted(
        f"{one['code']} {one['address']}" + (f" ({one['member']})" if one["member"] else "")
        for one in changes
    )


def direction(code: str) -> str:
    """A kind of change without its direction: an addition and a removal are the same."""
    code = code.removeprefix("required-")
    if code == "type-widened":  # of a value or a variant that nobody could expect
        return "variant-added"
    for ending, opposite in _UNDONE.items():
        code = code.removesuffix(ending) + opposite if code.endswith(ending) else code
    return code.replace("value-added", "variant-added")


@EVERY_CASE
def test_only_the_change_is_reported(case: Case, tmp_path: Path) -> None:
    changes = diff(SPEC, edited(case), tmp_path)
    assert told(changes) == sorted(case.found)
    assert all(one["breaking"] == (KINDS[one["code"]].bump == "major") for one in changes)
    assert all(one["file"].endswith(("old.yaml", "new.yaml")) for one in changes)


@EVERY_CASE
def test_a_change_undone_is_the_opposite(case: Case, tmp_path: Path) -> None:
    back = [one["code"] for one in diff(edited(case), SPEC, tmp_path)]
    assert sorted(map(direction, back)) == sorted(map(direction, case.codes))


def test_every_kind_has_a_case() -> None:
    forth = {code for case in CASES for code in case.codes}
    undone = {"no-longer-deprecated"}
    with_lock = {"method-renamed-with-alias", "type-renamed-with-alias", "alias-removed"}
    assert set(KINDS) - forth == undone | with_lock  # test_revisions has the latter


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.sampled_from(CASES), min_size=2, max_size=8, unique_by=lambda case: case.name))
def test_many_changes_undone_are_the_opposite(tmp_path: Path, cases: list[Case]) -> None:
    _, text = together(cases)
    forth, back = diff(SPEC, text, tmp_path), diff(text, SPEC, tmp_path)
    assert sorted(direction(one["code"]) for one in forth) == sorted(
        direction(one["code"]) for one in back
    )
    assert diff(text, text, tmp_path) == []


@pytest.mark.parametrize(
    "spec",
    sorted((*ROOT.glob("tests/functional/*/spec.yaml"), *ROOT.glob("tests/golden/*/spec.yaml"))),
    ids=lambda path: path.parent.name,
)
def test_a_description_is_the_same_as_itself(spec: Path) -> None:
    assert changes_of(spec, spec) == []


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_a_value_cannot_break_out_of_the_output(form: str, tmp_path: Path) -> None:
    hostile = SPEC.replace("[asc, desc]", r'[asc, "de`sc\n# \e[31m<b>"]')
    hostile = hostile.replace("library.example.com", r"x.example.com/\e[31m`\n# <b>")
    assert hostile.count(r"\e") == 2
    for name, text in (("old.yaml", SPEC), ("new.yaml", hostile)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    files = [str(tmp_path / "old.yaml"), str(tmp_path / "new.yaml")]
    result = CliRunner().invoke(main, ["diff", *files, "--format", form])
    assert result.exit_code == 0, result.output
    assert "\x1b" not in result.stdout
    assert not any(line.startswith("# ") for line in result.stdout.splitlines())
    if form == "markdown":
        assert "``" in result.stdout  # a code span that may hold a backtick
        outside = re.sub(r"(`+)(?!`).+?(?<!`)\1(?!`)", "", result.stdout)
        assert "<" not in outside
