"""``specloom adopt``: requests, credentials, envelopes and the ways to give arguments are kept."""

from __future__ import annotations

from pathlib import Path

import yaml

from specloom.pipeline import read
from support.adopting import SPEC, adopt, differences, options


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
        "    def take_any(self, *, extra_headers=None):\n"
        "        extra_headers = {'Zoo-Beta': 'v1', 'Content-Type': 'x/y', **(extra_headers or {})}\n"
        "        return self.post('/animals')\n"
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
        '        pass\n    return {"Content-Type": "application/json"}\n'
    )
    (package / "_legacy_response.py").write_text("class LegacyAPIResponse:\n    pass\n")
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
        "GET /size": {"headers": {"Content-Type": "application/json"}},
        "GET /status": {"accept": "text/plain", "headers": {"Content-Type": "application/json"}},
        "PATCH /size": {"accept": "application/json", "idempotency_key": False},
        "POST /animals": {"headers": {"Zoo-Beta": "v1"}, "body": False},
    }
    assert former["legacy_responses"] is True
    assert "argument client.change(size)" not in differences(tmp_path / "new")
    pages = [one.pagination for one in read(spec, options(tmp_path / "new")).api.operations()]
    assert ("link", "rows") in [(one.style, one.items) for one in pages if one]
    assert not [one for one in differences(tmp_path / "new") if "CUSTOM_HEADERS" in one]


def test_an_operation_with_its_own_server_has_its_path(tmp_path: Path) -> None:
    """The old method takes the whole URL unless the caller gave a base URL."""
    package = tmp_path / "zoo"
    package.mkdir()
    (package / "_client.py").write_text(
        "class Zoo(SyncAPIClient):\n"
        "    def status(self):\n"
        "        return self.get('/status' if self._base_url_overridden"
        " else 'https://status.zoo.test/status')\n"
        "    def animal(self, id):\n"
        "        return self.get(f'https://b.test/x/{id}' if not self.b else f'/x/{id}')\n"
        "    def other(self):\n"
        "        return self.get('/status' if self.b else '/state')\n"
    )
    spec, value = tmp_path / "zoo.yaml", yaml.safe_load(SPEC.read_text())
    named = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    value["paths"]["/x/{id}"] = {"get": {"parameters": [named], "responses": {"204": {}}}}
    spec.write_text(yaml.safe_dump(value))
    adopt(tmp_path / "new", old=tmp_path, spec=spec)
    api = read(spec, options(tmp_path / "new")).api
    found = {one.path: (one.resource, one.name) for one in api.operations()}
    assert found["/status"] == ((), ("status",))
    assert found["/x/{id}"] == ((), ("animal",))
    assert "client.other: its path is computed" in (tmp_path / "new/ADOPTION.md").read_text()


def test_content_that_is_sent_as_it_is_keeps_its_argument(tmp_path: Path) -> None:
    package = tmp_path / "zoo"
    package.mkdir()
    (package / "_client.py").write_text(
        "class Zoo(SyncAPIClient):\n"
        "    def write(self, contents, *, path):\n"
        "        return self.put('/file',\n"
        "            content=read_file(contents) if isinstance(contents, PathLike) else contents,\n"
        "            options=make_request_options(query=maybe_transform({'path': path}, Params)))\n"
    )
    spec, value = tmp_path / "zoo.yaml", yaml.safe_load(SPEC.read_text())
    path = {"name": "path", "in": "query", "required": True, "schema": {"type": "string"}}
    body = {"required": True, "content": {"application/octet-stream": {}}}
    operation = {"parameters": [path], "requestBody": body, "responses": {"204": {}}}
    value["paths"]["/file"] = {"put": operation}
    spec.write_text(yaml.safe_dump(value))
    adopt(tmp_path / "new", old=tmp_path, spec=spec)
    assert not [one for one in differences(tmp_path / "new") if "client.write" in one]
    (operation,) = [
        one for one in read(spec, options(tmp_path / "new")).api.operations() if one.path == "/file"
    ]
    assert operation.has_positional_body


