"""The arguments of the client, as text and in examples: servers and credentials."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from specloom import ir
from specloom.docs.code import Arguments, Raw, call
from specloom.docs.prose import code, item, line
from specloom.sdk.client_arguments import (
    ServerArgument,
    argument_type,
    credential_argument,
    credentials,
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
    """The required arguments of a client: what no environment variable stands in for."""
    schemes = {one.key: one for one in api.security_schemes}
    first = api.security[0] if api.security else ()
    found: dict[str, Any] = {}
    for key in first:
        name = credential_argument(schemes[key], api.security_schemes)
        if name != "api_key":
            found[name] = _BASIC if schemes[key].kind == "basic" else "secret"
    found |= _own_samples(api, in_tests=False)
    return list(found.items())


def test_arguments(api: ir.Api) -> list[tuple[str, Any]]:
    """The credentials of a client in a test, and its other arguments without a default."""
    found = dict(needed_arguments(api)) | _own_samples(api, in_tests=True)
    return (
        [("api_key", "test"), *found.items()] if "api_key" in credentials(api) else [*found.items()]
    )


def usual_values(settings: ir.Settings) -> dict[str, str]:
    """The defaults of timeouts and retries, in words."""
    count = 2 if settings.max_retries is None else settings.max_retries
    seconds = dict(settings.timeout)
    each = seconds.get("timeout")
    phases = {name: seconds.get(name, 600.0) for name in ("read", "write", "pool")}
    connect = f"{seconds.get('connect', 5.0):g} seconds to connect"
    if each is not None:
        waits = f"{each:g} seconds for each phase"
    elif len(set(phases.values())) == 1:
        waits = f"{connect} and {phases['read']:g} seconds for the other phases"
    else:
        others = [f"{value:g} to {name}" for name, value in phases.items() if name != "pool"]
        waits = f"{connect}, {', '.join(others)}, and {phases['pool']:g} to wait for a connection"
    if "total" in seconds:
        waits += f", and {seconds['total']:g} seconds in total"
    return {
        "usual_count": {0: "never", 1: "once", 2: "twice"}.get(count, f"{count} times"),
        "usual_timeout": waits,
        "usual_retries": code(f"Retries({', '.join(f'{n}={v!r}' for n, v in settings.retries)})"),
    }


def own_argument_entries(api: ir.Api, page: str) -> Iterator[str]:
    """Entries of a list: the arguments of this API alone, their sources and what sends them."""
    what = {"path": "path parameter", "query": "query parameter", "header": "header"}
    for one in api.settings.client_arguments:
        sources = [code(name) for name in one.environment]
        sources += [code(str(one.default))] if one.default is not None else []
        marks = [code(argument_type(one))]
        marks += ["required"] if one.required and not sources else []
        marks += [f"default {', else '.join(sources)}"] if sources else []
        sent = f"Sent as the {what[one.location]} {code(one.wire_name)}" if one.location else ""
        calls = " of every request" if one.everywhere else " where a method takes it"
        text = one.description.strip()
        text += "." if text and not text.endswith((".", "!", "?")) else ""
        description = " ".join(filter(None, [text, sent and f"{sent}{calls}."]))
        yield item(f"`{one.name}` ({', '.join(marks)}):", description, page)


def _own_samples(api: ir.Api, *, in_tests: bool) -> dict[str, Any]:
    """Values for the arguments of this API alone: in tests all without a default, else those that
    no variable stands in for and that calls need.
    """
    samples = {"string": "", "integer": 1, "number": 1.0, "boolean": True}
    return {
        one.name: samples[one.type] or one.name.replace("_", "-")
        for one in api.settings.client_arguments
        if one.default is None
        and (one.required or one.location == "path")
        and (in_tests or not one.environment)
    }


def credential_entries(api: ir.Api, page: str) -> Iterator[str]:
    """Entries of a list: each argument, how it is sent, and its description."""
    for name, schemes in credentials(api).items():
        how = " or ".join(dict.fromkeys(_sent(scheme) for scheme in schemes))
        source = ""
        if name == "api_key":
            variables = " or ".join(map(code, api.settings.api_key_environment))
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
