"""Reads the client class of Stainless's layout."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import cast

from specloom.adoption.modules import Class, Module, Modules, constant, dotted, keyword
from specloom.adoption.requests import Function, client_arguments, functions_in
from specloom.adoption.stainless_auth import credentials_of, sent_of
from specloom.adoption.surface import OldClient

_OTHER_VARIABLES = re.compile(r"_(?:CUSTOM_HEADERS|LOG)$")
_HEADERS = "_CUSTOM_HEADERS"


def client_of(one: Class, modules: Modules) -> OldClient:
    """The content of the client class."""
    functions = {function.name: function for function in functions_in(one.node.body)}
    start = functions.get("__init__")
    arguments = tuple(client_arguments(start)) if start else ()
    names = {each.name for each in arguments}
    constants = modules.get("_constants")
    return OldClient(
        name=one.name,
        place=one.module.place(one.node),
        arguments=arguments,
        variables=_variables(start) if start else {},
        header_variables=_header_variables(start) if start else (),
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


def _array_format(function: Function | None) -> str:
    """The format in ``Querystring(array_format="comma")``."""
    for node in ast.walk(function) if function else ():
        if isinstance(node, ast.Call) and dotted(node.func).endswith("Querystring"):
            value = constant(keyword(node, "array_format"))
            return value if isinstance(value, str) else ""
    return ""


def _variables(start: Function) -> dict[str, tuple[str, ...]]:
    """Environment variables by the argument that each replaces."""
    found: dict[str, tuple[str, ...]] = {}
    for node in ast.walk(start):
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            argument = dotted(node.targets[0]).removesuffix("_env")
            for name in read_variables(node.value):
                if not _OTHER_VARIABLES.search(name):
                    found[argument] = tuple(dict.fromkeys((*found.get(argument, ()), name)))
    return found


def _header_variables(start: Function) -> tuple[str, ...]:
    """Environment variables that hold headers, a line for each."""
    found = (name for name in read_variables(start) if name.endswith(_HEADERS))
    return tuple(dict.fromkeys(found))


def read_variables(node: ast.AST) -> Iterator[str]:
    """The names in ``os.environ.get("X")`` and ``os.getenv("X")``."""
    for call in ast.walk(node):
        is_read = isinstance(call, ast.Call) and dotted(call.func) in (
            "os.environ.get",
            "os.getenv",
        )
        name = constant(cast("ast.Call", call).args[0]) if is_read else None
        if isinstance(name, str):
            yield name


def _headers(function: Function | None) -> dict[str, str]:
    """Headers with a constant value in every request."""
    found: dict[str, str] = {}
    for node in ast.walk(function) if function else ():
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                name, text = constant(key), constant(value)
                if isinstance(name, str) and isinstance(text, str):
                    found[name] = text
    return {name: text for name, text in found.items() if not name.startswith("X-Stainless")}


def _servers(one: Class) -> dict[str, str]:
    """Base URLs: those of the environments, or the one of the constructor."""
    for node in one.module.tree.body:
        target = node.target if isinstance(node, ast.AnnAssign) else None
        if target is not None and dotted(target) == "ENVIRONMENTS":
            value = cast("ast.AnnAssign", node).value
            pairs = (
                zip(value.keys, value.values, strict=True) if isinstance(value, ast.Dict) else ()
            )
            return {str(constant(key)): str(constant(text)) for key, text in pairs}
    for inner in ast.walk(one.node):
        if isinstance(inner, ast.Assign) and dotted(inner.targets[0]) == "base_url":
            text = _text(inner.value)
            if text:
                return {"": text}
    return {}


def _text(node: ast.expr) -> str:
    """A constant text, also as an f-string without values."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    texts = [constant(part) for part in parts]
    return "".join(texts) if all(isinstance(text, str) for text in texts) else ""


def _accept(modules: Modules) -> str:
    """The ``Accept`` header of requests without a result: JSON, unless a method sets another."""
    texts = [text for text in modules.files.values() if "cast_to=NoneType" in text]
    is_usual = not texts or any('"Accept": "*/*"' in text for text in texts)
    return "" if is_usual else "application/json"


def _idempotency_header(start: Function | None) -> str:
    for node in ast.walk(start) if start else ():
        if isinstance(node, ast.Assign) and dotted(node.targets[0]) == "self._idempotency_header":
            text = constant(node.value)
            return text if isinstance(text, str) else ""
    return ""


def _constant_of(module: Module | None, name: str) -> str:
    """A constant of ``_constants.py``, as source text."""
    for node in module.tree.body if module else ():
        if isinstance(node, ast.Assign) and dotted(node.targets[0]) == name:
            return ast.unparse(node.value)[:80]
    return ""
