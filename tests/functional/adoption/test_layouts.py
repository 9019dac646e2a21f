"""Old SDKs of other layouts: every operation is found, with its arguments.

The texts are small SDKs of one API, ``zoo.yaml``, in the layout of each generator; none is run.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from specloom.adoption.layouts import read_old
from specloom.adoption.surface import OldCredential, OldMethod, OldPage, OldSdk
from specloom.commands import main

SPEC = Path(__file__).parent / "zoo.yaml"

# A tag is a package, an operation a module. Three ways to write the path are in use.
OPENAPI_PYTHON_CLIENT = {
    "zoo_client/client.py": "class Client: ...\n",
    "zoo_client/models/__init__.py": "from .animal import Animal\n",
    "zoo_client/api/animals/get_animal.py": """
def _get_kwargs(animal_id: str) -> dict:
    _kwargs = {
        "method": "get",
        "url": "/animals/{animal_id}".format(animal_id=quote(str(animal_id), safe="")),
    }
    return _kwargs

def _parse_response(*, client, response):
    if response.status_code == 200:
        response_200 = Animal.from_dict(response.json())
        return response_200

def sync_detailed(animal_id: str, *, client):
    return client.get_httpx_client().request(**_get_kwargs(animal_id=animal_id))
""",
    "zoo_client/api/animals/list_animals.py": """
def _get_kwargs(*, start=UNSET, page_size=UNSET):
    params = {}
    json_start = UNSET
    if not isinstance(start, Unset):
        json_start = start.value
    params["start"] = json_start
    params["page_size"] = page_size
    return {"method": "get", "url": "/animals", "params": params}

def sync_detailed(*, client, start=UNSET, page_size=UNSET): ...
""",
    "zoo_client/api/animals/create_animal.py": """
def _get_kwargs(*, client: Client, json_body: NewAnimal, x_trace=UNSET):
    url = "{}/animals".format(client.base_url)
    headers = client.get_headers()
    headers["X-Trace"] = x_trace
    return {"url": url, "headers": headers, "json": json_body.to_dict()}

def sync_detailed(*, client, json_body, x_trace=UNSET):
    return httpx.post(**_get_kwargs(client=client, json_body=json_body, x_trace=x_trace))
""",
    "zoo_client/api/meals/put_meal.py": """
def _get_kwargs(animal_id: str, meal_id: str):
    return {"method": "put", "url": f"/animals/{animal_id}/meals/{meal_id}"}

def sync_detailed(animal_id: str, meal_id: str, *, client): ...
""",
    "zoo_client/api/meals/odd.py": """
def _get_kwargs():
    return {"method": "get", "url": where()}
""",
}

# A class a tag. The three forms are those of releases 7, 6 and 5.
OPENAPI_GENERATOR = {
    "zoo_api/__init__.py": '__version__ = "3.1"\n',
    "zoo_api/models/__init__.py": "from zoo_api.models.animal import Animal\n",
    "zoo_api/api/animals_api.py": """
class AnimalsApi:
    def __init__(self, api_client=None): ...

    @validate_call
    def get_animal(self, animal_id: str, _request_timeout=None, _headers=None) -> Animal:
        _param = self._get_animal_serialize(animal_id=animal_id, _headers=_headers)
        _response_types_map = {"200": "Animal", "404": None}
        return self.api_client.call_api(*_param)

    def get_animal_with_http_info(self, animal_id: str): ...

    def _get_animal_serialize(self, animal_id, _headers):
        _path_params = {}
        if animal_id is not None:
            _path_params['animalId'] = animal_id
        return self.api_client.param_serialize(
            method='GET', resource_path='/animals/{animalId}', path_params=_path_params
        )

    def list_animals(self, start=None, page_size=None, **kwargs):
        kwargs['_return_http_data_only'] = True
        return self.list_animals_with_http_info(start, page_size, **kwargs)

    def list_animals_with_http_info(self, start=None, page_size=None, **kwargs):
        _query_params = []
        if _params.get('start') is not None:
            _query_params.append(('start', _params['start'].value))
        if _params.get('page_size') is not None:
            _query_params.append(('page_size', _params['page_size']))
        _response_types_map = {'200': "object"}
        return self.api_client.call_api('/animals', 'GET', _path_params, _query_params)

    def create_animal(self, new_animal, **kwargs):
        return self.create_animal_with_http_info(new_animal, **kwargs)

    def create_animal_with_http_info(self, new_animal, **kwargs):
        if 'x_trace' in local_var_params:
            header_params['X-Trace'] = local_var_params['x_trace']
        body_params = local_var_params['new_animal']
        return self.api_client.call_api(
            '/animals', 'POST', path_params, response_type='Animal', auth_settings=['token']
        )

    def odd(self, **kwargs):
        return self.odd_with_http_info(**kwargs)

    def odd_with_http_info(self, **kwargs):
        return self.api_client.call_api(where(), 'GET')
