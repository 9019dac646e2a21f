"""OAuth 2 access tokens: fetched once, renewed in time, and from any source."""

from __future__ import annotations

import asyncio
import base64
import re
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest

from functional.oauth.token_server import CLIENT, SECRET, TokenServer, bearers, client
from support.generated import Sdk
from support.typecheck import mypy_errors


def test_a_token_is_fetched_once_and_sent(sdk: Sdk, tokens: TokenServer) -> None:
    orders = client(sdk, tokens, scopes=["read", "write"], default_headers={"X-Mine": "1"}).orders
    for _ in range(3):
        assert orders.retrieve("o1").id == "o1"
    assert tokens.forms == [
        {
            "audience": "https://orders.example.com",
            "grant_type": "client_credentials",
            "scope": "read write",
        }
    ]
    assert bearers(tokens) == ["Bearer t1"] * 3
    request = tokens.requests[0]
    pair = base64.b64decode(request.headers["authorization"].removeprefix("Basic ")).decode()
    assert pair == "me:s3cr3t%2Fof%2Bmine"
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert "x-mine" not in request.headers
    assert "idempotency-key" not in request.headers


def test_id_and_secret_in_the_form(sdk: Sdk, tokens: TokenServer) -> None:
    source = sdk.module.ClientCredentials("me", SECRET, authentication="post")
    client(sdk, tokens, api_key=source).orders.retrieve("o1")
    assert tokens.forms[0]["client_id"] == "me"
    assert tokens.forms[0]["client_secret"] == SECRET
    assert "authorization" not in tokens.requests[0].headers


