"""Reads the credentials and headers of every request from the client of Stainless's layout."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from specloom.adoption.modules import constant, dotted, names_in
from specloom.adoption.requests import Function, assignments, functions_in
from specloom.adoption.surface import OldCredential, Sent

_DEFAULTS = {"default_headers": "header", "default_query": "query"}
_SCHEMES = {"bearer": "bearer", "basic": "basic"}


def credentials_of(node: ast.ClassDef, arguments: set[str]) -> tuple[OldCredential, ...]:
    """The headers of properties such as ``auth_headers`` and ``_bearer_auth``."""
    found: list[OldCredential] = []
    for function in functions_in(node.body):
        if _is_property(function) and function.name not in _DEFAULTS:
            found += _credentials(function, arguments)
    return tuple(dict.fromkeys(found))


def _is_property(function: Function) -> bool:
    names = [dotted(one).rpartition(".")[2] for one in function.decorator_list]
    return bool({"property", "cached_property"} & set(names))


def _credentials(function: Function, arguments: set[str]) -> Iterator[OldCredential]:
    assigned = assignments(function)
    for node in ast.walk(function):
        given_back = node.value if isinstance(node, ast.Return) else None
        pairs = (
            zip(given_back.keys, given_back.values, strict=True)
            if isinstance(given_back, ast.Dict)
            else ()
        )
        for key, inner in pairs:
            header = constant(key)
            if isinstance(header, str):
                prefix, given = _parts(inner, assigned, arguments)
                scheme = prefix.strip()
                kind = _SCHEMES.get(scheme.lower(), "http" if scheme else "apiKey")
                if given and (header.lower() == "authorization" or kind == "apiKey"):
                    yield OldCredential(kind, header, scheme, given)


def _parts(
    node: ast.expr, assigned: Mapping[str, ast.expr], arguments: set[str]
) -> tuple[str, tuple[str, ...]]:
    """The text before a credential, and the client's arguments in it."""
    while isinstance(node, ast.Name) and node.id in assigned:
        node = assigned[node.id]
    first = node.values[0] if isinstance(node, ast.JoinedStr) and node.values else None
    prefix = constant(first)
    return (prefix if isinstance(prefix, str) else ""), _arguments(node, assigned, arguments)


def _arguments(
    node: ast.expr, assigned: Mapping[str, ast.expr], arguments: set[str], depth: int = 4
) -> tuple[str, ...]:
    found: list[str] = []
    for inner in ast.walk(node):
        name = dotted(inner).removeprefix("self.") if isinstance(inner, ast.Attribute) else ""
        if name in arguments:
            found.append(name)
    for name in names_in(node):
        if name in assigned and depth:
            found += _arguments(assigned[name], assigned, arguments, depth - 1)
        elif name in arguments:
            found.append(name)
    return tuple(dict.fromkeys(found))


def sent_of(node: ast.ClassDef, arguments: set[str]) -> dict[str, Sent]:
    """The destination of each argument: a default header or query parameter, or a path one."""
    found: dict[str, Sent] = {}
    for function in functions_in(node.body):
        path = function.name.removeprefix("_get_").removesuffix("_path_param")
        if function.name == f"_get_{path}_path_param" and path in arguments:
            found[path] = Sent("path", path)
        location = _DEFAULTS.get(function.name, "")
        for inner in ast.walk(function) if location else ():
            if isinstance(inner, ast.Dict):
                for key, value in zip(inner.keys, inner.values, strict=True):
                    names = _arguments(value, {}, arguments)
                    if isinstance(constant(key), str) and len(names) == 1:
                        found[names[0]] = Sent(location, constant(key))
    return found