""",
    "zoo_api/api/meals_api.py": """
class MealsApi(object):
    def __init__(self, api_client=None):
        self.api_client = api_client
        self.put_meal_endpoint = _Endpoint(
            settings={
                'response_type': (Meal,),
                'endpoint_path': '/animals/{animalId}/meals/{mealId}',
                'http_method': 'PUT',
            },
            params_map={'all': ['animal_id', 'meal_id'], 'required': ['animal_id', 'meal_id']},
            root_map={
                'attribute_map': {'animal_id': 'animalId', 'meal_id': 'mealId'},
                'location_map': {'animal_id': 'path', 'meal_id': 'path'},
            },
            api_client=api_client,
        )

    def put_meal(self, animal_id, meal_id, **kwargs):
        return self.put_meal_endpoint.call_with_http_info(**kwargs)
""",
}

# A client a resource; one of them is named as a folder of tests would be.
FERN = {
    "src/zoo/core/client_wrapper.py": """
class SyncClientWrapper(BaseClientWrapper):
    def get_headers(self):
        headers = {"X-Fern-SDK-Version": "0.9.1", "Zoo-Version": "2"}
        token = self._get_token()
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        return headers
""",
    "src/zoo/environment.py": """
class ZooEnvironment(enum.Enum):
    PRODUCTION = "https://zoo.example.com"
""",
    "src/zoo/types/__init__.py": "if typing.TYPE_CHECKING:\n    from .animal import Animal\n",
    "src/zoo/base_client.py": """
class BaseZoo:
    def __init__(self, *, token=os.getenv("ZOO_TOKEN"), environment=ZooEnvironment.PRODUCTION):
        _defaulted_timeout = timeout if timeout is not None else 60
        self._client_wrapper = SyncClientWrapper(token=token)
        self._animals = None
        self.tests = TestsClient(client_wrapper=self._client_wrapper)

    def status(self, *, request_options=None) -> ZooState:
        return self._client_wrapper.httpx_client.request(
            urllib.parse.urljoin(f"{self._client_wrapper.get_base_url()}/", "status"), method="GET"
        )

    @property
    def animals(self):
        if self._animals is None:
            from .animals.client import AnimalsClient

            self._animals = AnimalsClient(client_wrapper=self._client_wrapper)
        return self._animals

class AsyncBaseZoo: ...

from .tests.client import TestsClient
""",
    "src/zoo/client.py": """
from .animals.client import AnimalsClient
from .base_client import BaseZoo

class ZooClient(BaseZoo):
    @property
    def animals(self):
        self._animals_by_hand = AnimalsClient(client_wrapper=self._client_wrapper)
        return self._animals_by_hand

    def status(self):
        return BaseZoo.status(self)

    def feed_all(self):
        return [self.animals]
""",
    "src/zoo/animals/client.py": """
from .raw_client import RawAnimalsClient