def test_the_environment_has_id_and_secret(
    sdk: Sdk, tokens: TokenServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    configuration = sdk.module.ConfigurationError
    with pytest.raises(configuration, match="api_key or client_id and client_secret"):
        sdk.client(tokens.base_url)
    with pytest.raises(configuration, match="client_secret, or set ORDERS_CLIENT_SECRET in"):
        sdk.client(tokens.base_url, client_id="me")
    monkeypatch.setenv("ORDERS_CLIENT_ID", "me")
    with pytest.raises(configuration, match="api_key or client_id"):
        sdk.client(tokens.base_url)
    assert sdk.client(tokens.base_url, api_key="t0").orders.retrieve("o1").id == "o1"
    monkeypatch.setenv("ORDERS_CLIENT_SECRET", SECRET)
    sdk.client(tokens.base_url).orders.retrieve("o1")
    sdk.client(tokens.base_url, api_key="t0").orders.retrieve("o1")
    assert bearers(tokens) == ["Bearer t0", "Bearer t1", "Bearer t0"]


def test_a_copy_has_another_client_or_other_scopes(sdk: Sdk, tokens: TokenServer) -> None:
    api = client(sdk, tokens)
    api.with_options(scopes=["read"]).orders.retrieve("o1")
    api.with_options(client_id="other", client_secret="s", scopes=["write"]).orders.retrieve("o1")
    api.with_options(max_retries=0).orders.retrieve("o1")
    assert [one.get("scope") for one in tokens.forms] == ["read", "write", None]
    ids = [base64.b64decode(one.headers["authorization"][6:]) for one in tokens.requests]
    assert [one.partition(b":")[0] for one in ids] == [b"me", b"other", b"me"]
    with pytest.raises(sdk.module.ConfigurationError, match="needs both: pass client_secret"):
        api.with_options(client_id="other")


def test_threads_wait_for_one_token(sdk: Sdk, tokens: TokenServer) -> None:
    tokens.delay = 0.2
    api = client(sdk, tokens)
    copy = api.with_options(max_retries=0)
    with ThreadPoolExecutor(16) as threads:
        calls = [threads.submit((api, copy)[n % 2].orders.retrieve, "o1") for n in range(32)]
        assert {each.result().id for each in calls} == {"o1"}
    assert len(tokens.forms) == 1


def test_tasks_loops_and_threads_share_one_token(sdk: Sdk, tokens: TokenServer) -> None:
    tokens.delay = 0.2
    source = sdk.module.ClientCredentials(**CLIENT)

    async def main() -> None:
        async with sdk.async_client(tokens.base_url, api_key=source) as api:
            await asyncio.gather(*(api.orders.retrieve("o1") for _ in range(20)))

    sync = client(sdk, tokens, api_key=source)
    with ThreadPoolExecutor(3) as threads:
        each = [threads.submit(asyncio.run, main()) for _ in range(2)]
        each.append(threads.submit(sync.orders.retrieve, "o1"))
        for one in each:
            one.result()
    assert len(tokens.forms) == 1
    assert len(tokens.received) == 41


def test_a_token_is_renewed_before_it_ends(sdk: Sdk, tokens: TokenServer) -> None:
    tokens.life = "1"  # some servers send text
    orders = client(sdk, tokens).orders
    orders.retrieve("o1")
    orders.retrieve("o1")
    time.sleep(0.85)
    orders.retrieve("o1")
    assert bearers(tokens) == ["Bearer t1", "Bearer t1", "Bearer t2"]


@pytest.mark.parametrize("life", [None, "soon", 1e400, {}])
def test_a_token_without_expiry_is_used_until_it_is_refused(
    sdk: Sdk, tokens: TokenServer, life: Any
) -> None:
    tokens.life = life
    api = client(sdk, tokens)
    api.orders.retrieve("o1")
    api.orders.retrieve("o1")
    assert len(tokens.forms) == 1


def test_a_refused_token_is_replaced_once(sdk: Sdk, tokens: TokenServer) -> None:
    api = client(sdk, tokens, max_retries=0)
    api.orders.retrieve("o1")
    tokens.refused |= {"t1"}
    raw = api.orders.with_raw_response.create(note="n")
    assert (raw.parse().id, raw.retries_taken) == ("o1", 0)
    assert [each.body for each in tokens.received[1:]] == [b'{"note":"n"}'] * 2
    tokens.refused |= {"t2", "t3"}
    with pytest.raises(sdk.module.AuthenticationError, match="no"):
        api.orders.retrieve("o1")
    assert len(tokens.forms) == 3
    assert bearers(tokens)[-2:] == ["Bearer t2", "Bearer t3"]


def test_many_refused_calls_fetch_one_new_token(sdk: Sdk, tokens: TokenServer) -> None:
    api = client(sdk, tokens)
    api.orders.retrieve("o1")
    tokens.refused |= {"t1"}
    tokens.delay = 0.1
    with ThreadPoolExecutor(16) as threads:
        list(threads.map(api.orders.retrieve, ["o1"] * 16))
    assert len(tokens.forms) == 2

    async def main() -> None:
        source = sdk.module.ClientCredentials(**CLIENT)
        async with sdk.async_client(tokens.base_url, api_key=source) as other:
            await other.orders.retrieve("o1")
            tokens.refused |= {"t3"}
            await asyncio.gather(*(other.orders.retrieve("o1") for _ in range(16)))

    asyncio.run(main())
    assert len(tokens.forms) == 4


def test_a_header_of_the_callers_is_not_replaced(sdk: Sdk, tokens: TokenServer) -> None:
    with pytest.raises(sdk.module.AuthenticationError):
        client(sdk, tokens).orders.retrieve("o1", extra_headers={"Authorization": "Bearer mine"})
    assert len(tokens.received) == 1


def test_refresh_tokens_and_their_rotation(sdk: Sdk, tokens: TokenServer) -> None:
    stored: list[Any] = []
    source = sdk.module.RefreshToken("first", client_id="app", on_token=stored.append)
    api = client(sdk, tokens, api_key=source)
    tokens.token["refresh_token"] = "second"
    api.orders.retrieve("o1")
    tokens.refused |= {"t1"}
    del tokens.token["refresh_token"]
    api.orders.retrieve("o1")
    tokens.refused |= {"t2"}
    api.orders.retrieve("o1")
    assert [each.path for each in tokens.requests] == ["/refresh"] * 3
    assert tokens.forms == [
        {"grant_type": "refresh_token", "refresh_token": each, "client_id": "app"}
        for each in ("first", "second", "second")
    ]
    assert [each.refresh_token for each in stored] == ["second", None, None]
    assert "t1" not in repr(stored)
    assert "first" not in repr(source)


def test_a_provider_does_the_login(sdk: Sdk, tokens: TokenServer) -> None:
    made: list[str] = []

    def log_in() -> Any:
        made.append(f"t{len(made)}")
        time.sleep(0.1)
        return sdk.module.Token(made[-1], expires_in=3600)

    async def log_in_later() -> str:
        await asyncio.sleep(0.1)
        made.append("t9")
        return made[-1]

    api = client(sdk, tokens, api_key=sdk.module.TokenProvider(log_in))
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(api.orders.retrieve, ["o1"] * 8))
    tokens.refused |= {"t0"}
    api.orders.retrieve("o1")
    assert made == ["t0", "t1"]

    async def main() -> None:
        source = sdk.module.TokenProvider(log_in_later)
        async with sdk.async_client(tokens.base_url, api_key=source) as other:
            await asyncio.gather(*(other.orders.retrieve("o1") for _ in range(8)))

    asyncio.run(main())
    assert made == ["t0", "t1", "t9"]
    assert tokens.forms == []


