"""Servers: of the root, a path or an operation; named, with variables, relative, given by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from operator import attrgetter
from pathlib import Path
from typing import Any

import httpx2
import pytest

from support.generated import Sdk
from support.loopback import Loopback
from support.typecheck import mypy_errors


def called(sdk: Sdk, method: str, **arguments: Any) -> str:
    """The URL of a method's call, for a client with these arguments."""
    seen: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(str(request.url))
        return httpx2.Response(204)

    http_client = httpx2.Client(transport=httpx2.MockTransport(answer))
    client = getattr(sdk.module, sdk.client_name)(http_client=http_client, **arguments)
    with client:
        attrgetter(method)(client)()
    return seen[0]


@pytest.mark.parametrize(
    ("arguments", "base_url"),
    [
        ({}, "https://us.depot.example:8443/v1"),
        ({"region": "eu"}, "https://eu.depot.example:8443/v1"),
        ({"port": "1", "base_path": "v2"}, "https://us.depot.example:1/v2"),
        ({"server": "production"}, "https://us.depot.example:8443/v1"),
        ({"server": "sandbox"}, "https://sandbox.depot.example"),
        ({"server": "sandbox", "region": "eu"}, "https://sandbox.depot.example"),
        ({"server": "staging"}, "https://asia.stage.depot.example"),
        ({"base_url": "http://mine/x", "server": "sandbox", "region": "eu"}, "http://mine/x"),
    ],
)
def test_the_client_chooses(sdk: Sdk, arguments: dict[str, Any], base_url: str) -> None:
    assert called(sdk, "goods.list", **arguments) == f"{base_url}/goods"
    client = getattr(sdk.module, sdk.client_name)(**arguments)
    assert client.base_url == base_url
    client.close()


@pytest.mark.parametrize(
    ("options", "url"),
    [
        ({"server": "sandbox"}, "https://sandbox.depot.example"),
        ({"server": None, "region": "us"}, "https://us.depot.example:1/v1"),
        ({"region": "us"}, "https://us.depot.example:1/v1"),
        ({"base_url": "http://mine", "server": "sandbox"}, "http://mine"),
        ({"base_url": "http://mine", "max_retries": 0}, "http://mine"),
    ],
)
def test_a_copy_has_another_server(sdk: Sdk, options: dict[str, Any], url: str) -> None:
    client = getattr(sdk.module, sdk.client_name)(region="eu", port="1")
    copy = client.with_options(**options)
    assert (client.base_url, copy.base_url) == ("https://eu.depot.example:1/v1", url)
    assert copy.with_options(server="sandbox").base_url == "https://sandbox.depot.example"
    with pytest.raises(sdk.module.ConfigurationError, match="No server 'sandbx': did you mean"):
        copy.copy(server="sandbx")
    with pytest.raises(sdk.module.ConfigurationError, match="No region 'mars'"):
        client.copy(region="mars")
    client.close()


def test_a_copy_calls_the_other_server_of_an_operation(sdk: Sdk) -> None:
    seen: list[str] = []

    async def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(str(request.url))
        return httpx2.Response(204)

    async def main() -> None:
        http_client = httpx2.AsyncClient(transport=httpx2.MockTransport(answer))
        client_class = getattr(sdk.module, f"Async{sdk.client_name}")
        async with client_class(base_url="http://mine", http_client=http_client) as client:
            copy = client.copy(server="sandbox", tenant="t2", region="eu")
            await copy.twice.retrieve()
            await copy.tenants.list()
            await copy.uploads.upload()
            await copy.goods.list()

    asyncio.run(main())
    assert seen == [
        "https://twice.sandbox.example/twice",
        "https://t2.depot.example/tenants",
        "https://upload.eu.depot.example/in/uploads",
        "https://sandbox.depot.example/goods",
    ]


@pytest.mark.parametrize(
    ("method", "arguments", "url"),
    [
        ("uploads.upload", {}, "https://upload.us.depot.example/in/uploads"),
        ("uploads.upload", {"region": "eu"}, "https://upload.eu.depot.example/in/uploads"),
        ("uploads.upload", {"server": "sandbox"}, "https://upload.us.depot.example/in/uploads"),
        ("uploads.list", {}, "https://own.depot.example/uploads"),
        ("twice.retrieve", {}, "https://twice.depot.example/twice"),
        ("twice.retrieve", {"server": "sandbox"}, "https://twice.sandbox.example/twice"),
        ("twice.retrieve", {"server": "staging"}, "https://twice.depot.example/twice"),
        ("old.retrieve", {}, "https://us.depot.example:8443/v0/old"),
        ("tenants.list", {"tenant": "acme"}, "https://acme.depot.example/tenants"),
        ("uploads.upload", {"base_url": "http://mine/x"}, "http://mine/x/uploads"),
        ("old.retrieve", {"base_url": "http://mine/x"}, "http://mine/v0/old"),
    ],
)
def test_only_one_wins(sdk: Sdk, method: str, arguments: dict[str, Any], url: str) -> None:
    assert called(sdk, method, **arguments) == url


