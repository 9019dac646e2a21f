"""``specloom adopt``: the new SDK is called like the old one, and what differs is listed.

``old/stainless/`` is a small SDK in the layout of Stainless; running any of it ends the program.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from specloom.adoption.layouts import read_old
from specloom.adoption.surface import OldCredential, OldPage
from specloom.commands import main
from specloom.options import BuildOptions
from specloom.pipeline import read
from support.generated import forget, generate_sdk
from support.loopback import Loopback

HERE = Path(__file__).parent
OLD, SPEC = HERE / "old/stainless", HERE / "zoo.yaml"


def adopt(folder: Path, *arguments: str, old: Path = OLD, spec: Path = SPEC) -> Result:
    given = ["adopt", str(old), str(spec), "-o", str(folder), *arguments]
    return CliRunner().invoke(main, given)


def options(folder: Path) -> BuildOptions:
    return BuildOptions(overlays=(folder / "adopt.overlay.yaml",), names_lock=folder / "names.lock")


def differences(folder: Path) -> list[str]:
    report = json.loads((folder / "adoption.json").read_text())
    return [f"{one['kind']} {one['subject']}" for one in report["differences"]]


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


def test_headers_and_bodies_of_the_old_requests_are_in_the_file(tmp_path: Path) -> None:
    package = tmp_path / "zoo"
    package.mkdir()
    (package / "_client.py").write_text(
        "class Zoo(SyncAPIClient):\n"
        "    def __init__(self, *, default_headers=None):\n"
        "        custom_headers_env = os.environ.get('ZOO_CUSTOM_HEADERS')\n"
        "        if custom_headers_env is not None:\n            default_headers = {}\n"
        "        self._idempotency_header = 'Key'\n"
        "    def status(self, *, extra_headers=None):\n"
        "        extra_headers = {'Accept': 'text/plain', **(extra_headers or {})}\n"
        "        return self.get('/status')\n"
        "    def take_any(self):\n        return self.post('/animals')\n"
        "    def change(self, *, size):\n        return self.patch('/size', body={'size': size})\n"
        "    def sizes(self):\n"
        "        return self.get_api_list('/size', page=SyncOnePage[Size], model=Size)\n"
    )
    (package / "pagination.py").write_text(
        "class SyncOnePage:\n    rows: list\n"
        "    def _get_page_items(self):\n        return self.rows\n"
        "    def next_page_info(self):\n        return None\n"
    )
    (package / "_base_client.py").write_text(
        "def headers(options):\n    if header and options.method.lower() in {'post', 'put'}:\n"
        "        pass\n"
    )
    spec, value = tmp_path / "zoo.yaml", yaml.safe_load(SPEC.read_text())
    size = {"type": "object", "required": ["size"], "properties": {"size": {"type": "integer"}}}
    value["components"]["schemas"]["Size"] = size
    schema = {"anyOf": [{"$ref": "#/components/schemas/Size"}, {"type": "null"}]}
    body = {"content": {"application/json": {"schema": schema}}}
    rows = {"type": "array", "items": {"$ref": "#/components/schemas/Size"}}
    listed = {"schema": {"type": "object", "properties": {"rows": rows}}}
    value["paths"]["/size"] = {
        "patch": {"requestBody": body, "responses": {"204": {}}},
        "get": {"responses": {"200": {"content": {"application/json": listed}}}},
    }
    spec.write_text(yaml.safe_dump(value))
    adopt(tmp_path / "new", old=tmp_path, spec=spec)
    former = yaml.safe_load((tmp_path / "new/adopt.former.yaml").read_text())
    assert former["arguments"] == {"default_headers": {"variables": ["ZOO_CUSTOM_HEADERS"]}}
    assert former["requests"] == {
        "GET /status": {"accept": "text/plain"},
        "PATCH /size": {"idempotency_key": False},
        "POST /animals": {"body": False},
    }
    assert "argument client.change(size)" not in differences(tmp_path / "new")
    pages = [one.pagination for one in read(spec, options(tmp_path / "new")).api.operations()]
    assert ("link", "rows") in [(one.style, one.items) for one in pages if one]
    assert not [one for one in differences(tmp_path / "new") if "CUSTOM_HEADERS" in one]


def test_credentials_and_servers_come_from_the_client(tmp_path: Path) -> None:
    """Missing parts of the description are added, and differing ones are replaced."""
    package = tmp_path / "zoo"
    package.mkdir()
    (package / "_client.py").write_text(
        "ENVIRONMENTS: Dict[str, str] = {\n"
        "    'production': 'https://zoo.test/v2/',\n    'sandbox': 'https://try.zoo.test/v2',\n}\n"
        "class Zoo(SyncAPIClient):\n"
        "    def __init__(self, *, org=None, secret=None, key=None, site=None, team=None, hook=None):\n"
        "        if hook is None:\n            hook = os.environ.get('ZOO_HOOK')\n"
        "        if org is None:\n            org = os.environ.get('ZOO_ORG')\n"
        "    @property\n    def auth_headers(self):\n"
        "        credentials = f'{self.org}:{self.secret}'.encode('ascii')\n"
        "        header = f\"Basic {base64.b64encode(credentials).decode('ascii')}\"\n"
        "        return {'Authorization': header}\n"
        "    @property\n    def _key_auth(self):\n        return {'X-Key': self.key}\n"
        "    @property\n    def default_headers(self):\n"
        "        return {'X-Team': self.team if self.team is not None else Omit(), 'X-A': 'b'}\n"
        "    def status(self):\n        return self.get('/status')\n"
        "    def state(self):\n        return self.get('/status')\n"
    )
    (package / "_version.py").write_text("__version__ = '1.4.0'\n")
    (package / "_constants.py").write_text(
        "DEFAULT_TIMEOUT = httpx.Timeout(timeout=2 * 60, connect=5.0)\nDEFAULT_MAX_RETRIES = 4\n"
    )
    spec, value = tmp_path / "zoo.yaml", yaml.safe_load(SPEC.read_text())
    del value["security"], value["components"]["securitySchemes"]
    spec.write_text(yaml.safe_dump(value))
    result = adopt(tmp_path / "new", old=tmp_path, spec=spec)
    assert result.exit_code == 1, result.output
    reading = read(spec, options(tmp_path / "new"))
    assert [(one.name, one.url) for one in reading.api.servers] == [
        ("production", "https://zoo.test/v2"),
        ("sandbox", "https://try.zoo.test/v2"),
    ]
    found = {one.kind: (one.arguments, one.variables) for one in reading.api.security_schemes}
    assert found == {
        "basic": (("org", "secret"), (("ZOO_ORG",), ())),
        "apiKey": (("key",), ()),
    }
    assert reading.api.security == (("org_and_secret",), ("key",))
    settings = reading.api.settings
    assert settings.max_retries == 4
    assert dict(settings.timeout) == {"connect": 5, "read": 120, "write": 120, "pool": 120}
    own = [(one.name, one.location, one.wire_name) for one in settings.client_arguments]
    assert [*own[:1], *own[2:]] == [("team", "header", "X-Team"), ("x_a", "header", "X-A")]
    assert settings.client_arguments[1].environment == ("ZOO_HOOK",)
    # Two names of one operation both work. Nothing in the old text says what site is for.
    assert differences(tmp_path / "new") == ["client Zoo(site)", "client Zoo(hook)"]


def test_an_envelope_is_taken_off(tmp_path: Path) -> None:
    package = tmp_path / "zoo"
    package.mkdir()
    (package / "_client.py").write_text(
        "from ._wrappers import DataWrapper\n"
        "class Zoo(SyncAPIClient):\n"
        "    def meals(self, animal_id):\n"
        "        return self.get(\n"
        "            f'/animals/{animal_id}/meals',\n"
        "            options=make_request_options(post_parser=DataWrapper[Meals]._unwrapper),\n"
        "            cast_to=cast(Type[Meals], DataWrapper[Meals]),\n"
        "        )\n"
    )
    (package / "_wrappers.py").write_text(
        "class DataWrapper(GenericModel):\n    data: _T = FieldInfo(alias='items')\n"
    )
    adopt(tmp_path / "new", old=tmp_path)
    reading = read(SPEC, options(tmp_path / "new"))
    (operation,) = (one for one in reading.api.operations() if one.id == "listMeals")
    assert reading.names.addresses[operation.pointer] == "meals"
    assert "unwrap: items" in (tmp_path / "new/adopt.overlay.yaml").read_text()


def test_hand_written_code_is_carried_over(tmp_path: Path) -> None:
    """Imports from the old package are listed: the new one may not have them."""
    package = tmp_path / "zoo"
    (package / "lib/inner").mkdir(parents=True)
    (package / "_client.py").write_text("class Zoo(SyncAPIClient):\n    pass\n")
    (package / "lib/.keep").write_text("")
    (package / "lib/feeding.py").write_text(
        "from .inner import hay\nfrom ..types import Animal\nfrom .._models import BaseModel\n"
    )
    (package / "lib/inner/__init__.py").write_text("hay = 1\n")
    new = tmp_path / "new"
    result = adopt(new, old=tmp_path)
    assert sorted(one.name for one in (new / "lib").rglob("*.py")) == ["__init__.py", "feeding.py"]
    assert 'include = "lib"\n' in (new / "pyproject.toml").read_text()
    unread = json.loads((new / "adoption.json").read_text())["unread"]
    assert [(one["file"], one["line"]) for one in unread] == [("zoo/lib/feeding.py", 3)]
    assert "_models" in unread[0]["reason"]
    (new / "lib/feeding.py").write_text("mine = True\n")
    assert "feeding.py" not in adopt(new, old=tmp_path).output
    assert (new / "lib/feeding.py").read_text() == "mine = True\n"
    assert result.exit_code == 0, result.output


_SHOP_CLIENT = """\
class Shop(SyncAPIClient):
    def __init__(self, *, api_key=None):
        pass

    @cached_property
    def cards(self) -> Cards:
        return Cards(self)
