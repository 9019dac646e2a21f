"""Reads the client class of Fern's layout."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from specloom.adoption.layouts import syntax
from specloom.adoption.layouts.modules import Class, Modules
from specloom.adoption.layouts.requests import client_arguments
from specloom.adoption.layouts.stainless_client import read_variables
from specloom.adoption.surface import OldClient, OldCredential

_NOT_SENT = ("X-Fern-", "User-Agent")
_NO_CREDENTIALS = frozenset(("headers", "timeout", "environment", "base_url", "httpx_client"))


def client_of(one: Class, modules: Modules) -> OldClient:
    """The data of the client class and its base classes."""
    starts = [
        function
        for current in modules.inherited(one)
        for function in syntax.functions_in(current.node.body)
        if function.name == "__init__"
    ]
    variables: dict[str, tuple[str, ...]] = {}
    for start in starts:
        variables.update(_variables(start))
    names = {each.name for start in starts for each in client_arguments(start)} - _NO_CREDENTIALS
    wrapper = modules.tree("core.client_wrapper")
    return OldClient(
        name=one.name,
        place=one.module.place(one.node),
        arguments=client_arguments(starts[0]) if starts else (),
        variables=variables,
        headers=_headers(wrapper),
        credentials=tuple(dict.fromkeys(_credentials(wrapper, names))),
        servers=_servers(modules.tree("environment")),
        timeout=_default(starts, "timeout"),
        max_retries=_default(starts, "max_retries"),
    )


def _variables(start: syntax.Function) -> dict[str, tuple[str, ...]]:
    """Environment variables: in the default of an argument, or in the body of the constructor."""
    found: dict[str, tuple[str, ...]] = {}
    given = start.args
    for one, default in zip(given.kwonlyargs, given.kw_defaults, strict=True):
        names = tuple(read_variables(default)) if default is not None else ()
        if names:
            found[one.arg] = names
    for target, value in syntax.assigned(start):
        names = tuple(read_variables(value))
        if names:
            found.setdefault(syntax.dotted(target).lstrip("_"), names)
    return found


def _set_headers(wrapper: ast.Module | None) -> Iterator[tuple[str, ast.expr]]:
    """The headers that the client wrapper sets one by one: ``headers["X-Api-Key"] = …``."""
    for target, value in syntax.assigned(wrapper):
        header = syntax.text_of(target.slice) if isinstance(target, ast.Subscript) else None
        if header is not None and syntax.dotted(target) == "headers":
            yield header, value


def _credentials(wrapper: ast.Module | None, arguments: set[str]) -> Iterator[OldCredential]:
    """The headers that the client wrapper builds from its arguments."""
    for header, value in _set_headers(wrapper):
        text = ast.unparse(value)
        places = {one: re.search(rf"\b_?(?:get_)?{one}\b", text) for one in arguments}
        found = {one: match.start() for one, match in places.items() if match}
        names = tuple(sorted(found, key=lambda one: found[one]))
        scheme = "Basic" if "BasicAuth" in text else "Bearer" if "Bearer " in text else ""
        kind = scheme.lower() or "apiKey"
        if names and len(names) == (2 if kind == "basic" else 1):
            yield OldCredential(kind, header, scheme, names)


def _headers(wrapper: ast.Module | None) -> dict[str, str]:
    """Headers with a constant value in every request."""
    found = syntax.texts((*syntax.entries_in(wrapper), *_set_headers(wrapper)))
    return {name: text for name, text in found.items() if not name.startswith(_NOT_SENT)}


def _servers(environment: ast.Module | None) -> dict[str, str]:
    """Base URLs by environment: the members of the enum in ``environment.py``."""
    found = {
        syntax.dotted(target): syntax.text_of(value)
        for target, value in syntax.assigned(environment)
    }
    return {
        name.lower(): text
        for name, text in found.items()
        if text and name.isupper() and text.startswith(("http:", "https:"))
    }


def _default(starts: list[syntax.Function], name: str) -> str:
    """The number that is the default of an argument."""
    for start in starts:
        for target, value in syntax.assigned(start):
            for inner in syntax.nodes(value) if syntax.dotted(target).endswith(name) else ():
                number = syntax.constant(inner)
                if isinstance(number, int | float) and not isinstance(number, bool):
                    return str(number)
    return ""
