"""Reads the layout of OpenAPI Generator's Python: one class for each tag, ``api/<tag>_api.py``.

There are three forms: methods that call ``param_serialize`` (since 7.0), methods that pass path and
HTTP method to ``call_api`` (until 6), and endpoints as settings (some releases of 5 and 6).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from specloom.adoption.layouts import syntax
from specloom.adoption.layouts.modules import Class, Module, Modules
from specloom.adoption.layouts.packages import exported, outermost, package_of, version_of
from specloom.adoption.layouts.requests import arguments_of
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
_MODEL = re.compile(r"[A-Z]\w*")
_COMPUTED = "{resource}.{name}: its path or HTTP method is computed when it is called"

_Places = dict[str, tuple[str, str]]


def find(sources: Sources) -> str | None:
    """The folder of the package, None if the SDK has another layout."""
    return outermost(match[1] or "" for match in _files(sources))


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
            functions = {one.name: one for one in syntax.functions_in(node.body)}
            for function in functions.values():
                yield from _of_function(function, functions, module, resource)
            yield from _of_settings(Class(module, node), resource)


def _of_function(
    function: syntax.Function,
    functions: Mapping[str, syntax.Function],
    module: Module,
    resource: str,
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
        reason = _COMPUTED.format(resource=resource, name=name)
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


def _sends(function: syntax.Function) -> Iterator[ast.Call]:
    for call in syntax.calls_in(function, *_SENDS):
        if syntax.last_name(call.func) in _SENDS and _line(call) != (None, None):
            yield call


def _line(call: ast.Call) -> tuple[str | None, str | None]:
    """HTTP method and path of a call that sends a request."""
    path = syntax.keyword(call, "resource_path") or (call.args[0] if call.args else None)
    method = syntax.keyword(call, "method") or (call.args[1] if len(call.args) > 1 else None)
    verb = (syntax.text_of(method) or "").upper()
    return (verb if verb in _VERBS else None), syntax.text_of(path)


def _path_arguments(places: _Places) -> dict[str, str]:
    return {wire: name for name, (location, wire) in places.items() if location == "path"}


def _noted(function: syntax.Function) -> _Places:
    """Location and wire name by argument, from the parameters that the function collects."""
    found: _Places = {}
    for target, value in syntax.assigned(function):
        holder = syntax.dotted(target).lstrip("_")
        if isinstance(target, ast.Subscript) and holder in _HOLDERS:
            _note(found, _HOLDERS[holder], syntax.text_of(target.slice), value)
        elif holder in _BODIES:
            _note(found, "body", "", value)
    for call in syntax.calls_in(function, ".append"):
        holder = syntax.dotted(call.func).removesuffix(".append").lstrip("_")
        pair = call.args[0] if call.args else None
        if holder in _HOLDERS and isinstance(pair, ast.Tuple) and len(pair.elts) == 2:
            _note(found, _HOLDERS[holder], syntax.text_of(pair.elts[0]), pair.elts[1])
    return found


def _note(found: _Places, location: str, wire: str | None, value: ast.expr) -> None:
    """Note the argument of a value: ``status``, ``params['status']`` or ``status.value``."""
    is_made = isinstance(value, ast.Call) and not syntax.dotted(value.func).endswith(
        (".strftime", "str")
    )
    if wire is None or is_made:
        return
    for node in ast.walk(value):
        key = syntax.text_of(node.slice) if isinstance(node, ast.Subscript) else None
        if key is not None:
            found.setdefault(key, (location, wire))
            return
    names = [one for one in syntax.names_in(value) if not one.startswith("_")]
    if len(names) == 1:
        found.setdefault(names[0], (location, wire))


def _arguments(function: syntax.Function, places: _Places) -> Iterator[OldArgument]:
    """The arguments of the signature, then those that are taken from ``**kwargs``."""
    given = [one for one in arguments_of(function, places) if not one.name.startswith("_")]
    yield from (one for one in given if one.name != "async_req")
    if function.args.kwarg is not None:
        for name in sorted(places.keys() - {one.name for one in given}):
            yield OldArgument(name, "keyword", False, *places[name])


def _returns(function: syntax.Function, sender: syntax.Function, call: ast.Call) -> str:
    """The model of the first successful response."""
    for status, model in syntax.texts(
        (*syntax.entries_in(function), *syntax.entries_in(sender))
    ).items():
        if status.startswith("2"):
            return model if _MODEL.fullmatch(model) else ""
    text = syntax.text_of(syntax.keyword(call, "response_type")) or ""
    return text if _MODEL.fullmatch(text) else ""


def _of_settings(one: Class, resource: str) -> Iterator[OldMethod | Unread]:
    """The endpoints that are settings: ``self.x = _Endpoint(settings={...}, params_map={...})``."""
    for target, call in syntax.assigned(one.node):
        name = syntax.dotted(target)
        is_endpoint = isinstance(call, ast.Call) and syntax.dotted(call.func).endswith("Endpoint")
        if not is_endpoint or not name.startswith("self.") or not isinstance(call, ast.Call):
            continue
        name = name.removeprefix("self.").removesuffix("_endpoint")
        settings = syntax.texts(syntax.entries(syntax.keyword(call, "settings")))
        path, method = settings.get("endpoint_path"), settings.get("http_method")
        if path is None or method is None:
            yield Unread(one.module.place(call), _COMPUTED.format(resource=resource, name=name))
        else:
            yield _from_settings(one, call, name, resource, method, path)


def _from_settings(
    one: Class, call: ast.Call, name: str, resource: str, method: str, path: str
) -> OldMethod:
    root = dict(syntax.entries(syntax.keyword(call, "root_map")))
    attributes = syntax.texts(syntax.entries(root.get("attribute_map")))
    listed = dict(syntax.entries(syntax.keyword(call, "params_map"))).get("required")
    required = [syntax.constant(each) for each in getattr(listed, "elts", ())]
    arguments = []
    for argument, location in syntax.texts(syntax.entries(root.get("location_map"))).items():
        wire = attributes.get(argument, "")
        place = {"form": "body", "file": "body"}.get(location, location)
        if location == "path":
            path = path.replace(f"{{{wire}}}", f"{{{argument}}}")
        kind: Kind = "positional" if argument in required else "keyword"
        arguments.append(OldArgument(argument, kind, argument in required, place, wire))
    arguments.sort(key=lambda one: [*required, one.name].index(one.name))
    returns = dict(syntax.entries(syntax.keyword(call, "settings"))).get("response_type")
    shown = (
        syntax.dotted(returns.elts[0]) if isinstance(returns, ast.Tuple) and returns.elts else ""
    )
    return OldMethod(
        http_method=method.upper(),
        path=path,
        resource=resource,
        name=name,
        place=one.module.place(call),
        arguments=tuple(arguments),
        returns=shown if _MODEL.fullmatch(shown) else "",
    )