class AnimalsClient:
    def __init__(self, *, client_wrapper):
        self._raw_client = RawAnimalsClient(client_wrapper=client_wrapper)

    @property
    def with_raw_response(self) -> RawAnimalsClient:
        return self._raw_client

    def list(
        self, *, start: typing.Optional[str] = None, page_size: typing.Optional[int] = None,
        request_options=None,
    ) -> SyncPager[Animal]:
        return self._raw_client.list(start=start, page_size=page_size)

    def get(self, animal_id: str, *, request_options=None) -> Animal:
        return self._raw_client.get(animal_id).data

    def create(self, *, species: str, trace: str, photo=OMIT, request_options=None) -> Animal:
        return self._raw_client.create(species=species, trace=trace, photo=photo).data
""",
    "src/zoo/animals/raw_client.py": """
class RawAnimalsClient:
    def list(self, *, start=None, page_size=None, request_options=None):
        _response = self._client_wrapper.httpx_client.request(
            "animals", method="GET", params={"start": start, "page_size": page_size}
        )
        _items = _parsed_response.rows
        _parsed_next = _parsed_response.next_token
        _get_next = lambda: self.list(start=_parsed_next, page_size=page_size)
        return SyncPager(has_next=_has_next, items=_items, get_next=_get_next)

    def get(self, animal_id, *, request_options=None) -> HttpResponse[Animal]:
        return self._client_wrapper.httpx_client.request(
            f"animals/{encode_path_param(animal_id)}", method="GET"
        )

    def create(self, *, species, trace, photo=OMIT, request_options=None):
        return self._client_wrapper.httpx_client.request(
            "animals",
            method="POST",
            json={"species": species},
            files={**({"photo": core.with_content_type(file=photo)} if photo else {})},
            headers={"X-Trace": str(trace) if trace is not None else None},
        )
""",
    "src/zoo/tests/client.py": """
class TestsClient:
    def put_meal(self, animal_id: str, meal_id: str, *, request_options=None) -> None:
        self._client_wrapper.httpx_client.request(
            f"animals/{jsonable_encoder(animal_id)}/meals/{jsonable_encoder(meal_id)}", method="PUT"
        )

    def odd(self) -> None:
        self._client_wrapper.httpx_client.request(where(), method="GET")

    def watch(self, *, request_options=None) -> typing.Iterator[Sighting]:
        with self._client_wrapper.httpx_client.stream("sightings", method="GET") as _response:
            yield _response
