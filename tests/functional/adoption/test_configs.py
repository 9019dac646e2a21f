"""Reads the configurations of hosted generators, as far as they go."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from specloom.adoption.layouts import read_old
from specloom.adoption.surface import OldPage
from specloom.commands import main
from specloom.options import BuildOptions
from specloom.pipeline import read

SPEC = Path(__file__).parent / "zoo.yaml"

STAINLESS = """
organization: {name: zoo inc}
custom_casings: {zoo inc: {pascal: ZooINC}}
targets:
  python: {package_name: zoo_inc}
client_settings:
  idempotency_header: Idempotency-Key
  opts:
    zooToken: {type: string, read_env: ZOO_TOKEN, auth: {security_scheme: token, role: value}}
environments: {production: "https://zoo.test", sandbox: "https://try.zoo.test"}
pagination:
  - name: token_page
    type: cursor
    request:
      start: {type: string, x-stainless-pagination-property: {purpose: next_cursor_param}}
    response:
      rows: {type: array, items: {}}
      nextToken: {type: string, x-stainless-pagination-property: {purpose: next_cursor_field}}
query_settings: {array_format: comma}
resources:
  $client:
    methods: {state: get /status}
  $shared:
    models: {zooState: ZooState}
  creatures:
    models: {creature: "#/components/schemas/Animal"}
    methods:
      list: {type: http, endpoint: get /animals, paginated: true, deprecated: true}
      adopt: post /animals
      get: get /animals/{animalId}
      hunt: {endpoint: get /hunt, skip: [python]}
      watch: {type: websocket, endpoint: wss /watch}
    subresources:
      meals:
        methods:
          give: {endpoint: "put /animals/{animalId}/meals/{mealId}"}
  keepers: {only: [go], methods: {list: get /keepers}}
"""

SPEAKEASY = """
configVersion: 2.0.0
generation: {sdkClassName: ZooClient}
python:
  {version: 0.9.0, packageName: zoo-client, envVarPrefix: ZOO, flattenRequests: true}
"""

FERN = """
api:
  specs: [{openapi: ../zoo.yaml, overrides: ../more.yaml}]
  auth-schemes:
    key: {scheme: bearer, token: {name: zooToken, env: ZOO_TOKEN}}
groups:
  python:
    generators:
      - {name: fernapi/fern-typescript-sdk}
      - name: fernapi/fern-python-sdk
        output: {location: pypi, package-name: zoo-sdk}
        config: {client: {class_name: BaseZoo, exported_class_name: Zoo}}
