"""``x-sdk`` in a security scheme names the arguments of the client and their variables."""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path

import pytest

from specloom.errors import SpecError
from specloom.options import BuildOptions
from specloom.pipeline import read
from support.generated import Sdk
from support.loopback import Loopback
from support.typecheck import mypy_errors

ANN = "Basic " + base64.b64encode(b"ann:secret").decode()


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VAULT_TOKEN", "VAULT_AUTH_TOKEN", "VAULT_ORGANIZATION_ID", "VAULT_KEY"):
        monkeypatch.delenv(name, raising=False)


def test_arguments_have_the_names_of_x_sdk(sdk: Sdk, server: Loopback) -> None:
    server.answer(status=204)
    client = sdk.client(
        server.base_url,
        auth_token="t",
        organization_id="ann",
        api_key="secret",
        machine_key="k",
    )
    client.plain.retrieve()
    assert server.last.headers["authorization"] == "Bearer t"
    server.answer(status=204)
    client.pair.retrieve()
    assert server.last.headers["authorization"] == ANN
    server.answer(status=204)
    client.other.retrieve()
    assert server.last.headers["x-key"] == "k"


def test_variables_stand_in_for_them(
    sdk: Sdk, server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAULT_AUTH_TOKEN", "from-env")
    monkeypatch.setenv("VAULT_KEY", "secret")
    client = sdk.client(server.base_url, organization_id="ann")
    server.answer(status=204)
    client.plain.retrieve()
    assert server.last.headers["authorization"] == "Bearer from-env"
    server.answer(status=204)
    client.pair.retrieve()
    assert server.last.headers["authorization"] == ANN


def test_half_a_pair_is_refused(sdk: Sdk, server: Loopback) -> None:
    with pytest.raises(sdk.module.ConfigurationError, match="VAULT_ORGANIZATION_ID"):
        sdk.client(server.base_url, api_key="secret")


def test_the_message_names_arguments_and_variables(sdk: Sdk, server: Loopback) -> None:
    client = sdk.client(server.base_url, machine_key="k")
    with pytest.raises(sdk.module.ConfigurationError, match=r"auth_token.*VAULT_TOKEN or VAULT_A"):
        client.plain.retrieve()


def test_a_copy_has_other_credentials(sdk: Sdk, server: Loopback) -> None:
    for _ in range(6):
        server.answer(status=204)
    client = sdk.client(server.base_url, auth_token="t", organization_id="ann", api_key="secret")
    other = client.with_options(auth_token="u", api_key="new", machine_key="k")
    for each in (client, other):
        each.plain.retrieve()
        each.pair.retrieve()
    other.other.retrieve()

    async def later() -> str:
        return "async"

    async def main() -> None:
        async with sdk.async_client(server.base_url, auth_token="t") as one:
            await one.copy(auth_token=later).plain.retrieve()

    asyncio.run(main())
    new = "Basic " + base64.b64encode(b"ann:new").decode()
    sent = [each.headers.get("authorization") for each in server.received]
    assert sent == ["Bearer t", ANN, "Bearer u", new, None, "Bearer async"]
    assert server.received[4].headers["x-key"] == "k"


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"machine_kye": "k"}, TypeError, "machine_kye.*machine_key"),
        ({"auth_token": "t\n"}, None, "Expected auth_token to be printable"),
        ({"auth_token": 5}, None, "Expected auth_token to be text"),
        ({"organization_id": "ann"}, None, "Pass organization_id and api_key together"),
        ({"server": "a"}, TypeError, "server"),
    ],
)
def test_a_copy_refuses_wrong_credentials(
    sdk: Sdk, options: dict[str, object], error: type[Exception] | None, message: str
) -> None:
    with pytest.raises(error or sdk.module.ConfigurationError, match=message):
        sdk.client("http://localhost", auth_token="t").with_options(**options)


def test_types_of_a_copy(sdk: Sdk) -> None:
    errors = mypy_errors(
        sdk,
        """
        from typing_extensions import assert_type
        from vault_sdk import AsyncVault, Vault

        async def key() -> str: return "k"

        client = Vault(auth_token="t")
        assert_type(client.with_options(machine_key="k", organization_id="a", api_key="b"), Vault)
        assert_type(AsyncVault().copy(auth_token=key), AsyncVault)
        client.copy(auth_token=key)  # type: ignore[arg-type]
        client.copy(organization_id=5)  # type: ignore[arg-type]
        """,
    )
    assert errors == []


@pytest.mark.parametrize(
    ("sdk_text", "message"),
    [
        ("{username: {argument: user}}", "belong together"),
        ("{username: {argument: a}, password: {argument: b}}", "belong together"),
        ("{environment: [A]}", "needs an 'argument'"),
        ("{argument: timeout}", "by itself"),
        ("{argument: Token}", "snake case"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, sdk_text: str, message: str) -> None:
    spec = tmp_path / "a.yaml"
    spec.write_text(
        "openapi: 3.1.0\ninfo: {title: A, version: '1'}\npaths: {}\ncomponents:\n"
        f"  securitySchemes: {{t: {{type: http, scheme: bearer, x-sdk: {sdk_text}}}}}\n"
    )
    with pytest.raises(SpecError, match=message):
        read(spec, BuildOptions())
