"""The arguments of the client for servers and credentials, and the code of the servers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from specloom import ir
from specloom.ir.words import split_words
from specloom.layout import literal
from specloom.naming.identifiers import CLIENT_ARGUMENTS, OAUTH_ARGUMENTS, attribute, free
from specloom.sdk.code import Code, code, imports_of, runtime


class ServerArgument(NamedTuple):
    """An argument of the client that chooses a server, or a part of its address.

    ``values`` are all that it takes; empty: any text. ``default`` is None where it has none.
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
    """What the client takes of servers. ``variables`` are by the name of the variable."""

    server: ServerArgument | None
    variables: dict[str, ServerArgument]

    def all(self) -> list[ServerArgument]:
        """The arguments in the order of the client's signature."""
        return [*([self.server] if self.server else []), *self.variables.values()]


def server_arguments(api: ir.Api) -> ServerArguments:
    """The arguments; none where there is one server that is always the same."""
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
    """One argument for all variables of a name: it takes what any of them takes."""
    values = [value for one in uses for value in one.values] if all(u.values for u in uses) else []
    description = next((one.description for one in uses if one.description), "")
    described = description or f"Fills `{{{uses[0].name}}}` of the server's address."
    return ServerArgument(name, tuple(dict.fromkeys(values)), uses[0].default, described)


def credentials(api: ir.Api) -> dict[str, list[ir.SecurityScheme]]:
    """Arguments of the client that take credentials, and the schemes each serves."""
    found: dict[str, list[ir.SecurityScheme]] = {}
    for scheme in api.security_schemes:
        found.setdefault(credential_argument(scheme, api.security_schemes), []).append(scheme)
    return found


def credential_argument(scheme: ir.SecurityScheme, schemes: tuple[ir.SecurityScheme, ...]) -> str:
    """``api_key`` for the first key or token; ``basic_auth``; further keys by their own name."""
    if scheme.kind == "basic":
        return "basic_auth"
    keys = [other for other in schemes if other.kind != "basic"]
    if keys[0] is scheme:
        return "api_key"
    taken = CLIENT_ARGUMENTS | OAUTH_ARGUMENTS if takes_client(schemes) else CLIENT_ARGUMENTS
    return attribute(split_words(scheme.key) or ("token",), taken)


def takes_client(schemes: tuple[ir.SecurityScheme, ...]) -> bool:
    """Whether the client takes the id and the secret of an OAuth 2 client."""
    return any(scheme.flows is not None and scheme.flows.takes_client for scheme in schemes)


def has_tokens(schemes: tuple[ir.SecurityScheme, ...]) -> bool:
    """Whether the client takes sources of OAuth 2 tokens."""
    return any(scheme.flows is not None for scheme in schemes)
