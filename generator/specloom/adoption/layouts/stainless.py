"""Reads the layout of Stainless: a client in ``_client.py`` and one class for each resource."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from urllib.parse import unquote

from specloom.adoption.layouts import syntax
from specloom.adoption.layouts.modules import Class, Modules
from specloom.adoption.layouts.packages import (
    exported,
    internals_of,
    library_of,
    outermost,
    version_of,
)
from specloom.adoption.layouts.requests import Request, Unclear
from specloom.adoption.layouts.resources import ResourceReader
from specloom.adoption.layouts.stainless_client import client_of
from specloom.adoption.layouts.stainless_pages import pages_of, wire_names
from specloom.adoption.layouts.stainless_requests import (
    body_of,
    headers_of,
    method_arguments,
    request_of,
)
from specloom.adoption.sources import Sources
from specloom.adoption.surface import OldMethod, OldSdk, Place, Unread
from specloom.sdk.former_modules import former_names

_CLIENT_BASE = "SyncAPIClient"
_RESOURCE_BASE = "SyncAPIResource"
_WITNESS = re.compile(r'<code title="(\w+) ([^"]+)">client\.([\w.]*)<a [^>]*>(\w+)</a>', re.ASCII)
_NO_TYPES = ("NoneType", "object", "Any", "Union", "Optional", "List")


def find(sources: Sources) -> str | None:
    """The folder of the package, None if the SDK has another layout."""
    return outermost(
        file.rpartition("/")[0]
        for file, text in sources.files.items()
        if file.rpartition("/")[2] == "_client.py" and _CLIENT_BASE in text
    )


def read(sources: Sources, root: str) -> OldSdk:
    """The SDK whose package is the folder ``root``."""
    modules = Modules(sources.files, root)
    reader = _Reader(modules)
    clients = (one for one in modules.classes_in("_client") if _CLIENT_BASE in one.bases())
    client = next(clients, None)
    if client is not None:
        reader.read(client)
    supplied = former_names(client.name if client else "")
    library, imported = library_of(modules, supplied)
    unread = [*imported, *modules.unread, *reader.unread, *_missing(sources, root, reader.seen)]
    if client is None:
        unread.append(Unread(Place(f"{root}/_client.py", 1), f"no class inherits {_CLIENT_BASE}"))
    return OldSdk(
        layout="Stainless",
        package=root.rpartition("/")[2],
        version=version_of(sources, modules),
        client=None if client is None else client_of(client, modules),
        methods=tuple(reader.methods),
        pages=pages_of(modules.get("pagination")),
        types=exported(modules, ("types",)),
        library=library,
        internals=internals_of(modules, supplied),
        handwritten=tuple(reader.handwritten),
        unread=tuple(sorted(unread, key=lambda one: (one.place, one.reason))),
    )


class _Reader(ResourceReader):
    """Resources are annotated attributes, as in the first versions, or properties."""

    def children(self, one: Class) -> Iterator[tuple[str, Class]]:
        for node in one.node.body:
            name, annotation = "_", None
            if isinstance(node, ast.AnnAssign):
                name, annotation = syntax.dotted(node.target), node.annotation
            elif isinstance(node, syntax.FUNCTIONS) and syntax.is_property(node):
                name, annotation = node.name, node.returns
            child = None if name.startswith("_") else self._resource(one, annotation)
            if child is not None:
                yield name, child

    def _resource(self, one: Class, annotation: ast.expr | None) -> Class | None:
        found = self.modules.class_of(one.module, syntax.dotted(annotation))
        bases = (each.bases() for each in self.modules.inherited(found)) if found else ()
        return found if any(_RESOURCE_BASE in each for each in bases) else None

    def method(self, function: syntax.Function, one: Class, path: tuple[str, ...]) -> None:
        request = request_of(function, on_client=not path)
        if isinstance(request, Unclear):
            self.refuse(function, one, path, request)
        elif request is not None:
            self.add(self._read(function, request, one, path))
        elif path:
            self.note_handwritten(function, one, path)

    def _read(
        self, function: syntax.Function, request: Request, one: Class, path: tuple[str, ...]
    ) -> OldMethod:
        module, call = one.module, request.call
        page = syntax.dotted(syntax.keyword(call, "page"))
        shown = syntax.keyword(call, "model") if page else syntax.keyword(call, "cast_to")
        headers = headers_of(function)
        stream = syntax.keyword(call, "stream_cls")
        event = syntax.dotted(stream.slice) if isinstance(stream, ast.Subscript) else ""
        source = self.modules.class_of(module, event) if event else None
        return OldMethod(
            http_method=request.http_method,
            path=request.path,
            resource=".".join(path),
            name=function.name,
            place=module.place(function),
            arguments=method_arguments(function, request, module, self.modules),
            returns=_type_name(shown),
            page=page.rpartition(".")[2],
            streams=stream is not None,
            always_streams=syntax.constant(syntax.keyword(call, "stream")) is True,
            event=event.rpartition(".")[2],
            event_fields=frozenset(wire_names(source.node).values() if source else ()),
            unwrap=self._unwrapped(function, one),
            accept=headers.pop("Accept", ""),
            headers={name: text for name, text in headers.items() if name != "Content-Type"},
            has_body=body_of(call) is not None,
        )

    def _unwrapped(self, function: syntax.Function, one: Class) -> str:
        """The property that ``post_parser=DataWrapper[X]._unwrapper`` unwraps."""
        for node in ast.walk(function):
            parser = node.value if isinstance(node, ast.keyword) else None
            if isinstance(parser, ast.Attribute) and parser.attr == "_unwrapper":
                found = self.modules.class_of(one.module, syntax.dotted(parser.value))
                return next(iter(wire_names(found.node).values()), "") if found else ""
        return ""


def _type_name(node: ast.expr | None) -> str:
    """The class in ``cast(Any, X)``, ``Type[X]`` or ``X``; empty if there is no single one."""
    if (
        isinstance(node, ast.Call)
        and syntax.dotted(node.func).endswith("cast")
        and len(node.args) == 2
    ):
        kind, node = node.args
        if isinstance(kind, ast.Subscript):
            node = kind.slice
    name = syntax.last_name(node)
    return "" if name in _NO_TYPES else name


def _missing(sources: Sources, root: str, known: set[str]) -> Iterator[Unread]:
    """Methods in ``api.md`` that the text of the package does not contain."""
    for file in ("api.md", f"{root}/api.md"):
        for number, line in enumerate(sources.files.get(file, "").splitlines(), 1):
            found = _WITNESS.search(line)
            if found and f"{found[3]}{found[4]}" not in known:
                told = f"{found[1].upper()} {unquote(found[2])}"
                reason = f"client.{found[3]}{found[4]} ({told}) is in api.md only"
                yield Unread(Place(file, number), reason)