"""
_SHOP_CARDS = """\
class Cards(SyncAPIResource):
    def make(self, *, kind, limit=NOT_GIVEN, memoText=NOT_GIVEN):
        return self._post(
            "/cards",
            body=maybe_transform(
                {"kind": kind, "limit": limit, "memoText": memoText}, CardMakeParams
            ),
            cast_to=Card,
        )

    def create(self, *, kind):
        return self._post("/cards", body=maybe_transform({"kind": kind}, object), cast_to=Card)

    def patch(self, path_id: str, *, body_id=NOT_GIVEN):
        return self._patch(
            f"/cards/{path_id}",
            body=maybe_transform({"body_id": body_id}, CardPatchParams),
            cast_to=Card,
        )

    def update(self, id: str):
        return self._patch(f"/cards/{id}", cast_to=Card)

    def move(self, shop_id: str, card_id: str):
        return self._post(f"/shops/{shop_id}/cards/{card_id}", cast_to=NoneType)


class CardPatchParams(TypedDict, total=False):
    body_id: Annotated[str, PropertyInfo(alias="id")]
"""
_SHOP = """\
openapi: 3.1.0
info: {title: Shop, version: "1"}
paths:
  /cards:
    post:
      operationId: makeCard
      requestBody:
        required: true
        content:
          application/json:
            schema:
              oneOf:
                - {type: object, required: [kind], properties: {kind: {const: a}, limit: {type: integer}}}
                - {type: object, required: [kind], properties: {kind: {const: b}, memoText: {type: string}}}
      responses: {"200": {$ref: "#/components/responses/Card"}}
  /cards/new:
    post:
      operationId: newCard
      x-sdk: {resource: cards, method: create}
      responses: {"200": {$ref: "#/components/responses/Card"}}
  /cards/{id}:
    patch:
      operationId: patchCard
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      requestBody: {content: {application/json: {schema: {type: object, properties: {id: {type: string}}}}}}
      responses: {"200": {$ref: "#/components/responses/Card"}}
  /shops/{shop_id}/cards/{card_id}:
    post:
      operationId: moveCard
      parameters:
        - {name: shop_id, in: path, required: true, schema: {type: string}}
        - {name: card_id, in: path, required: true, schema: {type: string}}
      responses: {"204": {description: Moved.}}
