"""``specloom add`` to the description of this repository, in its style."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from functional.authoring.adding import (
    KEY,
    SESSION,
    Generate,
    add,
    added,
    write,
)
from specloom.options import BuildOptions
from support.examples import ASSISTANTS, LIB
from support.fixtures import FOLDER, from_json, load
from support.generated import forget, generate_sdk
from support.loopback import serving

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("folder")]


CURL = (
    "curl -X POST https://api.openai.com/v1/assistants/asst_abc123/archive "
    f"-H 'Authorization: Bearer {KEY}' -H 'OpenAI-Beta: assistants=v1' "
    f"-b 'session={SESSION}' -H 'User-Agent: x' "
    f'-d \'{{"reason": "old", "api_key": "{KEY}", "echo": "{SESSION}"}}\''
)


def write_project() -> None:
    """A project like this one, with another package name."""
    text = ASSISTANTS.read_text(encoding="utf-8")
    write("shop.yaml", text.replace("package: assistants_sdk", "package: grown_sdk"))
    write("pyproject.toml", f'[tool.specloom]\nspec = "shop.yaml"\ninclude = "{LIB.as_posix()}"\n')
    write("tests/fixtures/README.md", "")


class Archive:
    """The result of adding one endpoint to the Assistants: its folder and the output."""

    def __init__(self, folder: Path, before: bytes, output: str) -> None:
        self.folder, self.before, self.output = folder, before, output
        self.after = (folder / "shop.yaml").read_bytes()
        self.root: dict[str, Any] = yaml.load(self.after, Loader=yaml.CSafeLoader)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    folder = tmp_path_factory.mktemp("archive")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        write_project()
        recorded = FOLDER / "prism/createAssistant/three_tools.json"
        write("archived.json", from_json(recorded.read_text()).response.json)
        before = Path("shop.yaml").read_bytes()
        result = add("--curl", CURL, "--response", "archived.json")
        assert result.exit_code == 0, result.output
    return Archive(folder, before, result.output)


class TestAssistants:
    """The description of this repository, in its style."""

    def test_everything_else_stays_byte_for_byte(self, archive: Archive) -> None:
        after = iter(archive.after.splitlines(keepends=True))
        count = 0
        for line in archive.before.splitlines(keepends=True):
            count += 1
            for other in after:
                if other == line:
                    break
                count += 1
            else:
                pytest.fail(f"{line!r} is gone or was moved")
        assert count == len(archive.after.splitlines())

    def test_it_is_written_as_its_neighbours_are(self, archive: Archive) -> None:
        root = archive.root
        paths = list(root["paths"])
        place = paths.index("/assistants/{assistant_id}/archive")
        assert paths[place - 1] == "/assistants/{assistant_id}/files/{file_id}"
        item = root["paths"][paths[place]]
        assert item["parameters"] == [
            {"$ref": "#/components/parameters/AssistantId"},
            {"$ref": "#/components/parameters/OpenAIBeta"},
        ]
        beside = root["paths"]["/assistants/{assistant_id}"]["post"]
        assert list(item["post"]) == [key for key in beside if key != "description"]
        assert item["post"]["tags"] == ["Assistants"]
        errors = {key: value for key, value in beside["responses"].items() if key != "200"}
        content = {"schema": {"$ref": "#/components/schemas/AssistantObject"}}
        assert item["post"]["responses"] == {
            "200": {"description": "The assistant.", "content": {"application/json": content}},
            **errors,
        }

    def test_credentials_are_in_no_file(self, archive: Archive) -> None:
        written = [path.read_text() for path in archive.folder.rglob("*") if path.is_file()]
        assert any("archiveAssistant" in text for text in written)
        for secret in (KEY, SESSION):
            assert all(secret not in text for text in [*written, archive.output])
        assert b"cookie" not in archive.after.lower()

    def test_the_fixture_is_one_and_replays(self, archive: Archive, folder: Path) -> None:
        (fixture,) = load(archive.folder / "tests/fixtures")
        assert fixture.path == Path("synthetic/archiveAssistant/archived.json")
        kept = archive.folder / "tests/fixtures" / fixture.path
        assert fixture.to_json() == kept.read_text()
        sdk = generate_sdk(archive.folder / "shop.yaml", folder / "sdk", BuildOptions(include=LIB))
        with serving() as server, sdk.client(server.base_url, api_key="REDACTED") as client:
            server.answer(fixture.response.json)
            value = fixture.call.on(client)
            assert isinstance(value, sdk.types.Assistant)
            assert value.to_dict() == fixture.response.json
            last = server.last
            assert (last.method, last.path) == (fixture.request.method, fixture.request.path)
            assert last.json == fixture.request.body
            assert {key: last.headers[key] for key in fixture.request.headers} == (
                fixture.request.headers
            )
        forget(sdk)

    def test_pages_are_seen(self, generate: Generate) -> None:
        write_project()
        box = {"id": "box_1a2b3c", "object": "box", "created_at": 1714546800, "metadata": {}}
        page = {"object": "list", "data": [box], "first_id": "a", "last_id": "b", "has_more": False}
        write("boxes.json", page)
        root = added("GET", "/boxes", "--response", "boxes.json")
        operation = root["paths"]["/boxes"]["get"]
        assert operation["x-sdk"] == {"pagination": "cursor"}
        refs = [one["$ref"].rpartition("/")[2] for one in operation["parameters"]]
        assert refs == ["Limit", "Order", "After", "Before"]
        properties = root["components"]["schemas"]["Box"]["properties"]
        assert properties["metadata"] == {"$ref": "#/components/schemas/Metadata"}
        sdk = generate()
        with serving() as server, sdk.client(server.base_url, api_key="k") as client:
            server.answer(page)
            assert [one.id for one in client.boxes.list()] == ["box_1a2b3c"]
