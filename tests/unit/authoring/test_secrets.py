"""Detection and redaction of credentials."""

from __future__ import annotations

import pytest

from specloom.authoring.secrets import is_secret_name, looks_secret, redacted, secrets_in


@pytest.mark.parametrize(
    "name",
    "Authorization X-Api-Key api_key apiKey access_token client_secret Cookie Set-Cookie password"
    " sessionid X-CSRF-Token X-Session X-Auth private_key"
    " signature token Ocp-Apim-Subscription-Key".split(),
)
def test_secret_names(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize(
    "name",
    "max_tokens total_tokens key keys sort_key author authored_by passage tokenizer id".split(),
)
def test_other_names(name: str) -> None:
    assert not is_secret_name(name)


@pytest.mark.parametrize(
    "value",
    [
        "sk-proj-abcdefgh12345678",
        "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
        "AKIAIOSFODNN7EXAMPLE",
        "Bearer abcdef123456",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
        "-----BEGIN RSA PRIVATE KEY-----",
    ],
)
def test_secret_values(value: str) -> None:
    assert looks_secret(value)
    assert redacted(f"see {value} there") != f"see {value} there"


def test_values_are_redacted_by_name_form_and_request() -> None:
    secrets = secrets_in((("Cookie", "sid=abc-def-123; a=b"),), (("access_token", "q1w2e3r4"),))
    value = {
        "password": "x",
        "pages": [{"echo": "you sent q1w2e3r4 and abc-def-123"}, {"key": "sk-abcdefgh1234"}],
        "max_tokens": 5,
        "token": None,
    }
    assert redacted(value, secrets) == {
        "password": "REDACTED",
        "pages": [{"echo": "you sent REDACTED and REDACTED"}, {"key": "REDACTED"}],
        "max_tokens": 5,
        "token": None,
    }
