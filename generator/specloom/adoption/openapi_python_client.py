"""Reads the layout of openapi-python-client: ``api/<tag>/<operation>.py``."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from specloom.adoption.modules import Module, Modules, constant, dotted, names_in
from specloom.adoption.packages import exported, package_of, version_of
from specloom.adoption.requests import Function, functions_in, joined, parameters
from specloom.adoption.sources import Sources
from specloom.adoption.surface import Kind, OldArgument, OldMethod, OldSdk, Unread

_REQUEST = "def _get_kwargs("
_CALLS = ("sync_detailed", "sync", "asyncio_detailed", "asyncio")
_VERBS = frozenset("get post put patch delete head options trace".split())
_HOLDERS = {"params": "query", "headers": "header", "cookies": "cookie"}
_BODIES = frozenset("json data files content".split())
_BASE_URL = "client.base_url"
_SUCCESS = re.compile(r"2\d\d|OK|CREATED|ACCEPTED")


def find(sources: Sources) -> str | None:
    """The folder of the package, None if the SDK has another layout."""
    roots = {
        file.partition("/api/")[0] if "/api/" in file else ""
        for file, text in sources.files.items()
        if ("/api/" in file or file.startswith("api/")) and _REQUEST in text
    }
    return min(roots, key=lambda root: (root.count("/"), root), default=None)


def read(sources: Sources, root: str) -> OldSdk:
    """The SDK whose package is the folder ``root``."""
    modules = Modules(sources.files, root)
    package, unread = package_of(root)
    found: list[OldMethod] = []
    refused: list[Unread] = list(unread)
    start = f"{root}/api/".removeprefix("/")
    for file, text in sources.files.items():
        if file.startswith(start) and _REQUEST in text:
            name = file.removeprefix(start).removesuffix(".py").replace("/", ".")
            module = modules.get(f"api.{name}")
            one = _operation(module, name) if module else None
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
    functions = {one.name: one for one in functions_in(module.tree.body)}
    request = functions.get("_get_kwargs")
    call = next((functions[one] for one in _CALLS if one in functions), request)
    if request is None or call is None:
        return Unread(module.place(module.tree), f"{name}: the function _get_kwargs is missing")
    known = {one for one, _, _ in parameters(call)} - {"client"}
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


def _url(request: Function, known: set[str]) -> str | None:
    """The path as a template with the names of arguments in braces."""
    for key, node in _settings(request):
        if key in ("url", "path"):
            return _template(node, _assigned(request), known)
    return None


def _template(node: ast.expr, assigned: Mapping[str, ast.expr], known: set[str]) -> str | None:
    if isinstance(node, ast.Name) and node.id in assigned:
        node = assigned[node.id]
    if isinstance(node, ast.JoinedStr):
        rest = [one for one in node.values if _BASE_URL not in ast.unparse(one)]
        return joined(ast.JoinedStr(values=rest), known)
    if isinstance(node, ast.Call):
        return _formatted(node, known)
    value = constant(node)
    return value if isinstance(value, str) else None


def _formatted(call: ast.Call, known: set[str]) -> str | None:
    """``"{}/x/{id}".format(client.base_url, id=key)`` with the names of the arguments."""
    is_format = isinstance(call.func, ast.Attribute) and call.func.attr == "format"
    text = constant(call.func.value) if isinstance(call.func, ast.Attribute) else None
    if not is_format or not isinstance(text, str):
        return None
    for value in call.args:
        names = [one for one in names_in(value) if one in known]
        shown = f"{{{names[0]}}}" if len(names) == 1 else ""
        text = text.replace("{}", shown, 1)
    for one in call.keywords:
        names = [name for name in names_in(one.value) if name in known]
        if one.arg and len(names) == 1:
            text = text.replace(f"{{{one.arg}}}", f"{{{names[0]}}}")
    return text


def _method(request: Function, functions: Mapping[str, Function]) -> str | None:
    """The HTTP method: from the settings, or in first versions from the call that sends them."""
    for key, node in _settings(request):
        if key == "method":
            name = constant(node) or dotted(node).rpartition(".")[2]
            return name.upper() if str(name).lower() in _VERBS else None
    for each in _CALLS:
        for call in ast.walk(functions[each]) if each in functions else ():
            verb = dotted(call.func).rpartition(".")[2] if isinstance(call, ast.Call) else ""
            if verb in _VERBS and any(one.arg is None for one in getattr(call, "keywords", ())):
                return verb.upper()
    return None


def _settings(request: Function) -> Iterator[tuple[str, ast.expr]]:
    """The settings of a request, which the function returns."""
    for holder, key, value in _entries(request):
        if holder in ("", "_kwargs", "kwargs"):
            yield key, value


def _entries(request: Function) -> Iterator[tuple[str, str, ast.expr]]:
    """Every ``holder["key"] = value`` and ``holder = {"key": value}``; a return has no holder."""
    for node in ast.walk(request):
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign | ast.Return) else None
        if isinstance(target, ast.Subscript) and value is not None:
            key = constant(target.slice)
            if isinstance(key, str):
                yield dotted(target), key, value
        elif isinstance(value, ast.Dict):
            for one, inner in zip(value.keys, value.values, strict=True):
                if isinstance(constant(one), str):
                    yield dotted(target), constant(one), inner


def _assigned(function: Function) -> dict[str, ast.expr]:
    """The first value of each variable."""
    found: dict[str, ast.expr] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found.setdefault(node.targets[0].id, node.value)
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            found.setdefault(dotted(node.target), node.value)
    return found


def _places(request: Function, known: set[str]) -> dict[str, tuple[str, str]]:
    """Location and wire name by argument, outside of the path."""
    found: dict[str, tuple[str, str]] = {}
    assigned = _assigned(request)

    for holder, wire, value in _entries(request):
        is_body = holder in ("", "_kwargs", "kwargs") and wire in _BODIES
        location = "body" if is_body else _HOLDERS.get(holder, "")
        for name in _sources(value, known, assigned) if location else ():
            found.setdefault(name, (location, "" if is_body else wire))
    return found


def _sources(
    node: ast.expr, known: set[str], assigned: Mapping[str, ast.expr], depth: int = 4
) -> Iterator[str]:
    """The arguments in a value, through variables such as ``json_state``."""
    for name in names_in(node):
        plain = name.removeprefix("json_")
        if name in known or plain in known:
            yield name if name in known else plain
        elif name in assigned and depth:
            yield from _sources(assigned[name], known, assigned, depth - 1)


def _arguments(
    call: Function, url: str, places: Mapping[str, tuple[str, str]]
) -> Iterator[OldArgument]:
    for name, is_keyword, required in parameters(call):
        if name != "client":
            in_path = f"{{{name}}}" in url
            location, wire = ("path", name) if in_path else places.get(name, ("", ""))
            if not location and name in ("body", "json_body", "form_data", "multipart_data"):
                location = "body"
            kind: Kind = "keyword" if is_keyword else "positional"
            yield OldArgument(name, kind, required, location, wire)


def _returns(parse: Function | None) -> str:
    """The model of a successful response; empty for a list."""
    for node in ast.walk(parse) if parse else ():
        if isinstance(node, ast.If) and _is_success(node.test):
            inner = [one for part in node.body for one in ast.walk(part)]
            calls = [dotted(one.func) for one in inner if isinstance(one, ast.Call)]
            models = [one.removesuffix(".from_dict") for one in calls if one.endswith(".from_dict")]
            if models and not any(isinstance(one, ast.For) for one in inner):
                return models[0]
    return ""


def _is_success(test: ast.expr) -> bool:
    value = test.comparators[0] if isinstance(test, ast.Compare) else None
    text = str(constant(value) or dotted(value).rpartition(".")[2])
    return bool(_SUCCESS.fullmatch(text))
