"""Reads the layout of openapi-python-client: ``api/<tag>/<operation>.py``."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from specloom.adoption.layouts import syntax
from specloom.adoption.layouts.modules import Module, Modules
from specloom.adoption.layouts.packages import exported, outermost, package_of, version_of
from specloom.adoption.layouts.requests import argument_names, arguments_of, path_of
from specloom.adoption.sources import Sources
from specloom.adoption.surface import OldArgument, OldMethod, OldSdk, Unread

_REQUEST = "def _get_kwargs("
_CALLS = ("sync_detailed", "sync", "asyncio_detailed", "asyncio")
_VERBS = frozenset("get post put patch delete head options trace".split())
_HOLDERS = {"params": "query", "headers": "header", "cookies": "cookie"}
_BODIES = frozenset("json data files content".split())
_SUCCESS = re.compile(r"2\d\d|OK|CREATED|ACCEPTED")


def find(sources: Sources) -> str | None:
    """The folder of the package, None if the SDK has another layout."""
    return outermost(
        file.partition("/api/")[0] if "/api/" in file else ""
        for file, text in sources.files.items()
        if ("/api/" in file or file.startswith("api/")) and _REQUEST in text
    )


def read(sources: Sources, root: str) -> OldSdk:
    """The SDK whose package is the folder ``root``."""
    modules = Modules(sources.files, root)
    package, unread = package_of(root)
    found: list[OldMethod] = []
    refused: list[Unread] = list(unread)
    for file in modules.below("api/"):
        if _REQUEST in sources.files[file]:
            module = modules.get(modules.name_of(file))
            one = _operation(module, module.name.removeprefix("api.")) if module else None
            if isinstance(one, OldMethod):
                found.append(one)
            elif one is not None:
                refused.append(one)
    return OldSdk(
        layout="openapi-python-client",
        package=package,
        version=version_of(sources, modules),
        client=None,
        methods=tuple(found),
        types=exported(modules, ("models",)),
        unread=(*refused, *modules.unread),
    )


def _operation(module: Module, name: str) -> OldMethod | Unread:
    """The operation of a module; its functions are one method with the name of the module."""
    functions = {one.name: one for one in syntax.functions_in(module.tree.body)}
    request = functions.get("_get_kwargs")
    call = next((functions[one] for one in _CALLS if one in functions), request)
    if request is None or call is None:
        return Unread(module.place(module.tree), f"{name}: the function _get_kwargs is missing")
    known = argument_names(call) - {"client"}
    url, method = _url(request, known), _method(request, functions)
    if url is None or method is None:
        what = "path" if url is None else "HTTP method"
        return Unread(module.place(request), f"{name}: its {what} is computed when it is called")
    resource, _, stem = name.rpartition(".")
    return OldMethod(
        http_method=method,
        path=url,
        resource=resource,
        name=stem,
        place=module.place(call),
        arguments=tuple(_arguments(call, url, _places(request, known))),
        returns=_returns(functions.get("_parse_response")),
    )


def _url(request: syntax.Function, known: set[str]) -> str | None:
    """The path as a template with the names of arguments in braces."""
    for key, node in _settings(request):
        if key in ("url", "path"):
            return path_of(node, _variables(request), known)
    return None


def _method(request: syntax.Function, functions: Mapping[str, syntax.Function]) -> str | None:
    """The HTTP method: from the settings, or in first versions from the call that sends them."""
    for key, node in _settings(request):
        if key == "method":
            name = syntax.constant(node) or syntax.last_name(node)
            return name.upper() if str(name).lower() in _VERBS else None
    for each in _CALLS:
        for call in syntax.calls_in(functions.get(each), *_VERBS):
            verb = syntax.last_name(call.func)
            if verb in _VERBS and any(one.arg is None for one in call.keywords):
                return verb.upper()
    return None


def _settings(request: syntax.Function) -> Iterator[tuple[str, ast.expr]]:
    """The settings of a request, which the function returns."""
    for holder, key, value in _entries(request):
        if holder in ("", "_kwargs", "kwargs"):
            yield key, value


def _entries(request: syntax.Function) -> Iterator[tuple[str, str, ast.expr]]:
    """Every ``holder["key"] = value`` and ``holder = {"key": value}``; a return has no holder."""
    for target, value in syntax.assigned(request):
        key = syntax.text_of(target.slice) if isinstance(target, ast.Subscript) else None
        if key is not None:
            yield syntax.dotted(target), key, value
        elif not isinstance(target, ast.Subscript):
            yield from (
                (syntax.dotted(target), name, inner) for name, inner in syntax.entries(value)
            )
    for node in ast.walk(request):
        if isinstance(node, ast.Return):
            yield from (("", name, inner) for name, inner in syntax.entries(node.value))


def _variables(function: syntax.Function) -> dict[str, ast.expr]:
    """The first value of each variable."""
    found: dict[str, ast.expr] = {}
    for target, value in syntax.assigned(function):
        if isinstance(target, ast.Name):
            found.setdefault(target.id, value)
    return found


def _places(request: syntax.Function, known: set[str]) -> dict[str, tuple[str, str]]:
    """Location and wire name by argument, outside of the path."""
    found: dict[str, tuple[str, str]] = {}
    values = _variables(request)
    for holder, wire, value in _entries(request):
        is_body = holder in ("", "_kwargs", "kwargs") and wire in _BODIES
        location = "body" if is_body else _HOLDERS.get(holder, "")
        for name in _sources(value, known, values) if location else ():
            found.setdefault(name, (location, "" if is_body else wire))
    return found


def _sources(
    node: ast.expr, known: set[str], values: Mapping[str, ast.expr], depth: int = 4
) -> Iterator[str]:
    """The arguments in a value, through variables such as ``json_state``."""
    for name in syntax.names_in(node):
        plain = name.removeprefix("json_")
        if name in known or plain in known:
            yield name if name in known else plain
        elif name in values and depth:
            yield from _sources(values[name], known, values, depth - 1)


def _arguments(
    call: syntax.Function, url: str, places: Mapping[str, tuple[str, str]]
) -> Iterator[OldArgument]:
    in_path = {name: ("path", name) for name in argument_names(call) if f"{{{name}}}" in url}
    bodies = dict.fromkeys(("body", "json_body", "form_data", "multipart_data"), ("body", ""))
    found = arguments_of(call, {**bodies, **places, **in_path})
    return (one for one in found if one.name != "client")


def _returns(parse: syntax.Function | None) -> str:
    """The model of a successful response; empty for a list."""
    for node in syntax.nodes(parse):
        if isinstance(node, ast.If) and _is_success(node.test):
            inner = [one for part in node.body for one in ast.walk(part)]
            calls = [syntax.dotted(one.func) for one in inner if isinstance(one, ast.Call)]
            models = [one.removesuffix(".from_dict") for one in calls if one.endswith(".from_dict")]
            if models and not any(isinstance(one, ast.For) for one in inner):
                return models[0]
    return ""


def _is_success(test: ast.expr) -> bool:
    value = test.comparators[0] if isinstance(test, ast.Compare) else None
    text = str(syntax.constant(value) or syntax.last_name(value))
    return bool(_SUCCESS.fullmatch(text))
