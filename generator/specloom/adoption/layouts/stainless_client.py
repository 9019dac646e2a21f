"""Reads the client class of Stainless's layout."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from specloom.adoption.layouts import syntax
from specloom.adoption.layouts.modules import Class, Modules
from specloom.adoption.layouts.requests import client_arguments
from specloom.adoption.layouts.stainless_auth import credentials_of, sent_of
from specloom.adoption.surface import OldClient

_OTHER_VARIABLES = re.compile(r"_(?:CUSTOM_HEADERS|LOG)$")
_HEADERS = "_CUSTOM_HEADERS"


def client_of(one: Class, modules: Modules) -> OldClient:
    """The content of the client class."""
    functions = {function.name: function for function in syntax.functions_in(one.node.body)}
    start = functions.get("__init__")
    arguments = client_arguments(start)
    names = {each.name for each in arguments}
    constants = modules.tree("_constants")
    return OldClient(
        name=one.name,
        place=one.module.place(one.node),
        arguments=arguments,
        variables=_variables(start),
        header_variables=_header_variables(start),
        headers=_headers(functions.get("default_headers")),
        servers=_servers(one),
        credentials=credentials_of(one.node, names),
        sent=sent_of(one.node, names),
        idempotency_header=_idempotency_header(start),
        accept=_accept(modules),
        timeout=_constant_of(constants, "DEFAULT_TIMEOUT"),
        max_retries=_constant_of(constants, "DEFAULT_MAX_RETRIES"),
        array_format=_array_format(functions.get("qs")),
    )


def _array_format(function: syntax.Function | None) -> str:
    """The format in ``Querystring(array_format="comma")``."""
    for call in syntax.calls_in(function, "Querystring"):
        return syntax.text_of(syntax.keyword(call, "array_format")) or ""
    return ""


def _variables(start: syntax.Function | None) -> dict[str, tuple[str, ...]]:
    """Environment variables by the argument that each replaces."""
    found: dict[str, tuple[str, ...]] = {}
    for target, value in syntax.assigned(start):
        argument = syntax.dotted(target).removesuffix("_env")
        for name in read_variables(value):
            if not _OTHER_VARIABLES.search(name):
                found[argument] = tuple(dict.fromkeys((*found.get(argument, ()), name)))
    return found


def _header_variables(start: syntax.Function | None) -> tuple[str, ...]:
    """Environment variables that contain headers, one on each line."""
    found = (name for name in read_variables(start) if name.endswith(_HEADERS))
    return tuple(dict.fromkeys(found))


def read_variables(node: ast.AST | None) -> Iterator[str]:
    """The names in ``os.environ.get("X")`` and ``os.getenv("X")``."""
    for call in syntax.calls_in(node, "os.environ.get", "os.getenv"):
        name = syntax.text_of(call.args[0]) if call.args else None
        if name is not None:
            yield name


def _headers(function: syntax.Function | None) -> dict[str, str]:
    """Headers with a constant value in every request."""
    found = syntax.texts(syntax.entries_in(function))
    return {name: text for name, text in found.items() if not name.startswith("X-Stainless")}


def _servers(one: Class) -> dict[str, str]:
    """Base URLs: those of the environments, or the one of the constructor."""
    for target, value in syntax.assigned(one.module.tree):
        if syntax.dotted(target) == "ENVIRONMENTS":
            return {name: str(syntax.constant(url)) for name, url in syntax.entries(value)}
    for target, value in syntax.assigned(one.node):
        if syntax.dotted(target) == "base_url" and _text(value):
            return {"": _text(value)}
    return {}


def _text(node: ast.expr) -> str:
    """A constant text, also as an f-string without values."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    found = [syntax.text_of(part) for part in parts]
    return "" if None in found else "".join(map(str, found))


def _accept(modules: Modules) -> str:
    """The ``Accept`` header of requests without a result: JSON, unless a method sets another."""
    found = [text for text in modules.files.values() if "cast_to=NoneType" in text]
    is_usual = not found or any('"Accept": "*/*"' in text for text in found)
    return "" if is_usual else "application/json"


def _idempotency_header(start: syntax.Function | None) -> str:
    for target, value in syntax.assigned(start):
        if syntax.dotted(target) == "self._idempotency_header":
            return syntax.text_of(value) or ""
    return ""


def _constant_of(constants: ast.Module | None, name: str) -> str:
    """A constant of ``_constants.py``, as source text."""
    for target, value in syntax.assigned(constants):
        if syntax.dotted(target) == name:
            return ast.unparse(value)[:80]
    return ""
