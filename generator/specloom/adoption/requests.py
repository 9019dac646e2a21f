"""Reads the one request that a method sends from the method's text."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from specloom.adoption.modules import FUNCTIONS, Module, Modules, constant, dotted, keyword
from specloom.adoption.modules import names_in as names_of
from specloom.adoption.surface import Kind, OldArgument

Function = ast.FunctionDef | ast.AsyncFunctionDef

_VERBS = {
    name: name.lstrip("_").upper()
    for name in ("_get", "_post", "_put", "_patch", "_delete", "_head", "_options")
}
_LISTS = ("_get_api_list", "get_api_list")
_OPTIONS = frozenset(("extra_headers", "extra_query", "extra_body", "timeout", "idempotency_key"))
_TRANSFORMS = ("maybe_transform", "async_maybe_transform", "transform", "async_transform")


@dataclass(frozen=True, slots=True)
class Request:
    """The request of a method; ``path`` is a template with the names of arguments in braces."""

    http_method: str
    path: str
    call: ast.Call


@dataclass(frozen=True, slots=True)
class Unclear:
    """The reason and the place of a request that cannot be read."""

    node: ast.AST
    reason: str


def request_of(function: Function, *, on_client: bool) -> Request | Unclear | None:
    """The request of a method; None if it sends none.

    ``on_client``: it is a method of the client, whose HTTP methods have no underscore.
    """
    calls = [one for one in _calls(function) if _verb(one, on_client) is not None]
    if not calls:
        return None
    assigned = assignments(function)
    found: list[Request] = []
    for call in calls:
        path = _path(call.args[0] if call.args else keyword(call, "path"), assigned)
        verb = _verb(call, on_client)
        if path is None or verb is None:
            return Unclear(call, "its path is computed when it is called")
        found.append(Request(verb, path, call))
    if len({(one.http_method, one.path) for one in found}) > 1:
        return Unclear(calls[0], "it sends more than one request")
    return found[0]


def _calls(function: Function) -> Iterator[ast.Call]:
    return (node for node in ast.walk(function) if isinstance(node, ast.Call))


def _verb(call: ast.Call, on_client: bool) -> str | None:
    """The HTTP method of ``self._get(…)``; None for any other call."""
    name = dotted(call.func)
    owner, _, attribute = name.rpartition(".")
    if owner == "self._client" or (owner == "self" and on_client):
        attribute = f"_{attribute}" if f"_{attribute}" in _VERBS else attribute
    elif owner != "self":
        return None
    if attribute in _LISTS:
        method = constant(keyword(call, "method"))
        return method.upper() if isinstance(method, str) else "GET"
    return _VERBS.get(attribute)


def assignments(function: Function) -> Mapping[str, ast.expr]:
    """The variables that a function sets exactly once, with their values."""
    found: dict[str, list[ast.expr]] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            found.setdefault(dotted(node.targets[0]), []).append(node.value)
    return {name: values[0] for name, values in found.items() if len(values) == 1}


def body_of(call: ast.Call) -> ast.expr | None:
    """The body that a call sends: as JSON or a form, or as it is."""
    return keyword(call, "body") or keyword(call, "content")


def _path(node: ast.expr | None, assigned: Mapping[str, ast.expr]) -> str | None:
    if isinstance(node, ast.Name) and node.id in assigned:
        node = assigned[node.id]
    if isinstance(node, ast.IfExp):
        return _below_base_url(_path(node.body, assigned), _path(node.orelse, assigned))
    if isinstance(node, ast.JoinedStr):
        return joined(node)
    if isinstance(node, ast.Call) and dotted(node.func).endswith("path_template"):
        return _filled(node)
    value = constant(node)
    return value if isinstance(value, str) else None


def _below_base_url(one: str | None, other: str | None) -> str | None:
    """The path of the two that an operation with its own server has.

    The other is the whole URL: it is used unless the caller gave a base URL.
    """
    for path, url in ((one, other), (other, one)):
        if path and url and "://" in url and path.startswith("/") and url.endswith(path):
            return path
    return None


def joined(node: ast.JoinedStr, known: Collection[str] | None = None) -> str | None:
    """``f"/x/{id}"`` as a template; None if the braces contain anything but one name.

    With ``known``, only these names count: ``{quote(id)}`` is ``{id}``.
    """
    parts: list[str] = []
    for value in node.values:
        if isinstance(value, ast.FormattedValue):
            names = [one for one in names_of(value.value) if known is None or one in known]
            if len(names) != 1:
                return None
            parts.append(f"{{{names[0]}}}")
        else:
            parts.append(str(constant(value)))
    return "".join(parts)


def _filled(call: ast.Call) -> str | None:
    """``path_template("/x/{id}", id=key)`` with the names of the arguments."""
    template = constant(call.args[0]) if call.args else None
    if not isinstance(template, str):
        return None
    for one in call.keywords:
        names = names_of(one.value)
        if one.arg and len(names) == 1:
            template = template.replace(f"{{{one.arg}}}", f"{{{names[0]}}}")
    return template


def arguments_of(
    function: Function, request: Request, module: Module, modules: Modules
) -> tuple[OldArgument, ...]:
    """The arguments of a method with their locations, without the common options."""
    places = _Places(function, request, module, modules).found()
    found = []
    for name, is_keyword, required in parameters(function):
        if name not in _OPTIONS:
            location, wire_name = places.get(name, ("", ""))
            kind: Kind = "keyword" if is_keyword else "positional"
            found.append(OldArgument(name, kind, required, location, wire_name))
    return tuple(found)


def parameters(function: Function) -> Iterator[tuple[str, bool, bool]]:
    """Name, whether it is keyword-only, and whether it is required; without ``self``."""
    given = function.args
    plain = [*given.posonlyargs, *given.args]
    first_default = len(plain) - len(given.defaults)
    for index, one in enumerate(plain):
        if index or one.arg not in ("self", "cls"):
            yield one.arg, False, index < first_default
    for one, default in zip(given.kwonlyargs, given.kw_defaults, strict=True):
        yield one.arg, True, default is None


def client_arguments(start: Function) -> Iterator[OldArgument]:
    """The arguments of a client's constructor."""
    for name, is_keyword, required in parameters(start):
        if not name.startswith("_"):
            yield OldArgument(name, "keyword" if is_keyword else "positional", required)


