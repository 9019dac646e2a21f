"""OLD and NEW as git revisions, with their own files and settings; the work tree is untouched."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from specloom.commands import main

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

SPEC = """\
openapi: 3.1.0
info: {title: Zoo, version: "1"}
paths:
  /animals:
    get:
      operationId: listAnimals
      tags: [animals]
      responses:
        "200": {description: All., content: {application/json: {schema: {$ref: "parts/animal.yaml#/Animal"}}}}
"""
ANIMAL = "Animal: {type: object, properties: {food: {$ref: '../../shared/food.yaml'}}}\n"
FOOD = "{type: string, enum: [hay, fish, figs, nuts, milk]}\n"
OVERLAY = """\
overlay: 1.0.0
info: {title: Names, version: "1"}
actions: [{target: "$.paths['/animals'].get", update: {x-sdk: {method: all}}}]
"""
CONFIG = '[tool.specloom]\nspec = "spec/api.yaml"\noverlays = ["spec/names.yaml"]\n'


class Repository:
    """A repository with a description in several files, committed once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.git("init", "--quiet", "--initial-branch=main")
        self.write("spec/api.yaml", SPEC)
        self.write("spec/parts/animal.yaml", ANIMAL)
        self.write("shared/food.yaml", FOOD)
        self.write("spec/names.yaml", OVERLAY)
        self.write("pyproject.toml", CONFIG)
        self.commit()

    def git(self, *arguments: str) -> str:
        identity = ("-c", "user.name=A", "-c", "user.email=a@example.com")
        command = ["git", *identity, "-c", "core.autocrlf=false", *arguments]
        done = subprocess.run(command, cwd=self.root, check=True, capture_output=True, text=True)
        return done.stdout

    def write(self, path: str, text: str) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, encoding="utf-8")

    def commit(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message=A change")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    root = tmp_path / "zoo"
    root.mkdir()
    monkeypatch.chdir(root)
    return Repository(root)


def run(*arguments: str, code: int = 0) -> Result:
    result = CliRunner().invoke(main, ["diff", *arguments])
    assert result.exit_code == code, result.output
    return result


def told(*arguments: str) -> list[str]:
    """Code and subject of each change."""
    changes = json.loads(run(*arguments, "--format", "json").stdout)["changes"]
    return [f"{one['code']} {one['address']}" for one in changes]


def test_what_is_not_committed_is_compared_with_head(repository: Repository) -> None:
    assert "HEAD:spec/api.yaml and spec/api.yaml have the same surface." in run().stdout
    repository.write("shared/food.yaml", FOOD.replace("hay, ", ""))
    assert told() == ["value-removed types.Food"]


def test_a_revision_is_read_with_the_settings_that_it_had(repository: Repository) -> None:
    repository.write("spec/names.yaml", OVERLAY.replace("all", "every"))
    assert told() == ["method-renamed animals.every"]
    repository.git("mv", "spec/api.yaml", "spec/zoo.yaml")
    repository.write("pyproject.toml", CONFIG.replace("api.yaml", "zoo.yaml"))
    assert told() == ["method-renamed animals.every"]


def test_overlays_of_the_command_line_count_for_both(repository: Repository) -> None:
    repository.write("other.yaml", OVERLAY.replace("all", "any"))
    repository.write("spec/names.yaml", OVERLAY.replace("all", "every"))
    assert told("--overlay", "other.yaml") == []


def test_two_revisions_are_compared(repository: Repository) -> None:
    repository.git("tag", "v1")
    repository.write("spec/api.yaml", SPEC.replace("/animals:", "/v2/animals:"))
    repository.write("spec/names.yaml", OVERLAY.replace("/animals", "/v2/animals"))
    repository.commit()
    repository.write("spec/api.yaml", "not: read")
    assert told("v1", "HEAD") == ["endpoint-changed animals.all"]
    assert told("v1:spec/api.yaml", "HEAD:spec/api.yaml") == ["endpoint-changed animals.all"]


def test_another_description_is_found_at_a_revision_without_settings(
    repository: Repository,
) -> None:
    repository.write("other/spec.yaml", SPEC.replace("parts/", "../spec/parts/"))
    repository.commit()
    repository.write("other/spec.yaml", "# Hello.\n" + SPEC.replace("parts/", "../spec/parts/"))
    assert told("HEAD", "other/spec.yaml") == []
    assert "HEAD:other/spec.yaml" in run("HEAD", "other/spec.yaml").stdout


def test_the_current_folder_may_be_any_of_the_repository(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.write("spec/names.yaml", OVERLAY.replace("all", "every"))
    monkeypatch.chdir(repository.root / "spec/parts")
    assert told() == ["method-renamed animals.every"]


def test_nothing_in_the_repository_is_touched(repository: Repository) -> None:
    repository.write("spec/api.yaml", SPEC.replace("listAnimals", "animals"))
    repository.write("new.txt", "x")
    before = repository.git("status", "--porcelain"), _files(repository.root)
    run("HEAD")
    assert (repository.git("status", "--porcelain"), _files(repository.root)) == before


def _files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_is_gone_has_its_place_in_the_old_description(repository: Repository) -> None:
    repository.write("spec/api.yaml", SPEC.replace("/animals:", "/x:").replace("animals", "x"))
    repository.write("spec/names.yaml", OVERLAY.replace("/animals", "/x").replace("all", "every"))
    repository.write(
        "spec/api.yaml",
        (repository.root / "spec/api.yaml").read_text().replace("listAnimals", "listX"),
    )
    assert "HEAD:spec/api.yaml:5:5: method-removed: animals.all [breaking]" in run().stdout


def test_problems_of_both_sides_are_reported_with_their_places(repository: Repository) -> None:
    repository.write("shared/food.yaml", "{type: nonsense, enum: 3}\n")
    repository.write("spec/api.yaml", SPEC.replace("operationId: listAnimals", "parameters: 4"))
    repository.commit()
    repository.write("shared/food.yaml", FOOD)
    result = run(code=2)
    assert result.stdout == ""
    old, _, new = result.stderr.partition("NEW, spec/api.yaml:")
    assert old.startswith("OLD, HEAD:\n")
    assert "HEAD:shared/food.yaml:1:" in old
    assert "1 | {type: nonsense, enum: 3}" in old
    assert "\nspec/api.yaml:6:7: wrong-type" in new
    problems = json.loads(run("--format", "json", code=2).stderr)
    assert {one["file"] for one in problems} >= {"HEAD:spec/api.yaml", "spec/api.yaml"}


def test_a_former_name_in_the_lock_is_not_breaking(repository: Repository) -> None:
    def generate() -> None:
        result = CliRunner().invoke(main, ["generate"])
        assert result.exit_code == 0, result.output

    settings = 'output = "sdk"\nnames_lock = "spec/names.lock"\n'
    repository.write("pyproject.toml", CONFIG + settings)
    generate()
    repository.commit()
    assert told() == []
    renamed = SPEC.replace("operationId: listAnimals", "operationId: readAnimals")
    repository.write("spec/api.yaml", renamed)
    assert told() == []  # the lock keeps the name
    repository.write("spec/names.yaml", OVERLAY.replace("all", "every"))
    types = ANIMAL.replace("Animal: {", "Animal: {x-sdk: {name: Beast}, ")
    repository.write("spec/parts/animal.yaml", types)
    soft = ["method-renamed-with-alias animals.every", "type-renamed-with-alias types.Beast"]
    assert told("HEAD") == soft
    run("--exit-code")
    generate()
    repository.commit()
    assert told() == []
    assert told("HEAD~1", "HEAD") == soft
    repository.write("spec/api.yaml", f"x-sdk: {{version: 0.2.0}}\n{renamed}")
    assert told() == ["alias-removed animals.all", "alias-removed types.Animal"]
    run("--exit-code", code=1)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (
            "v9",
            "'v9' is not a file, and cannot be read as a git revision: there is no such revision",
        ),
        ("HEAD:spec/none.yaml", "'spec/none.yaml' is not in 'HEAD'"),
        ("none.yaml", "'none.yaml' is not a file"),
    ],
)
def test_an_invalid_side_is_reported(repository: Repository, asked: str, message: str) -> None:
    result = run(asked, "spec/api.yaml", code=2)
    assert message in result.stderr
    assert "bad-revision" in result.stderr
    assert repository.root.exists()


