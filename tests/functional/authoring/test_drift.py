"""``specloom drift``: what it finds, and that its patch mends all of that."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from specloom.commands import main
from support.examples import ASSISTANTS, LIB
from support.fixtures import FOLDER, load

pytestmark = pytest.mark.slow

SECRET = "sk-live-4f9c2b7e6d1a8053"
SPECS: dict[str, dict[str, Any]] = {
    "3.1.0": {
        "name": {"type": "string"},
        "level": {"$ref": "#/components/schemas/Level"},
        "either": {"oneOf": [{"type": "string"}, {"type": "integer"}]},
        "merged": {"allOf": [{"$ref": "#/components/schemas/Level"}]},
        "listed": {"type": ["string", "integer"]},
        "few": {"type": "string", "enum": ["a", "b"]},
        "one": {"type": "string", "const": "a"},
        "deep": {"type": "array", "items": {"type": "object", "properties": {"a b/c": {}}}},
    },
    "3.0.3": {
        "name": {"type": "string"},
        "level": {"$ref": "#/components/schemas/Level"},
        "either": {"oneOf": [{"type": "string"}, {"type": "integer"}]},
        "merged": {"allOf": [{"$ref": "#/components/schemas/Level"}]},
        "few": {"type": "string", "enum": ["a", "b"]},
        "deep": {"type": "array", "items": {"type": "object", "properties": {"a b/c": {}}}},
    },
}
LEVEL = {"type": "string", "enum": ["low", "high"]}


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def describe(version: str, properties: dict[str, Any]) -> None:
    thing = {"type": "object", "properties": properties}
    media = {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}
    operation = {
        "operationId": "getThing",
        "tags": ["things"],
        "parameters": [
            {"name": "sort", "in": "query", "schema": {"type": "string", "enum": ["up"]}}
        ],
        "responses": {"200": {"description": "It.", "content": media}},
    }
    root = {
        "openapi": version,
        "info": {"title": "Shop", "version": "1"},
        "paths": {"/things": {"get": operation}},
        "components": {"schemas": {"Thing": thing, "Level": LEVEL}},
    }
    Path("shop.yaml").write_text(yaml.safe_dump(root))


def record(
    name: str, value: Any, query: tuple[tuple[str, str], ...] = (), status: int = 200
) -> None:
    headers = {"Authorization": f"Bearer {SECRET}"}
    fixture = {
        "request": {"method": "GET", "path": "/things", "query": query, "headers": headers},
        "response": {
            "status": status,
            "headers": {"content-type": "application/json"},
            "json": value,
        },
    }
    Path("rec").mkdir(exist_ok=True)
    Path("rec", name).write_text(json.dumps(fixture))


def drift(*arguments: str, spec: str = "shop.yaml") -> Result:
    return CliRunner().invoke(main, ["drift", *arguments, "--spec", spec])


def actions(result: Result) -> dict[str, Any]:
    """The updates of a patch by their targets."""
    assert result.exit_code == 0, result.output
    loaded = yaml.safe_load(result.stdout)
    assert loaded["overlay"] == "1.0.0"
    return {one["target"]: one["update"] for one in loaded["actions"] if "update" in one}


def assert_mended(spec: str = "shop.yaml", recordings: str = "rec", *options: str) -> None:
    """With the patch nothing is left, and an SDK can be made of it."""
    Path("patch.yaml").write_text(drift(recordings, spec=spec).stdout)
    again = drift(recordings, "--overlay", "patch.yaml", spec=spec)
    assert (again.exit_code, again.stdout) == (0, "")
    arguments = ["generate", spec, "-o", "sdk", "--overlay", "patch.yaml", *options]
    assert CliRunner().invoke(main, arguments).exit_code == 0


@pytest.mark.parametrize("version", SPECS)
def test_nulls_everywhere(version: str) -> None:
    describe(version, SPECS[version])
    record("a.json", {**dict.fromkeys(SPECS[version]), "deep": [None, {"a b/c": None}]})
    targets = actions(drift("rec"))
    assert "$.components.schemas.Thing.properties.deep.items" in targets
    assert len(targets) == len(SPECS[version])
    assert_mended()
    assert drift("rec", "--overlay", "patch.yaml", "--check").exit_code == 0


@pytest.mark.parametrize("version", SPECS)
def test_values_and_fields(version: str) -> None:
    describe(version, SPECS[version])
    record(
        "a.json",
        {"level": "mid", "few": "c", "merged": "top", "new one": {"x": [1]}},
        (("sort", "down"), ("page", "2")),
    )
    record("b.json", {"level": "mid", "few": "d", "new one": {"x": [1.5], "y": None}})
    found = actions(drift("rec"))
    head = "$.components.schemas"
    assert found[f"{head}.Level"] == {"enum": ["mid", "top"]}
    assert found[f"{head}.Thing.properties.few"] == {"enum": ["c", "d"]}
    (new,) = found[f"{head}.Thing"]["properties"].values()
    assert new["required"] == ["x"]
    assert new["properties"]["x"] == {"type": "array", "items": {"type": "number"}}
    assert found["$.paths['/things'].get.parameters[0].schema"] == {"enum": ["down"]}
    assert found["$.paths['/things'].get"] == {
        "parameters": [{"name": "page", "in": "query", "schema": {"type": "integer"}}]
    }
    assert_mended()


def test_a_constant_becomes_an_enum() -> None:
    describe("3.1.0", SPECS["3.1.0"])
    record("a.json", {"one": "b"})
    assert actions(drift("rec")) == {
        "$.components.schemas.Thing.properties.one": {"enum": ["a", "b"]}
    }
    assert_mended()


def test_no_credential_in_the_patch_or_the_output() -> None:
    describe("3.1.0", SPECS["3.1.0"])
    value = {"few": SECRET, "api_key": "hunter2-hunter2", "object": SECRET, "list": [SECRET] * 9}
    record("a.json", value, (("access_token", "t0ps3cr3t"),))
    result = drift("rec")
    for secret in (SECRET, "hunter2-hunter2", "t0ps3cr3t"):
        assert secret not in result.output
    assert "$.components.schemas.Thing.properties.few" not in actions(result)
    assert "looks like a credential" in result.stderr
    assert "api_key: {type: string}" in result.stdout


def test_no_credential_that_is_the_key_of_an_object() -> None:
    other = "ghp_0123456789abcdefABCDEF"
    describe("3.1.0", {"size": {"type": "integer"}})
    keys = {SECRET: {"size": 1}, "plain": {"size": 2}}
    value = {"usage": keys, "only": {other: 1}, SECRET: 1, f"{other}/x": 2}
    record("a.json", value, ((other, "1"),))
    record("b.json", {"size": {SECRET: 1}})
    result = drift("rec")
    found: dict[str, Any] = {}
    for update in yaml.safe_load(result.stdout)["actions"]:
        found |= update["update"].get("properties", {})
    assert SECRET not in result.output
    assert other not in result.output
    assert found["usage"]["properties"].keys() == {"plain"}
    assert found["usage"]["additionalProperties"]["properties"] == {"size": {"type": "integer"}}
    assert found["only"]["additionalProperties"] == {"type": "integer"}
    assert "the property 'REDACTED' is not declared" in result.stderr


def test_what_no_patch_mends_is_a_warning() -> None:
    describe("3.1.0", {"size": {"type": "integer"}})
    record("a.json", {"size": "big"})
    record("b.json", {}, status=404)
    result = drift("rec")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "broken-contract: a value is of another type (rec/a.json#/response/json/size)" in (
        result.stderr
    )
    assert (
        "rec/b.json:1:1: undescribed-exchange: the description lacks the status 404"
        in result.stderr
    )
    assert drift("rec", "--check").exit_code == 1


def test_an_operation_that_is_not_described() -> None:
    describe("3.1.0", {})
    entry = {
        "request": {"method": "POST", "url": "https://a.b/boxes", "headers": []},
        "response": {"status": 200, "content": {"mimeType": "application/json", "text": "{}"}},
    }
    Path("s.har").write_text(json.dumps({"log": {"entries": [entry, entry]}}))
    result = drift("s.har")
    assert "the description lacks POST /boxes, 2 times" in result.stderr
    assert "hint: add it: specloom add --recording FILE" in result.stderr


def test_parts_in_other_files_are_left_to_a_person() -> None:
    describe("3.1.0", {"other": {"$ref": "other.yaml#/Other"}})
    Path("other.yaml").write_text("Other: {type: object, properties: {a: {type: string}}}\n")
    record("a.json", {"other": {"a": "x", "b": 1}})
    result = drift("rec")
    assert result.stdout == ""
    assert "other.yaml:1:1: broken-contract: the property 'b' is not declared" in result.stderr
    assert "an overlay can change the entry document only" in result.stderr


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[", "a.json:1:2: bad-sample: this is not JSON"),
        ("{}", "a.json:1:1: bad-sample: this is neither"),
    ],
)
def test_bad_recordings(text: str, message: str) -> None:
    describe("3.1.0", {})
    Path("a.json").write_text(text)
    result = drift("a.json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


class TestFakeai:
    """Recordings of a server that speaks a later version of the Assistants API."""

    def test_the_patch_mends_it(self) -> None:
        text = ASSISTANTS.read_text(encoding="utf-8").replace(
            "package: assistants_sdk", "package: drifted_sdk"
        )
        Path("assistants.yaml").write_text(text)
        found = actions(drift(str(FOLDER / "fakeai"), spec="assistants.yaml"))
        run = found["$.components.schemas.RunObject"]["properties"]
        assert run == {"top_p": {"type": "number"}, "parallel_tool_calls": {"type": "boolean"}}
        instructions = found["$.components.schemas.RunObject.properties.instructions"]
        assert instructions == {"type": ["string", "null"]}
        assert_mended("assistants.yaml", str(FOLDER / "fakeai"), "--include", str(LIB))

    def test_it_contains_no_text_of_the_messages(self) -> None:
        result = drift(str(FOLDER / "fakeai"), spec=str(ASSISTANTS))
        said = [one.response.json for one in load() if one.source == "fakeai" and one.response.json]
        names = {one["id"] for one in said if "id" in one}
        assert names
        assert not any(name in result.stdout for name in names)

    def test_recordings_that_match_the_description_show_no_drift(self) -> None:
        result = drift(str(FOLDER / "prism"), "--check", spec=str(ASSISTANTS))
        assert (result.exit_code, result.stdout) == (0, "")


def test_help_shows_examples() -> None:
    result = CliRunner().invoke(main, ["drift", "--help"])
    assert result.exit_code == 0
    assert "Examples:\n    specloom drift " in result.stdout
    assert "Exit codes:\n    0  " in result.stdout