def test_the_environment_is_a_base_url_too(sdk: Sdk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEPOT_BASE_URL", "http://environment")
    assert called(sdk, "uploads.list") == "http://environment/uploads"
    assert called(sdk, "goods.list", server="sandbox") == "https://sandbox.depot.example/goods"
    assert called(sdk, "goods.list", region="eu").startswith("https://eu.depot.example")


def test_options_of_a_copy(sdk: Sdk, server: Loopback) -> None:
    server.answer(status=204)
    with sdk.module.Depot(server="sandbox") as client:
        client.with_options(base_url=server.base_url).uploads.list()
    assert server.last.path == "/uploads"


def test_async(sdk: Sdk, server: Loopback) -> None:
    server.answer(status=204)

    async def call() -> None:
        async with sdk.module.AsyncDepot(base_url=server.base_url, region="eu") as client:
            await client.uploads.upload()

    asyncio.run(call())
    assert server.last.path == "/uploads"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"server": "sandbx"}, "No server 'sandbx': did you mean 'sandbox'?"),
        ({"server": "x"}, "No server 'x': expected 'production' or 'sandbox' or 'staging'"),
        ({"region": "asia"}, "No region 'asia': expected 'us' or 'eu'"),
        ({"server": "staging", "region": "eu"}, "No region 'eu': expected 'asia'"),
    ],
)
def test_what_is_not_there_is_an_error_at_once(
    sdk: Sdk, arguments: dict[str, Any], told: str
) -> None:
    with pytest.raises(sdk.module.ConfigurationError) as caught:
        sdk.module.Depot(**arguments)
    assert str(caught.value) == told


def test_types(sdk: Sdk) -> None:
    snippet = """
        from depot_sdk import AsyncDepot, Depot

        Depot(server="sandbox", region="eu", port="1", base_path="v2", tenant="t")
        AsyncDepot(server="production", region="asia")
        Depot(server="sandbx")  # type: ignore[arg-type]
        Depot(region="moon")  # type: ignore[arg-type]
    """
    assert mypy_errors(sdk, snippet) == []


def test_documented(sdk: Sdk) -> None:
    page = sdk.source("docs/guides/configuration.md")
    assert 'client = Depot(region="eu")' in page
    assert 'client = Depot(server="staging", region="asia")' in page
    for told in ("`production`", "`sandbox`", "`staging`", "Where the goods lie.", "(live data)"):
        assert told in page
    assert "`server`, `region`" in sdk.source("README.md")


HEAD = 'openapi: 3.1.0\ninfo: {title: Yard, version: "1"}\nservers: ['
TAIL = """]
paths:
  /goods:
    get: {operationId: listGoods, tags: [goods], responses: {"204": {description: ok}}}
"""


@pytest.mark.parametrize(
    ("servers", "base_url", "warned"),
    [
        ("{url: //yard.example/v1}", "https://yard.example/v1", 0),
        ("{url: /v1}", None, 1),
        ("{url: yard.example}", None, 1),
        ("{url: 'https://{zone}.example'}", None, 1),
        (
            "{url: 'https://{zone}.example', variables: {zone: {enum: [a, b]}}}",
            "https://a.example",
            0,
        ),
        ("{url: 'https://yard.example?x=1'}", None, 1),
        (
            "{url: 'https://yard.example', variables: {zone: {default: a}}}",
            "https://yard.example",
            1,
        ),
        ("{url: 'https://[::1'}", None, 0),
        ("", None, 0),
    ],
)
def test_incomplete_server_urls(
    generate: Callable[[str | Path], Sdk], servers: str, base_url: str | None, warned: int
) -> None:
    sdk = generate(HEAD + servers + TAIL)
    assert sdk.warnings.count("bad-server") == warned
    if base_url is None:
        with pytest.raises(sdk.module.ConfigurationError, match="base_url"):
            sdk.module.Yard()
        assert called(sdk, "goods.list", base_url="http://mine") == "http://mine/goods"
    else:
        assert sdk.module.Yard().base_url == base_url


def test_a_variable_without_a_value_can_be_given(generate: Callable[[str | Path], Sdk]) -> None:
    sdk = generate(HEAD + "{url: 'https://{zone}.example'}" + TAIL)
    assert called(sdk, "goods.list", zone="z") == "https://z.example/goods"


def test_arguments_that_clash_and_servers_without_names(
    generate: Callable[[str | Path], Sdk],
) -> None:
    sdk = generate(
        HEAD
        + "{url: 'https://{timeout}.a.example', variables: {timeout: {default: t}}},"
        + "{url: 'https://b.example'}, {url: 'https://c.example', description: API server},"
        + "{url: 'https://d.example', description: Default},"
        + "{url: 'http://d.example', description: Default}"
        + TAIL
    )
    assert called(sdk, "goods.list", timeout_="u") == "https://u.a.example/goods"
    assert called(sdk, "goods.list", server="b_example") == "https://b.example/goods"
    assert called(sdk, "goods.list", server="c_example") == "https://c.example/goods"
    assert called(sdk, "goods.list", server="default_d_example") == "https://d.example/goods"
    assert called(sdk, "goods.list", server="default_http") == "http://d.example/goods"
