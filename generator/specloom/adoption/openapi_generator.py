"""Reads the layout of OpenAPI Generator's Python: one class for each tag, ``api/<tag>_api.py``.

There are three forms: methods that call ``param_serialize`` (since 7.0), methods that pass path and
HTTP method to ``call_api`` (until 6), and endpoints as settings (some releases of 5 and 6).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from specloom.adoption.modules import Class, Module, Modules, constant, dotted, keyword, names_in
from specloom.adoption.packages import exported, package_of, version_of
from specloom.adoption.requests import Function, functions_in, parameters
from specloom.adoption.sources import Sources
from specloom.adoption.surface import Kind, OldArgument, OldMethod, OldSdk, Unread

_FILE = re.compile(r"(?:(.*)/)?(\w+)/(\w+?)_(?:api|service)\.py")
_SENDS = ("param_serialize", "call_api", "_Endpoint", "Endpoint")
_VERBS = frozenset("GET POST PUT PATCH DELETE HEAD OPTIONS TRACE".split())
_HOLDERS = {
    "path_params": "path",
    "query_params": "query",
    "header_params": "header",
    "form_params": "body",
    "files": "body",
    "local_var_files": "body",
}
_BODIES = ("body_params", "body")
_TEMPLATE = re.compile(r"\{([^{}]*)\}")
_MODEL = re.compile(r"[A-Z]\w*")

_Places = dict[str, tuple[str, str]]


def find(sources: Sources) -> str | None:
    """The folder of the package, None if the SDK has another layout."""
    roots = {match[1] or "" for match in _files(sources)}
    return min(roots, key=lambda root: (root.count("/"), root), default=None)


def _files(sources: Sources) -> Iterator[re.Match[str]]:
    """The files of tags: in ``api/``, or the folder that the option ``apiPackage`` names."""
    for file, text in sources.files.items():
        match = _FILE.fullmatch(file)
        if match and "api_client" in text and any(f"{one}(" in text for one in _SENDS):
            yield match


def read(sources: Sources, root: str) -> OldSdk:
    """The SDK whose package is the folder ``root``."""
    modules = Modules(sources.files, root)
    package, unread = package_of(root)
    found: list[OldMethod] = []
    refused = list(unread)
    for match in _files(sources):
        if (match[1] or "") == root:
            module = modules.get(f"{match[2]}.{match[0].rpartition('/')[2].removesuffix('.py')}")
            for one in _operations(module, match[3]) if module else ():
                if isinstance(one, OldMethod):
                    found.append(one)
                else:
                    refused.append(one)
    return OldSdk(
        layout="OpenAPI Generator",
        package=package,
        version=version_of(sources, modules),
        client=None,
        methods=tuple(found),
        types=exported(modules, ("models", "model")),
        unread=(*refused, *modules.unread),
    )


def _operations(module: Module, resource: str) -> Iterator[OldMethod | Unread]:
    """The methods of the class of a tag; the resource is the name of its file without ``_api``."""
    for node in module.classes.values():
        if node.name.endswith(("Api", "Service")):
            functions = {one.name: one for one in functions_in(node.body)}
            for function in functions.values():
                yield from _of_function(function, functions, module, resource)
            yield from _of_settings(Class(module, node), resource)


def _of_function(
    function: Function, functions: Mapping[str, Function], module: Module, resource: str
) -> Iterator[OldMethod | Unread]:
    """The method of a public function, whose request stands in a sibling."""
    name = function.name
    siblings = (f"_{name}_serialize", f"{name}_with_http_info")
    sender = next((functions[one] for one in siblings if one in functions), None)
    if name.startswith("_") or sender is None:
        return
    call = next(_sends(sender), None)
    method, path = _line(call) if call else (None, None)
    if call is None or method is None or path is None:
        reason = f"{resource}.{name}: its path or HTTP method is computed when it is called"
        yield Unread(module.place(function), reason)
        return
    # A fork by InfluxData has the parameters in a third function.
    noted = [_noted(functions[one]) for one in (*siblings, f"_{name}_prepare") if one in functions]
    places = {key: place for some in reversed(noted) for key, place in some.items()}
    for wire, argument in _path_arguments(places).items():
        path = path.replace(f"{{{wire}}}", f"{{{argument}}}")
    yield OldMethod(
        http_method=method,
        path=path,
        resource=resource,
        name=name,
        place=module.place(function),
        arguments=tuple(_arguments(function, places)),
        returns=_returns(function, sender, call),
    )


def _sends(function: Function) -> Iterator[ast.Call]:
    for node in ast.walk(function):
        name = dotted(node.func).rpartition(".")[2] if isinstance(node, ast.Call) else ""
        if isinstance(node, ast.Call) and name in _SENDS and _line(node) != (None, None):
            yield node


def _line(call: ast.Call) -> tuple[str | None, str | None]:
    """HTTP method and path of a call that sends a request."""
    path = keyword(call, "resource_path") or (call.args[0] if call.args else None)
    method = keyword(call, "method") or (call.args[1] if len(call.args) > 1 else None)
    verb, text = constant(method), constant(path)
    is_verb = isinstance(verb, str) and verb.upper() in _VERBS
    return (verb.upper() if is_verb else None), (text if isinstance(text, str) else None)


def _path_arguments(places: _Places) -> dict[str, str]:
    return {wire: name for name, (location, wire) in places.items() if location == "path"}


def _noted(function: Function) -> _Places:
    """Location and wire name by argument, from the parameters that the function collects."""
    found: _Places = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            target = node.targets[0]
            holder = dotted(target).lstrip("_")
            if isinstance(target, ast.Subscript) and holder in _HOLDERS:
                _note(found, _HOLDERS[holder], constant(target.slice), node.value)
            elif holder in _BODIES:
                _note(found, "body", "", node.value)
        elif isinstance(node, ast.Call) and dotted(node.func).endswith(".append") and node.args:
            holder = dotted(node.func).removesuffix(".append").lstrip("_")
            pair = node.args[0]
            if holder in _HOLDERS and isinstance(pair, ast.Tuple) and len(pair.elts) == 2:
                _note(found, _HOLDERS[holder], constant(pair.elts[0]), pair.elts[1])
    return found


def _note(found: _Places, location: str, wire: object, value: ast.expr) -> None:
    """Note the argument of a value: ``status``, ``params['status']`` or ``status.value``."""
    if not isinstance(wire, str) or isinstance(value, ast.Call):
        holds = isinstance(value, ast.Call) and dotted(value.func).endswith((".strftime", "str"))
        if not isinstance(wire, str) or not holds:
            return
    for node in ast.walk(value):
        key = constant(node.slice) if isinstance(node, ast.Subscript) else None
        if isinstance(key, str):
            found.setdefault(key, (location, wire))
            return
    names = [one for one in names_in(value) if not one.startswith("_")]
    if len(names) == 1:
        found.setdefault(names[0], (location, wire))


def _arguments(function: Function, places: _Places) -> Iterator[OldArgument]:
    """The arguments of the signature, then those that are taken from ``**kwargs``."""
    given = [one for one in parameters(function) if not one[0].startswith("_")]
    for name, is_keyword, required in given:
        if name != "async_req":
            kind: Kind = "keyword" if is_keyword else "positional"
            yield OldArgument(name, kind, required, *places.get(name, ("", "")))
    if function.args.kwarg is not None:
        for name in sorted(places.keys() - {one[0] for one in given}):
            yield OldArgument(name, "keyword", False, *places[name])


def _returns(function: Function, sender: Function, call: ast.Call) -> str:
    """The model of the first successful response."""
    for node in (*ast.walk(function), *ast.walk(sender)):
        if isinstance(node, ast.Dict) and node.keys:
            for key, value in zip(node.keys, node.values, strict=True):
                text = constant(value)
                if str(constant(key)).startswith("2") and isinstance(text, str):
                    return text if _MODEL.fullmatch(text) else ""
    text = constant(keyword(call, "response_type"))
    return text if isinstance(text, str) and _MODEL.fullmatch(text) else ""


def _of_settings(one: Class, resource: str) -> Iterator[OldMethod | Unread]:
    """The endpoints that are settings: ``self.x = _Endpoint(settings={...}, params_map={...})``."""
    for node in ast.walk(one.node):
        value = node.value if isinstance(node, ast.Assign) else None
        name = dotted(node.targets[0]) if isinstance(node, ast.Assign) else ""
        is_endpoint = isinstance(value, ast.Call) and dotted(value.func).endswith("Endpoint")
        if not is_endpoint or not name.startswith("self.") or not isinstance(value, ast.Call):
            continue
        name = name.removeprefix("self.").removesuffix("_endpoint")
        path = _entry(keyword(value, "settings"), "endpoint_path")
        method = _entry(keyword(value, "settings"), "http_method")
        if not isinstance(constant(path), str) or not isinstance(constant(method), str):
            reason = f"{resource}.{name}: its path or HTTP method is computed when it is called"
            yield Unread(one.module.place(value), reason)
            continue
        yield _from_settings(one, value, name, resource, constant(method), constant(path))


def _from_settings(
    one: Class, call: ast.Call, name: str, resource: str, method: str, path: str
) -> OldMethod:
    attributes = _texts(_entry(keyword(call, "root_map"), "attribute_map"))
    locations = _texts(_entry(keyword(call, "root_map"), "location_map"))
    listed = _entry(keyword(call, "params_map"), "required")
    required = {constant(each) for each in getattr(listed, "elts", ())}
    arguments = []
    for argument, location in locations.items():
        wire = attributes.get(argument, "")
        place = {"form": "body", "file": "body"}.get(location, location)
        if location == "path":
            path = path.replace(f"{{{wire}}}", f"{{{argument}}}")
        is_needed = argument in required
        kind: Kind = "positional" if is_needed else "keyword"
        arguments.append(OldArgument(argument, kind, is_needed, place, wire))
    order = [constant(each) for each in getattr(listed, "elts", ())]
    arguments.sort(key=lambda each: order.index(each.name) if each.name in order else len(order))
    returns = _entry(keyword(call, "settings"), "response_type")
    shown = dotted(returns.elts[0]) if isinstance(returns, ast.Tuple) and returns.elts else ""
    return OldMethod(
        http_method=method.upper(),
        path=path,
        resource=resource,
        name=name,
        place=one.module.place(call),
        arguments=tuple(arguments),
        returns=shown if _MODEL.fullmatch(shown) else "",
    )


def _entry(node: ast.expr | None, key: str) -> ast.expr | None:
    """The value of a key of a literal dictionary."""
    if isinstance(node, ast.Dict):
        for one, value in zip(node.keys, node.values, strict=True):
            if constant(one) == key:
                return value
    return None


def _texts(node: ast.expr | None) -> dict[str, str]:
    if not isinstance(node, ast.Dict):
        return {}
    pairs = zip(node.keys, node.values, strict=True)
    return {str(constant(key)): str(constant(value)) for key, value in pairs}
