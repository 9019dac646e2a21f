"""Reads the credentials and headers of every request from the client of Stainless's layout."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from specloom.adoption.layouts import syntax
from specloom.adoption.surface import OldCredential, Sent

_DEFAULTS = {"default_headers": "header", "default_query": "query"}
_SCHEMES = {"bearer": "bearer", "basic": "basic"}


def credentials_of(node: ast.ClassDef, arguments: set[str]) -> tuple[OldCredential, ...]:
    """The headers of properties such as ``auth_headers`` and ``_bearer_auth``."""
    found: list[OldCredential] = []
    for function in syntax.functions_in(node.body):
        if syntax.is_property(function) and function.name not in _DEFAULTS:
            found += _credentials(function, arguments)
    return tuple(dict.fromkeys(found))


def _credentials(function: syntax.Function, arguments: set[str]) -> Iterator[OldCredential]:
    values = syntax.variables(function)
    returned = [node.value for node in ast.walk(function) if isinstance(node, ast.Return)]
    for header, inner in (entry for one in returned for entry in syntax.entries(one)):
        prefix, given = _parts(inner, values, arguments)
        scheme = prefix.strip()
        kind = _SCHEMES.get(scheme.lower(), "http" if scheme else "apiKey")
        is_described = header.lower() == "authorization" or kind == "apiKey"
        if given:
            yield OldCredential(kind if is_described else "", header, scheme, given)


def _parts(
    node: ast.expr, values: Mapping[str, ast.expr], arguments: set[str]
) -> tuple[str, tuple[str, ...]]:
    """The text before a credential, and the client's arguments in it."""
    while isinstance(node, ast.Name) and node.id in values:
        node = values[node.id]
    first = node.values[0] if isinstance(node, ast.JoinedStr) and node.values else None
    return syntax.text_of(first) or "", _arguments(node, values, arguments)


def _arguments(
    node: ast.expr, values: Mapping[str, ast.expr], arguments: set[str], depth: int = 4
) -> tuple[str, ...]:
    found: list[str] = []
    for inner in ast.walk(node):
        name = (
            syntax.dotted(inner).removeprefix("self.") if isinstance(inner, ast.Attribute) else ""
        )
        if name in arguments:
            found.append(name)
    for name in syntax.names_in(node):
        if name in values and depth:
            found += _arguments(values[name], values, arguments, depth - 1)
        elif name in arguments:
            found.append(name)
    return tuple(dict.fromkeys(found))


def sent_of(node: ast.ClassDef, arguments: set[str]) -> dict[str, Sent]:
    """The destination of each argument: a default header or query parameter, or a path one."""
    found: dict[str, Sent] = {}
    for function in syntax.functions_in(node.body):
        path = function.name.removeprefix("_get_").removesuffix("_path_param")
        if function.name == f"_get_{path}_path_param" and path in arguments:
            found[path] = Sent("path", path)
        location = _DEFAULTS.get(function.name, "")
        for name, value in syntax.entries_in(function) if location else ():
            given = _arguments(value, {}, arguments)
            if len(given) == 1:
                found[given[0]] = Sent(location, name)
    return found
