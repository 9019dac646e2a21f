"""Streams and webhooks: the classes of streams with the types of their events, and webhooks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from specloom import ir
from specloom.docstrings import docstring, fill
from specloom.ir.usage import Usage
from specloom.layout import literal
from specloom.naming.identifiers import KEYWORDS, class_name, module_name
from specloom.naming.names import Names, all_resources, client_path, resource_attribute
from specloom.sdk.annotations import Annotations
from specloom.sdk.code import Code, Import, below, import_lines, imports_of, runtime
from specloom.sdk.views import PlannedFile, exporting_package


@dataclass(frozen=True, slots=True)
class Bases:
    """What a class and its asynchronous twin inherit first, as text that goes before other bases;
    and the imports for that. All are empty where nothing was written by hand."""

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
    """A module for each class of streams, and the package that names them; nothing without any."""
    streams = streams_of(api)
    if not streams:
        return
    folder = f"{api.settings.package}/streams"
    description = '"""Streams that have a class of their own."""'
    yield from exporting_package(folder, stream_index(api, "."), description)
    for name, operations in streams.items():
        context = _stream(name, operations, api, names, usage)
        path = f"{folder}/{_module(operations[0])}.py"
        yield PlannedFile(path, "package/streams/stream.py.j2", context)


def streams_of(api: ir.Api) -> dict[str, list[ir.Operation]]:
    """The classes of streams, sorted, with the operations that return them."""
    found: dict[str, list[ir.Operation]] = {}
    for operation in api.operations():
        if operation.stream is not None and operation.stream.name:
            found.setdefault(class_name(operation.stream.name), []).append(operation)
    return dict(sorted(found.items()))


def stream_index(api: ir.Api, root: str) -> dict[str, str]:
    """The module of each class; ``root`` leads from where it is imported to its package."""
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
    """The bases of a resource, with our class for the one that is called like our attribute."""
    if resource_attribute(resource) != "webhooks":
        return bases
    own = f"{CLASS}, "
    imports = bases.imports | {(".webhooks", CLASS)}
    return Bases(bases.sync + own, bases.asynchronous + own, imports)


def webhook_files(api: ir.Api, names: Names, usage: Usage) -> Iterator[PlannedFile]:
    """The module of webhooks; nothing without any."""
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