components:
  responses:
    Card: {description: A card., content: {application/json: {schema: {$ref: "#/components/schemas/Card"}}}}
  schemas: {Card: {type: object, properties: {id: {type: string}}}}
"""


def test_the_ways_to_give_arguments_are_kept(tmp_path: Path) -> None:
    """Bodies of several objects, several positional arguments, equal names, second names."""
    old, new, spec = tmp_path / "old/shop", tmp_path / "new", tmp_path / "shop.yaml"
    (old / "resources").mkdir(parents=True)
    (old / "_version.py").write_text('__version__ = "1.0.0"\n')
    (old / "_client.py").write_text(f"from .resources.cards import Cards\n{_SHOP_CLIENT}")
    (old / "resources/cards.py").write_text(_SHOP_CARDS)
    spec.write_text(_SHOP)
    result = adopt(new, old=old.parent, spec=spec)
    assert result.exit_code == 1, result.output
    names = ("argument", "path-arguments", "required")
    assert [one for one in differences(new) if one.split(" ")[0] in names] == []
    overlay = (new / "adopt.overlay.yaml").read_text()
    assert "method: make, spread_body: true}" in overlay
    assert "positional: [shop_id, card_id]}" in overlay
    assert 'accept: "application/json"' in overlay
    lock = (new / "names.lock").read_text()
    assert "PATCH /cards/{id} path id: path_id" in lock
    assert "PATCH /cards/{id} body id: body_id" in lock
    assert "POST /cards body memoText: memoText" in lock
    assert "cards.update" in lock  # the name that its operation would have without the old SDK
    assert "name cards.create" in " ".join(differences(new)).replace("client.", "")
