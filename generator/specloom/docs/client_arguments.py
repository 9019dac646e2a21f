"""The arguments of the client, as text and in examples: servers and credentials."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from specloom import ir
from specloom.docs.code import Arguments, Raw, call
from specloom.docs.prose import code, item, line
from specloom.sdk.client_arguments import (
    ServerArgument,
    credential_argument,
    credential_arguments,
    credentials,
    is_pair,
    server_arguments,
)


def server_entries(api: ir.Api, page: str) -> Iterator[str]:
    """Entries of a list: the servers by name, and the variables of their URLs."""
    given = server_arguments(api)
    if given.server:
        yield "- `server`: one of these; default: the first"
        for one in api.servers:
            description = f": {line(one.description, page)}" if one.description else ""
            yield f"    - {code(one.name)}, {code(one.template)}{description}"
    for argument in given.variables.values():
        yield item(f"`{argument.name}`: {_values(argument)}.", argument.description, page)


def chosen_clients(api: ir.Api, client: str, credentials: Arguments) -> list[str]:
    """Client examples with another server and with other variables, if there is a choice."""
    given = server_arguments(api)
    servers = list(api.servers[:1])
    servers += [api.servers[-1]] if given.server else []
    chosen: list[list[tuple[str, Any]]] = []
    for one in servers:
        named = [("server", one.name)] if given.server and one is not servers[0] else []
        mine = {variable.name: variable.values for variable in one.variables}
        values = [(given.variables[name].name, each[-1]) for name, each in mine.items() if each]
        chosen.append([*named, *values])
    return [
        call(client, [*credentials, *one], column=len("client = "), indent=0)
        for one in chosen
        if one
    ]


def _values(argument: ServerArgument) -> str:
    if not argument.values:
        default = argument.default
        return f"any text, default {code(default)}" if default is not None else "any text, required"
    return f"{' or '.join(map(code, argument.values))}, default {code(argument.default or '')}"


_BASIC = Raw('("user", "password")')


def needed_arguments(api: ir.Api) -> list[tuple[str, Any]]:
    """The required arguments of a client: credentials without an environment variable."""
    schemes = {one.key: one for one in api.security_schemes}
    first = api.security[0] if api.security else ()
    found: dict[str, Any] = {}
    for key in first:
        names = credential_arguments(schemes[key], api.security_schemes)
        if schemes[key].variables or names == ("api_key",):
            continue  # the environment has it
        found |= dict(zip(names, _samples(schemes[key]), strict=True))
    return list(found.items())


def _samples(scheme: ir.SecurityScheme) -> tuple[Any, ...]:
    if is_pair(scheme):
        return (_BASIC,)
    return ("user", "password") if scheme.kind == "basic" else ("secret",)


def test_arguments(api: ir.Api) -> list[tuple[str, Any]]:
    """The credentials of a client in a test."""
    given = {
        name: "test"
        for name, schemes in credentials(api).items()
        if name == "api_key" or schemes[0].variables
    }
    return list((given | dict(needed_arguments(api))).items())


def credential_entries(api: ir.Api, page: str) -> Iterator[str]:
    """Entries of a list: each argument, how it is sent, and its description."""
    for name, schemes in credentials(api).items():
        how = " or ".join(dict.fromkeys(_sent(scheme) for scheme in schemes))
        source = ""
        own = dict(zip(schemes[0].arguments, schemes[0].variables, strict=False)).get(name, ())
        if own or (name == "api_key" and not schemes[0].variables):
            variables = " or ".join(map(code, own or api.settings.api_key_environment))
            source = f"; the default is {variables}"
        description = " ".join(dict.fromkeys(one.description.strip() for one in schemes))
        yield item(f"`{name}`: {how}{source}.", description, page)


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
