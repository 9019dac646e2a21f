"""Reads the layout of Fern: one client for each resource; methods call ``httpx_client.request``."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from specloom.adoption.fern_client import client_of
from specloom.adoption.fern_requests import arguments_of, page_of, request_of, result_of
from specloom.adoption.modules import Class, Modules, dotted, keyword
from specloom.adoption.packages import exported, package_of, version_of
from specloom.adoption.requests import Function, Unclear, functions_in
from specloom.adoption.sources import Sources
from specloom.adoption.surface import OldMethod, OldPage, OldSdk, Place, Unread

_WRAPPER = "core/client_wrapper.py"
_PROPERTIES = frozenset(("property", "cached_property"))
_DEEPEST = 12


def find(sources: Sources) -> str | None:
    """The folder of the package, None if the SDK has another layout."""
    roots = [
        file.removesuffix(_WRAPPER).rstrip("/")
        for file, text in sources.files.items()
        if f"/{file}".endswith(f"/{_WRAPPER}") and "SyncClientWrapper" in text
    ]
    return min(roots, key=lambda root: (root.count("/"), root), default=None)


def read(sources: Sources, root: str) -> OldSdk:
    """The SDK whose package is the folder ``root``."""
    modules = Modules(sources.files, root)
    package, unread = package_of(root)
    reader = _Reader(modules)
    client = _client_class(modules)
    if client is None:
        place = Place(f"{root}/client.py", 1)
        reader.unread.append(Unread(place, "no class makes a SyncClientWrapper"))
    else:
        reader.read(client, ())
    return OldSdk(
        layout="Fern",
        package=package,
        version=version_of(sources, modules) or _version(modules),
        client=None if client is None else client_of(client, modules),
        methods=tuple(reader.methods),
        pages={name: page for page, name in reader.pages.items()},
        types=exported(modules, ("types",)),
        handwritten=tuple(reader.handwritten),
        unread=(*unread, *reader.unread, *modules.unread),
    )


def _client_class(modules: Modules) -> Class | None:
    """The sync client: the class whose constructor, own or inherited, creates the wrapper."""
    for name in ("client", "base_client"):
        module = modules.get(name)
        for node in module.classes.values() if module else ():
            found = Class(module, node) if module else None
            if found is not None and not node.name.startswith("Async"):
                text = [ast.unparse(one.node) for one in modules.inherited(found)]
                if any(" SyncClientWrapper(" in one for one in text):
                    return found
    return None


def _version(modules: Modules) -> str:
    """The version in the user agent."""
    module = modules.get("core.client_wrapper")
    for node in ast.walk(module.tree) if module else ():
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if getattr(key, "value", "") == "X-Fern-SDK-Version":
                    return str(getattr(value, "value", ""))
    return ""


@dataclass(frozen=True, slots=True)
class _Child:
    name: str
    found: Class


class _Reader:
    """Walks from the client down its resources."""

    def __init__(self, modules: Modules) -> None:
        self._modules = modules
        self.methods: list[OldMethod] = []
        self.pages: dict[OldPage, str] = {}
        self.handwritten: list[tuple[str, Place]] = []
        self.unread: list[Unread] = []
        self._steps: list[tuple[str, str]] = []

    def read(self, one: Class, path: tuple[str, ...]) -> None:
        """The methods of a class and of the resources below it."""
        key = (one.module.name, one.name)
        if key in self._steps or len(path) > _DEEPEST:
            return
        self._steps.append(key)
        seen: set[str] = set()
        for current in self._modules.inherited(one):
            for child in self._children(current):
                if child.name not in seen:
                    seen.add(child.name)
                    self.read(child.found, (*path, child.name))
            for function in functions_in(current.node.body):
                if function.name not in seen and not function.name.startswith("_"):
                    seen.add(function.name)
                    self._member(function, current, path)
        self._steps.pop()

    def _children(self, one: Class) -> Iterator[_Child]:
        """Resources: ``self.x = XClient(client_wrapper=…)``, in the constructor or a property.

        A property gives its name to a resource, and hand-written ones differ from the variable.
        """
        for function in functions_in(one.node.body):
            is_property = any(dotted(each) in _PROPERTIES for each in function.decorator_list)
            for node in ast.walk(function):
                target = dotted(node.targets[0]) if isinstance(node, ast.Assign) else ""
                call = node.value if isinstance(node, ast.Assign) else None
                is_made = isinstance(call, ast.Call) and keyword(call, "client_wrapper") is not None
                if not target.startswith("self.") or not is_made:
                    continue
                name = function.name if is_property else target.removeprefix("self.").lstrip("_")
                found = self._modules.class_of(one.module, dotted(getattr(call, "func", None)))
                if found is not None and name != "raw_client":
                    yield _Child(name, found)

    def _member(self, function: Function, one: Class, path: tuple[str, ...]) -> None:
        decorators = {dotted(each).rpartition(".")[2] for each in function.decorator_list}
        if decorators & _PROPERTIES:
            return
        address = ".".join((*path, function.name))
        try:
            self._method(function, one, path, address)
        except RecursionError:
            place = one.module.place(function)
            self.unread.append(Unread(place, f"client.{address}: nested too deeply"))

    def _method(self, function: Function, one: Class, path: tuple[str, ...], address: str) -> None:
        sender = self._sender(function, one) or function
        request = request_of(sender)
        if request is None:
            self.handwritten.append((address, one.module.place(function)))
            sender = self._overridden(function, one) or function
            request = request_of(sender)
        if isinstance(request, Unclear):
            place = one.module.place(function)
            self.unread.append(Unread(place, f"client.{address}: {request.reason}"))
            return
        if request is None:
            return
        result = result_of(function)
        page = page_of(sender) if result.is_paged else None
        name = ""
        if result.is_paged:
            number = len(self.pages) + 1
            fresh = f"SyncPager{number if number > 1 else ''}"
            name = self.pages.setdefault(page, fresh) if page else "SyncPager"
        self.methods.append(
            OldMethod(
                http_method=request.http_method,
                path=request.path,
                resource=".".join(path),
                name=function.name,
                place=one.module.place(function),
                arguments=tuple(arguments_of(function, sender, request)),
                returns=result.name,
                page=name,
                streams=request.streams and result.is_iterator and result.name != "bytes",
            )
        )

    def _overridden(self, function: Function, one: Class) -> Function | None:
        """The generated method that hand-written code with the same name overrides."""
        for current in self._modules.inherited(one):
            for each in functions_in(current.node.body) if current.name != one.name else ():
                sender = self._sender(each, current) or each
                if each.name == function.name and request_of(sender) is not None:
                    return sender
        return None

    def _sender(self, function: Function, one: Class) -> Function | None:
        """The method of the raw client that sends the request, if there is a raw client."""
        raw = next(self._raw(one), None)
        for current in self._modules.inherited(raw) if raw else ():
            for each in functions_in(current.node.body):
                if each.name == function.name:
                    return each
        return None

    def _raw(self, one: Class) -> Iterator[Class]:
        for node in ast.walk(one.node):
            if isinstance(node, ast.Assign) and dotted(node.targets[0]) == "self._raw_client":
                name = dotted(node.value.func) if isinstance(node.value, ast.Call) else ""
                found = self._modules.class_of(one.module, name)
                if found is not None:
                    yield found
