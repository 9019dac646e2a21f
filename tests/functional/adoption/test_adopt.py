"""``specloom adopt``: the new SDK is called like the old one, and what differs is listed."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
import yaml

from specloom.adoption.layouts import read_old
from specloom.adoption.surface import OldCredential, OldPage
from specloom.pipeline import read
from support.adopting import OLD, SPEC, adopt, differences, options
from support.generated import forget, generate_sdk
from support.loopback import Loopback


def test_methods_are_read_with_the_places_of_their_arguments() -> None:
    methods = {one.address: one for one in read_old(str(OLD)).methods}
    assert {address: (one.http_method, one.path) for address, one in methods.items()} == {
        "status": ("GET", "/status"),
        "animals.adopt": ("POST", "/animals"),
        "animals.fetch": ("GET", "/animals/{animal}"),
        "animals.list_all": ("GET", "/animals"),
        "animals.meals.all": ("GET", "/animals/{animal_id}/meals"),
        "animals.meals.give": ("PUT", "/animals/{animal_id}/meals/{meal_id}"),
        "tickets.refund": ("DELETE", "/v0/tickets/{ticket_id}"),
    }
    adopted = methods["animals.adopt"]
    assert [(one.name, one.location, one.wire_name) for one in adopted.arguments] == [
        ("kind_of", "body", "species"),
        ("name", "body", "name"),
        ("trace", "header", "X-Trace"),
    ]
    assert methods["animals.list_all"].page == "SyncTokenPage"
    assert methods["animals.fetch"].returns == "Animal"


def test_pages_have_their_end_conditions(tmp_path: Path) -> None:
    package = tmp_path / "zoo"
    package.mkdir()
    (package / "_client.py").write_text("class Zoo(SyncAPIClient):\n    pass\n")
    (package / "pagination.py").write_text(
        "class SyncIdPage:\n"
        "    rows: list\n"
        "    more: bool\n"
        "    def _get_page_items(self):\n        return self.rows\n"
        "    def has_next_page(self):\n        return self.more\n"
        "    def next_page_info(self):\n"
        "        item = cast(Any, self.rows[-1])\n"
        "        return PageInfo(params={'after': item.id})\n"
        "class SyncHeaderPage:\n"
        "    items: list\n"
        "    token: str\n"
        "    def _get_page_items(self):\n        return self.items\n"
        "    def next_page_info(self):\n"
        "        token = self.token\n"
        "        return PageInfo(params={'after': token})\n"
        "    def build(cls, *, response, data):\n"
        "        return cls.construct(**{\n"
        "            **(data if is_mapping(data) else {'items': data}),\n"
        "            'token': response.headers.get('X-Next'),\n"
        "        })\n"
        "class SyncOnePage:\n"
        "    rows: list\n"
        "    def _get_page_items(self):\n        return self.rows\n"
        "    def next_page_info(self):\n        return None\n"
        "class SyncOddPage:\n"
        "    rows: list\n"
        "    def _get_page_items(self):\n        return self.rows\n"
        "    def next_page_info(self):\n        return guess(self)\n"
    )
    assert read_old(str(tmp_path)).pages == {
        "SyncIdPage": OldPage("cursor", "rows", "after", item_cursor="id", has_more="more"),
        "SyncHeaderPage": OldPage("cursor", "", "after", cursor_header="X-Next"),
        "SyncOnePage": OldPage("link", "rows"),
    }


def test_the_client_is_read() -> None:
    client = read_old(str(OLD)).client
    assert client is not None
    assert client.name == "Zoo"
    assert client.variables == {"token": ("ZOO_TOKEN",), "base_url": ("ZOO_BASE_URL",)}
    assert client.headers == {"Zoo-Version": "2"}
    assert client.credentials == (OldCredential("bearer", "Authorization", "Bearer", ("token",)),)
    assert client.servers == {"": "https://zoo.example.com"}
    assert client.idempotency_header == "Idempotency-Key"


def test_what_cannot_be_read_is_listed_with_its_line() -> None:
    unread = read_old(str(OLD)).unread
    assert [str(one.place) for one in unread] == ["src/zoo/resources/tickets.py:6"]
    assert "client.tickets.buy" in unread[0].reason


def test_a_method_that_only_api_md_lists_is_not_read(tmp_path: Path) -> None:
    package = tmp_path / "zoo"
    package.mkdir()
    (package / "_client.py").write_text("class Zoo(SyncAPIClient):\n    pass\n")
    title, link = 'title="get /dodo"', '<a href="./zoo.py">find</a>'
    (tmp_path / "api.md").write_text(f"# Dodo\n\n- <code {title}>client.dodo.{link}()</code>\n")
    unread = read_old(str(tmp_path)).unread
    assert [(str(one.place), "client.dodo.find" in one.reason) for one in unread] == [
        ("api.md:3", True)
    ]


def test_names_and_arguments_are_those_of_the_old_sdk(tmp_path: Path) -> None:
    result = adopt(tmp_path)
    assert result.exit_code == 1, result.output
    names = read(SPEC, options(tmp_path)).names
    assert sorted(names.addresses.values()) == [
        "animals.adopt",
        "animals.fetch",
        "animals.list_all",
        "animals.meals.all",
        "animals.meals.give",
        "status",
    ]
    assert differences(tmp_path) == [
        "missing client.tickets.refund",
        "handwritten client.animals.wait_for",
    ]


def test_old_calls_run_on_the_new_sdk(tmp_path: Path, server: Loopback) -> None:
    adopt(tmp_path)
    sdk = generate_sdk(SPEC, tmp_path / "sdk", options(tmp_path))
    try:
        assert (sdk.package, sdk.client_name) == ("zoo", "Zoo")
        client = sdk.client(server.base_url, token="t")
        server.answer({"species": "owl"})
        assert client.animals.adopt(kind_of="owl", trace="abc").species == "owl"
        assert server.last.json == {"species": "owl"}
        assert server.last.headers["x-trace"] == "abc"
        assert server.last.headers["authorization"] == "Bearer t"
        assert server.last.headers["zoo-version"] == "2"
        server.answer({"rows": [{"species": "owl"}], "nextToken": "2"})
        server.answer({"rows": [{"species": "emu"}]})
        page = client.animals.list_all(page_size=1)
        assert isinstance(page, sdk.module.SyncTokenPage)
        assert [one.species for one in page] == ["owl", "emu"]
        server.answer({"items": ["hay"]})
        assert client.animals.meals.all("a_1").items == ["hay"]
        server.answer(status=204)
        client.animals.meals.give("m_1", animal_id="a_1")
        assert server.last.path == "/animals/a_1/meals/m_1"
        assert sdk.types.Status
    finally:
        forget(sdk)


def test_a_second_run_keeps_edits(tmp_path: Path) -> None:
    adopt(tmp_path)
    overlay = tmp_path / "adopt.overlay.yaml"
    overlay.write_text(overlay.read_text().replace("method: fetch", "method: look_at"))
    result = adopt(tmp_path)
    assert "look_at" in overlay.read_text()
    assert "adopt.overlay.yaml" not in result.output
    assert "name client.animals.fetch" in differences(tmp_path)
    assert "client.animals.look_at" in (tmp_path / "ADOPTION.md").read_text()
    adopt(tmp_path, "--force")
    assert "name client.animals.fetch" not in differences(tmp_path)


def test_waived_differences_do_not_fail(tmp_path: Path) -> None:
    adopt(tmp_path)
    waivers = tmp_path / "adoption.waivers"
    waivers.write_text("missing *  # gone since 1.3\n")
    assert adopt(tmp_path).exit_code == 1
    waivers.write_text(f"{waivers.read_text()}handwritten client.animals.*\n")
    result = adopt(tmp_path)
    assert result.exit_code == 0, result.output
    assert "0 open, 2 waived" in (tmp_path / "ADOPTION.md").read_text()


def test_what_callers_notice_is_a_difference(tmp_path: Path) -> None:
    spec = tmp_path / "zoo.yaml"
    value = yaml.safe_load(SPEC.read_text())
    create = value["paths"]["/animals"]["post"]
    schema = create["requestBody"]["content"]["application/json"]["schema"]
    schema["properties"]["species2"] = schema["properties"].pop("species")
    schema["required"] = ["species2"]
    rows = value["paths"]["/animals"]["get"]["responses"]["200"]["content"]["application/json"]
    rows["schema"] = {"type": "object", "properties": {"other": {"type": "string"}}}
    spec.write_text(yaml.safe_dump(value))
    adopt(tmp_path, spec=spec)
    assert {
        "argument client.animals.adopt(kind_of)",
        "required client.animals.adopt(species2)",
        "pages client.animals.list_all",
    } <= set(differences(tmp_path))


def test_a_prefix_of_all_paths_does_not_matter(tmp_path: Path) -> None:
    spec = tmp_path / "zoo.yaml"
    value = yaml.safe_load(SPEC.read_text())
    value["paths"] = {f"/api/v1{path}": item for path, item in value["paths"].items()}
    spec.write_text(yaml.safe_dump(value))
    adopt(tmp_path, spec=spec)
    assert json.loads((tmp_path / "adoption.json").read_text())["operations"]["common"] == 6


@pytest.mark.parametrize(
    ("path", "different"),
    [("", {"wire client.find", "wire client.adopt"}), ("/v1", {"wire client.state"})],
)
def test_base_urls_have_the_prefix_of_some_paths_if_the_description_has(
    tmp_path: Path, path: str, different: set[str]
) -> None:
    package, spec = tmp_path / "old/zoo", tmp_path / "zoo.yaml"
    package.mkdir(parents=True)
    (package / "_client.py").write_text(
        "class Zoo(SyncAPIClient):\n"
        "    def __init__(self, *, token=None):\n        base_url = 'https://zoo.test'\n"
        "    def find(self):\n        return self.get('/v1/animals')\n"
        "    def adopt(self):\n        return self.post('/v1/animals')\n"
        "    def state(self):\n        return self.get('/status')\n"
    )
    value = yaml.safe_load(SPEC.read_text())
    value["servers"] = [{"url": f"https://zoo.example.com{path}"}]
    spec.write_text(yaml.safe_dump(value))
    adopt(tmp_path / "new", old=tmp_path / "old", spec=spec)
    servers = read(spec, options(tmp_path / "new")).api.servers
    assert servers[0].url == f"https://zoo.test{path}"
    found = differences(tmp_path / "new")
    assert {one for one in found if one.startswith("wire ")} == different


@pytest.mark.parametrize("includes", [False, True])
def test_mixins_of_the_description_follow_the_names_of_resources(
    tmp_path: Path, includes: bool
) -> None:
    value = yaml.safe_load(SPEC.read_text())
    value["x-sdk"] = {
        "mixins": {
            "resources": {
                "creatures": "lib.more.CreaturesMixin",
                "animals.meals": "lib.more.MealsMixin",
            }
        },
        "readme": {"operation": "creatures.create"},
    }
    for method, name in (("get", "list"), ("post", "create")):
        value["paths"]["/animals"][method]["x-sdk"] = {"resource": "creatures", "method": name}
    value["paths"]["/animals/{animalId}"]["get"]["x-sdk"] = {"resource": "creatures"}
    spec, new = tmp_path / "zoo.yaml", tmp_path / "new"
    spec.write_text(yaml.safe_dump(value))
    new.mkdir()
    if includes:
        (new / "pyproject.toml").write_text('[tool.specloom]\ninclude = "lib"\n')
    result = adopt(new, spec=spec)
    assert result.exit_code == 1, result.output
    reading = read(spec, options(new))
    assert "animals.adopt" in reading.names.addresses.values()
    heirs = {"animals": "lib.more.CreaturesMixin", "animals.meals": "lib.more.MealsMixin"}
    expected = {"mixins": {"resources": heirs}} if includes else {}
    sdk = reading.document.root["x-sdk"]  # type: ignore[index, call-overload]
    assert {key: sdk[key] for key in ("mixins", "readme") if key in sdk} == expected


@pytest.mark.parametrize("kind", ["sdist", "wheel"])
def test_archives_are_read_where_they_are(tmp_path: Path, kind: str) -> None:
    files = sorted(file for file in OLD.rglob("*") if file.is_file())
    archive = tmp_path / ("zoo-1.4.0.tar.gz" if kind == "sdist" else "zoo-1.4.0-py3-none-any.whl")
    if kind == "sdist":
        with tarfile.open(archive, "w:gz") as tar:
            for file in files:
                tar.add(file, f"zoo-1.4.0/{file.relative_to(OLD).as_posix()}")
    else:
        with zipfile.ZipFile(archive, "w") as wheel:
            for file in files:
                wheel.write(file, file.relative_to(OLD).as_posix().removeprefix("src/"))
    assert [one.address for one in read_old(str(archive)).methods] == [
        one.address for one in read_old(str(OLD)).methods
    ]


def test_the_output_is_the_same_under_any_hash_seed(tmp_path: Path) -> None:
    texts = []
    for seed in ("1", "2"):
        folder = tmp_path / seed
        command = [sys.executable, "-m", "specloom", "adopt", str(OLD), str(SPEC), "-q"]
        subprocess.run(
            [*command, "-o", str(folder)], env={"PYTHONHASHSEED": seed, "PATH": ""}, check=False
        )
        texts.append({file.name: file.read_text() for file in sorted(folder.iterdir())})
    assert texts[0] == texts[1]
    assert "adopt.former.yaml" in texts[0]
    assert len(texts[0]) == 6


def test_hand_written_code_is_carried_over(tmp_path: Path) -> None:
    """Imports from the old package are listed if the new one lacks the name."""
    package = tmp_path / "zoo"
    (package / "lib/inner").mkdir(parents=True)
    (package / "_client.py").write_text("class Zoo(SyncAPIClient):\n    pass\n")
    (package / "lib/.keep").write_text("")
    (package / "lib/feeding.py").write_text(
        "from .inner import hay\nfrom ..types import Animal\n"
        "from .._models import BaseModel, GenericModel\nfrom .._types import NotGiven\n"
    )
    (package / "lib/inner/__init__.py").write_text("hay = 1\n")
    new = tmp_path / "new"
    result = adopt(new, old=tmp_path)
    assert sorted(one.name for one in (new / "lib").rglob("*.py")) == ["__init__.py", "feeding.py"]
    assert 'include = "lib"\n' in (new / "pyproject.toml").read_text()
    unread = json.loads((new / "adoption.json").read_text())["unread"]
    assert [(one["file"], one["line"]) for one in unread] == [("zoo/lib/feeding.py", 3)]
    assert "_models.GenericModel, which" in unread[0]["reason"]
    (new / "lib/feeding.py").write_text("mine = True\n")
    assert "feeding.py" not in adopt(new, old=tmp_path).output
    assert (new / "lib/feeding.py").read_text() == "mine = True\n"
    assert result.exit_code == 0, result.output


def test_names_of_old_modules_that_the_new_sdk_lacks_are_listed(tmp_path: Path) -> None:
    package = tmp_path / "zoo"
    (package / "_utils").mkdir(parents=True)
    (package / "_client.py").write_text("class Zoo(SyncAPIClient):\n    pass\n")
    (package / "_types.py").write_text("NOT_GIVEN = 1\nclass Fodder: ...\n_inner = 1\n")
    exports = "from ._typing import is_hay as is_hay, is_given as is_given\nimport re\n"
    (package / "_utils/__init__.py").write_text(exports)
    (package / "_utils/_typing.py").write_text("def is_hay(): ...\nT: int = 1\n")
    new = tmp_path / "new"
    result = adopt(new, old=tmp_path)
    assert result.exit_code == 0, result.output  # they are no differences
    assert json.loads((new / "adoption.json").read_text())["internals"] == {
        "_types": ["Fodder"],
        "_utils": ["is_hay"],
        "_utils._typing": ["T", "is_hay"],
    }
    assert "- `zoo._types`: Fodder\n" in (new / "ADOPTION.md").read_text()