@pytest.mark.parametrize("wrong", [None, 5, "", ("t", 3)])
def test_what_a_provider_may_not_return(sdk: Sdk, tokens: TokenServer, wrong: Any) -> None:
    async def later() -> str:
        return "t1"

    for fetch in (lambda: wrong, later):
        api = client(sdk, tokens, api_key=sdk.module.TokenProvider(fetch))
        with pytest.raises(sdk.module.ConfigurationError, match="Expected fetch to"):
            api.orders.retrieve("o1")


def test_wrong_sources_are_refused(sdk: Sdk) -> None:
    shop = sdk.module
    for make in (
        lambda: shop.ClientCredentials("", "x"),
        lambda: shop.ClientCredentials("x", None),
        lambda: shop.ClientCredentials("x", "y", scopes="read"),
        lambda: shop.ClientCredentials("x", "y", authentication="none"),
        lambda: shop.RefreshToken(""),
        lambda: shop.TokenProvider("t1"),
    ):
        with pytest.raises(shop.ConfigurationError, match="Expected"):
            make()


def test_a_fake_server_and_other_http_clients_see_the_token_call(sdk: Sdk) -> None:
    seen: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request.url.path)
        body = {"access_token": "t1"} if request.url.path == "/token" else {"id": "o1"}
        return httpx2.Response(200, json=body)

    http_client = httpx2.Client(transport=httpx2.MockTransport(answer))
    api = sdk.client("https://orders.test/v1", http_client=http_client, **CLIENT)
    api.orders.retrieve("o1")
    assert seen == ["/token", "/v1/orders/o1"]


def test_the_examples_of_the_guide_run(sdk: Sdk) -> None:
    page = sdk.source("docs/guides/authentication.md")
    names: dict[str, Any] = {}
    blocks = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    for block in blocks:
        exec(block, names)
    assert len(blocks) == 5
    assert "- `write`: To place orders." in page
    assert names["client"].api_key.__class__.__name__ == "RefreshToken"


def test_types(sdk: Sdk) -> None:
    assert not mypy_errors(
        sdk,
        """
        from orders_sdk import AsyncOrders, ClientCredentials, Orders, RefreshToken, Token, TokenProvider

        async def log_in() -> Token:
            return Token("t", expires_in=60)

        Orders(client_id="me", client_secret="s", scopes=["read"])
        Orders(api_key=ClientCredentials("me", "s", authentication="post"))
        Orders(api_key=RefreshToken("r", client_id="me", on_token=print))
        Orders(api_key=TokenProvider(lambda: "t")).with_options(api_key=TokenProvider(lambda: "t"))
        AsyncOrders(api_key=TokenProvider(log_in))
        """,
    )


def test_no_old_token_counts_as_new_while_one_is_replaced(sdk: Sdk) -> None:
    seen: list[str | None] = []

    class Watched(sdk.module.TokenProvider):  # type: ignore[misc, name-defined]
        def __setattr__(self, name: str, value: object) -> None:
            super().__setattr__(name, value)
            if "_renewal" in vars(self):
                seen.append(self.valid())

    source = Watched(lambda: "unused")
    source.keep(sdk.module.Token("old", 0))
    seen.clear()
    source.keep(sdk.module.Token("new", 3600))
    assert "old" not in seen
    assert seen[-1] == "new"


@pytest.mark.parametrize("life", [10**400, "1" * 400])
def test_a_non_numeric_lifetime_is_unknown(sdk: Sdk, tokens: TokenServer, life: Any) -> None:
    tokens.life = life
    assert client(sdk, tokens).orders.retrieve("o1").id == "o1"
