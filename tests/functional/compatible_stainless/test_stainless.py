"""``compatible_with = "stainless"``: old import paths, names and arguments of the client work."""

from __future__ import annotations

import asyncio
import importlib
import pickle
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_type_hints

import httpx2
import pytest

from specloom.errors import SpecError
from specloom.options import BuildOptions
from specloom.pipeline import build
from support.generated import Sdk, forget, generate_sdk
from support.typecheck import mypy_errors

HERE = Path(__file__).parent
SPEC, FORMER = HERE / "spec.yaml", HERE / "former.yaml"


@pytest.fixture(scope="module")
def sdk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sdk]:
    options = BuildOptions(compatible_with="stainless", former_sdk=FORMER)
    made = generate_sdk(SPEC, tmp_path_factory.mktemp("former"), options)
    yield made
    forget(made)


def found(path: str) -> Any:
    module, _, name = path.rpartition(".")
    return getattr(importlib.import_module(module), name)


@pytest.fixture
def server(sdk: Sdk) -> Any:
    assert sdk.module is not None
    made = found("lab.testing.FakeServer")()
    made.answer("POST", "/beta/threads/t_1/runs", {"id": "r_1"})
    made.answer("GET", "/beta/threads/t_1/runs", {"data": [{"id": "r_1"}]})
    made.answer("GET", "/names", ["Ada"])
    made.answer("DELETE", "/names", None, status=204)
    for method in ("PATCH", "DELETE", "PUT"):
        made.answer(method, "/cards/c_1", None, status=204)
    return made


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("lab._client.Lab", "lab.Lab"),
        ("lab._client.Client", "lab.Lab"),
        ("lab._client.AsyncClient", "lab.AsyncLab"),
        ("lab.types.beta.threads.run.Run", "lab.types.Run"),
        ("lab.types.beta.threads.Run", "lab.types.Run"),
        ("lab.types.beta.threads.run.RunTool", "lab.types.Tool"),
        ("lab._types.NOT_GIVEN", "lab.omit"),
        ("lab.NOT_GIVEN", "lab.not_given"),
        ("lab._types.NotGiven", "lab.Omit"),
        ("lab._exceptions.LabError", "lab.SDKError"),
        ("lab.LabError", "lab.SDKError"),
        ("lab._exceptions.APIStatusError", "lab.APIStatusError"),
        ("lab._streaming.Stream", "lab.Stream"),
        ("lab.resources.NamesResource", "lab.resources.names.Names"),
        ("lab.resources.beta.threads.runs.RunsResource", "lab.resources.beta.threads.runs.Runs"),
        ("lab.resources.beta.beta.BetaResource", "lab.resources.beta.Beta"),
    ],
)
@pytest.mark.usefixtures("sdk")
def test_old_paths_lead_to_the_same_objects(old: str, new: str) -> None:
    assert found(old) is found(new)


@pytest.mark.usefixtures("sdk")
def test_names_without_a_new_name_are_there() -> None:
    for path in (
        "lab.APIResponse",
        "lab._response.AsyncAPIResponse",
        "lab.DefaultHttpxClient",
        "lab.DefaultAsyncHttpxClient",
        "lab.BaseModel",
        "lab.file_from_path",
        "lab._base_client.AsyncPaginator",
        "lab.pagination.SyncOffsetPagination",
        "lab._utils.parse_datetime",
        "lab._version.__version__",
    ):
        assert found(path) is not None
    assert issubclass(found("lab.types.Run"), found("lab._models.BaseModel"))
    assert found("lab.types.NameListResponse") == list[str]


@pytest.mark.usefixtures("sdk")
def test_arguments_are_a_typed_dict() -> None:
    params = found("lab.types.beta.threads.RunCreateParams")
    assert params.__required_keys__ == {"model"}
    assert set(get_type_hints(params)) == {"model", "tools"}


def test_every_module_can_be_imported(sdk: Sdk) -> None:
    assert "lab.types.beta.threads.run" in sdk.import_all()


