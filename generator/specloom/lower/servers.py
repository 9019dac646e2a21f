"""Servers → IR: their variables, their names, and what keeps one from being used as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from specloom import ir
from specloom.ir.words import snake, split_words
from specloom.lower.behaviour import sdk_extension

if TYPE_CHECKING:
    from specloom.description.node import Node
    from specloom.errors import Problems

# What nearly every description of a server says, and so tells none from another.
_SAID_OF_ALL = frozenset(
    "a an and api at base endpoint environment env for host instance is of on our server service"
    " the this to url use your".split()
)
_CLAUSE = re.compile(r"[.,;:(\n\u2013\u2014]|\s-+\s")
_VARIABLE = re.compile(r"\{[^{}]*\}")
_LONGEST_NAME = 4


def servers_of(holder: Node, problems: Problems) -> tuple[ir.Server, ...]:
    """The servers of the description, a path or an operation, each with a name of its own."""
    declared = holder.get("servers")
    nodes = [
        node
        for node in (declared.entries() if declared else ())
        if isinstance(node.value, dict) and node.text("url")
    ]
    found: dict[str, ir.Server] = {}
    for node in nodes:
        server = _server(node, found)
        _warn(node, server, problems)
        found[server.name] = server
    return tuple(found.values())


def own_servers(
    path_item: Node, operation: Node, root: tuple[ir.Server, ...], problems: Problems
) -> tuple[ir.Server, ...]:
    """The servers that only this operation has: its own, else those of its path.

    Of several, the client takes the one that is called like the server it was given; so names that
    the client does not know are a warning.
    """
    holder = operation if operation.get("servers") else path_item
    servers = servers_of(holder, problems)
    if [(one.template, one.variables) for one in servers] == [
        (one.template, one.variables) for one in root
    ]:
        return ()
    known = {one.name for one in root}
    if len(servers) > 1 and not known.issuperset(one.name for one in servers):
        message = f"calls go to {servers[0].url}: the others are named like none of the root's"
        names = ", ".join(one.name for one in root)
        hint = f"give them names (x-sdk: {{name: …}}) of the root's servers: {names}"
        problems.warning("bad-server", message, f"{holder.pointer}/servers", hint)
    return servers


def _server(node: Node, known: Mapping[str, ir.Server]) -> ir.Server:
    template = node.text("url")
    template = f"https:{template}" if template.startswith("//") else template
    declared = node.get("variables")
    variables = dict(declared.items()) if declared else {}
    return ir.Server(
        name=next(name for name in _names(node, template, known) if name not in known),
        template=template,
        variables=tuple(_variable(name, variables.get(name)) for name in ir.variables_in(template)),
        description=node.text("description"),
    )


def _variable(name: str, node: Node | None) -> ir.ServerVariable:
    value = node.value if node is not None and isinstance(node.value, dict) else {}
    enum = value.get("enum")
    values = [_text(one) for one in enum] if isinstance(enum, list) else []
    default = _text(value["default"]) if value.get("default") is not None else None
    default = values[0] if default is None and values else default
    if values and default not in values:
        values.insert(0, str(default))
    description = node.text("description") if node is not None else ""
    return ir.ServerVariable(name, default, tuple(dict.fromkeys(values)), description)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _names(node: Node, template: str, known: Mapping[str, ir.Server]) -> Iterator[str]:
    """What a server may be called, the best first (OpenAPI 3.2, Server Object, ``name``)."""
    description = node.text("description")
    clause = _CLAUSE.split(description)[0] if "://" not in description else ""
    words = [one for one in split_words(clause) if one.lower() not in _SAID_OF_ALL]
    scheme, _, rest = template.partition("://")
    address = rest.partition("/")[0]
    host = snake(split_words(_VARIABLE.sub("", address))) or "server"
    is_first = node.last_token == "0"
    told = snake(tuple(words[:_LONGEST_NAME])) or ("default" if is_first else host)
    given = node.text("name") or sdk_extension(node).get("name")
    yield from (str(given),) if given else ()
    yield told
    if any(one.template.partition("://")[2] == rest for one in known.values()):
        yield f"{told}_{scheme}"
    yield f"{told}_{host}"
    yield from (f"{given or told}_{number}" for number in range(2, len(known) + 3))


def _warn(node: Node, server: ir.Server, problems: Problems) -> None:
    place = f"{node.pointer}/url"
    lacking = [one.name for one in server.variables if one.default is None]
    if lacking:
        message = f"nothing says what {{{lacking[0]}}} is: callers have to give it"
        hint = f"add\nvariables:\n  {lacking[0]}:\n    default: …"
        problems.warning("bad-server", message, place, hint)
    elif not server.url.startswith(("http://", "https://")):
        message = f"{server.url!r} is relative to where the description is published"
        hint = "callers have to give base_url; write the whole address, such as https://…"
        problems.warning("bad-server", message, place, hint)
    elif "?" in server.url or "#" in server.url:
        message = f"{server.url!r} has a query or a fragment, which no server has"
        problems.warning("bad-server", message, place, "remove it: callers have to give base_url")
