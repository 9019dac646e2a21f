"""The arguments of the client for servers and credentials, and the code of the servers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from specloom import ir
from specloom.ir.words import split_words
from specloom.layout import docstring, fill, literal
from specloom.naming.identifiers import (
    CLIENT_ARGUMENTS,
    CLIENT_METHODS,
    OAUTH_ARGUMENTS,
    attribute,
    free,
)
from specloom.sdk.code import Code, Import, code, imported, imports_of, runtime


class ServerArgument(NamedTuple):
    """An argument of the client that selects a server, or a part of its address.

    ``values`` are all possible values; empty: any text. ``default`` is None if it has none.
    """

    name: str
    values: tuple[str, ...]
    default: str | None
    description: str

    @property
    def annotation(self) -> str:
        """Its type in the client's signature."""
        return f"Literal[{', '.join(map(literal, self.values))}]" if self.values else "str"


@dataclass(frozen=True, slots=True)
class ServerArguments:
    """The client's arguments for servers. ``variables`` are by the name of the variable."""

    server: ServerArgument | None
    variables: dict[str, ServerArgument]

    def all(self) -> list[ServerArgument]:
        """The arguments in the order of the client's signature."""
        return [*([self.server] if self.server else []), *self.variables.values()]


def server_arguments(api: ir.Api) -> ServerArguments:
    """The arguments; empty if there is one server without variables."""
    names = tuple(one.name for one in api.servers)
    server = None
    if len(names) > 1:
        description = "Which of the API's servers to call."
        server = ServerArgument("server", names, names[0], description)
    found: dict[str, list[ir.ServerVariable]] = {}
    for one in _servers(api):
        for variable in one.variables:
            found.setdefault(variable.name, []).append(variable)
    taken = {*CLIENT_ARGUMENTS, *credentials(api)}
    if takes_client(api.security_schemes):
        taken |= OAUTH_ARGUMENTS
    variables: dict[str, ServerArgument] = {}
    for name, uses in found.items():
        wanted = attribute(split_words(name) or ("variable",), CLIENT_ARGUMENTS)
        argument = free(wanted, taken - {wanted} if wanted.endswith("_") else taken, "{}_{}".format)
        taken.add(argument)
        variables[name] = _argument(argument, uses)
    return ServerArguments(server, variables)


_PYTHON = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}


def argument_type(argument: ir.ClientArgument) -> str:
    """The type of a further argument of the client, if it is given."""
    return _PYTHON[argument.type]


def argument_property(argument: ir.ClientArgument) -> dict[str, str]:
    """The client's attribute with the value of an argument."""
    has_value = argument.required or argument.default is not None
    return {
        "name": argument.name,
        "type": argument_type(argument) + ("" if has_value else " | None"),
        "docstring": docstring(fill(_argument_description(argument), 8), 8),
    }


def _argument_description(argument: ir.ClientArgument) -> str:
    """The purpose of a client argument, with a period at its end."""
    what = {"path": "path parameter", "query": "query parameter", "header": "header"}
    sent = (
        f"Sent as the {what[argument.location]} `{argument.wire_name}`."
        if argument.location
        else ""
    )
    text = argument.description.strip()
    text += "." if text and not text.endswith((".", "!", "?")) else ""
    return " ".join(filter(None, [text, sent])) or f"The client's `{argument.name}`."


def argument_entry(argument: ir.ClientArgument) -> str:
    """The docstring of a client argument."""
    source = f"Default: from {' or '.join(argument.environment)}" if argument.environment else ""
    if argument.default is not None:
        source = f"{source}, else `{argument.default}`" if source else f"Else `{argument.default}`"
    return (
        f"{_argument_description(argument)} {source}."
        if source
        else (_argument_description(argument))
    )


def usual_timeout(settings: ir.Settings) -> str:
    """The default of ``timeout`` in words."""
    given = dict(settings.timeout)
    if "timeout" in given:
        return f"{given['timeout']:g}"
    connect = given.get("connect", 5.0)
    usual = f"600, and {connect:g} to connect"
    rest = [f"{value:g} {_PHASES[name]}" for name, value in given.items() if name != "connect"]
    return ", ".join([usual, *rest])


