"""The client selects an alternative of security by its credentials; schemes that send them."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import pytest

from support.generated import Sdk
from support.loopback import Loopback

_SENT = ("authorization", "x-key", "x-app", "cookie")
TOKEN, PAIR = {"api_key": "t"}, {"key": "k", "app": "a"}
AS_TOKEN, AS_PAIR = {"authorization": "Bearer t"}, {"x-key": "k", "x-app": "a"}


@pytest.mark.parametrize(
    ("resource", "given", "sent"),
    [
        ("both", TOKEN, AS_TOKEN),
        ("both", PAIR, AS_PAIR),
        ("both", {**TOKEN, **PAIR}, AS_TOKEN),
        ("both", {**TOKEN, "key": "k"}, AS_TOKEN),
        ("optional", TOKEN, AS_TOKEN),
        ("optional", PAIR, {}),
        ("mutual", PAIR, {"x-key": "k"}),
        ("mutual", {"key": "k"}, {"x-key": "k"}),
        ("mutual_alone", TOKEN, {}),
        ("cookie", {"sid": "s"}, {"cookie": "sid=s"}),
        ("digest", {"digest": 'username="u"'}, {"authorization": 'Digest username="u"'}),
        ("token", {"token": lambda: "x"}, {"authorization": "Token x"}),
        ("address", PAIR, {"x-key": "k"}),
    ],
)
def test_what_is_sent(
    sdk: Sdk, server: Loopback, resource: str, given: dict[str, Any], sent: dict[str, str]
) -> None:
    server.answer(status=204)
    server.answer(status=204)
    getattr(sdk.client(server.base_url, **given), resource).retrieve()

    async def call() -> None:
        async with sdk.async_client(server.base_url, **given) as client:
            await getattr(client, resource).retrieve()

    asyncio.run(call())
    for request in server.received:
        found = {name: request.headers[name] for name in _SENT if name in request.headers}
        assert found == sent


def test_cookies_are_one_header(sdk: Sdk, server: Loopback) -> None:
    server.answer(status=204)
    sdk.client(server.base_url, sid="s").cookie.retrieve(other="o")
    assert server.last.headers["cookie"] == "sid=s; other=o"


@pytest.mark.parametrize(
    ("resource", "given", "told"),
    [
        ("both", {"key": "k"}, "pass api_key or key and app, or set GATE_API_KEY"),
        ("mutual", TOKEN, "pass key"),
        ("cookie", {"sid": "s; admin=1"}, "no semicolon in sid"),
        ("digest", {"digest": ("u", "p")}, "Expected a str for digest"),
    ],
)
def test_what_is_missing_or_wrong(
    sdk: Sdk, server: Loopback, resource: str, given: dict[str, Any], told: str
) -> None:
    with pytest.raises(sdk.module.ConfigurationError, match=told):
        getattr(sdk.client(server.base_url, **given), resource).retrieve()
    assert server.received == []


def test_a_client_without_any_credential_is_an_error_at_once(sdk: Sdk) -> None:
    with pytest.raises(sdk.module.ConfigurationError, match="pass api_key or key and app"):
        sdk.client("http://127.0.0.1")


def test_schemes_that_are_not_sent_in_full_are_warnings(sdk: Sdk) -> None:
    assert sdk.warnings.count("unsupported-security-scheme") == 3


def test_digest_is_answered_by_a_client_of_httpx2(sdk: Sdk) -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        if "authorization" in request.headers:
            return httpx2.Response(204)
        challenge = 'Digest realm="r", nonce="n", qop="auth", algorithm=MD5'
        return httpx2.Response(401, headers={"www-authenticate": challenge})

    auth = httpx2.DigestAuth("user", "password")
    http_client = httpx2.Client(auth=auth, transport=httpx2.MockTransport(answer))
    omitted = {"Authorization": sdk.module.omit}
    client = sdk.client("http://gate", http_client=http_client, default_headers=omitted)
    assert client.digest.retrieve() is None
    assert "httpx2.DigestAuth" in sdk.source("docs/guides/authentication.md")


def test_a_missing_credential_is_one_that_the_operation_takes(sdk: Sdk) -> None:
    client = sdk.client("http://127.0.0.1:1", api_key="t")
    with pytest.raises(sdk.module.ConfigurationError) as caught:
        client.granted.retrieve()
    assert "pass grant or sid or client_id and client_secret" in str(caught.value)
    with pytest.raises(sdk.module.ConfigurationError) as caught:
        client.cookie.retrieve()
    assert "pass sid" in str(caught.value)
    assert "client_id" not in str(caught.value)