class _Places:
    """Finds the location and the wire name of each argument's value."""

    def __init__(
        self, function: Function, request: Request, module: Module, modules: Modules
    ) -> None:
        self._function = function
        self._request = request
        self._module = module
        self._modules = modules
        self._assigned = assignments(function)
        self._names = {name for name, _, _ in parameters(function)} - _OPTIONS
        self._places: dict[str, tuple[str, str]] = {}

    def found(self) -> Mapping[str, tuple[str, str]]:
        """Locations by argument, those of the path first."""
        call = self._request.call
        for name in self._names:
            if f"{{{name}}}" in self._request.path:
                self._places[name] = ("path", name)
        options = self._value(keyword(call, "options"))
        query = keyword(options, "query") if isinstance(options, ast.Call) else None
        self._note("query", query)
        self._note("body", body_of(call))
        self._headers()
        return self._places

    def _value(self, node: ast.expr | None) -> ast.expr | None:
        """The value of a variable, or the expression itself."""
        return self._assigned.get(node.id, node) if isinstance(node, ast.Name) else node

    def _note(self, location: str, node: ast.expr | None) -> None:
        node = self._value(node)
        aliases: Mapping[str, str] = {}
        while isinstance(node, (ast.Call, ast.IfExp)):
            if isinstance(node, ast.IfExp):
                # The class of parameters depends on a stream, or a path of a file is opened: the
                # values are the same.
                node = node.body
                continue
            if dotted(node.func).rpartition(".")[2] in _TRANSFORMS and len(node.args) > 1:
                aliases = self._aliases(node.args[1]) or aliases
            node = self._value(node.args[0]) if node.args else None
        if isinstance(node, ast.Dict):
            self._note_keys(location, node, aliases)
        elif isinstance(node, ast.Name) and node.id in self._names:
            self._places.setdefault(node.id, (location, ""))

    def _note_keys(self, location: str, node: ast.Dict, aliases: Mapping[str, str]) -> None:
        for key, value in zip(node.keys, node.values, strict=True):
            wire = constant(key)
            for name in names_of(value):
                if isinstance(wire, str) and name in self._names:
                    self._places.setdefault(name, (location, aliases.get(wire, wire)))

    def _headers(self) -> None:
        """Arguments that go into ``extra_headers``."""
        for one in _header_dicts(self._function):
            self._note_keys("header", one, {})

    def _aliases(self, node: ast.expr) -> Mapping[str, str]:
        """The names on the wire by the keys of a class of parameters."""
        if isinstance(node, ast.IfExp):
            return {**self._aliases(node.orelse), **self._aliases(node.body)}
        found = self._modules.class_of(self._module, dotted(node))
        names: dict[str, str] = {}
        for one in self._modules.inherited(found) if found else ():
            for statement in one.node.body:
                if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
                    alias = _alias(statement.annotation)
                    if alias:
                        names.setdefault(statement.target.id, alias)
        return names


def _alias(annotation: ast.expr) -> str:
    for node in ast.walk(annotation):
        if isinstance(node, ast.Call) and dotted(node.func).endswith("PropertyInfo"):
            alias = constant(keyword(node, "alias"))
            return alias if isinstance(alias, str) else ""
    return ""


def _header_dicts(function: Function) -> Iterator[ast.Dict]:
    """The dicts of headers that a method adds to those of its caller."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and dotted(node.targets[0]) == "extra_headers":
            yield from (one for one in ast.walk(node) if isinstance(one, ast.Dict))


def headers_of(function: Function) -> dict[str, str]:
    """The constant headers that a method sets."""
    found: dict[str, str] = {}
    for one in _header_dicts(function):
        for key, value in zip(one.keys, one.values, strict=True):
            name, text = constant(key), constant(value)
            if isinstance(name, str) and isinstance(text, str):
                found.setdefault(name, text)
    return found


def functions_in(body: list[ast.stmt]) -> Iterator[Function]:
    """The functions of a class that are not overloads."""
    for node in body:
        if isinstance(node, FUNCTIONS):
            decorators = [dotted(one).rpartition(".")[2] for one in node.decorator_list]
            if "overload" not in decorators:
                yield node