""",
}


def sdk_of(texts: dict[str, str], folder: Path) -> OldSdk:
    for name, text in texts.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return read_old(str(folder))


def places(one: OldMethod) -> list[tuple[str, str, str]]:
    return [(each.name, each.location, each.wire_name) for each in one.arguments]


@pytest.fixture(scope="module")
def by_layout(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, OldSdk]]:
    made = {}
    for texts in (OPENAPI_PYTHON_CLIENT, OPENAPI_GENERATOR, FERN):
        folder = tmp_path_factory.mktemp("old")
        sdk = sdk_of(texts, folder)
        made[sdk.layout] = (folder, sdk)
    return made


Old = dict[str, tuple[Path, OldSdk]]


def test_a_module_of_openapi_python_client_is_a_method(by_layout: Old) -> None:
    sdk = by_layout["openapi-python-client"][1]
    methods = {one.address: one for one in sdk.methods}
    assert {address: (one.http_method, one.path) for address, one in methods.items()} == {
        "animals.create_animal": ("POST", "/animals"),
        "animals.get_animal": ("GET", "/animals/{animal_id}"),
        "animals.list_animals": ("GET", "/animals"),
        "meals.put_meal": ("PUT", "/animals/{animal_id}/meals/{meal_id}"),
    }
    assert places(methods["animals.create_animal"]) == [
        ("json_body", "body", ""),
        ("x_trace", "header", "X-Trace"),
    ]
    assert places(methods["animals.list_animals"]) == [
        ("start", "query", "start"),
        ("page_size", "query", "page_size"),
    ]
    assert methods["animals.get_animal"].returns == "Animal"
    assert (sdk.package, sdk.types) == ("zoo_client", {"Animal": "models"})
    assert [str(one.place) for one in sdk.unread] == ["zoo_client/api/meals/odd.py:2"]


def test_all_forms_of_openapi_generator_are_read(by_layout: Old) -> None:
    sdk = by_layout["OpenAPI Generator"][1]
    methods = {one.address: one for one in sdk.methods}
    assert {address: (one.http_method, one.path) for address, one in methods.items()} == {
        "animals.create_animal": ("POST", "/animals"),
        "animals.get_animal": ("GET", "/animals/{animal_id}"),
        "animals.list_animals": ("GET", "/animals"),
        "meals.put_meal": ("PUT", "/animals/{animal_id}/meals/{meal_id}"),
    }
    assert places(methods["animals.create_animal"]) == [
        ("new_animal", "body", ""),
        ("x_trace", "header", "X-Trace"),
    ]
    assert places(methods["animals.list_animals"]) == [
        ("start", "query", "start"),
        ("page_size", "query", "page_size"),
    ]
    returns = {name: one.returns for name, one in methods.items()}
    assert returns == {
        "animals.create_animal": "Animal",
        "animals.get_animal": "Animal",
        "animals.list_animals": "",
        "meals.put_meal": "Meal",
    }
    assert (sdk.version, sdk.types) == ("3.1", {"Animal": "models"})
    assert ["animals.odd" in one.reason for one in sdk.unread] == [True]


def test_clients_of_fern_are_followed(by_layout: Old) -> None:
    sdk = by_layout["Fern"][1]
    methods = {one.address: one for one in sdk.methods}
    assert {address: (one.http_method, one.path) for address, one in methods.items()} == {
        "status": ("GET", "/status"),
        "animals.create": ("POST", "/animals"),
        "animals.get": ("GET", "/animals/{animal_id}"),
        "animals.list": ("GET", "/animals"),
        "tests.put_meal": ("PUT", "/animals/{animal_id}/meals/{meal_id}"),
        "tests.watch": ("GET", "/sightings"),
    }
    assert places(methods["animals.create"]) == [
        ("species", "body", "species"),
        ("trace", "header", "X-Trace"),
        ("photo", "body", "photo"),
    ]
    assert (methods["tests.watch"].returns, methods["tests.watch"].streams) == ("Sighting", True)
    assert methods["animals.list"].page == "SyncPager"
    assert sdk.pages == {"SyncPager": OldPage("cursor", "rows", "start", cursor="next_token")}
    assert [address for address, _ in sdk.handwritten] == ["status", "feed_all"]
    assert ["client.tests.odd" in one.reason for one in sdk.unread] == [True]


def test_the_client_of_fern_is_read(by_layout: Old) -> None:
    sdk = by_layout["Fern"][1]
    client = sdk.client
    assert client is not None
    assert (sdk.version, client.name, client.timeout) == ("0.9.1", "ZooClient", "60")
    assert client.variables == {"token": ("ZOO_TOKEN",)}
    assert client.headers == {"Zoo-Version": "2"}
    assert client.credentials == (OldCredential("bearer", "Authorization", "Bearer", ("token",)),)
    assert client.servers == {"production": "https://zoo.example.com"}


@pytest.mark.parametrize(
    ("layout", "common"), [("openapi-python-client", 4), ("OpenAPI Generator", 4), ("Fern", 5)]
)
def test_names_are_kept(by_layout: Old, layout: str, common: int, tmp_path: Path) -> None:
    old = by_layout[layout][0]
    result = CliRunner().invoke(main, ["adopt", str(old), str(SPEC), "-o", str(tmp_path)])
    assert result.exit_code == 1, result.output
    report = json.loads((tmp_path / "adoption.json").read_text())
    assert report["operations"]["named"] == report["operations"]["common"] == common
    whole = [one for one in report["differences"] if "properties of the body" in one["detail"]]
    assert len(whole) == (0 if layout == "Fern" else 1)
    assert not [one for one in report["differences"] if one["kind"] == "required"]