_PHASES = {"read": "to read", "write": "to write", "pool": "for a connection", "total": "in total"}


def argument_code(argument: ir.ClientArgument) -> Code:
    """A further argument of the client in the runtime's form."""
    given = {
        "location": argument.location,
        "name": argument.wire_name or None,
        "type": argument.type if argument.type != "string" else None,
        "environment": argument.environment or None,
        "default": argument.default,
        "required": argument.required or None,
        "everywhere": argument.everywhere or None,
    }
    options = [f"{key}={literal(value)}" for key, value in given.items() if value is not None]
    return code(
        "{}({})", imported("._runtime.api.info", "ClientArgument"), Code(", ".join(options))
    )


def defaults_code(settings: ir.Settings) -> dict[str, Code]:
    """The SDK's own defaults by the name of the client's argument: its timeout, its retries."""
    found: dict[str, Code] = {}
    if settings.timeout:
        pairs = [
            literal(value) if name == "timeout" else f"{name}={literal(value)}"
            for name, value in settings.timeout
        ]
        found["timeout"] = code(
            "{}({})", imported("._runtime.options", "Timeout"), Code(", ".join(pairs))
        )
    if settings.retries:
        pairs = [f"{name}={literal(value)}" for name, value in settings.retries]
        found["retries"] = code(
            "{}({})", imported("._runtime.retries", "Retries"), Code(", ".join(pairs))
        )
    return found


def servers_code(servers: Iterable[ir.Server], arguments: dict[str, ServerArgument]) -> Code:
    """Servers by name, as the runtime takes them."""
    entries = [
        code("{}: {}", Code(literal(one.name)), _server_code(one, arguments)) for one in servers
    ]
    return code("{{{}}}", Code(", ".join([one.text for one in entries]), imports_of(entries)))


def is_fixed(servers: tuple[ir.Server, ...]) -> bool:
    """Whether there is nothing to choose."""
    return len(servers) < 2 and not any(one.variables for one in servers)


def _server_code(server: ir.Server, arguments: dict[str, ServerArgument]) -> Code:
    url = Code(literal(server.template))
    if not server.variables:
        return code("{}({})", runtime("ApiServer"), url)
    pieces = [
        code("{}: {}", Code(literal(one.name)), _variable_code(one, arguments[one.name].name))
        for one in server.variables
    ]
    variables = Code(", ".join([one.text for one in pieces]), imports_of(pieces))
    return code("{}({}, {{{}}})", runtime("ApiServer"), url, variables)


def _variable_code(variable: ir.ServerVariable, argument: str) -> Code:
    options = [literal(argument)]
    options += [f"default={literal(variable.default)}"] if variable.default is not None else []
    options += [f"values={literal(variable.values)}"] if variable.values else []
    return code("{}({})", runtime("ApiServerVariable"), Code(", ".join(options)))


def _servers(api: ir.Api) -> Iterator[ir.Server]:
    yield from api.servers
    for operation in api.operations():
        yield from operation.servers


def _argument(name: str, uses: list[ir.ServerVariable]) -> ServerArgument:
    """One argument for all variables with the same name: it accepts the values of all of them."""
    values = [value for one in uses for value in one.values] if all(u.values for u in uses) else []
    description = next((one.description for one in uses if one.description), "")
    described = description or f"Fills `{{{uses[0].name}}}` of the server's address."
    return ServerArgument(name, tuple(dict.fromkeys(values)), uses[0].default, described)


def credentials(api: ir.Api) -> dict[str, list[ir.SecurityScheme]]:
    """Arguments of the client that accept credentials, and the schemes each serves."""
    found: dict[str, list[ir.SecurityScheme]] = {}
    for scheme in api.security_schemes:
        for name in credential_arguments(scheme, api.security_schemes):
            found.setdefault(name, []).append(scheme)
    return found


def credential_arguments(
    scheme: ir.SecurityScheme, schemes: tuple[ir.SecurityScheme, ...]
) -> tuple[str, ...]:
    """The argument for a credential; user and password have one each if x-sdk names them."""
    return scheme.arguments or (_usual_argument(scheme, schemes),)