def test_outside_of_a_repository_two_files_can_be_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    Path("a.yaml").write_text(SPEC.replace('{$ref: "parts/animal.yaml#/Animal"}', "{}"))
    assert "have the same surface" in run("a.yaml", "a.yaml").stdout
    assert "not a git repository" in run("HEAD", "a.yaml", code=2).stderr
    result = CliRunner().invoke(main, ["diff"])
    assert result.exit_code == 2
    assert "specloom diff old.yaml new.yaml" in result.stderr


def test_a_broken_revision_is_compared_in_part(repository: Repository) -> None:
    broken = (
        SPEC + '  /cages: {get: {operationId: listCages, responses: {"200": {$ref: "#/none"}}}}\n'
    )
    repository.write("spec/api.yaml", broken)
    repository.commit()
    repository.write("spec/api.yaml", SPEC)
    run(code=2)
    result = run("--allow-partial")
    assert "left-out" in result.stderr
    assert "have the same surface" in result.stdout


def test_the_exit_code_says_whether_a_change_is_breaking(repository: Repository) -> None:
    run("--exit-code")
    repository.write("shared/food.yaml", FOOD.replace("hay", "hay, straw"))
    run("--exit-code")
    repository.write("shared/food.yaml", FOOD.replace("hay, ", ""))
    run()
    assert "[breaking]" in run("--exit-code", code=1).stdout