def test_result_classes_of_one_name_stay_apart(tmp_path: Path) -> None:
    """Two modules have a class of one name; the second method is one more for its operation."""
    files = {
        "_client.py": "from .resources.dogs import Dogs\nfrom .resources.cats import Cats\n"
        "class Zoo(SyncAPIClient):\n"
        "    @property\n    def dogs(self) -> Dogs:\n        return Dogs(self)\n"
        "    @property\n    def cats(self) -> Cats:\n        return Cats(self)\n",
        "__init__.py": "",
        "types/__init__.py": "",
        "resources/__init__.py": "",
    }
    for name, path in (("dogs", "/dogs"), ("cats", "/cats")):
        files[f"resources/{name}.py"] = (
            f"from ..types.{name}.made import Made\n"
            f"class {name.title()}(SyncAPIResource):\n"
            f"    def make(self):\n        return self._post('{path}', cast_to=Made)\n"
            f"    def again(self):\n        return self._post('{path}', cast_to=Made)\n"
        )
        files[f"types/{name}/__init__.py"] = "from .made import Made as Made\n"
        files[f"types/{name}/made.py"] = f"class Made(BaseModel):\n    {name}: int\n"
    for name, text in files.items():
        file = tmp_path / "zoo" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    spec, value = tmp_path / "zoo.yaml", yaml.safe_load(SPEC.read_text())
    for name in ("dogs", "cats"):
        schema = {"type": "object", "properties": {name: {"type": "integer"}}}
        answer = {
            "200": {"description": "It.", "content": {"application/json": {"schema": schema}}}
        }
        value["paths"][f"/{name}"] = {"post": {"responses": answer}}
    spec.write_text(yaml.safe_dump(value))
    adopt(tmp_path / "new", old=tmp_path, spec=spec)
    imports = yaml.safe_load((tmp_path / "new/adopt.former.yaml").read_text())["imports"]
    assert imports["types.dogs.made"] == {"Made": "POST /dogs"}
    assert imports["types.cats.made"] == {"Made": "POST /cats"}


def test_formats_of_arrays_and_accepted_types_are_in_the_file(tmp_path: Path) -> None:
    package = tmp_path / "zoo"
    package.mkdir()
    (package / "_client.py").write_text(
        "class Zoo(SyncAPIClient):\n"
        "    @property\n    def qs(self):\n        return Querystring(array_format='comma')\n"
        "    def drop(self, *, extra_headers=None):\n"
        "        extra_headers = {'Accept': '*/*', **(extra_headers or {})}\n"
        "        return self.delete('/status')\n"
        "    def report(self):\n        return self.get('/report')\n"
    )
    spec, value = tmp_path / "zoo.yaml", yaml.safe_load(SPEC.read_text())
    failed = {"description": "No.", "content": {"application/json": {"schema": {}}}}
    value["paths"]["/status"]["delete"] = {"responses": {"204": {}, "default": failed}}
    kinds = {"application/json": {"schema": {"type": "object"}}, "text/csv": {}}
    report = {"responses": {"200": {"description": "It.", "content": kinds}}}
    value["paths"]["/report"] = {"get": report}
    spec.write_text(yaml.safe_dump(value))
    adopt(tmp_path / "new", old=tmp_path, spec=spec)
    former = yaml.safe_load((tmp_path / "new/adopt.former.yaml").read_text())
    assert former["array_format"] == "comma"
    assert former["requests"]["DELETE /status"]["accept"] == "*/*"
    assert former["requests"]["GET /report"]["accept"] == "application/json"


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


def test_credentials_that_keep_their_new_names_are_in_the_file(tmp_path: Path) -> None:
    """An overlay cannot rename the schemes of another file. Old names lead to the new arguments."""
    package = tmp_path / "old/zoo"
    package.mkdir(parents=True)
    (package / "_client.py").write_text(
        "class Zoo(SyncAPIClient):\n"
        "    def __init__(self, *, org=None, secret=None, secret_key=None, token=None):\n"
        "        if org is None:\n            org = os.environ.get('ZOO_ORG')\n"
        "    @property\n    def _basic_auth(self):\n"
        "        credentials = f'{self.org}:{self.secret}'.encode('ascii')\n"
        "        header = f\"Basic {base64.b64encode(credentials).decode('ascii')}\"\n"
        "        return {'Authorization': header}\n"
        "    @property\n    def _key_auth(self):\n        return {'X-Key': self.secret_key}\n"
        "    @property\n    def _token_auth(self):\n        return {'X-Token': f'v1 {self.token}'}\n"
        "    def status(self):\n        return self.get('/status')\n"
    )
    spec, value = tmp_path / "zoo.yaml", yaml.safe_load(SPEC.read_text())
    schemes = {
        "user": {"type": "http", "scheme": "basic"},
        "main": {"type": "apiKey", "in": "header", "name": "X-Key"},
    }
    (tmp_path / "schemes.yaml").write_text(yaml.safe_dump(schemes))
    references = {name: {"$ref": f"schemes.yaml#/{name}"} for name in schemes}
    value["components"]["securitySchemes"] = references
    value["security"] = [{"user": []}, {"main": []}]
    spec.write_text(yaml.safe_dump(value))
    adopt(tmp_path / "new", old=tmp_path / "old", spec=spec)
    former = yaml.safe_load((tmp_path / "new/adopt.former.yaml").read_text())["arguments"]
    assert former == {
        "org": {"argument": "basic_auth", "variables": ["ZOO_ORG"]},
        "secret": {"argument": "basic_auth", "position": 1},
        "secret_key": {"argument": "api_key"},
        "token": {"header": "X-Token", "value": "v1 {}"},
    }
