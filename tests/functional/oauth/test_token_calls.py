"""Token requests: the time of a call, the caller's own functions, and the fake server."""

from __future__ import annotations

import asyncio
import base64
import importlib
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from functional.oauth.test_token_failures import everything_of
from functional.oauth.token_server import CLIENT, TokenServer, client
from support.generated import Sdk
from support.loopback import Answer


def test_the_total_time_holds_for_the_token_as_well(sdk: Sdk, tokens: TokenServer) -> None:
    client(sdk, tokens, api_key="t0").orders.retrieve("o1")  # loads what takes time
    tokens.delay = 0.6
    api = client(sdk, tokens)
    hasty = api.with_options(timeout=sdk.module.Timeout(total=0.2))
    with ThreadPoolExecutor(2) as threads:
        started = time.monotonic()
        failing = threads.submit(hasty.orders.retrieve, "o1")
        time.sleep(0.1)
        waiting = threads.submit(api.orders.retrieve, "o1")
        with pytest.raises(sdk.module.APITimeoutError, match=r"longer than 0\.2 s in total"):
            failing.result()
        assert time.monotonic() - started < 0.55
        assert waiting.result().id == "o1"  # one that is in a hurry fails alone

    async def main() -> None:
        timeout = sdk.module.Timeout(total=0.2)
        async with sdk.async_client(tokens.base_url, timeout=timeout, **CLIENT) as other:
            with pytest.raises(sdk.module.APITimeoutError, match=r"longer than 0\.2 s in total"):
                await other.orders.retrieve("o1")

    asyncio.run(main())


def test_a_token_and_its_call_share_the_total_time(sdk: Sdk, tokens: TokenServer) -> None:
    """The token takes most of it; the server refuses that token, and another one is too late."""
    tokens.delay = 0.3
    tokens.refused |= {"t1"}
    api = client(sdk, tokens, timeout=sdk.module.Timeout(total=0.5))
    started = time.monotonic()
    with pytest.raises(sdk.module.APITimeoutError, match=r"longer than 0\.5 s in total"):
        api.orders.retrieve("o1")
    assert time.monotonic() - started < 0.75


@pytest.mark.parametrize("life", [0, "0", 0.0])
def test_a_token_without_a_life_serves_those_who_waited_for_it(
    sdk: Sdk, tokens: TokenServer, life: Any
) -> None:
    tokens.life, tokens.delay = life, 0.1
    api = client(sdk, tokens)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(api.orders.retrieve, ["o1"] * 8))
    assert len(tokens.forms) == 1
    api.orders.retrieve("o1")
    assert len(tokens.forms) == 2


def test_a_provider_that_calls_its_own_client_is_refused_at_once(
    sdk: Sdk, tokens: TokenServer
) -> None:
    apis: list[Any] = []
    source = sdk.module.TokenProvider(lambda: apis[0].orders.retrieve("o1").id)
    apis.append(client(sdk, tokens, api_key=source))
    with pytest.raises(sdk.module.ConfigurationError, match="let it use another client"):
        apis[0].orders.retrieve("o1")
    apis[0] = client(sdk, tokens, api_key="t1")
    other = client(sdk, tokens, api_key=source)
    with pytest.raises(sdk.module.AuthenticationError):  # o1 is a text, and no token
        other.orders.retrieve("o1")

    async def main() -> None:
        async def fetch() -> str:
            order = await asyncio.create_task(mine.orders.retrieve("o1"))
            return str(order.id)

        own = sdk.module.TokenProvider(fetch)
        async with sdk.async_client(tokens.base_url, api_key=own) as mine:
            with pytest.raises(sdk.module.ConfigurationError, match="let it use another client"):
                await mine.orders.retrieve("o1")

    asyncio.run(main())


def test_new_tokens_are_passed_to_async_functions(sdk: Sdk, tokens: TokenServer) -> None:
    stored: list[Any] = []

    async def store(token: Any) -> None:
        await asyncio.sleep(0)
        stored.append(token.refresh_token)

    tokens.token["refresh_token"] = "second"

    async def main() -> None:
        source = sdk.module.RefreshToken("first", on_token=store)
        async with sdk.async_client(tokens.base_url, api_key=source) as api:
            await api.orders.retrieve("o1")

    asyncio.run(main())
    assert stored == ["second"]
    source = sdk.module.RefreshToken("second", on_token=store)
    with pytest.raises(sdk.module.ConfigurationError, match="Expected on_token to be no async"):
        client(sdk, tokens, api_key=source).orders.retrieve("o1")
    assert client(sdk, tokens, api_key=source).orders.retrieve("o1").id == "o1"


def test_what_an_endpoint_echoes_of_the_request_is_masked(sdk: Sdk, tokens: TokenServer) -> None:
    pair = base64.b64encode(b"me:s3cr3t%2Fof%2Bmine").decode()
    for told in (f"Basic {pair}", "client_secret=s3cr3t%2Fof%2Bmine"):
        tokens.failures = [Answer({"error": "bad", "error_description": told}, 400)]
        with pytest.raises(sdk.module.TokenError) as caught:
            client(sdk, tokens).orders.retrieve("o1")
        shown = everything_of(caught.value)
        assert pair not in shown
        assert "s3cr3t" not in shown


def test_a_life_that_a_provider_tells_as_text(sdk: Sdk, tokens: TokenServer) -> None:
    source = sdk.module.TokenProvider(lambda: sdk.module.Token("t1", expires_in="3600"))
    api = client(sdk, tokens, api_key=source)
    api.orders.retrieve("o1")
    assert api.orders.retrieve("o1").id == "o1"


def test_the_fake_server_gives_tokens_that_expire(sdk: Sdk) -> None:
    testing = importlib.import_module(f"{sdk.package}.testing")
    server = testing.FakeServer.from_description()
    http_client = server.client()
    api = sdk.client("https://orders.test/v1", http_client=http_client, **CLIENT)
    server.fault("expired_token")
    assert api.orders.retrieve("o1").id
    assert [each.path for each in server.requests] == ["/token", "/v1/orders/o1"] * 2
    sent = [each.headers["authorization"] for each in server.requests[1::2]]
    assert sent == ["Bearer token-1", "Bearer token-2"]
    server.fault("server_error", path="/token", times=2)
    source = sdk.module.ClientCredentials(**CLIENT)
    other = sdk.client("https://x.test", api_key=source, http_client=server.client(), max_retries=0)
    with pytest.raises(sdk.module.TokenError, match="failed with 500"):
        other.orders.retrieve("o1")
