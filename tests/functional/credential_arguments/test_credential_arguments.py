"""``x-sdk`` in a security scheme names the arguments of the client and their variables."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from specloom.errors import SpecError
from specloom.options import BuildOptions
from specloom.pipeline import read
from support.generated import Sdk
from support.loopback import Loopback

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
