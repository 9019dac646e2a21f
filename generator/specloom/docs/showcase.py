"""The start of the README: the client, and a few calls that show much of the API."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from specloom import ir
from specloom.docs.calls import readme_operation, result_of
from specloom.docs.prose import code, item, line
from specloom.ir.usage import Usage, parts_of, request_refs
from specloom.layout import Arguments, Raw, call
from specloom.naming.names import Names
from specloom.sdk.client_arguments import (
    ServerArgument,
    argument_type,
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
    """The required arguments of a client: those without an environment variable."""
    schemes = {one.key: one for one in api.security_schemes}
    first = api.security[0] if api.security else _usual_security(api)
    found: dict[str, Any] = {}
    for key in first:
        names = credential_arguments(schemes[key], api.security_schemes)
        if schemes[key].variables or names == ("api_key",):
            continue  # the environment provides it
        found |= dict(zip(names, _samples(schemes[key]), strict=True))
    found |= _own_samples(api, in_tests=False)
    return list(found.items())


def _usual_security(api: ir.Api) -> tuple[str, ...]:
    """The schemes that most methods name first; empty if none names any."""
    counts = Counter(one.security[0] for one in api.operations() if one.security)
    return max(counts, key=lambda schemes: (counts[schemes], schemes), default=())


def _samples(scheme: ir.SecurityScheme) -> tuple[Any, ...]:
    if is_pair(scheme):
        return (_BASIC,)
    return ("user", "password") if scheme.kind == "basic" else ("secret",)


def test_arguments(api: ir.Api) -> list[tuple[str, Any]]:
    """The credentials of a client in a test, and its other arguments without a default."""
    given = {
        name: "test"
        for name, schemes in credentials(api).items()
        if name == "api_key" or schemes[0].variables
    }
    needed = dict(needed_arguments(api)) | _own_samples(api, in_tests=True)
    return list((given | needed).items())


def usual_values(settings: ir.Settings) -> dict[str, str]:
    """The defaults of timeouts and retries as text."""
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
    """Values for the API's own arguments: in tests all without a default, else the required ones
    without an environment variable.
    """
    samples = {"string": "", "integer": 1, "number": 1.0, "boolean": True}
    inputs = [one for operation in api.operations() for one in operation.parameters]
    needed = {one.client_argument for one in inputs if one.needs_value or one.location == "path"}
    return {
        one.name: samples[one.type] or one.name.replace("_", "-")
        for one in api.settings.client_arguments
        if one.default is None
        and (one.required or one.name in needed)
        and (in_tests or not one.environment)
    }


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


def oauth_context(api: ir.Api, page: str) -> dict[str, Any]:
    """The values for the guide to OAuth 2."""
    settings = api.settings
    flows = [one for one in api.security_schemes if one.flows is not None]
    if not flows:
        return {"has_tokens": False}
    first = next((one for one in flows if one.flows and one.flows.takes_client), flows[0])
    oauth = first.flows or ir.OAuthFlows()
    return {
        "has_tokens": True,
        "takes_client": oauth.takes_client,
        "token_url": oauth.token_url,
        "token_endpoint": code(oauth.token_url),
        "token_argument": credential_argument(first, api.security_schemes),
        "scopes": [
            {"name": name, "text": item(f"{code(name)}:", text, page)}
            for name, text in oauth.scopes
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


@dataclass(frozen=True, slots=True)
class Showcase:
    """``opening`` is the call at the start of the README, ``first`` a plain call in the guides.

    ``failing`` is a call that may well fail with 404.
    """

    opening: ir.Operation
    first: ir.Operation
    failing: ir.Operation
    page: ir.Operation | None
    stream: ir.Operation | None
    poll: ir.Operation | None
    upload: ir.Operation | None
    download: ir.Operation | None
    takes_files: bool


def showcase_of(api: ir.Api, names: Names, usage: Usage) -> Showcase | None:
    """The operations to show; None for an API that has none."""
    operations = api.operations()
    if not operations:
        return None

    by_inputs, by_effort = sorted(operations, key=_inputs), sorted(operations, key=_effort)

    def shortest(has: Callable[[ir.Operation], bool]) -> ir.Operation | None:
        return next((one for one in by_inputs if has(one)), None)

    def simplest(has: Callable[[ir.Operation], bool]) -> ir.Operation | None:
        return next((one for one in by_effort if has(one)), None)

    def gives_value(one: ir.Operation) -> bool:
        return result_of(one, api, names).kind == "value"

    first = simplest(lambda one: gives_value(one) and one.http_method == "POST" and not _ids(one))
    first = first or simplest(gives_value) or by_effort[0]
    failing = simplest(lambda one: gives_value(one) and one.http_method == "GET" and _ids(one) > 0)
    upload = shortest(_takes_files)
    shown = [one for one in by_effort if gives_value(one) or one.pagination]
    opening = readme_operation(api, names) or _opening(api, shown) or first
    return Showcase(
        opening=opening,
        first=first,
        failing=failing or first,
        page=opening if opening.pagination else shortest(lambda one: one.pagination is not None),
        stream=shortest(lambda one: one.stream is not None),
        poll=shortest(lambda one: one.poll is not None and one.http_method == "POST")
        or shortest(lambda one: one.poll is not None),
        upload=upload,
        download=shortest(lambda one: result_of(one, api, names).kind == "bytes"),
        takes_files=upload is not None or any(map(_is_file, _written(api, usage))),
    )


def _opening(api: ir.Api, operations: list[ir.Operation]) -> ir.Operation | None:
    """An easy call: a plain, short one of a main resource.

    The first choice creates something, or is a method of the client, and has an example in the
    description; the next ones are a list, or one thing by its id. None if no resource of the client
    has any of these.
    """
    sizes = {one.path: len(operations_below(one)) for one in api.resources}
    plain = [
        one
        for one in operations
        if len(one.resource) <= 1 and not one.deprecated and _inputs(one)[1] <= _MOST_INPUTS
    ]

    def importance(one: ir.Operation) -> int:
        return -sizes.get(one.resource, 0)

    made = [one for one in plain if one.name == ("create",) or not one.resource]
    shown = [one for one in made if _has_example(one) and one.http_method == "POST"]
    asked = [one for one in plain if one.http_method == "GET"]
    listed = [one for one in asked if one.name == ("list",) or (one.pagination and not _ids(one))]
    read = [one for one in asked if one.name in (("retrieve",), ("get",)) and _ids(one) == 1]
    for found in (shown, listed, read):
        if found:
            return found[0] if found is shown else min(found, key=importance)
    return None


_MOST_INPUTS = 2
"""The most arguments of the first call in the README."""


def _has_example(operation: ir.Operation) -> bool:
    return operation.body is not None and any(one.status is None for one in operation.examples)


def operations_below(resource: ir.Resource) -> list[ir.Operation]:
    """The operations of a resource and of those within it."""
    below = [one for inner in resource.children for one in operations_below(inner)]
    return [*resource.operations, *below]


def _effort(operation: ir.Operation) -> tuple[bool, int, int, bool]:
    """The effort of reading a call; an example in the description lowers it."""
    is_own = any(one.status is None for one in operation.examples)
    # A call without arguments shows too little.
    return operation.deprecated, _inputs(operation)[1] or 3, _ids(operation), not is_own


def _inputs(operation: ir.Operation) -> tuple[bool, int]:
    """The number of inputs that a call needs; deprecated operations come last."""
    body = operation.body
    fields = [one for one in (body.fields or ()) if one.required] if body else []
    parameters = [one for one in operation.parameters if one.required and one.constant is None]
    return operation.deprecated, len(fields) + len(parameters)


def _ids(operation: ir.Operation) -> int:
    return sum(one.location == "path" for one in operation.parameters)


def _takes_files(operation: ir.Operation) -> bool:
    body = operation.body
    types = [body.type, *(one.type for one in body.fields or ())] if body else []
    return any(map(_is_file, types))


def _written(api: ir.Api, usage: Usage) -> Iterator[ir.TypeRef]:
    """The types of everything that arguments may contain."""
    for operation in api.operations():
        yield from request_refs(operation)
    for key in usage.requests:
        named = api.types[key]
        if isinstance(named, ir.Alias):
            yield named.type
        else:
            yield from (one.type for one in named.fields)


def _is_file(type_ref: ir.TypeRef) -> bool:
    return ir.Scalar("binary") in parts_of(type_ref)


def page_size(operation: ir.Operation | None, names: Names) -> str:
    """The argument for the number of items of a page, if ``limit`` in x-sdk says which it is."""
    if operation is None or operation.pagination is None or not operation.pagination.limit:
        return ""
    location = "body" if operation.pagination.is_in_body else "query"
    name = names.arguments[operation.pointer].get((location, operation.pagination.limit))
    return code(name) if name else ""
