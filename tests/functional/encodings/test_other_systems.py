"""Differences of other systems: code pages, line ends, file names, long paths."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from specloom.commands import main
from specloom.options import BuildOptions
from specloom.output.folder import apply, plan_output
from specloom.pipeline import build

SPEC = """\
openapi: 3.1.0
info: {title: "Zoo 動物園 → ü", version: "1"}
x-sdk: {package: zoo_sdk, client: Zoo}
paths:
  /con/{id}:
    get:
      tags: [CON]
      summary: 動物 →
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {"200": {description: One., content: {application/json: {schema: {$ref: "#/components/schemas/AUX"}}}}}
  /Pets: {get: {responses: {"200": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/pet"}}}}}}}
  /pets/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {"200": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}}
components:
  schemas:
    AUX: {type: object, properties: {nul: {type: string}}}
    Pet: {type: object, properties: {id: {type: string}}}
    pet: {type: array, items: {type: string}}
"""
_RESERVED = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{one}{n}" for one in ("com", "lpt") for n in range(10)),
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """File names in an SDK that are difficult for other systems."""
    spec = tmp_path_factory.mktemp("names") / "zoo.yaml"
    spec.write_bytes(SPEC.replace("\n", "\r\n").encode())
    return list(build(spec, BuildOptions(formatter="ruff")).files)


def test_output_that_the_code_page_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("zoo.yaml").write_text(SPEC, encoding="utf-8")
    streams = {name: io.TextIOWrapper(io.BytesIO(), "cp1252") for name in ("stdout", "stderr")}
    for name, stream in streams.items():
        monkeypatch.setattr(sys, name, stream)
    main.main(["ir", "zoo.yaml"], standalone_mode=False)
    main.main(["lint", "zoo.yaml"], standalone_mode=False)
    streams["stdout"].flush()
    printed = streams["stdout"].buffer
    assert isinstance(printed, io.BytesIO)
    assert "動物 →" in printed.getvalue().decode()


def test_no_file_has_a_reserved_name(paths: list[str]) -> None:
    steps = {step.partition(".")[0].lower() for path in paths for step in path.split("/")}
    assert steps & _RESERVED == set()


def test_no_two_files_differ_by_case_alone(paths: list[str]) -> None:
    assert len({path.lower() for path in paths}) == len(paths)


def test_paths_leave_room(paths: list[str]) -> None:
    # Windows takes 260 characters, of which a project's folder has some.
    assert max(map(len, paths)) < 120


def test_a_file_with_crlf_is_kept_and_stays_so(tmp_path: Path) -> None:
    files = {"README.md": "one\n", "zoo_sdk/__init__.py": "x = 1\n"}
    apply(plan_output(files, tmp_path / "sdk"))
    edited = tmp_path / "sdk/README.md"
    edited.write_bytes(b"mine\r\n")
    plan = plan_output({**files, "README.md": "two\n"}, tmp_path / "sdk")
    apply(plan)
    assert edited.read_bytes() == b"mine\r\n"


def test_settings_with_crlf_and_a_description_in_a_subfolder() -> None:
    Path("api").mkdir()
    Path("api/zoo.yaml").write_bytes(SPEC.replace("\n", "\r\n").encode())
    settings = '[tool.specloom]\nspec = "api/zoo.yaml"\noutput = "sdk"\nformatter = "ruff"\n'
    Path("pyproject.toml").write_bytes(settings.replace("\n", "\r\n").encode())
    result = CliRunner().invoke(main, ["lint"])
    assert "api/zoo.yaml:6:5: " in result.output.replace("\\", "/")