def credential_argument(scheme: ir.SecurityScheme, schemes: tuple[ir.SecurityScheme, ...]) -> str:
    """The arguments for a credential, as messages name them."""
    return " and ".join(credential_arguments(scheme, schemes))


def own_option_names(api: ir.Api, given: ServerArguments) -> list[str]:
    """The options of ``with_options`` that only this SDK has."""
    own = [one.name for one in api.settings.client_arguments]
    names = [*credentials(api), *own, *(one.name for one in given.all())]
    names += ["client_id", "client_secret", "scopes"] if takes_client(api.security_schemes) else []
    return [name for name in names if name != "api_key"]


def is_pair(scheme: ir.SecurityScheme) -> bool:
    """Whether one argument accepts a pair of user and password."""
    return scheme.kind == "basic" and len(scheme.arguments) < 2


def _usual_argument(scheme: ir.SecurityScheme, schemes: tuple[ir.SecurityScheme, ...]) -> str:
    """``api_key`` for the first key or token; ``basic_auth``; further keys by their own name."""
    if scheme.kind == "basic":
        return "basic_auth"
    keys = [other for other in schemes if other.kind != "basic"]
    if keys[0] is scheme:
        return "api_key"
    taken = CLIENT_ARGUMENTS | OAUTH_ARGUMENTS if takes_client(schemes) else CLIENT_ARGUMENTS
    return attribute(split_words(scheme.key) or ("token",), taken)


def takes_client(schemes: tuple[ir.SecurityScheme, ...]) -> bool:
    """Whether the client accepts the id and the secret of an OAuth 2 client."""
    return any(scheme.flows is not None and scheme.flows.takes_client for scheme in schemes)


def has_tokens(schemes: tuple[ir.SecurityScheme, ...]) -> bool:
    """Whether the client accepts sources of OAuth 2 tokens."""
    return any(scheme.flows is not None for scheme in schemes)


def client_imports(api: ir.Api, given: ServerArguments) -> set[Import]:
    """The imports of the module of the clients."""
    runtime = {
        "api.info": "Environment SdkInfo",
        "lazy_httpx2": "httpx2",
        "options": "Omit Timeout omit",
        "retries": "Retries",
        "settings": "middlewares",
    }
    if api.settings.max_retries is None:
        runtime["settings"] += " DEFAULT_MAX_RETRIES"
    if api.settings.error_pointers:
        runtime["api.info"] += " ErrorPaths"
    if api.security_schemes:
        runtime["api.info"] += " SecurityScheme"
    pairs = ((module, name) for module, names in runtime.items() for name in names.split())
    found = {(f"._runtime.{module}", name) for module, name in pairs}
    found |= {("collections.abc", "Mapping"), ("collections.abc", "Sequence")}
    if api.resources or api.webhooks:
        found.add(("typing", "TYPE_CHECKING"))
    if has_tokens(api.security_schemes):
        found.add(("._runtime.credentials", "TokenSource"))
    if takes_client(api.security_schemes):
        found.add(("collections.abc", "Collection"))
    if any(scheme.kind != "basic" for scheme in api.security_schemes):
        found |= {("collections.abc", "Awaitable"), ("collections.abc", "Callable")}
    # Under other names, because a client may itself be called Client.
    names = (f"{kind}Client as {kind}Base" for kind in ("Sync", "Async"))
    found |= {("._runtime.client.base", name) for name in names}
    if own_option_names(api, given):
        found |= {("typing", "Self"), ("typing", "Unpack"), ("._runtime", "settings as _settings")}
    if any(one.values for one in given.all()):
        found.add(("typing", "Literal"))
    if api.webhooks is not None or any(resource.path for resource in api.resources):
        found.add(("functools", "cached_property"))
    if has_own_methods(api):
        found |= {
            (".resources._client", name) for name in (CLIENT_METHODS, f"Async{CLIENT_METHODS}")
        }
    return found


def has_own_methods(api: ir.Api) -> bool:
    """Whether the client itself has methods."""
    return any(not resource.path for resource in api.resources)