"""


def adopted(folder: Path, text: str, name: str) -> tuple[Path, str]:
    (folder / name).write_text(text, encoding="utf-8")
    new = folder / "new"
    result = CliRunner().invoke(main, ["adopt", str(folder / name), str(SPEC), "-o", str(new)])
    assert result.exit_code != 2, result.output
    return new, result.output


@pytest.mark.parametrize("name", ["stainless.yml", "openapi.stainless.yaml"])
def test_names_of_stainless_configuration_are_kept(tmp_path: Path, name: str) -> None:
    new, output = adopted(tmp_path, STAINLESS, name)
    reading = read(
        SPEC, BuildOptions(overlays=(new / "adopt.overlay.yaml",), names_lock=new / "names.lock")
    )
    settings = reading.api.settings
    assert (settings.package, settings.client) == ("zoo_inc", "ZooINC")
    assert settings.idempotency_header == "Idempotency-Key"
    assert [one.name for one in reading.api.servers] == ["production", "sandbox"]
    (scheme,) = reading.api.security_schemes
    assert (scheme.arguments, scheme.variables) == (("zoo_token",), (("ZOO_TOKEN",),))
    assert {
        "state",
        "creatures.adopt",
        "creatures.get",
        "creatures.list",
        "creatures.meals.give",
    } <= set(reading.names.addresses.values())
    assert "Creature" in reading.names.types.values()
    listed = next(one for one in reading.api.operations() if one.id == "listAnimals")
    assert listed.pagination is not None
    report = json.loads((new / "adoption.json").read_text())
    assert report["differences"] == []
    unread = [(one["file"], one["line"], one["reason"].split(":")[0]) for one in report["unread"]]
    assert unread == [
        (name, 32, "client.creatures.watch"),
        (name, 19, "query_settings"),
        (name, 28, "resources.creatures.methods.list.deprecated"),
    ]
    assert "5 names kept" in output


def test_pages_of_a_configuration_are_read_by_their_purposes(tmp_path: Path) -> None:
    (tmp_path / "stainless.yml").write_text(STAINLESS)
    assert read_old(str(tmp_path)).pages == {
        "SyncTokenPage": OldPage("cursor", "rows", "start", cursor="nextToken")
    }


@pytest.mark.parametrize(
    ("name", "text", "package", "client"),
    [
        ("gen.yaml", SPEAKEASY, "zoo_client", "ZooClient"),
        ("generators.yml", FERN, "zoo_sdk", "Zoo"),
    ],
)
def test_other_configurations_name_the_package_and_the_client(
    tmp_path: Path, name: str, text: str, package: str, client: str
) -> None:
    new, _ = adopted(tmp_path, text, name)
    reading = read(SPEC, BuildOptions(overlays=(new / "adopt.overlay.yaml",)))
    assert (reading.api.settings.package, reading.api.settings.client) == (package, client)
    assert "hints of the description" in (new / "ADOPTION.md").read_text()
    if name == "generators.yml":
        (scheme,) = reading.api.security_schemes
        assert (scheme.arguments, scheme.variables) == (("zoo_token",), (("ZOO_TOKEN",),))


TAGGED = """
openapi: 3.1.0
info: {title: Zoo, version: "1"}
paths:
  /animals/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {operationId: lookUp, tags: [Land Animals], responses: {"204": {description: Done.}}}
    put:
      operationId: feed
      tags: [Land Animals]
      x-speakeasy-group: keepers
      x-speakeasy-name-override: serve
      x-fern-sdk-group-name: keepers
      x-fern-sdk-method-name: serve
      responses: {"204": {description: Done.}}
"""


@pytest.mark.parametrize(
    ("name", "text", "unread"),
    [
        (".speakeasy/gen.yaml", SPEAKEASY, ["configVersion", "python.flattenRequests"]),
        (
            "fern/generators.yml",
            FERN,
            [
                "../more.yaml",
                "api.specs.0.openapi",
                "groups.python.generators.0",
                "groups.python.generators.1.output.location",
            ],
        ),
    ],
)
def test_methods_without_hints_have_the_names_of_tags(
    tmp_path: Path, name: str, text: str, unread: list[str]
) -> None:
    """As the hosted generators name them. OLD is a folder; what is not read is listed."""
    file, spec, new = tmp_path / "old" / name, tmp_path / "zoo.yaml", tmp_path / "new"
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    spec.write_text(TAGGED, encoding="utf-8")
    arguments = ["adopt", str(tmp_path / "old"), str(spec), "-o", str(new)]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    reading = read(spec, BuildOptions(overlays=(new / "adopt.overlay.yaml",)))
    assert set(reading.names.addresses.values()) == {"land_animals.look_up", "keepers.serve"}
    listed = json.loads((new / "adoption.json").read_text())["unread"]
    assert {one["file"] for one in listed} == {name}
    keys = {one["reason"].split(":")[0]: one["line"] for one in listed}
    assert set(unread) <= set(keys)
    line = text.splitlines()[keys[unread[-1]] - 1]
    assert unread[-1].rpartition(".")[2] in line


def test_a_broken_configuration_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "stainless.yml").write_text("resources: [")
    arguments = ["adopt", str(tmp_path / "stainless.yml"), str(SPEC), "-o", str(tmp_path / "new")]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert "stainless.yml:1" in result.output
