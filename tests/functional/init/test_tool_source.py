"""``specloom init``: the project installs specloom from an existing source, and needs no make."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from specloom import __version__
from specloom.commands import main
from specloom.scaffold import tool_source

WHEEL = "specloom-9.8.7-py3-none-any.whl"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def init(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["init", "--dir", "new", "--yes", *arguments])


def settings() -> dict[str, Any]:
    return tomllib.loads(Path("new/pyproject.toml").read_text(encoding="utf-8"))


def steps(workflow: str, job: str) -> list[str]:
    text = Path("new/.github/workflows", workflow).read_text(encoding="utf-8")
    found: list[str] = [
        step["run"] for step in yaml.safe_load(text)["jobs"][job]["steps"] if "run" in step
    ]
    return found


def came_from(monkeypatch: pytest.MonkeyPatch, direct: dict[str, Any] | None) -> None:
    """As if pip had installed specloom from there (PEP 610)."""

    class Distribution:
        def read_text(self, name: str) -> str | None:
            assert name == "direct_url.json"
            return None if direct is None else json.dumps(direct)

    monkeypatch.setattr(tool_source, "distribution", lambda _: Distribution())


def test_a_wheel_is_copied_and_found_by_uv_pip_and_ci() -> None:
    Path(WHEEL).write_bytes(b"wheel")
    result = init("--specloom", WHEEL)
    assert result.exit_code == 0, result.output
    assert Path("new/tools", WHEEL).read_bytes() == b"wheel"
    assert settings()["dependency-groups"]["dev"][0] == "specloom==9.8.7"
    assert settings()["tool"]["uv"]["find-links"] == ["tools"]
    install = "python -m pip install --find-links tools --group dev --editable ./generated"
    assert install in steps("ci.yml", "gate")
    assert install in steps("publish.yml", "build")
    assert install in Path("new/README.md").read_text(encoding="utf-8")
    assert "--find-links tools" in Path("new/Makefile").read_text(encoding="utf-8")


def test_the_project_takes_the_source_of_the_running_specloom(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    (folder / WHEEL).write_bytes(b"wheel")
    came_from(monkeypatch, {"url": (folder / WHEEL).as_uri(), "archive_info": {}})
    assert f"a copy of {WHEEL}" in init().stderr
    assert (folder / "new/tools" / WHEEL).is_file()


@pytest.mark.parametrize(
    ("direct", "requirement"),
    [
        (None, f"specloom>={__version__}"),
        (
            {
                "url": "https://git.example.com/specloom.git",
                "vcs_info": {"vcs": "git", "commit_id": "abc123"},
            },
            "specloom @ git+https://git.example.com/specloom.git@abc123",
        ),
        (
            {"url": "https://files.example.com/specloom.whl", "archive_info": {}},
            "specloom @ https://files.example.com/specloom.whl",
        ),
        ({"url": "file:///no/such/specloom.whl"}, f"specloom>={__version__}"),
    ],
)
def test_a_requirement_says_where_it_is(
    monkeypatch: pytest.MonkeyPatch, direct: dict[str, Any] | None, requirement: str
) -> None:
    came_from(monkeypatch, direct)
    assert init().exit_code == 0
    assert settings()["dependency-groups"]["dev"][0] == requirement
    assert "specloom" not in settings()["tool"]["uv"]["sources"]


def test_a_folder_is_a_path_and_init_says_that_others_lack_it(folder: Path) -> None:
    (folder / "checkout").mkdir()
    result = init("--specloom", "checkout")
    place = (folder / "checkout").resolve().as_posix()
    assert settings()["tool"]["uv"]["sources"]["specloom"] == {"path": place}
    assert f"SPECLOOM ?= {place}\n" in Path("new/Makefile").read_text(encoding="utf-8")
    assert "which only this machine has" in result.stderr
    assert "of one machine" in Path("new/.github/workflows/ci.yml").read_text(encoding="utf-8")


def test_what_is_no_source_is_an_error_and_nothing_is_written() -> None:
    result = init("--specloom", "specloom.zip")
    assert result.exit_code == 2
    assert "'specloom.zip' is not a source of specloom" in result.stderr
    assert not Path("new").exists()


def test_the_sdk_is_a_dependency_of_the_project_by_path() -> None:
    assert init("--specloom", "index").exit_code == 0
    assert settings()["project"]["dependencies"] == ["todo-sdk"]
    assert settings()["tool"]["uv"]["sources"] == {
        "todo-sdk": {"path": "generated", "editable": True}
    }


def test_the_tag_must_be_the_version_that_is_published(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    assert init("--specloom", "index").exit_code == 0
    (script,) = [run for run in steps("publish.yml", "build") if "tomllib" in run]
    assert not [run for run in steps("publish.yml", "build") if "make" in run]
    monkeypatch.chdir(folder / "new")
    monkeypatch.setenv("TAG", "v0.1.0")
    exec(compile(script, "publish.yml", "exec"), {})
    monkeypatch.setenv("TAG", "v0.2.0")
    with pytest.raises(SystemExit, match=r"the tag is v0\.2\.0, and x-sdk\.version is 0\.1\.0"):
        exec(compile(script, "publish.yml", "exec"), {})
