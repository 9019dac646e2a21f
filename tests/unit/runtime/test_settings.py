"""Arguments, environment and the SDK's own values, in this order."""

from __future__ import annotations

from typing import Any

import pytest

from specloom.runtime.api.info import Environment, SdkInfo, SecurityScheme
from specloom.runtime.errors import ConfigurationError
from specloom.runtime.options import Timeout, omit
from specloom.runtime.settings import Settings, changed_settings, make_settings, required_schemes

INFO = SdkInfo(
    package="p",
    version="1",
    title="Things",
    base_url="https://own.test",
    environment=Environment(("THINGS_KEY", "OTHER_KEY"), ("THINGS_URL",)),
    security_schemes={
        "key": SecurityScheme("bearer"),
        "login": SecurityScheme("basic", argument="login"),
        "token": SecurityScheme("apiKey", "header", "X-Token", argument="token"),
    },
    security=(("key",), ("login", "token")),
)


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("THINGS_KEY", "OTHER_KEY", "THINGS_URL"):
        monkeypatch.delenv(name, raising=False)


def resolved(info: SdkInfo = INFO, base_url: str | None = None, **credentials: Any) -> Settings:
    headers = credentials.pop("default_headers", None)
    return make_settings(info, credentials, base_url, omit, 2, headers, None, False)


def test_the_environment_fills_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTHER_KEY", "second")
    monkeypatch.setenv("THINGS_URL", "http://env.test/v1/")
    assert resolved(key=None).credentials == {"key": "second"}
    assert resolved().base_url == "http://env.test/v1"
    monkeypatch.setenv("THINGS_KEY", "first")
    assert resolved().credentials == {"key": "first"}
    given = resolved(key="mine", base_url="http://arg.test")
    assert (given.credentials, given.base_url) == ({"key": "mine"}, "http://arg.test")


def test_a_missing_credential_names_argument_and_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THINGS_KEY", "")
    message = (
        "Things needs a credential: pass api_key or login and token, "
        "or set THINGS_KEY or OTHER_KEY in the environment"
    )
    with pytest.raises(ConfigurationError, match=message):
        resolved()


def test_alternatives_are_one_of_many_and_all_of_one() -> None:
    settings = resolved(login=("u", "p"), token="t")
    assert required_schemes(settings, INFO.security) == ("login", "token")
    assert required_schemes(settings, (("key",), ())) == ()
    assert required_schemes(settings, ()) == ()
    with pytest.raises(ConfigurationError):
        required_schemes(settings, (("key",),))
    # Operations may want less than the default: what is missing is told with the call.
    with pytest.raises(ConfigurationError):
        required_schemes(resolved(login=("u", "p")), INFO.security)


def test_what_may_go_without_credentials_has_those_that_are_given() -> None:
    optional = ((), ("key",), ("token",))
    assert required_schemes(resolved(login=("u", "p")), optional) == ()
    assert required_schemes(resolved(token="t"), optional) == ("token",)
    assert required_schemes(resolved(token="t", key="k"), optional) == ("key",)


def test_a_header_set_by_hand_is_a_credential() -> None:
    assert resolved(default_headers={"authorization": "x"}).credentials == {}
    assert resolved(default_headers={"Authorization": omit}).credentials == {}
    settings = resolved(login=("u", "p"), token="t")
    assert required_schemes(settings, (("key",),), ["authorization"]) == ("key",)


@pytest.mark.parametrize(
    "url", ["api.test", "ftp://api.test", "https://api.test?a=b", "https://x#y"]
)
def test_a_base_url_that_is_none(url: str) -> None:
    with pytest.raises(ConfigurationError, match="base_url"):
        resolved(key="k", base_url=url)
    with pytest.raises(ConfigurationError, match="base_url"):
        changed_settings(resolved(key="k"), {"base_url": url})


def test_no_server_at_all() -> None:
    with pytest.raises(ConfigurationError, match="No server"):
        resolved(INFO._replace(base_url=None), key="k")


def test_changed_options_are_laid_over() -> None:
    settings = resolved(key="k", default_headers={"A": "1"})
    new = changed_settings(
        settings,
        {"api_key": "n", "timeout": None, "default_headers": {"B": "2"}, "default_query": {"q": 1}},
    )
    assert new.credentials == {"key": "n"}
    assert (new.timeout, new.default_headers, new.default_query) == (
        Timeout(None),
        {"A": "1", "B": "2"},
        {"q": 1},
    )
    assert settings.credentials == {"key": "k"}
