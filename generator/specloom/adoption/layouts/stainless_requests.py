"""Reads the one request that a method of Stainless's layout sends."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping

from specloom.adoption.layouts import syntax
from specloom.adoption.layouts.modules import Module, Modules
from specloom.adoption.layouts.requests import (
    Places,
    Request,
    Unclear,
    argument_names,
    arguments_of,
    only_one,
    path_of,
)
from specloom.adoption.surface import OldArgument

_VERBS = {
    name: name.lstrip("_").upper()
    for name in ("_get", "_post", "_put", "_patch", "_delete", "_head", "_options")
}
_LISTS = ("_get_api_list", "get_api_list")
_OPTIONS = frozenset(("extra_headers", "extra_query", "extra_body", "timeout", "idempotency_key"))
_TRANSFORMS = ("maybe_transform", "async_maybe_transform", "transform", "async_transform")


def request_of(function: syntax.Function, *, on_client: bool) -> Request | Unclear | None:
    """The request of a method; None if it sends none.

    ``on_client``: it is a method of the client, whose HTTP methods have no underscore.
    """
    values = syntax.variables(function)
    found: list[Request] = []
    for call in syntax.calls_in(function, ""):
        verb = _verb(call, on_client)
        if verb is not None:
            path = path_of(call.args[0] if call.args else syntax.keyword(call, "path"), values)
            if path is None:
                return Unclear(call, "its path is computed when it is called")
            found.append(Request(verb, path, call))
    return only_one(found)


def _verb(call: ast.Call, on_client: bool) -> str | None:
    """The HTTP method of ``self._get(…)``; None for any other call."""
    owner, _, attribute = syntax.dotted(call.func).rpartition(".")
    if owner == "self._client" or (owner == "self" and on_client):
        attribute = f"_{attribute}" if f"_{attribute}" in _VERBS else attribute
    elif owner != "self":
        return None
    if attribute in _LISTS:
        return (syntax.text_of(syntax.keyword(call, "method")) or "GET").upper()
    return _VERBS.get(attribute)


def body_of(call: ast.Call) -> ast.expr | None:
    """The body that a call sends: as JSON or a form, or as it is."""
    return syntax.keyword(call, "body") or syntax.keyword(call, "content")


def method_arguments(
    function: syntax.Function, request: Request, module: Module, modules: Modules
) -> tuple[OldArgument, ...]:
    """The arguments of a method with their locations, without the common options."""
    places = _Places(function, request, module, modules).found()
    return tuple(one for one in arguments_of(function, places) if one.name not in _OPTIONS)


class _Places:
    """Finds the location and the wire name of each argument's value."""

    def __init__(
        self, function: syntax.Function, request: Request, module: Module, modules: Modules
    ) -> None:
        self._function = function
        self._request = request
        self._module = module
        self._modules = modules
        self._values = syntax.variables(function)
        self._names = argument_names(function) - _OPTIONS
        self._places: dict[str, tuple[str, str]] = {}

    def found(self) -> Places:
        """Locations by argument, those of the path first."""
        call = self._request.call
        for name in self._names:
            if f"{{{name}}}" in self._request.path:
                self._places[name] = ("path", name)
        options = self._value(syntax.keyword(call, "options"))
        self._note("query", syntax.keyword(options, "query"))
        self._note("body", body_of(call))
        self._note_entries("header", _added_headers(self._function), {})
        return self._places

    def _value(self, node: ast.expr | None) -> ast.expr | None:
        """The value of a variable, or the expression itself."""
        return self._values.get(node.id, node) if isinstance(node, ast.Name) else node

    def _note(self, location: str, node: ast.expr | None) -> None:
        node = self._value(node)
        aliases: Mapping[str, str] = {}
        while isinstance(node, (ast.Call, ast.IfExp)):
            if isinstance(node, ast.IfExp):
                # Both branches have the same values: they differ in the class of the parameters,
                # or one of them opens the file of a path.
                node = node.body
                continue
            if syntax.last_name(node.func) in _TRANSFORMS and len(node.args) > 1:
                aliases = self._aliases(node.args[1]) or aliases
            node = self._value(node.args[0]) if node.args else None
        self._note_entries(location, syntax.entries(node), aliases)
        if isinstance(node, ast.Name) and node.id in self._names:
            self._places.setdefault(node.id, (location, ""))

    def _note_entries(
        self, location: str, pairs: Iterable[tuple[str, ast.expr]], aliases: Mapping[str, str]
    ) -> None:
        for wire, value in pairs:
            for name in syntax.names_in(value):
                if name in self._names:
                    self._places.setdefault(name, (location, aliases.get(wire, wire)))

    def _aliases(self, node: ast.expr) -> Mapping[str, str]:
        """The wire names by the keys of a class of parameters."""
        if isinstance(node, ast.IfExp):
            return {**self._aliases(node.orelse), **self._aliases(node.body)}
        found = self._modules.class_of(self._module, syntax.dotted(node))
        names: dict[str, str] = {}
        for one in self._modules.inherited(found) if found else ():
            for statement in one.node.body:
                if isinstance(statement, ast.AnnAssign):
                    names.setdefault(syntax.dotted(statement.target), syntax.wire_name(statement))
        return names


def _added_headers(function: syntax.Function) -> Iterator[tuple[str, ast.expr]]:
    """The headers that a method adds to those of its caller."""
    for target, value in syntax.assigned(function):
        if syntax.dotted(target) == "extra_headers":
            yield from syntax.entries_in(value)


def headers_of(function: syntax.Function) -> dict[str, str]:
    """The constant headers that a method sets."""
    return syntax.texts(_added_headers(function))
