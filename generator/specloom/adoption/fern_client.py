"""Reads the client class of Fern's layout."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import cast

from specloom.adoption.modules import Class, Module, Modules, constant, dotted
from specloom.adoption.requests import Function, client_arguments, functions_in
from specloom.adoption.stainless_client import read_variables
from specloom.adoption.surface import OldClient, OldCredential

_NOT_SENT = ("X-Fern-", "User-Agent")
_NO_CREDENTIALS = frozenset(("headers", "timeout", "environment", "base_url", "httpx_client"))
_ENVIRONMENTS = "environment"


def client_of(one: Class, modules: Modules) -> OldClient:
    """The data of the client class and its base classes."""
    starts = [
        function
        for current in modules.inherited(one)
        for function in functions_in(current.node.body)
        if function.name == "__init__"
    ]
    variables: dict[str, tuple[str, ...]] = {}
    for start in starts:
        variables.update(_variables(start))
    names = {each.name for start in starts for each in client_arguments(start)} - _NO_CREDENTIALS
    wrapper = modules.get("core.client_wrapper")
    return OldClient(
        name=one.name,
        place=one.module.place(one.node),
        arguments=tuple(client_arguments(starts[0])) if starts else (),
        variables=variables,
        headers=_headers(wrapper),
        credentials=tuple(dict.fromkeys(_credentials(wrapper, names))),
        servers=_servers(modules.get(_ENVIRONMENTS)),
        timeout=_default(starts, "timeout"),
        max_retries=_default(starts, "max_retries"),
    )


def _variables(start: Function) -> dict[str, tuple[str, ...]]:
    """Environment variables: in the default of an argument, or in the body of the constructor."""
    found: dict[str, tuple[str, ...]] = {}
    given = start.args
    for one, default in zip(given.kwonlyargs, given.kw_defaults, strict=True):
        names = tuple(read_variables(default)) if default is not None else ()
        if names:
            found[one.arg] = names
    for node in ast.walk(start):
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            names = tuple(read_variables(node.value))
            if names:
                found.setdefault(dotted(node.targets[0]).lstrip("_"), names)
    return found


def _credentials(module: Module | None, arguments: set[str]) -> Iterator[OldCredential]:
    """The headers that the client wrapper builds from its arguments."""
    for node in ast.walk(module.tree) if module else ():
        target = node.targets[0] if isinstance(node, ast.Assign) else None
        is_header = isinstance(target, ast.Subscript) and dotted(target) == "headers"
        header = constant(target.slice) if is_header and isinstance(target, ast.Subscript) else None
        if isinstance(node, ast.Assign) and isinstance(header, str):
            text = ast.unparse(node.value)
            places = {one: re.search(rf"\b_?(?:get_)?{one}\b", text) for one in arguments}
            found = {one: match.start() for one, match in places.items() if match}
            names = tuple(sorted(found, key=lambda one: found[one]))
            scheme = "Basic" if "BasicAuth" in text else "Bearer" if "Bearer " in text else ""
            kind = scheme.lower() or "apiKey"
            if names and len(names) == (2 if kind == "basic" else 1):
                yield OldCredential(kind, header, scheme, names)


def _headers(module: Module | None) -> dict[str, str]:
    """Headers with a constant value in every request."""
    found: dict[str, str] = {}
    for node in ast.walk(module.tree) if module else ():
        pairs: list[tuple[ast.expr | None, ast.expr]] = []
        if isinstance(node, ast.Dict):
            pairs = list(zip(node.keys, node.values, strict=True))
        elif isinstance(node, ast.Assign) and dotted(node.targets[0]) == "headers":
            pairs = [(getattr(node.targets[0], "slice", None), node.value)]
        for key, value in pairs:
            name, text = constant(key), constant(value)
            if isinstance(name, str) and isinstance(text, str) and not name.startswith(_NOT_SENT):
                found[name] = text
    return found


def _servers(module: Module | None) -> dict[str, str]:
    """Base URLs by environment: the members of the enum in ``environment.py``."""
    found: dict[str, str] = {}
    for node in ast.walk(module.tree) if module else ():
        if isinstance(node, ast.Assign) and isinstance(constant(node.value), str):
            name = dotted(node.targets[0])
            text = cast("str", constant(node.value))
            if name.isupper() and text.startswith(("http:", "https:")):
                found[name.lower()] = text
    return found


def _default(starts: list[Function], name: str) -> str:
    """The number that is the default of an argument."""
    for start in starts:
        for node in ast.walk(start):
            is_set = isinstance(node, ast.Assign) and dotted(node.targets[0]).endswith(name)
            for inner in ast.walk(node) if is_set else ():
                value = constant(inner)
                if isinstance(value, int | float) and not isinstance(value, bool):
                    return str(value)
    return ""
