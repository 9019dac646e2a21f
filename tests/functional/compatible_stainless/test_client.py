"""What programs do with a client: arguments, attributes, hooks, endpoints without a method."""

from __future__ import annotations

import asyncio
import importlib
import pickle
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from support.generated import Sdk, found


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


@pytest.mark.parametrize("is_async", [False, True])
def test_a_request_is_sent_as_its_options_say(sdk: Sdk, server: Any, is_async: bool) -> None:
    server.answer("PUT", "/foo", {"ok": True})
    options = found("lab._models.FinalRequestOptions")(
        method="put", url="/foo", params={"a": "1"}, headers={"X-A": "2"}, json_data=["b"]
    )

    async def main() -> Any:
        client = sdk.module.AsyncLab(auth_token="k", http_client=server.async_client())
        return await client.request(cast_to=dict, options=options)

    if is_async:
        value = asyncio.run(main())
    else:
        value = sdk.module.Lab(auth_token="k", http_client=server.client()).request(dict, options)
    (request,) = server.requests
    assert (value, request.json, dict(request.query)) == ({"ok": True}, ["b"], {"a": "1"})
    assert request.headers["x-a"] == "2"


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


def test_clients_of_httpx_can_be_passed(sdk: Sdk) -> None:
    """Where ``httpx`` is not installed, the clients of ``httpx2`` stand in for it."""
    kind = found("lab.DefaultHttpxClient")
    library = importlib.import_module("httpx2" if issubclass(kind, httpx2.Client) else "httpx")
    transport = library.MockTransport(lambda _: library.Response(200, json=["Ada"]))
    client = sdk.module.Lab(
        auth_token="t", base_url="http://lab", http_client=kind(transport=transport)
    )
    assert client.names.list() == ["Ada"]


@pytest.mark.parametrize("is_async", [False, True])
def test_a_body_that_a_client_of_httpx_loses_is_an_error_of_the_sdk(
    sdk: Sdk, is_async: bool
) -> None:
    kind = found(f"lab.Default{'Async' if is_async else ''}HttpxClient")
    is_own = issubclass(kind, httpx2.Client | httpx2.AsyncClient)
    library = importlib.import_module("httpx2" if is_own else "httpx")

    class Lost(library.SyncByteStream, library.AsyncByteStream):  # type: ignore[misc, name-defined]
        def __iter__(self) -> Iterator[bytes]:
            yield b'["A'
            raise library.ReadError("lost")

        async def __aiter__(self) -> AsyncIterator[bytes]:
            for chunk in self:
                yield chunk

    transport = library.MockTransport(lambda _: library.Response(200, stream=Lost()))
    client = (sdk.module.AsyncLab if is_async else sdk.module.Lab)(
        auth_token="t", max_retries=0, http_client=kind(transport=transport)
    )
    with pytest.raises(sdk.module.APIConnectionError):
        asyncio.run(client.names.list()) if is_async else client.names.list()


@pytest.mark.parametrize("is_async", [False, True])
def test_hooks_of_subclasses_change_requests(sdk: Sdk, server: Any, is_async: bool) -> None:
    def change(options: Any) -> None:
        headers = {**options.headers} if found("lab._utils.is_given")(options.headers) else {}
        options.headers = {**headers, "X-Hook": f"{options.method} {options.url}"}
        options.json_data = options.json_data and {**options.json_data, "kind": "changed"}
        options.params = {"q": "1"}

    if is_async:

        class Async(sdk.module.AsyncLab):  # type: ignore[misc, name-defined]
            async def _prepare_options(self, options: Any) -> Any:
                options = found("lab._compat.model_copy")(options)
                change(options)
                return options

            async def _prepare_request(self, request: Any) -> None:
                await super()._prepare_request(request)
                request.headers["X-Late"] = "late"

        async def calls() -> None:
            client = Async(auth_token="t", http_client=server.async_client())
            await client.beta.threads.runs.create("t_1", model="m")
            await client.with_options(timeout=3).names.list()

        asyncio.run(calls())
    else:

        class Sync(sdk.module.Lab):  # type: ignore[misc, name-defined]
            def _prepare_options(self, options: Any) -> None:
                change(options)

            def _prepare_request(self, request: Any) -> None:
                request.headers["X-Late"] = "late"

        client = Sync(auth_token="t", http_client=server.client())
        client.beta.threads.runs.create("t_1", model="m")
        client.with_options(timeout=3).names.list()
    created, listed = server.requests
    assert created.headers["x-hook"] == "post /beta/threads/t_1/runs"
    assert created.json == {"model": "m", "kind": "changed"}
    assert (listed.headers["x-hook"], listed.headers["x-late"]) == ("get /names", "late")
    assert ("q", "1") in listed.query


def test_a_hook_that_changes_the_url_of_a_call_is_an_error(sdk: Sdk, server: Any) -> None:
    class Elsewhere(sdk.module.Lab):  # type: ignore[misc, name-defined]
        def _prepare_options(self, options: Any) -> None:
            options.url = "/elsewhere"

    client = Elsewhere(auth_token="t", http_client=server.client())
    with pytest.raises(sdk.module.ConfigurationError, match="do it in _prepare_request"):
        client.names.list()
    assert server.requests == []


def test_the_timeout_is_what_was_given(sdk: Sdk) -> None:
    given = httpx2.Timeout(60, connect=2)
    client = sdk.module.Lab(auth_token="t", timeout=given)
    assert client.timeout == given
    assert client.copy(timeout=5).timeout == 5
    assert client.copy().timeout == given
    for later in (7, None):
        client.timeout = later
        assert client.copy().timeout == later


@pytest.mark.parametrize("is_async", [False, True])
def test_the_http_client_is_read_and_replaced(sdk: Sdk, server: Any, is_async: bool) -> None:
    kind = sdk.module.AsyncLab if is_async else sdk.module.Lab
    client = kind(auth_token="t", timeout=7)
    usual = found(f"lab.Default{'Async' if is_async else ''}HttpxClient")
    assert isinstance(client._client, usual)
    assert client._client is client._client
    assert client._client.timeout.read == 7
    client._client = server.async_client() if is_async else server.client()
    result = client.names.list()
    assert (asyncio.run(result) if is_async else result) == ["Ada"]


def test_resources_are_an_attribute_of_the_package(sdk: Sdk) -> None:
    assert sdk.module.resources.NamesResource is found("lab.resources.names.Names")
