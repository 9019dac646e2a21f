"""Reads the layout of Fern: one client for each resource; methods call ``httpx_client.request``."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from specloom.adoption.layouts import syntax
from specloom.adoption.layouts.fern_client import client_of
from specloom.adoption.layouts.fern_requests import method_arguments, page_of, request_of, result_of
from specloom.adoption.layouts.modules import Class, Modules
from specloom.adoption.layouts.packages import exported, outermost, package_of, version_of
from specloom.adoption.layouts.requests import Request, Unclear
from specloom.adoption.layouts.resources import ResourceReader
from specloom.adoption.sources import Sources
from specloom.adoption.surface import OldMethod, OldPage, OldSdk, Place, Unread

_WRAPPER = "core/client_wrapper.py"


def find(sources: Sources) -> str | None:
    """The folder of the package, None if the SDK has another layout."""
    return outermost(
        file.removesuffix(_WRAPPER).rstrip("/")
        for file, text in sources.files.items()
        if f"/{file}".endswith(f"/{_WRAPPER}") and "SyncClientWrapper" in text
    )


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
        reader.read(client)
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
        for one in modules.classes_in(name):
            texts = (ast.unparse(each.node) for each in modules.inherited(one))
            if not one.name.startswith("Async") and any(" SyncClientWrapper(" in t for t in texts):
                return one
    return None


def _version(modules: Modules) -> str:
    """The version in the user agent."""
    found = dict(syntax.entries_in(modules.tree("core.client_wrapper")))
    return syntax.text_of(found.get("X-Fern-SDK-Version")) or ""


class _Reader(ResourceReader):
    """Resources are made in the constructor or in a property: ``XClient(client_wrapper=…)``."""

    def __init__(self, modules: Modules) -> None:
        super().__init__(modules)
        self.pages: dict[OldPage, str] = {}

    def children(self, one: Class) -> Iterator[tuple[str, Class]]:
        """Resources: ``self.x = XClient(client_wrapper=…)``.

        A property gives its name to a resource: the variable of a hand-written one differs.
        """
        for function in syntax.functions_in(one.node.body):
            for target, call in syntax.assigned(function):
                variable = syntax.dotted(target)
                if (
                    not variable.startswith("self.")
                    or syntax.keyword(call, "client_wrapper") is None
                ):
                    continue
                own_name = variable.removeprefix("self.").lstrip("_")
                name = function.name if syntax.is_property(function) else own_name
                found = self.modules.class_of(
                    one.module, syntax.dotted(getattr(call, "func", None))
                )
                if found is not None and name != "raw_client":
                    yield name, found

    def method(self, function: syntax.Function, one: Class, path: tuple[str, ...]) -> None:
        sender = self._sender(function, one) or function
        request = request_of(sender)
        if request is None:
            self.note_handwritten(function, one, path)
            sender = self._overridden(function, one) or function
            request = request_of(sender)
        if isinstance(request, Unclear):
            self.refuse(function, one, path, Unclear(function, request.reason))
        elif request is not None:
            self.add(self._read(function, sender, request, one, path))

    def _read(
        self,
        function: syntax.Function,
        sender: syntax.Function,
        request: Request,
        one: Class,
        path: tuple[str, ...],
    ) -> OldMethod:
        result = result_of(function)
        is_stream = not syntax.dotted(request.call.func).endswith(".request")
        return OldMethod(
            http_method=request.http_method,
            path=request.path,
            resource=".".join(path),
            name=function.name,
            place=one.module.place(function),
            arguments=method_arguments(function, sender, request),
            returns=result.name,
            page=self._page(sender) if result.is_paged else "",
            streams=is_stream and result.is_iterator and result.name != "bytes",
        )

    def _page(self, sender: syntax.Function) -> str:
        """The name of the pages of a method: one for each way to find the next page."""
        page = page_of(sender)
        number = len(self.pages) + 1
        name = f"SyncPager{number if number > 1 else ''}"
        return self.pages.setdefault(page, name) if page else "SyncPager"

    def _overridden(self, function: syntax.Function, one: Class) -> syntax.Function | None:
        """The generated method that hand-written code with the same name overrides."""
        for current in self.modules.inherited(one):
            for each in syntax.functions_in(current.node.body) if current.name != one.name else ():
                sender = self._sender(each, current) or each
                if each.name == function.name and request_of(sender) is not None:
                    return sender
        return None

    def _sender(self, function: syntax.Function, one: Class) -> syntax.Function | None:
        """The method of the raw client that sends the request, if there is a raw client."""
        raw = next(self._raw(one), None)
        for current in self.modules.inherited(raw) if raw else ():
            for each in syntax.functions_in(current.node.body):
                if each.name == function.name:
                    return each
        return None

    def _raw(self, one: Class) -> Iterator[Class]:
        for target, value in syntax.assigned(one.node):
            if syntax.dotted(target) == "self._raw_client" and isinstance(value, ast.Call):
                found = self.modules.class_of(one.module, syntax.dotted(value.func))
                if found is not None:
                    yield found
