"""The request of a method of Fern's layout, and the result of the method."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from specloom.adoption.modules import constant, dotted, keyword, names_in
from specloom.adoption.requests import Function, Unclear, assignments, joined, parameters
from specloom.adoption.surface import Kind, OldArgument, OldPage

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
class Request:
    """The request of a method; ``path`` is a template with the names of arguments in braces."""

    http_method: str
    path: str
    call: ast.Call
    streams: bool


@dataclass(frozen=True, slots=True)
class Result:
    """The result of a method: the name of a class, and whether there are pages or a stream."""

    name: str
    is_paged: bool
    is_iterator: bool


def request_of(function: Function) -> Request | Unclear | None:
    """The one request of a method; None if it sends none."""
    found: list[Request] = []
    known = {name for name, _, _ in parameters(function)}
    assigned = assignments(function)
    for call in ast.walk(function):
        if isinstance(call, ast.Call) and dotted(call.func).endswith(_SENDS):
            path = _path(call.args[0] if call.args else keyword(call, "path"), known, assigned)
            verb = constant(keyword(call, "method")) or ("GET" if not call.args[1:] else None)
            if path is None or not isinstance(verb, str):
                return Unclear(call, "its path or HTTP method is computed when it is called")
            streams = not dotted(call.func).endswith(".request")
            found.append(Request(verb.upper(), f"/{path.lstrip('/')}", call, streams))
    if len({(one.http_method, one.path) for one in found}) > 1:
        return Unclear(found[0].call, "it sends more than one request")
    return found[0] if found else None


def _path(node: ast.expr | None, known: set[str], assigned: Mapping[str, ast.expr]) -> str | None:
    if node is None:
        return ""
    if isinstance(node, ast.Name) and node.id in assigned:
        node = assigned[node.id]
    if isinstance(node, ast.Call) and dotted(node.func).endswith("urljoin") and len(node.args) > 1:
        node = node.args[1]
    if isinstance(node, ast.JoinedStr):
        rest = [one for one in node.values if "get_base_url()" not in ast.unparse(one)]
        return joined(ast.JoinedStr(values=rest), known)
    value = constant(node)
    return value if isinstance(value, str) else None


def arguments_of(function: Function, sender: Function, request: Request) -> Iterator[OldArgument]:
    """The arguments of a method with their locations, without the common options."""
    places = _places(sender, request)
    for name, is_keyword, required in parameters(function):
        if name not in _OPTIONS:
            kind: Kind = "keyword" if is_keyword else "positional"
            location, wire = places.get(name, ("", ""))
            yield OldArgument(name, kind, required, location, wire)


def _places(sender: Function, request: Request) -> Mapping[str, tuple[str, str]]:
    """Location and wire name by argument."""
    known = {name for name, _, _ in parameters(sender)} - _OPTIONS
    assigned = assignments(sender)
    found = {name: ("path", name) for name in known if f"{{{name}}}" in request.path}
    for key, location in _HOLDERS.items():
        value = keyword(request.call, key)
        if isinstance(value, ast.Name) and value.id in assigned:
            value = assigned[value.id]
        for name, wire in _noted(value, known, location == "body"):
            found.setdefault(name, (location, wire))
    return found


def _noted(value: ast.expr | None, known: set[str], is_body: bool) -> Iterator[tuple[str, str]]:
    """The arguments in literal dictionaries, or the one that is the whole body."""
    written = [one for one in ast.walk(value) if isinstance(one, ast.Dict)] if value else []
    for one in written:
        for key, inner in zip(one.keys, one.values, strict=True):
            wire = constant(key)
            for name in names_in(inner) if isinstance(wire, str) else ():
                if name in known:
                    yield name, str(wire)
    if value is not None and is_body and not written:
        yield from ((one, "") for one in [one for one in names_in(value) if one in known][:1])


def result_of(function: Function) -> Result:
    """The result type in the annotation of a method."""
    node = function.returns
    is_paged = is_iterator = False
    while isinstance(node, ast.Subscript):
        name = dotted(node).rpartition(".")[2]
        is_paged = is_paged or name in _PAGERS
        is_iterator = is_iterator or name in _ITERATORS
        if name not in (*_PAGERS, *_ITERATORS, *_WRAPPERS):
            break
        node = node.slice.elts[0] if isinstance(node.slice, ast.Tuple) else node.slice
    name = dotted(node).rpartition(".")[2] if not isinstance(node, ast.Subscript) else ""
    return Result("" if name in _NO_MODELS else name, is_paged, is_iterator)


def page_of(sender: Function) -> OldPage | None:
    """How to find the next page: ``_get_next`` repeats the call with one changed argument."""
    assigned = assignments(sender)
    items = _response(assigned.get("_items"))
    following = _following(sender)
    if items is None or following is None:
        return None
    name, value = following
    wire = _wire(sender, name)
    if isinstance(value, ast.BinOp):
        step = constant(value.right)
        return OldPage("page" if step == 1 else "offset", items, wire)
    source = _response(assigned.get(dotted(value), value))
    return None if source is None else OldPage("cursor", items, wire, cursor=source)


def _response(node: ast.expr | None) -> str | None:
    """``_parsed_response.data`` as the name of the property; a pointer if it is nested."""
    while isinstance(node, ast.BoolOp):
        node = node.values[0]
    name = dotted(node)
    if not name.startswith("_parsed_response."):
        return None
    steps = name.split(".")[1:]
    return f"/{'/'.join(steps)}" if len(steps) > 1 else steps[0]


def _following(sender: Function) -> tuple[str, ast.expr] | None:
    """The argument that the next call changes, with its value."""
    for node in ast.walk(sender):
        is_next = (isinstance(node, ast.Assign) and dotted(node.targets[0]) == "_get_next") or (
            isinstance(node, ast.FunctionDef) and node.name == "_get_next"
        )
        for call in ast.walk(node) if is_next else ():
            for one in call.keywords if isinstance(call, ast.Call) else ():
                if one.arg and dotted(one.value) != one.arg:
                    return one.arg, one.value
    return None


def _wire(sender: Function, name: str) -> str:
    request = request_of(sender)
    places = _places(sender, request) if isinstance(request, Request) else {}
    return places.get(name, ("", name))[1]
