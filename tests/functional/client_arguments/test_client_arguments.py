"""Arguments of the client from x-sdk in calls, and the SDK's own defaults."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from specloom.description.xsdk import vocabulary
from specloom.errors import SpecError
from specloom.naming.identifiers import CLIENT_ARGUMENTS, CLIENT_ATTRIBUTES, OAUTH_ARGUMENTS
from support.generated import Sdk
from support.loopback import Loopback
from support.typecheck import mypy_errors

JOB = {"id": "j1", "state": "done"}


@pytest.fixture(autouse=True)
def project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLARE_PROJECT", "p1")


def test_a_call_sends_what_the_client_has(sdk: Sdk, server: Loopback) -> None:
    client = sdk.client(server.base_url, account_id="a/1", tenant="t", shard=0, verbose=False)
    server.answer(JOB)
    server.answer({"data": [JOB], "next": "n"})
    server.answer({"data": [], "next": None})
    server.answer(JOB)
    client.accounts.retrieve()
    assert [each.id for each in client.accounts.zones.list()] == ["j1"]
    client.accounts.zones.records.retrieve("r1", zone_id="z1")
    account, first, second, record = server.received
    assert account.path == "/accounts/a%2F1"
    assert account.query == [("v", "false")]
    assert first.path == second.path == "/accounts/a%2F1/zones"
    assert first.query == [("shard", "0"), ("v", "false")]
    assert sorted(second.query) == [("after", "n"), ("shard", "0"), ("v", "false")]
    assert [each.headers.get("x-tenant") for each in server.received] == [None, "t", "t", None]
    assert [each.headers["x-region"] for each in server.received] == ["eu"] * 4
    assert record.path == "/accounts/a%2F1/zones/z1/records/r1"


def test_a_call_may_give_another_value(sdk: Sdk, server: Loopback) -> None:
    client = sdk.client(server.base_url, account_id="a1", tenant="t")
    for _ in range(3):
        server.answer({"data": [], "next": None})
    client.accounts.zones.list(account_id="a2", x_tenant="u", shard=3)
    headers = {"X-Tenant": "w", "x-region": sdk.module.omit}
    client.accounts.zones.list(extra_headers=headers, extra_query={"shard": 4})
    other = client.with_options(default_headers={"X-REGION": "us"}, default_query={"v": "maybe"})
    other.accounts.zones.list()
    first, second, third = server.received
    assert (first.path, first.query) == ("/accounts/a2/zones", [("shard", "3")])
    assert first.headers["x-tenant"] == "u"
    assert (second.headers["x-tenant"], second.query) == ("w", [("shard", "4")])
    assert "x-region" not in second.headers
    assert (third.headers["x-region"], third.query) == ("us", [("v", "maybe")])


def test_copies_views_and_polls_have_the_values(sdk: Sdk, server: Loopback) -> None:
    client = sdk.client(server.base_url, account_id="a1")
    other = client.with_options(account_id="a2", verbose=True)
    for body in (JOB, JOB, {"id": "j1", "state": "new"}, JOB, JOB):
        server.answer(body)
    other.accounts.with_raw_response.retrieve()
    with other.copy(account_id="a3").accounts.with_streaming_response.retrieve() as response:
        assert response.parse().id == "j1"
    other.accounts.jobs.start_and_poll(name="x", poll_interval=0.0)
    client.get("/plain", cast_to=dict)
    paths = ["/accounts/a2", "/accounts/a3", "/accounts/a2/jobs", "/accounts/a2/jobs/j1", "/plain"]
    assert [each.path for each in server.received] == paths
    assert [each.raw_query for each in server.received] == ["v=true"] * 4 + [""]
    assert (client.account_id, other.account_id, other.verbose) == ("a1", "a2", True)
    assert (client.region, client.project, client.tenant) == ("eu", "p1", None)
    with pytest.raises(TypeError, match="account_id"):
        client.with_options(acount_id="a2")


def test_async_calls(sdk: Sdk, server: Loopback) -> None:
    for body in (JOB, {"data": [JOB], "next": None}, {"id": "j1", "state": "new"}, JOB):
        server.answer(body)

    async def main() -> None:
        async with sdk.async_client(server.base_url, tenant="t") as client:
            assert client.account_id is None
            mine = client.with_options(account_id="a1")
            await mine.accounts.retrieve()
            assert [each.id async for each in mine.accounts.zones.list()] == ["j1"]
            await mine.accounts.jobs.start_and_poll(poll_interval=0.0, account_id="a2")
            with pytest.raises(sdk.module.ConfigurationError, match="getAccount needs account_id"):
                await mine.with_options(account_id=None).accounts.retrieve()

    asyncio.run(main())
    paths = [each.path for each in server.received]
    assert paths == [
        "/accounts/a1",
        "/accounts/a1/zones",
        "/accounts/a2/jobs",
        "/accounts/a2/jobs/j1",
    ]


def test_the_environment_provides_defaults(
    sdk: Sdk, server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("ACCOUNT", "a9"), ("SHARD", "7"), ("VERBOSE", "TRUE"), ("TENANT", "t")):
        monkeypatch.setenv(f"FLARE_{name}", value)
    client = sdk.client(server.base_url)
    assert (client.account_id, client.shard, client.verbose) == ("a9", 7, True)
    server.answer({"data": [], "next": None})
    client.accounts.zones.list()
    assert server.last.query == [("shard", "7"), ("v", "true")]
    monkeypatch.setenv("FLARE_ACCOUNT_ID", "a8")
    assert sdk.client(server.base_url).account_id == "a8"
    monkeypatch.setenv("FLARE_SHARD", "se7en")
    with pytest.raises(sdk.module.ConfigurationError, match="Expected FLARE_SHARD in the") as told:
        sdk.client(server.base_url)
    assert "se7en" not in str(told.value)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"account_id": 5}, "Expected account_id to be text, not int"),
        ({"account_id": ""}, "Expected account_id to be no empty text"),
        ({"shard": True}, "Expected shard to be an integer, not bool"),
        ({"verbose": "yes"}, "Expected verbose to be true or false, not str"),
        ({"region": "é"}, "Expected region to be printable ASCII text"),
    ],
)
def test_a_wrong_value_is_refused_at_once(sdk: Sdk, arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(sdk.module.ConfigurationError, match=said):
        sdk.client("http://localhost", **arguments)
    with pytest.raises(sdk.module.ConfigurationError, match=said):
        sdk.client("http://localhost").with_options(**arguments)


def test_a_missing_value_is_an_error_with_a_hint(
    sdk: Sdk, server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = sdk.module.ConfigurationError
    client = sdk.client(server.base_url)
    said = (
        "getAccount needs account_id: pass it here, or pass account_id to the client,"
        " or set FLARE_ACCOUNT_ID or FLARE_ACCOUNT in the environment"
    )
    with pytest.raises(error) as told:
        client.accounts.retrieve()
    assert str(told.value) == said
    with pytest.raises(error, match="listZones needs tenant: pass it here"):
        client.accounts.zones.list(account_id="a1")
    monkeypatch.delenv("FLARE_PROJECT")
    with pytest.raises(error, match="Flare needs project: pass project to the client, or set FL"):
        sdk.client(server.base_url)
    assert server.received == []


def test_the_sdk_has_its_own_defaults(sdk: Sdk, server: Loopback) -> None:
    client = sdk.client(server.base_url, account_id="a1")
    assert client.timeout == sdk.module.Timeout(connect=2.0, total=90.0)
    for _ in range(4):
        server.answer(None, 503)
    server.answer(JOB)
    client.accounts.retrieve()
    assert len(server.received) == 5
    server.answer(None, 500)  # no status to retry
    with pytest.raises(sdk.module.InternalServerError):
        client.accounts.retrieve()
    server.answer(None, 500)
    server.answer(JOB)
    retries = sdk.module.Retries(first_delay=0)
    client.with_options(retries=retries, timeout=5.0).accounts.retrieve()
    assert len(server.received) == 8


def test_the_timeout_of_the_callers_http_client_goes_over_the_default(sdk: Sdk) -> None:
    seen: list[Any] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request.extensions["timeout"]["read"])
        return httpx2.Response(200, json=JOB)

    def mine() -> httpx2.Client:
        return httpx2.Client(transport=httpx2.MockTransport(answer), timeout=3.0)

    base = sdk.client("http://localhost", account_id="a1")
    clients = [
        sdk.client("http://localhost", account_id="a1", http_client=mine()),
        sdk.client("http://localhost", account_id="a1", http_client=mine(), timeout=4.0),
        base.with_options(http_client=mine()),
        base.with_options(http_client=mine(), timeout=4.0),
    ]
    for client in clients:
        client.accounts.retrieve()
        client.close()
    assert seen == [3.0, 4.0, 3.0, 4.0]


def test_types(sdk: Sdk) -> None:
    errors = mypy_errors(
        sdk,
        """
        from typing_extensions import assert_type
        from flare_sdk import AsyncFlare, Flare

        client = Flare(account_id="a", shard=1)
        assert_type(client.account_id, str | None)
        assert_type(client.region, str)
        assert_type(client.with_options(account_id="b", max_retries=0), Flare)
        client.copy(shard="1")  # type: ignore[arg-type]
        client.accounts.zones.records.retrieve("r", zone_id="z")
        client.accounts.zones.records.retrieve("r", zone_id="z", account_id="b")
        client.accounts.retrieve("a")  # type: ignore[call-arg]
        assert_type(AsyncFlare().copy(project="p"), AsyncFlare)
        """,
    )
    assert errors == []


def test_pages_tell_of_the_arguments(sdk: Sdk) -> None:
    readme = sdk.source("README.md")
    assert "| `FLARE_ACCOUNT` | the default of `account_id`; `FLARE_ACCOUNT_ID` takes" in readme
    assert "4 times by default" in readme
    configuration = sdk.source("docs/guides/configuration.md")
    assert "- `account_id` (`str`, default `FLARE_ACCOUNT_ID`, else `FLARE_ACCOUNT`):" in (
        configuration
    )
    assert "- `region` (`str`, default `eu`): Sent as the header `X-Region` of every request" in (
        configuration
    )
    retries = sdk.source("docs/guides/retries.md")
    assert "2 seconds to connect and 600 seconds for the other phases, and 90 seconds in" in retries
    zones = sdk.source("docs/resources/accounts/zones.md")
    assert "- `account_id` (`str`): The account. Default: `account_id` of the client." in zones


BROKEN = """\
openapi: 3.1.0
info: {title: Broken, version: "1"}
x-sdk:
  client_arguments:
    accuont_id: {in: path}
    timeout: {in: header}
    key: {in: header, type: integer, default: many}
    other: {in: header, name: KEY}
    lost: {name: x}
    sure: {default: x, required: true}
    items: {in: query}
    zone: {in: query}
    Shard: {in: query}
    bad: {in: cookie}
  timeout: -1
  max_retries: 1.5
  retries: {statuses: [42], jitter: 2}
