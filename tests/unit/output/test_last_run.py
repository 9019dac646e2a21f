"""A run without changes ends at once, and a run with changes never does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from specloom import pipeline
from specloom.commands import main
from specloom.output.cache import FOLDER, digest

SPEC = """
openapi: 3.1.0
info: {title: Tiny, version: "1"}
servers: [{url: "https://tiny.example.com"}]
paths:
  /ping:
    get: {operationId: ping, responses: {"204": {description: Alive.}}}
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tiny.yaml").write_text(SPEC)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The descriptions that were read and rendered."""
    built: list[Path] = []
    build = pipeline.build

    def noted(spec: Path, *arguments: Any, **named: Any) -> pipeline.Build:
        built.append(spec)
        return build(spec, *arguments, **named)

    monkeypatch.setattr(pipeline, "build", noted)
    return built


def generate(*options: str) -> str:
    result = CliRunner().invoke(main, ["generate", "tiny.yaml", "-o", "out", *options])
    assert result.exit_code == 0, result.output
    return result.output


def test_the_second_run_builds_nothing(builds: list[Path]) -> None:
    first = generate()
    assert "written" in first
    assert "unchanged" in generate()
    assert len(builds) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda: Path("tiny.yaml").write_text(SPEC.replace("ping", "pong")),
        lambda: Path("out/README.md").write_text("edited"),
        lambda: Path("out/README.md").unlink(),
        lambda: Path("out", FOLDER, "last-run.json").write_text("{damaged"),
        lambda: Path("out", FOLDER, "last-run.json").unlink(),
    ],
    ids=["description", "edited output", "deleted output", "damaged note", "deleted note"],
)
def test_any_change_builds_again(builds: list[Path], change: object) -> None:
    generate()
    assert callable(change)
    change()
    generate()
    assert len(builds) == 2


def test_a_new_names_lock_is_written() -> None:
    settings = '[tool.specloom]\nspec = "tiny.yaml"\noutput = "out"\n'
    Path("pyproject.toml").write_text(settings)
    assert CliRunner().invoke(main, ["generate"]).exit_code == 0
    Path("pyproject.toml").write_text(f'{settings}names_lock = "names.lock"\n')
    assert CliRunner().invoke(main, ["generate"]).exit_code == 0
    assert Path("names.lock").is_file()


@pytest.mark.parametrize("options", [("--allow-remote",), ("--formatter", "ruff")])
def test_other_options_build_again(builds: list[Path], options: tuple[str, ...]) -> None:
    generate()
    generate(*options)
    assert len(builds) == 2


def test_an_edited_file_is_reported_by_every_run(builds: list[Path]) -> None:
    generate()
    Path("out/README.md").write_text("mine")
    assert "out/README.md:1:1: edited-file: " in generate()
    assert "out/README.md:1:1: edited-file: " in generate()
    assert Path("out/README.md").read_text() == "mine"
    assert len(builds) == 3


def test_warnings_are_shown_again() -> None:
    Path("tiny.yaml").write_text(SPEC.replace("204", "99"))
    assert generate().splitlines()[:-1] == generate().splitlines()[:-1]


def test_git_ignores_the_cache() -> None:
    generate()
    assert Path("out", FOLDER, ".gitignore").read_text() == "*\n"


def test_a_hash_knows_where_a_part_ends() -> None:
    assert digest("ab", "c") != digest("a", "bc")
    assert digest("ab", "c") == digest("ab", "c")
