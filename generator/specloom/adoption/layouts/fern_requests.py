"""The request of a method of Fern's layout, and the result of the method."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from specloom.adoption.layouts import syntax
from specloom.adoption.layouts.requests import (
    Places,
    Request,
    Unclear,
    argument_names,
    arguments_of,
    only_one,
    path_of,
)
from specloom.adoption.surface import OldArgument, OldPage

_SENDS = ("httpx_client.request", "httpx_client.stream", "httpx_client.sse")
_OPTIONS = frozenset(("request_options",))
_HOLDERS = {
    "params": "query",
    "headers": "header",
    "json": "body",
    "data": "body",
    "files": "body",
    "content": "body",
}
_ITERATORS = ("Iterator", "Generator", "AsyncIterator")
_PAGERS = ("SyncPager", "AsyncPager")
_WRAPPERS = ("Optional", "HttpResponse")
_NO_MODELS = frozenset(("None", "Any", "List", "Dict", "Sequence", "Union", "str", "bool", "bytes"))


@dataclass(frozen=True, slots=True)
class Result:
    """The result of a method: the name of a class, and whether there are pages or a stream."""

    name: str
    is_paged: bool
    is_iterator: bool


def request_of(function: syntax.Function) -> Request | Unclear | None:
    """The one request of a method; None if it sends none."""
    found: list[Request] = []
    known, values = argument_names(function), syntax.variables(function)
    for call in syntax.calls_in(function, *_SENDS):
        place = call.args[0] if call.args else syntax.keyword(call, "path")
        path = path_of(place, values, known) if place else ""
        verb = syntax.constant(syntax.keyword(call, "method")) or (
            "GET" if not call.args[1:] else None
        )
        if path is None or not isinstance(verb, str):
            return Unclear(call, "its path or HTTP method is computed when it is called")
        found.append(Request(verb.upper(), f"/{path.lstrip('/')}", call))
    return only_one(found)


def method_arguments(
    function: syntax.Function, sender: syntax.Function, request: Request
) -> tuple[OldArgument, ...]:
    """The arguments of a method with their locations, without the common options."""
    found = arguments_of(function, _places(sender, request))
    return tuple(one for one in found if one.name not in _OPTIONS)


def _places(sender: syntax.Function, request: Request) -> Places:
    known, values = argument_names(sender) - _OPTIONS, syntax.variables(sender)
    found = {name: ("path", name) for name in known if f"{{{name}}}" in request.path}
    for key, location in _HOLDERS.items():
        value = syntax.keyword(request.call, key)
        if isinstance(value, ast.Name) and value.id in values:
            value = values[value.id]
        for name, wire in _noted(value, known, location == "body") if value else ():
            found.setdefault(name, (location, wire))
    return found


def _noted(value: ast.expr, known: set[str], is_body: bool) -> Iterator[tuple[str, str]]:
    """The arguments in literal dictionaries, or the one that is the whole body."""
    written = [one for one in ast.walk(value) if isinstance(one, ast.Dict)]
    for wire, inner in (entry for one in written for entry in syntax.entries(one)):
        yield from ((name, wire) for name in syntax.names_in(inner) if name in known)
    if is_body and not written:
        yield from [(one, "") for one in syntax.names_in(value) if one in known][:1]


def result_of(function: syntax.Function) -> Result:
    """The result type in the annotation of a method."""
    node = function.returns
    is_paged = is_iterator = False
    while isinstance(node, ast.Subscript):
        name = syntax.last_name(node)
        is_paged = is_paged or name in _PAGERS
        is_iterator = is_iterator or name in _ITERATORS
        if name not in (*_PAGERS, *_ITERATORS, *_WRAPPERS):
            break
        node = node.slice.elts[0] if isinstance(node.slice, ast.Tuple) else node.slice
    name = syntax.last_name(node) if not isinstance(node, ast.Subscript) else ""
    return Result("" if name in _NO_MODELS else name, is_paged, is_iterator)


def page_of(sender: syntax.Function) -> OldPage | None:
    """How to find the next page: ``_get_next`` repeats the call with one changed argument."""
    values = syntax.variables(sender)
    items = _response(values.get("_items"))
    following = _following(sender)
    if items is None or following is None:
        return None
    name, value = following
    wire = _wire(sender, name)
    if isinstance(value, ast.BinOp):
        step = syntax.constant(value.right)
        return OldPage("page" if step == 1 else "offset", items, wire)
    source = _response(values.get(syntax.dotted(value), value))
    return None if source is None else OldPage("cursor", items, wire, cursor=source)


def _response(node: ast.expr | None) -> str | None:
    """``_parsed_response.data`` as the name of the property; a pointer if it is nested."""
    while isinstance(node, ast.BoolOp):
        node = node.values[0]
    name = syntax.dotted(node)
    if not name.startswith("_parsed_response."):
        return None
    steps = name.split(".")[1:]
    return f"/{'/'.join(steps)}" if len(steps) > 1 else steps[0]


def _following(sender: syntax.Function) -> tuple[str, ast.expr] | None:
    """The argument that the next call changes, with its value."""
    repeats: list[ast.AST] = [
        value for target, value in syntax.assigned(sender) if syntax.dotted(target) == "_get_next"
    ]
    repeats += [one for one in ast.walk(sender) if getattr(one, "name", "") == "_get_next"]
    for call in (call for node in repeats for call in syntax.calls_in(node, "")):
        for one in call.keywords:
            if one.arg and syntax.dotted(one.value) != one.arg:
                return one.arg, one.value
    return None


def _wire(sender: syntax.Function, name: str) -> str:
    request = request_of(sender)
    places = _places(sender, request) if isinstance(request, Request) else {}
    return places.get(name, ("", name))[1]
