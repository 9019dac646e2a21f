"""The servers of an API as text, and client examples that select one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from specloom import ir
from specloom.docs.code import Arguments, call
from specloom.docs.prose import code, item, line
from specloom.sdk.servers import ServerArgument, server_arguments


def servers_told(api: ir.Api, page: str) -> Iterator[str]:
    """Entries of a list: the servers by name, and the variables of their URLs."""
    given = server_arguments(api)
    if given.server:
        yield "- `server`: one of these; default: the first"
        for one in api.servers:
            told = f": {line(one.description, page)}" if one.description else ""
            yield f"    - {code(one.name)}, {code(one.template)}{told}"
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
