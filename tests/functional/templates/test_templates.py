"""``--templates``: a user's file takes the place of ours, and says clearly what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from specloom.commands import main
from specloom.options import BuildOptions, templates_folder
from specloom.pipeline import build

SPEC = """
openapi: 3.1.0
info: {title: Tiny, version: "1"}
paths:
  /ping: {get: {operationId: ping, responses: {"204": {description: Alive.}}}}
"""
CLIENT = "package/client.py.j2"
OURS = (templates_folder() / CLIENT).read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("tiny.yaml").write_text(SPEC, encoding="utf-8")


def put(text: str, path: str = CLIENT) -> None:
    file = Path("mine") / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def generate() -> Result:
    return CliRunner().invoke(main, ["generate", "tiny.yaml", "-o", "out", "--templates", "mine"])


def test_a_changed_header_changes_only_that_line() -> None:
    put(OURS.replace("# {{ header }}", "# Made for ACME. {{ header }}"))
    result = generate()
    assert (result.exit_code, result.stderr) == (0, "")
    plain = build(Path("tiny.yaml"), BuildOptions()).files
    mine = {path: (Path("out") / path).read_text(encoding="utf-8") for path in plain}
    assert [path for path in plain if mine[path] != plain[path]] == ["tiny_sdk/client.py"]
    old, new = (files["tiny_sdk/client.py"].splitlines() for files in (plain, mine))
    assert new == [f"# Made for ACME. {old[0].removeprefix('# ')}", *old[1:]]


def test_a_change_of_it_is_noticed() -> None:
    put(OURS)
    assert "written" in generate().stdout
    put(OURS.replace("# {{ header }}", "# Changed. {{ header }}"))
    assert "files: 1 written" in generate().stdout


def test_it_may_include_files_of_its_own() -> None:
    put("# ACME\n", "acme.j2")
    put('{% include "acme.j2" %}\n' + OURS)
    assert generate().exit_code == 0
    assert Path("out/tiny_sdk/client.py").read_text(encoding="utf-8").startswith("# ACME\n")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{% if %}", "Expected an expression"),
        ("{{ 1 | upper }}", "No filter named 'upper'"),
        ("{{ acme }}", "'acme' is undefined"),
        ("{{ settings.acme }}", "has no attribute 'acme'"),
        ("{{ 1 + 'a' }}", "TypeError: "),
        ('{% include "acme.j2" %}', "acme.j2"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_line(line: str, said: str) -> None:
    put(f"# {{{{ header }}}}\n{line}\n")
    result = generate()
    assert (result.exit_code, result.stdout) == (2, "")
    first, *rest = result.stderr.splitlines()
    assert first.startswith(f"mine/{CLIENT}:2:1: bad-template: ")
    assert said in first
    assert rest[0] == f"  2 | {line}"
    assert not Path("out").exists()


def test_an_undefined_name_lists_the_defined_ones() -> None:
    put("{{ acme }}")
    (hint,) = [line for line in generate().stderr.splitlines() if line.startswith("  hint: ")]
    assert hint.startswith("  hint: it is given: ")
    assert ", settings, " in hint


def test_the_line_is_that_of_the_file_that_is_wrong() -> None:
    put("\n\n{{ acme }}\n", "acme.j2")
    put('{% include "acme.j2" %}\n')
    assert generate().stderr.startswith("mine/acme.j2:3:1: bad-template: 'acme' is undefined\n")


def test_what_is_no_python_is_told_with_the_file_it_would_be() -> None:
    put("def:\n")
    result = generate()
    assert result.exit_code == 2
    expected = f"mine/{CLIENT}:1:1: bad-template: it gives tiny_sdk/client.py, which is not valid"
    assert result.stderr.startswith(expected)
    assert not Path("out").exists()


def test_a_defect_of_ours_is_not_blamed_on_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> str:
        raise RuntimeError("a defect")

    put(OURS, "package/unused.py.j2")
    monkeypatch.setattr("specloom.pipeline.format_files", broken)
    result = generate()
    assert (result.exit_code, result.stdout) == (2, "")
    assert " failed: RuntimeError: a defect. This is a fault of specloom" in result.stderr
    assert "mine/" not in result.stderr
    assert "bad-template" not in result.stderr
    monkeypatch.setenv("SPECLOOM_TRACEBACK", "1")
    assert isinstance(generate().exception, RuntimeError)
