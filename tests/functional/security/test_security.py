"""Every scheme without a login flow, one or several of them, and none."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from support.generated import Sdk
from support.loopback import Loopback, Received
from support.typecheck import mypy_errors

ALL: dict[str, Any] = {
    "api_key": "the-token",
    "basic_auth": ("ann", "pass"),
    "header_key": "hk",
    "query_key": "qk",
    "cookie_key": "ck",
    "flow": "oauth-token",
}


def credentials(request: Received) -> dict[str, str]:
    """The credentials of a request, by location."""
    found = {
        "authorization": request.headers.get("authorization"),
        "x-key": request.headers.get("x-key"),
        "cookie": request.headers.get("cookie"),
        "query": request.raw_query or None,
    }
    return {place: value for place, value in found.items() if value is not None}


@pytest.mark.parametrize(
    ("resource", "sent"),
    [
        ("token", {"authorization": "Bearer the-token"}),
        ("basic", {"authorization": "Basic " + base64.b64encode(b"ann:pass").decode()}),
        ("header", {"x-key": "hk"}),
        ("query", {"query": "key=qk"}),
        ("cookie", {"cookie": "sid=ck"}),
        ("both", {"x-key": "hk", "query": "key=qk"}),
        ("open", {}),
        ("oauth", {"authorization": "Bearer oauth-token"}),
    ],
)
def test_sends_only_the_inputs_of_the_operation(
    sdk: Sdk, server: Loopback, resource: str, sent: dict[str, str]
) -> None:
    server.answer(status=204)
    getattr(sdk.client(server.base_url, **ALL), resource).retrieve()
    assert credentials(server.last) == sent


def test_takes_the_alternative_that_it_can_satisfy(sdk: Sdk, server: Loopback) -> None:
    server.answer(status=204)
    client = sdk.client(server.base_url, api_key="the-token", query_key="qk")
    client.either.retrieve()
    assert credentials(server.last) == {"query": "key=qk"}


def test_names_the_missing_part(sdk: Sdk, server: Loopback) -> None:
    client = sdk.client(server.base_url, api_key="the-token")
    with pytest.raises(sdk.module.ConfigurationError, match="header_key"):
        client.header.retrieve()
    assert server.received == []


def test_a_callable_gives_the_key_of_each_call(sdk: Sdk, server: Loopback) -> None:
    keys = iter(["first", "second"])
    client = sdk.client(server.base_url, api_key=lambda: next(keys))
    for _ in range(2):
        server.answer(status=204)
        client.token.retrieve()
    assert [credentials(request)["authorization"] for request in server.received] == [
        "Bearer first",
        "Bearer second",
    ]


def test_types(sdk: Sdk) -> None:
    snippet = """
        from vault_sdk import Vault

        Vault(api_key="t", basic_auth=("ann", "pass"), header_key=lambda: "k")
        Vault(basic_auth="ann")  # type: ignore[arg-type]
    """
    assert mypy_errors(sdk, snippet) == []
