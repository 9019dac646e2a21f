"""Reads the layout of Stainless: a client in ``_client.py`` and one class for each resource."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from urllib.parse import unquote

from specloom.adoption.modules import Class, Module, Modules, constant, dotted, keyword
from specloom.adoption.packages import exported, internals_of, library_of, version_of
from specloom.adoption.requests import (
    Function,
    Request,
    Unclear,
    arguments_of,
    body_of,
    functions_in,
    headers_of,
    request_of,
)
from specloom.adoption.sources import Sources
from specloom.adoption.stainless_client import client_of
from specloom.adoption.stainless_pages import pages_of, wire_names
from specloom.adoption.surface import OldMethod, OldSdk, Place, Unread
from specloom.sdk.former_modules import former_names

_CLIENT_BASE = "SyncAPIClient"
_RESOURCE_BASE = "SyncAPIResource"
_PROPERTIES = frozenset(("cached_property", "property"))
_WITNESS = re.compile(r'<code title="(\w+) ([^"]+)">client\.([\w.]*)<a [^>]*>(\w+)</a>', re.ASCII)
_DEEPEST = 12
"""Resources below each other."""


def find(sources: Sources) -> str | None:
    """The folder of the package, None if the SDK has another layout."""
    clients = [
        file
        for file, text in sources.files.items()
        if file.rpartition("/")[2] == "_client.py" and _CLIENT_BASE in text
    ]
    first = min(clients, key=lambda file: (file.count("/"), file), default=None)
    return None if first is None else first.rpartition("/")[0]


def read(sources: Sources, root: str) -> OldSdk:
    """The SDK whose package is the folder ``root``."""
    modules = Modules(sources.files, root)
    reader = _Reader(modules)
    module = modules.get("_client")
    client = _client_class(module)
    if client is not None:
        reader.read(client, (), on_client=True)
    methods = tuple(reader.methods)
    supplied = former_names(client.name if client else "")
    library, imported = library_of(modules, supplied)
    unread = [*imported, *modules.unread, *reader.unread, *_missing(sources, root, reader.seen())]
    if client is None:
        unread.append(Unread(Place(f"{root}/_client.py", 1), f"no class inherits {_CLIENT_BASE}"))
    return OldSdk(
        layout="Stainless",
        package=root.rpartition("/")[2],
        version=version_of(sources, modules),
        client=None if client is None else client_of(client, modules),
        methods=methods,
        pages=pages_of(modules.get("pagination")),
        types=exported(modules, ("types",)),
        library=library,
        internals=internals_of(modules, supplied),
        handwritten=tuple(reader.handwritten),
        unread=tuple(sorted(unread, key=lambda one: (one.place, one.reason))),
    )


def _client_class(module: Module | None) -> Class | None:
    for node in module.classes.values() if module else ():
        found = Class(module, node) if module else None
        if found is not None and _CLIENT_BASE in found.bases():
            return found
    return None


class _Reader:
    """Walks from the client down its resources."""

    def __init__(self, modules: Modules) -> None:
        self._modules = modules
        self.methods: list[OldMethod] = []
        self.handwritten: list[tuple[str, Place]] = []
        self.unread: list[Unread] = []
        self._refused: set[str] = set()
        self._steps: list[tuple[str, str]] = []

    def seen(self) -> set[str]:
        """The addresses of all methods that are read, or reported as unreadable."""
        return self._refused | {one.address for one in self.methods}

    def read(self, one: Class, path: tuple[str, ...], *, on_client: bool = False) -> None:
        """The methods of a class and of the resources below it."""
        key = (one.module.name, one.name)
        if key in self._steps or len(path) > _DEEPEST:
            return
        self._steps.append(key)
        seen: set[str] = set()
        for current in self._modules.inherited(one):
            self._attributes(current, path, seen)
            for function in functions_in(current.node.body):
                if function.name not in seen and not function.name.startswith("_"):
                    seen.add(function.name)
                    self._member(function, current.module, path, on_client)
        self._steps.pop()

    def _attributes(self, one: Class, path: tuple[str, ...], seen: set[str]) -> None:
        """Resources that are annotated attributes, as in the first versions."""
        for node in one.node.body:
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                child = self._resource(one.module, node.annotation)
                if child is not None and node.target.id not in seen:
                    seen.add(node.target.id)
                    self.read(child, (*path, node.target.id))

    def _member(
        self, function: Function, module: Module, path: tuple[str, ...], on_client: bool
    ) -> None:
        decorators = {dotted(one).rpartition(".")[2] for one in function.decorator_list}
        if decorators & _PROPERTIES:
            child = self._resource(module, function.returns)
            if child is not None:
                self.read(child, (*path, function.name))
            return
        try:
            request = request_of(function, on_client=on_client)
            self._method(function, request, module, path, on_client)
        except RecursionError:
            self._refuse(function, module, ".".join((*path, function.name)), "nested too deeply")

    def _resource(self, module: Module, annotation: ast.expr | None) -> Class | None:
        found = self._modules.class_of(module, dotted(annotation))
        if found is None:
            return None
        bases = [base for one in self._modules.inherited(found) for base in one.bases()]
        return found if _RESOURCE_BASE in bases else None

    def _method(
        self,
        function: Function,
        request: Request | Unclear | None,
        module: Module,
        path: tuple[str, ...],
        on_client: bool,
    ) -> None:
        address = ".".join((*path, function.name))
        if isinstance(request, Unclear):
            self._refuse(request.node, module, address, request.reason)
        elif request is not None:
            self.methods.append(self._read(function, request, module, path))
        elif not on_client:
            self.handwritten.append((address, module.place(function)))

    def _refuse(self, node: ast.AST, module: Module, address: str, reason: str) -> None:
        self._refused.add(address)
        self.unread.append(Unread(module.place(node), f"client.{address}: {reason}"))

    def _read(
        self, function: Function, request: Request, module: Module, path: tuple[str, ...]
    ) -> OldMethod:
        call = request.call
        page = dotted(keyword(call, "page"))
        shown = keyword(call, "model") if page else keyword(call, "cast_to")
        headers = headers_of(function)
        stream = keyword(call, "stream_cls")
        event = dotted(stream.slice) if isinstance(stream, ast.Subscript) else ""
        source = self._modules.class_of(module, event) if event else None
        return OldMethod(
            http_method=request.http_method,
            path=request.path,
            resource=".".join(path),
            name=function.name,
            place=module.place(function),
            arguments=arguments_of(function, request, module, self._modules),
            returns=_type_name(shown),
            page=page.rpartition(".")[2],
            streams=stream is not None,
            always_streams=constant(keyword(call, "stream")) is True,
            event=event.rpartition(".")[2],
            event_fields=frozenset(wire_names(source.node).values() if source else ()),
            unwrap=self._unwrapped(function, module),
            accept=headers.pop("Accept", ""),
            headers={name: one for name, one in headers.items() if name != "Content-Type"},
            has_body=body_of(call) is not None,
        )

    def _unwrapped(self, function: Function, module: Module) -> str:
        """The property that ``post_parser=DataWrapper[X]._unwrapper`` unwraps."""
        for node in ast.walk(function):
            parser = node.value if isinstance(node, ast.keyword) else None
            if isinstance(parser, ast.Attribute) and parser.attr == "_unwrapper":
                found = self._modules.class_of(module, dotted(parser.value))
                return next(iter(wire_names(found.node).values()), "") if found else ""
        return ""


def _type_name(node: ast.expr | None) -> str:
    """The class in ``cast(Any, X)``, ``Type[X]`` or ``X``; empty if there is no single one."""
    if isinstance(node, ast.Call) and dotted(node.func).endswith("cast") and len(node.args) == 2:
        kind, node = node.args
        if isinstance(kind, ast.Subscript):
            node = kind.slice
    name = dotted(node).rpartition(".")[2]
    return "" if name in ("NoneType", "object", "Any", "Union", "Optional", "List") else name


def _missing(sources: Sources, root: str, known: set[str]) -> Iterator[Unread]:
    """Methods in ``api.md`` that the text of the package does not contain."""
    for file in ("api.md", f"{root}/api.md"):
        for number, line in enumerate(sources.files.get(file, "").splitlines(), 1):
            found = _WITNESS.search(line)
            if found and f"{found[3]}{found[4]}" not in known:
                told = f"{found[1].upper()} {unquote(found[2])}"
                reason = f"client.{found[3]}{found[4]} ({told}) is in api.md only"
                yield Unread(Place(file, number), reason)
