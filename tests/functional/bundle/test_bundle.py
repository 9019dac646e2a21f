"""``specloom bundle``: one document with overlays and code samples, without other files."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx2
import pytest
import yaml
from click.testing import CliRunner
from openapi_spec_validator import validate

from specloom.commands import main
from specloom.options import BuildOptions
from specloom.pipeline import read

FILES = {
    "api.yaml": """
openapi: 3.1.0
info: {title: Zoo, version: "1"}
servers: [{url: "https://zoo.example.com"}]
paths:
  /animals/{id}: {$ref: "paths.yaml#/animal"}
components:
  schemas:
    Food: {type: object, properties: {name: {type: string, example: {$ref: "nothing.yaml"}}}}
""",
    "paths.yaml": """
animal:
  parameters: [{name: id, in: path, required: true, schema: {type: string}}]
  get:
    operationId: getAnimal
    x-codeSamples: [{lang: Shell, source: curl}, {lang: python, source: old}]
    responses:
      "200":
        description: The animal.
        content:
          application/json:
            schema:
              oneOf: [{$ref: "animals.yaml#/Cat"}, {$ref: "animals.yaml#/Dog"}]
              discriminator: {propertyName: kind, mapping: {cat: "animals.yaml#/Cat", dog: "animals.yaml#/Dog"}}
""",
    "animals.yaml": """
Cat:
  type: object
  required: [kind]
  properties:
    kind: {const: cat}
    kittens: {type: array, items: {$ref: "#/Cat"}}
    food: {$ref: "api.yaml#/components/schemas/Food"}
Dog: {type: object, required: [kind], properties: {kind: {const: dog}}}
""",
    "names.yaml": """
overlay: 1.0.0
info: {title: Names, version: "1"}
actions:
  - {target: "$.info", update: {description: From the overlay.}}
""",
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        Path(name).write_text(text, encoding="utf-8")
    return tmp_path


def bundle(*options: str, spec: str = "api.yaml") -> Any:
    result = CliRunner().invoke(main, ["bundle", spec, *options])
    assert result.exit_code == 0, result.output
    return yaml.safe_load(result.stdout)


def refs(value: Any) -> list[str]:
    if isinstance(value, list):
        return [one for inner in value for one in refs(inner)]
    if not isinstance(value, dict):
        return []
    own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
    return own + [one for key, inner in value.items() if key != "example" for one in refs(inner)]


def test_the_bundle_is_one_valid_document() -> None:
    found = bundle()
    validate(found)
    assert all(one.startswith("#/") for one in refs(found))
    assert found["components"]["schemas"]["Food"]["properties"]["name"]["example"] == {
        "$ref": "nothing.yaml"
    }


def test_a_schema_that_contains_itself_is_a_component() -> None:
    cat = bundle()["components"]["schemas"]["Cat"]
    assert cat["properties"]["kittens"]["items"] == {"$ref": "#/components/schemas/Cat"}


def test_a_mapping_names_components() -> None:
    answer = bundle()["paths"]["/animals/{id}"]["get"]["responses"]["200"]
    mapping = answer["content"]["application/json"]["schema"]["discriminator"]["mapping"]
    assert mapping == {"cat": "#/components/schemas/Cat", "dog": "#/components/schemas/Dog"}
    assert bundle()["components"]["schemas"]["Dog"]["properties"] == {"kind": {"const": "dog"}}


def test_the_sample_is_the_example_of_the_sdk_and_replaces_another_in_python() -> None:
    samples = bundle()["paths"]["/animals/{id}"]["get"]["x-codeSamples"]
    assert [one["lang"] for one in samples] == ["Python", "Shell"]
    assert "client.animals.retrieve(" in samples[0]["source"]
    compile(samples[0]["source"], "sample", "exec")


def test_overlays_are_applied() -> None:
    assert bundle("--overlay", "names.yaml")["info"]["description"] == "From the overlay."


def test_inside_the_document_references_stay_unless_asked() -> None:
    def food(found: Any) -> Any:
        return found["components"]["schemas"]["Cat"]["properties"]["food"]

    assert food(bundle()) == {"$ref": "#/components/schemas/Food"}
    assert food(bundle("--inline-all"))["type"] == "object"
    validate(bundle("--inline-all"))


def test_a_json_file_is_json_with_the_same_content() -> None:
    result = CliRunner().invoke(main, ["bundle", "api.yaml", "-o", "out.json"])
    assert result.exit_code == 0
    assert json.loads(Path("out.json").read_text(encoding="utf-8")) == bundle()


def test_the_bundle_gives_the_same_methods() -> None:
    Path("bundled.yaml").write_text(yaml.safe_dump(bundle()), encoding="utf-8")
    names = [
        sorted(read(Path(one), BuildOptions()).names.addresses.values())
        for one in ("api.yaml", "bundled.yaml")
    ]
    assert names[0] == names[1] == ["animals.retrieve"]


def test_errors_are_those_of_the_description() -> None:
    Path("animals.yaml").write_text("Dog: {}", encoding="utf-8")
    result = CliRunner().invoke(main, ["bundle", "api.yaml"])
    assert result.exit_code == 2
    assert "undefined-ref" in result.stderr


def test_fastmcp_makes_a_server_of_it() -> None:
    fastmcp = pytest.importorskip("fastmcp", reason="fastmcp is not installed")

    async def tools() -> list[str]:
        client = httpx2.AsyncClient(base_url="https://zoo.example.com")
        server = fastmcp.FastMCP.from_openapi(bundle(), client=client)
        async with fastmcp.Client(server) as caller:
            return [one.name for one in await caller.list_tools()]

    assert asyncio.run(tools()) == ["getAnimal"]
