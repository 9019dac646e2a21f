"""A description with errors: the valid part works, and the left-out part is reported."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from specloom.commands import main
from specloom.errors import SpecError
from specloom.options import BuildOptions
from specloom.pipeline import build
from support.generated import Sdk, forget, generate_sdk
from support.loopback import Loopback

SPEC = Path(__file__).parent / "spec.yaml"
PARTIAL = BuildOptions(allow_partial=True)


@pytest.fixture(scope="module")
def sdk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sdk]:
    made = generate_sdk(SPEC, tmp_path_factory.mktemp("partial"), PARTIAL)
    yield made
    forget(made)


def test_without_the_option_it_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SpecError):
        generate_sdk(SPEC, tmp_path / "out")
    assert not (tmp_path / "out").exists()


_ROUNDS = """\
openapi: 3.1.0
info: {title: Rounds, version: "1"}
security: [{kay: []}]
x-sdk: {pagination: {p: {style: cursor, items: dta, parameter: after, cursor: next}}}
paths:
  /a:
    get:
      x-sdk: {pagination: p}
      parameters: [{name: after, in: query, schema: {type: string}}]
      responses: {"200": {description: a, content: {application/json: {schema: {$ref: "#/components/schemas/Page"}}}}}
  /b: {get: {responses: {"200": {description: b, content: {application/json: {schema: {$ref: "#/components/schemas/Pge"}}}}}}}
  /c: {get: {responses: {"204": {description: c}}}}
components:
  schemas: {Page: {type: object, properties: {data: {type: array, items: {type: string}}, next: {type: string}}}}
"""


def test_all_errors_are_reported_at_once(tmp_path: Path) -> None:
    spec = tmp_path / "spec.yaml"
    spec.write_text(_ROUNDS)
    with pytest.raises(SpecError) as caught:
        build(spec, BuildOptions())
    told = sorted(one.code for one in caught.value.problems)
    assert told == ["bad-x-sdk", "undefined-ref", "undefined-security-scheme"]
    assert not caught.value.problems.advice  # a scheme of the root belongs to no operation


def test_what_is_left_works(sdk: Sdk, server: Loopback) -> None:
    assert sdk.import_all()
    server.answer([{"name": "Tom"}])
    (pet,) = sdk.client(server.base_url).pets.list()
    assert (type(pet).__name__, pet.name) == ("Pet", "Tom")
    server.answer([{"name": "Kit"}])

    async def call() -> list[str]:
        async with sdk.async_client(server.base_url) as client:
            return [pet.name for pet in await client.pets.list()]

    assert asyncio.run(call()) == ["Kit"]
    assert [request.path for request in server.received] == ["/pets", "/pets"]


def test_what_is_left_out_is_nowhere(sdk: Sdk) -> None:
    client = sdk.client("http://localhost")
    assert not hasattr(client.pets, "retrieve")
    assert not hasattr(client, "shops")
    assert not hasattr(sdk.types, "Details")


def test_the_documentation_lists_it_with_reasons(sdk: Sdk) -> None:
    assert "(docs/left-out.md)" in sdk.source("README.md")
    page = sdk.source("docs/left-out.md")
    assert "\n- GET /pets/{id} (getPet)\n  - '#/components/schemas/Owner' does not exist" in page
    assert "\n- GET /shops/{id (&lt;b>getShop&lt;/b>)\n  - the braces of the path" in page
    assert str(SPEC.parent) not in page


def test_a_sound_description_has_no_such_page(tmp_path: Path) -> None:
    text = SPEC.read_text(encoding="utf-8").replace("schemas/Owner", "schemas/Pet")
    sound = tmp_path / "spec.yaml"
    sound.write_text(text.replace("/shops/{id", "/shops"), encoding="utf-8")
    files = build(sound, PARTIAL).files
    assert "docs/left-out.md" not in files
    assert "left-out" not in files["README.md"]


@pytest.fixture
def zoo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = Path("zoo.yaml")
    path.write_bytes(SPEC.read_bytes())
    return path


def test_the_command_lists_it(zoo: Path) -> None:
    result = CliRunner().invoke(main, ["generate", str(zoo), "-o", "out", "--allow-partial"])
    assert result.exit_code == 0
    assert result.stdout.startswith("out: 1 operation, 1 model; ")
    assert (
        "zoo.yaml:13:5: left-out: GET /pets/{id} (getPet) is left out:"
        " undefined-ref at zoo.yaml:26:77 [warning]\n" in result.stderr
    )
    assert "left-out: GET /shops/{id (<b>getShop</b>) is left out: bad-path" in result.stderr
    assert result.stderr.endswith("\n4 warnings\n")


def test_a_file_that_turns_up_later_is_noticed(zoo: Path) -> None:
    text = zoo.read_text(encoding="utf-8")
    zoo.write_text(text.replace("#/components/schemas/Owner", "owner.yaml"), encoding="utf-8")
    command = ["generate", str(zoo), "-o", "out", "--allow-partial"]
    assert "out: 1 operation" in CliRunner().invoke(main, command).stdout
    Path("owner.yaml").write_text("type: string", encoding="utf-8")
    assert "out: 2 operations" in CliRunner().invoke(main, command).stdout