servers: [{url: "https://{zone}.test", variables: {zone: {default: a}}}]
paths:
  /accounts/{account_id}/items:
    get:
      parameters: [{name: account_id, in: path, required: true, schema: {type: string}}]
      responses: {"204": {description: ok}}
  /items: {get: {responses: {"204": {description: ok}}}}
"""


def test_wrong_values_are_errors_with_a_place(generate: Callable[[str], Sdk]) -> None:
    with pytest.raises(SpecError) as told:
        generate(BROKEN)
    found = [(at.line, problem.message) for at, problem in told.value.problems.located()]
    assert [line for line, _ in found] == [5, 6, 7, 8, 9, 10, 13, 14, 15, 16, 17, 17]
    said = dict(found)
    assert said[5] == "no path parameter is named 'accuont_id'"
    assert "a name in snake case that the client does not have by itself" in said[6]
    assert said[7] == "'default' is not of the type 'integer'"
    assert said[8] == "the argument 'key' is sent as the header 'KEY' already"
    assert said[15].startswith("expected a number of seconds from 0 on or phases by name")
    mended = "\n".join(
        [*BROKEN.splitlines()[:3], "  client_arguments:", "    items: {}", "    zone: {}"]
    )
    with pytest.raises(SpecError) as told:
        generate(mended + "\n" + BROKEN[BROKEN.index("servers:") :])
    assert [(at.line, problem.message) for at, problem in told.value.problems.located()] == [
        (5, "the client has 'items' already: a resource is called so"),
        (6, "the client has 'zone' already: a variable of a server is called so"),
    ]


def test_programs_in_pages_and_tests_pass_the_needed_arguments(sdk: Sdk) -> None:
    """The README leaves out arguments with a variable; tests pass them."""
    assert "client = Flare()\n" in sdk.source("README.md")
    fixtures = sdk.source(f"{sdk.package}/_pytest.py")
    for argument in ('account_id="account-id"', 'tenant="tenant"', 'project="project"'):
        assert argument in fixtures
    assert "shard" not in fixtures
    calls = sdk.source("api.md")
    assert "`client.accounts.retrieve(*, account_id=...)`" in calls
    assert (
        "`client.accounts.zones.records.retrieve(record_id, *, zone_id, account_id=...)`" in calls
    )


def test_no_name_of_the_client_is_free() -> None:
    """The vocabulary refuses the names that every client has."""
    taken = CLIENT_ARGUMENTS | CLIENT_ATTRIBUTES | OAUTH_ARGUMENTS
    pattern = vocabulary()["$defs"]["argumentName"]["pattern"]
    assert [name for name in taken if re.search(pattern, name)] == []
    assert re.search(pattern, "account_id")
