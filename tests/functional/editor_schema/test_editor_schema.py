"""`specloom schema`: JSON Schemas for editors, for descriptions, overlays and settings."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from jsonschema import Draft7Validator

from specloom.commands import main
from specloom.reports.editor_schema import as_text, description_schema, pyproject_schema

ROOT = Path(__file__).resolve().parents[3]
LINE = "# yaml-language-server: $schema=specloom.schema.json"
SPEC = """\
openapi: 3.1.0
info: {title: Zoo, version: "1"}
x-sdk: {package: zoo_sdk}
paths:
  /animals:
    get:
      x-sdk: {resource: animals}
      parameters: [{name: q, in: query, schema: {type: string}}]
      responses: {"204": {description: Done.}}
"""
VALIDATOR = Draft7Validator(description_schema())


def faults(text: str, validator: Any = VALIDATOR) -> list[str]:
    """The places that an editor underlines."""
    found = validator.iter_errors(yaml.safe_load(text))
    return ["/".join(map(str, one.absolute_path)) for one in found]


@pytest.mark.parametrize("schema", [description_schema(), pyproject_schema()])
def test_they_are_schemas_of_draft_7(schema: dict[str, Any]) -> None:
    Draft7Validator.check_schema(schema)


@pytest.mark.parametrize(
    ("old", "new", "places"),
    [
        ("", "", []),
        ("package: zoo_sdk", "pakage: zoo_sdk", ["x-sdk"]),
        ("package: zoo_sdk", "package: Zoo SDK", ["x-sdk/package"]),
        ("{resource: animals}", "{resource: 3}", ["paths//animals/get/x-sdk/resource"]),
        ("{title: Zoo,", "{x-sdk: {}, title: Zoo,", ["info"]),
        ("[{name: q", "[{required: maybe, name: q", ["paths//animals/get/parameters/0/required"]),
        ("schema: {type: string}", "schema: {properties: {a: 1}}", ["schema/properties/a"]),
        ("schema: {type: string}", "schema: {properties: {a: true}}", []),
        ("schema: {type: string}", "$ref: '#/components/parameters/Q'", []),
        ("info: {", "inf: {", [""]),
    ],
)
def test_of_a_description(old: str, new: str, places: list[str]) -> None:
    assert old in SPEC
    found = faults(SPEC.replace(old, new, 1))
    assert len(found) == len(places)
    assert all(one.endswith(place) for one, place in zip(found, places, strict=True)), found


def test_of_overlays_and_swagger() -> None:
    overlay = "overlay: 1.0.0\nactions: [{target: $, update: {x-sdk: {%s: animals}}}]"
    assert faults(overlay % "resource") == []
    assert faults(overlay % "resorce") == ["actions/0/update/x-sdk"]
    assert faults("overlay: 1.0.0\nactions: [{update: {}}]") == ["actions/0"]
    assert faults('swagger: "2.0"\nparameters: {a: {type: string}}') == []


def test_what_a_field_becomes_is_its_description() -> None:
    server = description_schema()["$defs"]["server-object"]["properties"]
    assert server["url"]["description"] == "In the SDK: base URL of the client."


def test_the_descriptions_of_this_repository_fit() -> None:
    specs = sorted((ROOT / "tests/functional").glob("*/spec.yaml"))
    # These two test what specloom tolerates.
    kept = [one for one in specs if one.parent.name not in ("tolerated", "yaml_quirks")]
    wrong = {one.parent.name for one in kept if faults(one.read_text(encoding="utf-8"))}
    # References where OpenAPI has none, and lists of ``items`` of an earlier JSON Schema: both work.
    assert wrong <= {"references", "schema_keywords"}
    assert faults((ROOT / "spec/assistants.yaml").read_text(encoding="utf-8")) == []


def test_of_the_settings() -> None:
    validator = Draft7Validator(pyproject_schema())
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert faults(json.dumps(tomllib.loads(text)), validator) == []
    wrong = '{"tool": {"specloom": {"spek": "a", "formatter": "yapf", "only": "pets"}}}'
    assert sorted(faults(wrong, validator)) == [
        "tool/specloom",
        "tool/specloom/formatter",
        "tool/specloom/only",
    ]


class TestCommands:
    @pytest.fixture(autouse=True)
    def folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)

    def run(self, *arguments: str) -> str:
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == 0, result.output
        return result.stdout

    def test_schema_prints_or_writes_it(self) -> None:
        assert self.run("schema") == as_text(description_schema())
        assert json.loads(self.run("schema", "settings")) == pyproject_schema()
        assert self.run("schema", "-o", "a.json") == ""
        assert Path("a.json").read_text(encoding="utf-8") == as_text(description_schema())

    def test_init_writes_the_line_and_the_file(self) -> None:
        Path("zoo.yaml").write_bytes(b"\xef\xbb\xbf" + SPEC.replace("\n", "\r\n").encode())
        self.run("init", "zoo.yaml", "--dir", "new", "--yes", "--quiet")
        written = Path("new/spec/zoo.yaml").read_bytes()
        assert written == b"\xef\xbb\xbf" + f"{LINE}\n{SPEC}".replace("\n", "\r\n").encode()
        assert Path("new/spec/names.overlay.yaml").read_text().startswith(LINE)
        schema = Path("new/spec/specloom.schema.json").read_text(encoding="utf-8")
        assert schema == as_text(description_schema())

    def test_add_writes_them_in_a_project_and_once(self) -> None:
        Path("zoo.yaml").write_text(SPEC)
        Path("pyproject.toml").write_text('[tool.specloom]\nspec = "zoo.yaml"\noutput = "sdk"\n')
        said = self.run("add", "--curl", "curl https://zoo.example/tickets")
        assert "specloom.schema.json: the schema for editors" in said
        assert Path("zoo.yaml").read_text().startswith(f"{LINE}\nopenapi: ")
        Path("specloom.schema.json").unlink()
        self.run("add", "--curl", "curl https://zoo.example/guides")
        assert Path("zoo.yaml").read_text().count(LINE) == 1
        assert not Path("specloom.schema.json").exists()

    def test_add_leaves_other_files_alone(self) -> None:
        Path("zoo.yaml").write_text(SPEC)
        self.run("add", "--spec", "zoo.yaml", "--curl", "curl https://zoo.example/tickets")
        assert Path("zoo.yaml").read_text().startswith("openapi: ")
        assert not Path("specloom.schema.json").exists()