def test_old_arguments_of_the_client(
    sdk: Sdk, server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAB_TOKEN", "from the environment")
    client = sdk.module.Lab(project="one", environment="test", http_client=server.client())
    assert client.beta.threads.runs.create("t_1", model="m").id == "r_1"
    (request,) = server.requests
    assert request.headers["authorization"] == "Bearer from the environment"
    assert request.headers["x-project"] == "p/one"
    assert (client.project, client.webhook_key) == ("one", None)
    assert client.base_url == "https://test.example.com/"
    other = client.copy(auth_token="t", set_default_headers={"X-Other": "1"}, max_retries=5)
    other.names.list()
    sent = server.requests[-1].headers
    assert (sent["authorization"], sent["x-other"]) == ("Bearer t", "1")
    assert other.max_retries == 5


def test_not_given_is_not_sent(sdk: Sdk, server: Any) -> None:
    client = sdk.module.Lab(auth_token="t", base_url="http://lab", http_client=server.client())
    not_given = found("lab.NOT_GIVEN")
    client.beta.threads.runs.create("t_1", model="m", tools=not_given, timeout=not_given)
    assert server.requests[0].json == {"model": "m"}


@pytest.mark.parametrize("is_async", [False, True])
def test_writes_name_json_as_before(sdk: Sdk, server: Any, is_async: bool) -> None:
    async def awaited(*calls: Any) -> None:
        for call in calls:
            await call

    if is_async:
        client = sdk.module.AsyncLab(auth_token="k", http_client=server.async_client())
    else:
        client = sdk.module.Lab(auth_token="k", http_client=server.client())
    calls = [
        client.cards.update("c_1"),
        client.cards.update("c_1", memo="x"),
        client.cards.delete("c_1"),
        client.cards.with_raw_response.delete("c_1"),
        client.names.list(),
    ]
    if is_async:
        asyncio.run(awaited(*calls))
    sent = [(each.headers.get("content-type"), each.content) for each in server.requests]
    json = "application/json"
    assert sent == [(json, b"{}"), (json, b'{"memo":"x"}'), (json, b""), (json, b""), (None, b"")]


@pytest.mark.parametrize("is_async", [False, True])
def test_endpoints_without_a_method_give_the_response(
    sdk: Sdk, server: Any, is_async: bool
) -> None:
    server.answer("POST", "/foo", {"ok": True}, headers={"x-foo": "f"})

    async def main() -> tuple[Any, Any]:
        async with sdk.module.AsyncLab(auth_token="k", http_client=server.async_client()) as client:
            response = await client.post("/foo", cast_to=httpx2.Response, body={"a": 1})
            return response, await client.post("/foo", cast_to=dict)

    if is_async:
        response, value = asyncio.run(main())
    else:
        client = sdk.module.Lab(auth_token="k", http_client=server.client())
        response = client.post("/foo", cast_to=httpx2.Response, body={"a": 1})
        value = client.post("/foo", cast_to=dict)
    assert (response.headers["x-foo"], response.json(), value) == ("f", {"ok": True}, {"ok": True})
    assert server.requests[0].json == {"a": 1}


def test_what_public_programs_use_of_a_client(sdk: Sdk, server: Any, tmp_path: Path) -> None:
    client = sdk.module.Lab(auth_token="k", http_client=server.client())
    server.answer("GET", "/beta/threads/t_2/runs", {"data": [{"id": "r_1"}, {"id": "r_2"}]})
    page = client.beta.threads.runs.list("t_2", limit=2, offset=4)
    assert repr(page.next_page_info()) == "PageInfo(params={'offset': 6})"
    assert isinstance(page, found("lab.pagination.SyncOffsetPage"))
    assert pickle.loads(pickle.dumps(page)).data == page.data
    raw = client.with_raw_response.names.list()
    assert (raw.status_code, raw.parse()) == (200, ["Ada"])
    server.answer("GET", "/foo", {})
    client.get("/foo", cast_to=dict, options={"headers": {"x-a": "1"}, "params": {"q": "2"}})
    assert server.requests[-1].headers["x-a"] == "1"
    assert dict(server.requests[-1].query) == {"q": "2"}
    assert not client.is_closed
    assert not client.is_closed()
    file = tmp_path / "names"

    async def main() -> None:
        async with sdk.module.AsyncLab(auth_token="k", http_client=server.async_client()) as other:
            async with other.names.with_streaming_response.list() as response:
                await response.stream_to_file(file)
            async with other.with_streaming_response.names.list() as response:
                assert await response.json() == ["Ada"]
            page = await other.beta.threads.runs.list("t_2", limit=2)
            assert page.next_page_info().params == {"offset": 2}

    asyncio.run(main())
    assert file.read_text().replace(" ", "") == '["Ada"]'
    client.close()
    assert client.is_closed()


def test_attributes_of_the_client_are_read_and_changed(
    sdk: Sdk, server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAB_CUSTOM_HEADERS", "X-Team: one\nX-Own:  set by the environment")
    headers, query = {"X-Own": "own"}, {"trace": "1"}
    client = sdk.module.Lab(
        auth_token="k",
        project="p",
        default_headers=headers,
        default_query=query,
        base_url="https://lab.test/v1/",
        http_client=server.client(),
    )
    assert client._custom_headers == {"X-Team": "one", "X-Own": "own"}
    assert client.auth_headers == {"Authorization": "Bearer k"}
    assert client.default_headers["X-Project"] == "p/p"
    assert client.default_headers["User-Agent"] == client.user_agent
    assert (client.default_query, client._custom_query) == ({"trace": "1"}, {"trace": "1"})
    assert (client.base_url.host, client.base_url.path) == ("lab.test", "/v1/")
    assert client.qs.stringify({"a": [1, 2], "b": {"c": True}}) == "a=1&a=2&b%5Bc%5D=true"
    client._custom_headers["X-Later"] = "later"
    client._custom_query["page"] = "2"
    client.auth_token, client.project = "other", "q"
    client.base_url = found("httpx2.URL")("https://lab.test/v2")
    server.answer("GET", "/v2/names", [])
    client.names.list()
    client.copy(default_headers={"X-Own": "copy"}).names.list()
    for sent, own in zip(server.requests, ("own", "copy"), strict=True):
        assert sent.headers["authorization"] == "Bearer other"
        assert (sent.headers["x-project"], sent.headers["x-later"]) == ("p/q", "later")
        assert (sent.headers["x-own"], sent.headers["x-team"]) == (own, "one")
        assert dict(sent.query) == {"trace": "1", "page": "2"}


@pytest.mark.parametrize("is_async", [False, True])
def test_endpoints_without_a_method_can_stream(sdk: Sdk, server: Any, is_async: bool) -> None:
    server.stream("POST", "/watch", [("", {"id": "r_1"})])
    run = found("lab.types.Run")
    options = found("lab._base_client.make_request_options")(
        query={"a": "1"}, extra_headers={"X-A": "2"}, timeout=3
    )
    arguments = {"cast_to": run, "body": {}, "options": options, "stream": True}

    async def main() -> list[Any]:
        client = sdk.module.AsyncLab(auth_token="k", http_client=server.async_client())
        kind = found("lab.AsyncStream")[run]
        return [one async for one in await client.post("/watch", **arguments, stream_cls=kind)]

    if is_async:
        events = asyncio.run(main())
    else:
        client = sdk.module.Lab(auth_token="k", http_client=server.client())
        assert client._base_url == client.base_url
        assert client._version == found("lab._version.__version__")
        events = list(client.post("/watch", **arguments))
    assert [(type(one), one.id) for one in events] == [(run, "r_1")]
    assert dict(server.requests[0].query) == {"a": "1"}
    assert server.requests[0].headers["x-a"] == "2"


def test_a_subclass_overrides_what_requests_have(sdk: Sdk, server: Any) -> None:
    class Mine(sdk.module.Lab):  # type: ignore[misc,name-defined]
        user_agent = "mine/1"

        @property
        def auth_headers(self) -> dict[str, str]:
            return {"Authorization": "Key " + self.auth_token}

        @property
        def default_headers(self) -> dict[str, Any]:
            return {**super().default_headers, "X-Mine": "yes"}

        @property
        def default_query(self) -> dict[str, object]:
            return {**super().default_query, "mine": "1"}

    client = Mine(auth_token="k", http_client=server.client())
    client.cards.with_raw_response.delete("c_1")
    client.with_options(timeout=3).cards.update("c_1", memo="x")
    for sent in server.requests:
        assert sent.headers["authorization"] == "Key k"
        assert (sent.headers["x-mine"], sent.headers["user-agent"]) == ("yes", "mine/1")
        assert dict(sent.query) == {"mine": "1"}


@pytest.mark.parametrize("is_async", [False, True])
def test_responses_are_parsed_as_other_types(sdk: Sdk, server: Any, is_async: bool) -> None:
    run = found("lab.types.Run")
    server.answer("GET", "/beta/threads/t_3/runs", {"id": "r_1"})
    kinds = [dict[str, str], run, str, httpx2.Response]
    client = sdk.module.Lab(auth_token="k", http_client=server.client())

    async def parsed() -> list[Any]:
        other = sdk.module.AsyncLab(auth_token="k", http_client=server.async_client())
        response = await other.beta.threads.runs.with_raw_response.list("t_3")
        values = [await response.parse(to=kind) for kind in kinds]
        async with other.names.with_streaming_response.list() as streamed:
            return [*values, await streamed.parse(to=list[str])]

    if is_async:
        values = asyncio.run(parsed())
    else:
        response = client.beta.threads.runs.with_raw_response.list("t_3")
        values = [response.parse(to=kind) for kind in kinds]
        with client.names.with_streaming_response.list() as streamed:
            values.append(streamed.parse(to=list[str]))
    assert values[0] == {"id": "r_1"}
    assert (type(values[1]), values[1].id) == (run, "r_1")
    assert values[2].replace(" ", "") == '{"id":"r_1"}'
    assert (values[3].status_code, values[4]) == (200, ["Ada"])
    assert found("lab._qs.Querystring")(array_format="comma").stringify({"a": [1, 2]}) == "a=1%2C2"


def test_arguments_of_x_sdk_are_arguments_of_the_old_client(
    sdk: Sdk, server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAB_TENANT", "t1")
    client = sdk.module.Lab(auth_token="k", http_client=server.client())
    client.names.list()
    client.copy(tenant="t2").names.list()
    other = sdk.module.Lab(auth_token="k", tenant="t3", http_client=server.client())
    other.names.list()
    assert [one.headers["x-tenant"] for one in server.requests] == ["t1", "t2", "t3"]
    assert (client.tenant, other.tenant) == ("t1", "t3")


@pytest.mark.parametrize("is_async", [False, True])
def test_requests_have_the_accept_and_the_body_of_before(
    sdk: Sdk, server: Any, is_async: bool
) -> None:
    server.answer("POST", "/notes", None, status=204)

    async def main() -> None:
        client = sdk.module.AsyncLab(auth_token="k", http_client=server.async_client())
        await client.notes.create()
        await client.notes.with_raw_response.create(text="t")
        await client.copy(timeout=3).names.list(extra_headers={"X-A": "1"})

    if is_async:
        asyncio.run(main())
    else:
        client = sdk.module.Lab(auth_token="k", http_client=server.client())
        client.notes.create()
        client.notes.with_raw_response.create(text="t")
        client.copy(timeout=3).names.list(extra_headers={"X-A": "1"})
    assert [one.content for one in server.requests] == [b"", b'{"text":"t"}', b""]
    assert "idempotency-key" not in server.requests[0].headers
    assert sdk.module is not None
    client = sdk.module.Lab(auth_token="k", http_client=server.client())
    client.notes.create(idempotency_key="mine")
    assert server.requests.pop().headers["idempotency-key"] == "mine"
    client.cards.delete("c_1")
    assert server.requests.pop().headers["idempotency-key"]
    assert server.requests[-1].headers["accept"] == "application/json; v=1"


def test_forms_have_a_part_for_each_value(sdk: Sdk, server: Any) -> None:
    server.answer("POST", "/scans", None, status=204)
    client = sdk.module.Lab(auth_token="k", http_client=server.client())
    client.scans.create(
        title="t",
        tags=["a", "b"],
        sizes={"page": "4"},
        pages=[{"file": ("p.txt", b"Hello"), "note": "n"}],
    )
    names = re.findall(rb'name="([^"]*)"(?:; filename="([^"]*)")?', server.requests[0].content)
    assert sorted(names) == [
        (b"pages[][file]", b"p.txt"),
        (b"pages[][note]", b""),
        (b"sizes[page]", b""),
        (b"tags[]", b""),
        (b"tags[]", b""),
        (b"title", b""),
    ]


def test_credentials_and_accept_as_before(sdk: Sdk, server: Any) -> None:
    client = sdk.module.Lab(auth_token="k", http_client=server.client())
    client.names.clear()
    client.cards.delete("c_1")
    sent = [(one.headers["authorization"], one.headers["accept"]) for one in server.requests]
    assert sent == [("Bearer k", "application/json")] * 2


def test_the_properties_of_a_union_are_arguments(sdk: Sdk, server: Any) -> None:
    client = sdk.module.Lab(auth_token="k", http_client=server.client())
    client.cards.replace("c_1", kind="virtual", limit=5, state="on", note="n")
    assert server.requests[-1].json == {"note": "n", "kind": "virtual", "limit": 5, "state": "on"}
    with pytest.raises(TypeError, match="state"):
        client.cards.replace("c_1", kind="virtual")
    with pytest.raises(ValueError, match="Expected a non-empty value for `card_id` but received"):
        client.cards.delete("")
    errors = mypy_errors(
        sdk,
        """
        from lab import Lab

        cards = Lab(auth_token="k").cards
        cards.replace("c", kind="digital", state="on", size=5)
        cards.replace("c", kind="physical", state="on", size="large")
        cards.replace("c", kind="other", state="on")  # type: ignore[arg-type]
        cards.replace("c", kind="virtual", state="on", size=None)  # type: ignore[arg-type]
        """,
    )
    assert errors == [], errors


def test_raw_responses_have_their_old_members(sdk: Sdk, server: Any) -> None:
    arguments = {"auth_token": "t", "base_url": "http://lab"}
    client = sdk.module.Lab(**arguments, http_client=server.client())
    response = client.names.with_raw_response.list()
    assert isinstance(response, found("lab.APIResponse"))
    assert response.parse() == response.json() == ["Ada"]
    assert response.text() == response.text == '["Ada"]'
    assert (response.method, response.url.path, response.is_closed) == ("GET", "/names", True)
    with client.names.with_streaming_response.list() as streamed:
        assert streamed.json() == ["Ada"]

    async def awaited() -> Any:
        lab = sdk.module.AsyncLab(**arguments, http_client=server.async_client())
        raw = await lab.names.with_raw_response.list()
        assert await raw.json() == ["Ada"]
        async with lab.names.with_streaming_response.list() as other:
            assert await other.parse() == ["Ada"]
        page = await lab.beta.threads.runs.list("t_1")
        assert isinstance(page, found("lab.pagination.AsyncOffsetPagination"))
        return await raw.parse()

    assert asyncio.run(awaited()) == ["Ada"]


def test_strict_validation_has_its_old_name(sdk: Sdk, server: Any) -> None:
    server.answer("GET", "/beta/threads/t_2/runs", {"data": [{"id": 1}]})
    client = sdk.module.Lab(
        auth_token="t",
        base_url="http://lab",
        _strict_response_validation=True,
        http_client=server.client(),
    )
    with pytest.raises(found("lab._exceptions.APIResponseValidationError")):
        client.beta.threads.runs.list("t_2")


def test_without_a_file_types_have_the_usual_places() -> None:
    files = build(SPEC, BuildOptions(compatible_with="stainless")).files
    assert "lab/types/beta/threads/run.py" in files
    assert "class RunCreateParams(TypedDict" in files["lab/types/beta/threads/run_create_params.py"]


def test_other_sdks_do_not_contain_it() -> None:
    files = build(SPEC, BuildOptions()).files
    assert not [name for name in files if "stainless" in name or "/_client" in name]
    assert not [name for name, text in files.items() if "NOT_GIVEN" in text]
    assert "RunsResource" not in files["lab/resources/beta/threads/runs.py"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("clients: {}", "no section 'clients'"),
        ("arguments: {a: {value: x}}", "'x' is not valid here"),
        ("arguments: {'a b': {}}", "'a b' is not valid here"),
        ("arguments: {a: {names: []}}", "no key 'names'"),
        ("requests: {GET /names: {path: x}}", "no key 'path'"),
        ("requests: {GET /names: {body: x}}", "'x' is not valid here"),
        ("requests: {names: {}}", "'names' is not valid here"),
        ("imports: {types.x: {A: 'import os'}}", "'import os' is not valid here"),
        ("imports: {../x: {A: B}}", "'../x' is not valid here"),
        ("- 1", "this is a mapping"),
    ],
)
def test_a_wrong_file_is_refused_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "former.yaml"
    file.write_text(text)
    with pytest.raises(SpecError) as caught:
        build(SPEC, BuildOptions(compatible_with="stainless", former_sdk=file))
    (problem,) = caught.value.problems
    assert message in problem.message
    assert problem.location is not None
    assert problem.location.file == str(file)


def test_clients_of_httpx_can_be_passed(sdk: Sdk) -> None:
    """Where ``httpx`` is not installed, the clients of ``httpx2`` stand in for it."""
    kind = found("lab.DefaultHttpxClient")
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, json=["Ada"]))
    if issubclass(kind, httpx2.Client):
        http_client = kind(transport=transport)
        client = sdk.module.Lab(auth_token="t", base_url="http://lab", http_client=http_client)
        assert client.names.list() == ["Ada"]
