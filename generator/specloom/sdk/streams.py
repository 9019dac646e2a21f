"""This API's own classes for streams, pages and webhooks: their modules and their index."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from specloom import ir
from specloom.errors import Problems
from specloom.ir.usage import Usage
from specloom.layout import docstring, fill, literal
from specloom.naming.identifiers import KEYWORDS, class_name, module_name
from specloom.naming.names import (
    PAGE_STYLES,
    Names,
    all_resources,
    client_path,
    page_classes,
    resource_attribute,
    streams_of,
)
from specloom.sdk.annotations import Annotations
from specloom.sdk.code import Code, Import, below, import_lines, imports_of, runtime
from specloom.sdk.views import PlannedFile, exporting_package


@dataclass(frozen=True, slots=True)
class Bases:
    """The first base classes of a class and its async twin, as text before other bases.

    All are empty without a hand-written mixin.
    """

    sync: str = ""
    asynchronous: str = ""
    imports: frozenset[Import] = frozenset()


def bases_of(mixin: str) -> Bases:
    """The bases that a mixin makes."""
    if not mixin:
        return Bases()
    module, _, name = mixin.rpartition(".")
    twins = frozenset((f".{module}", one) for one in (name, f"Async{name}"))
    return Bases(f"{name}, ", f"Async{name}, ", twins)


def stream_files(api: ir.Api, names: Names, usage: Usage) -> Iterator[PlannedFile]:
    """A module for each stream class, and the package that exports them; empty without any."""
    streams = streams_of(api)
    if not streams:
        return
    folder = f"{api.settings.package}/streams"
    description = '"""The stream classes of this API."""'
    yield from exporting_package(folder, stream_index(api, "."), description)
    for name, operations in streams.items():
        context = _stream(name, operations, api, names, usage)
        path = f"{folder}/{_module(operations[0])}.py"
        yield PlannedFile(path, "package/streams/stream.py.j2", context)


def stream_index(api: ir.Api, root: str) -> dict[str, str]:
    """The module of each class; ``root`` is the relative path from the importing module."""
    index = {
        f"{prefix}{name}": f"{root}{_module(operations[0])}"
        for name, operations in streams_of(api).items()
        for prefix in ("", "Async")
    }
    return dict(sorted(index.items()))


def _module(operation: ir.Operation) -> str:
    return module_name(operation.stream.name, KEYWORDS) if operation.stream is not None else ""


def _stream(
    name: str, operations: list[ir.Operation], api: ir.Api, names: Names, usage: Usage
) -> dict[str, object]:
    stream = operations[0].stream
    annotations = Annotations(api, names, usage, prefix="types.")
    event = annotations.read(stream.type) if stream is not None else Code("")
    bases = bases_of(stream.mixin if stream is not None else "")
    imports = imports_of((event, runtime("AsyncStream"), runtime("Stream"))) | bases.imports
    text = f"What {_methods(operations, api, names)} return{'s' * (len(operations) == 1)}."
    return {
        "class_name": name,
        "event": event,
        "bases": bases,
        "imports": import_lines(below(1, imports)),
        "docstring": docstring(fill(text, 4), 4),
        "module_docstring": docstring(f"Streams of the class ``{name}``.", 0),
    }


def _methods(operations: list[ir.Operation], api: ir.Api, names: Names) -> str:
    paths = {
        operation.pointer: f"``{client_path(resource)}"
        for resource in all_resources(api.resources)
        for operation in resource.operations
    }
    methods = [f"{paths[one.pointer]}.{names.methods[one.pointer]}``" for one in operations]
    *most, last = methods
    return f"{', '.join(most)} and {last}" if most else last


CLASS = "WebhookEvents"


def has_resource(api: ir.Api) -> bool:
    """Whether the API has methods at ``client.webhooks`` itself: their class inherits ours."""
    return any(one.path and resource_attribute(one) == "webhooks" for one in api.resources)


def with_webhooks(bases: Bases, resource: ir.Resource) -> Bases:
    """The bases of a resource, with our class if the resource has the name of our attribute."""
    if resource_attribute(resource) != "webhooks":
        return bases
    own = f"{CLASS}, "
    imports = bases.imports | {(".webhooks", CLASS)}
    return Bases(bases.sync + own, bases.asynchronous + own, imports)


def webhook_files(api: ir.Api, names: Names, usage: Usage) -> Iterator[PlannedFile]:
    """The module of webhooks; empty without any."""
    webhooks = api.webhooks
    if webhooks is None:
        return
    lazy = Annotations(api, names, usage, prefix="types.")
    event = lazy.read(webhooks.event)
    named = {name: lazy.read(type_ref) for name, type_ref in webhooks.named}
    by_name = dict(webhooks.signature).get("event_header")
    context = {
        "class_name": CLASS,
        "event": event.text,
        "imports": import_lines(imports_of([event, *named.values()]) | {(".", "types")}),
        "named": {name: one.text for name, one in named.items()} if by_name else {},
        "signature": [(key, literal(value)) for key, value in webhooks.signature],
        "tolerance": literal(webhooks.tolerance),
    }
    yield PlannedFile(f"{api.settings.package}/webhooks.py", "package/webhooks.py.j2", context)


_MODULE = "classes"


def page_index(api: ir.Api, root: str) -> dict[str, str]:
    """The module of each class; ``root`` is the relative path from the importing module."""
    names = (name for words, _ in _own(api) for name in page_classes(words))
    return dict.fromkeys(names, f"{root}{_MODULE}")


def page_files(api: ir.Api) -> Iterator[PlannedFile]:
    """The module of this API's own page classes, and its package; empty without any.

    The package loads it with the first page, because pages load pydantic.
    """
    own = _own(api)
    if not own:
        return
    bases = {style: page_classes((PAGE_STYLES[style], "Page")) for _, style in own}
    imports = imports_of(runtime(one) for both in bases.values() for one in both)
    context = {
        "classes": [
            pair
            for words, style in own
            for pair in zip(page_classes(words), bases[style], strict=True)
        ],
        "imports": import_lines(below(1, imports)),
    }
    folder = f"{api.settings.package}/pages"
    description = '"""The page classes of this API."""'
    yield from exporting_package(folder, page_index(api, "."), description)
    yield PlannedFile(f"{folder}/{_MODULE}.py", "package/pages/classes.py.j2", context)


def _own(api: ir.Api) -> list[tuple[ir.Words, str]]:
    """Names with their styles, sorted."""
    found = {
        class_name(pages.name): (pages.name, pages.style)
        for operation in api.operations()
        if (pages := operation.pagination) is not None and pages.name
    }
    return [found[name] for name in sorted(found)]


def check_page_classes(api: ir.Api, problems: Problems) -> None:
    """Report a page class that two styles share, or that has the name of a runtime class."""
    taken = {f"{style}Page": "a class of the runtime" for style in PAGE_STYLES.values()}
    taken |= {"Page": "a class of the runtime"}
    styles: dict[str, str] = {}
    for operation in api.operations():
        pages = operation.pagination
        if pages is None or not pages.name:
            continue
        name = class_name(pages.name)
        first = styles.setdefault(name, pages.style)
        other = taken.get(name) or ("" if first == pages.style else f"for pages of {first!r}")
        if other:
            message = f"the class Sync{name} is {other}"
            hint = "write another name as 'class' of the pagination scheme"
            problems.error("bad-x-sdk", message, f"{operation.pointer}/x-sdk/pagination", hint)
