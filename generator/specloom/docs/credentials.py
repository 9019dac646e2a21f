"""The credentials of a client, as text and in examples."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from specloom import ir
from specloom.docs.code import Raw
from specloom.docs.prose import code, item
from specloom.sdk.credentials import credential_argument, credentials

_BASIC = Raw('("user", "password")')


def needed_arguments(api: ir.Api) -> list[tuple[str, Any]]:
    """The required arguments of a client: credentials without an environment variable."""
    schemes = {one.key: one for one in api.security_schemes}
    first = api.security[0] if api.security else ()
    found: dict[str, Any] = {}
    for key in first:
        name = credential_argument(schemes[key], api.security_schemes)
        if name != "api_key":
            found[name] = _BASIC if schemes[key].kind == "basic" else "secret"
    return list(found.items())


def test_arguments(api: ir.Api) -> list[tuple[str, Any]]:
    """The credentials of a client in a test."""
    found = dict(needed_arguments(api))
    return (
        [("api_key", "test"), *found.items()] if "api_key" in credentials(api) else [*found.items()]
    )


def credentials_told(api: ir.Api, page: str) -> Iterator[str]:
    """Entries of a list: each argument, how it is sent, and its description."""
    for name, schemes in credentials(api).items():
        how = " or ".join(dict.fromkeys(_sent(scheme) for scheme in schemes))
        source = ""
        if name == "api_key":
            variables = " or ".join(map(code, api.settings.api_key_environment))
            source = f"; the default is {variables}"
        told = " ".join(dict.fromkeys(one.description.strip() for one in schemes))
        yield item(f"`{name}`: {how}{source}.", told, page)


def oauth_told(api: ir.Api, page: str) -> dict[str, Any]:
    """What the guide needs for OAuth 2."""
    settings = api.settings
    flows = [one for one in api.security_schemes if one.flows is not None]
    if not flows:
        return {"has_tokens": False}
    first = next((one for one in flows if one.flows and one.flows.takes_client), flows[0])
    given = first.flows or ir.OAuthFlows()
    return {
        "has_tokens": True,
        "takes_client": given.takes_client,
        "token_url": given.token_url,
        "token_endpoint": code(given.token_url),
        "token_argument": credential_argument(first, api.security_schemes),
        "scopes": [
            {"name": name, "text": item(f"{code(name)}:", told, page)}
            for name, told in given.scopes
        ],
        "client_id_variables": " or ".join(map(code, settings.client_id_environment)),
        "client_secret_variables": " or ".join(map(code, settings.client_secret_environment)),
    }


def _sent(scheme: ir.SecurityScheme) -> str:
    if scheme.kind == "bearer":
        return "sent as `Authorization: Bearer …`"
    if scheme.kind == "http":
        return f"sent as {code(f'Authorization: {scheme.wire_name} …')}, and nothing is negotiated"
    if scheme.kind == "basic":
        return "a tuple of user name and password, sent as `Authorization: Basic …`"
    where = {"header": "header", "query": "query parameter", "cookie": "cookie"}
    return f"sent as the {where[scheme.location or 'header']} {code(scheme.wire_name or '')}"
