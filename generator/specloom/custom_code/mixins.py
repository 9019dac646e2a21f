"""Checks that the classes and targets of `x-sdk.mixins` exist.

The class is looked for in the text of the included folder (`include.py`). Who inherits it is known
once the description is understood and named.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import NamedTuple

from specloom import ir
from specloom.custom_code.include import Include
from specloom.description.document import Document
from specloom.description.tree import child, members
from specloom.errors import Problems
from specloom.ir.words import dotted_path, snake
from specloom.naming.identifiers import class_name
from specloom.naming.names import (
    Names,
    all_resources,
    attribute_path,
    resource_attribute,
    resource_class,
)
from specloom.naming.reserved import CLIENT_MODULE_NAMES

_VIEWS = ("with_raw_response", "with_streaming_response")


class Declared(NamedTuple):
    """A mixin that the description names, and the place there.

    What inherits it is of a kind, and has a name in `x-sdk`, which is empty for the client.
    """

    kind: str
    heir: str
    path: str
    pointer: str


def declared(document: Document) -> list[Declared]:
    """Every mixin in the root `x-sdk`. `xsdk` reports values that are not strings."""
    sdk = document.root.get("x-sdk") if isinstance(document.root, dict) else None
    mixins = sdk.get("mixins") if isinstance(sdk, dict) else None
    pointer = child(f"{document.entry}#", "x-sdk", "mixins")
    found: list[Declared] = []
    for kind, value in members(mixins):
        place = child(pointer, kind)
        if kind == "client" and isinstance(value, str):
            found.append(Declared("client", "", value, place))
        for heir, path in members(value):
            if isinstance(path, str):
                found.append(Declared(str(kind), str(heir), path, child(place, heir)))
    return found


def twin(path: str) -> str:
    """The path of the async mixin class."""
    module, _, name = path.rpartition(".")
    return f"{module}.Async{name}"


def is_used(document: Document, api: ir.Api) -> bool:
    """Whether the generated SDK includes the folder.

    It does not where it is there to be inherited and no class of a selected part inherits it: it
    may need types that the part does not have.
    """
    inherited = [api.settings.mixin, *(one.mixin for one in all_resources(api.resources))]
    inherited += [one.stream.mixin for one in api.operations() if one.stream is not None]
    return any(inherited) or not declared(document)


def check_classes(document: Document, include: Include | None, problems: Problems) -> None:
    """Report every mixin whose sync or async class is not in the included folder."""
    for one in declared(document):
        if include is None:
            message = f"{one.path!r} is to be inherited, and no folder is included"
            folder = one.path.partition(".")[0]
            hint = f'set include = "path/to/{folder}" in [tool.specloom], or give --include'
            problems.error("bad-mixin", message, one.pointer, hint)
        elif one.path not in include.classes:
            message = f"there is no class {one.path!r} in the included folder {include.name!r}"
            problems.error("bad-mixin", message, one.pointer, _closest(one.path, include.classes))
        elif twin(one.path) not in include.classes:
            name, other = one.path.rpartition(".")[2], twin(one.path)
            message = f"there is no {other!r}, which what is asynchronous inherits"
            hint = f"write it beside {name!r}, or Async{name} = {name} if it awaits nothing"
            problems.error("bad-mixin", message, one.pointer, hint)


def check_heirs(
    document: Document, api: ir.Api, names: Names, include: Include | None, problems: Problems
) -> None:
    """Report every mixin that no class inherits, or that a generated class would hide."""
    heirs = _heirs(api, names)
    generated = _classes_of(api)
    for one in declared(document):
        own = heirs[one.kind].get(one.heir)
        if own is None:
            hint = _closest(one.heir, heirs[one.kind])
            what = "resource" if one.kind == "resources" else "stream"
            if what == "stream" and not heirs[one.kind]:
                hint = f"give it to an operation\n  x-sdk:\n    stream: {{class: {one.heir}}}"
            problems.error("bad-mixin", f"no {what} is called {one.heir!r}", one.pointer, hint)
            continue
        name = one.path.rpartition(".")[2]
        if {name, f"Async{name}"} & generated:
            message = f"the generated package has a class {name!r} of its own"
            problems.error("bad-mixin", message, one.pointer, f"call it {name}Mixin")
        for hidden in sorted(own & _defined(one.path, include)):
            message = f"{name}.{hidden} would be hidden by the {hidden!r} that is generated"
            hint = "give it another name, or the operation one with x-sdk.method"
            problems.error("bad-mixin", message, one.pointer, hint)


def check_stream_classes(api: ir.Api, problems: Problems) -> None:
    """Report stream classes with a taken name, or with two different event types."""
    generated = _classes_of(api)
    first: dict[str, ir.Operation] = {}
    for operation in api.operations():
        stream = operation.stream
        if stream is None or not stream.name:
            continue
        name = class_name(stream.name)
        pointer = child(operation.pointer, "x-sdk", "stream", "class")
        # A file for each class: on some disks, names that differ by case alone are one.
        other = first.setdefault(snake(stream.name), operation)
        if {name, f"Async{name}"} & generated:
            message = f"the generated package has a class {name!r} of its own"
            problems.error("bad-x-sdk", message, pointer, f"call it {name}Stream")
        elif other.stream is None or (other.stream.type, other.stream.name) != (
            stream.type,
            stream.name,
        ):
            message = f"{name!r} is not for these events, but for those of {other.id!r}"
            problems.error("bad-x-sdk", message, pointer, "give this stream another class")


def _heirs(api: ir.Api, names: Names) -> dict[str, dict[str, set[str]]]:
    """The own members of each class, which hide inherited ones, by kind and name in `x-sdk`."""
    resources: dict[str, set[str]] = {}
    for resource in all_resources(api.resources):
        pointers = [operation.pointer for operation in resource.operations]
        own = {names.methods[pointer] for pointer in pointers}
        own.update(names.polls[pointer] for pointer in pointers if pointer in names.polls)
        own.update(resource_attribute(below) for below in resource.children)
        own.update(_VIEWS if pointers else ())
        resources[dotted_path(resource.path)] = resources[attribute_path(resource)] = own
    streams = {operation.stream.name for operation in api.operations() if operation.stream}
    client = {resource_attribute(resource) for resource in api.resources if resource.path}
    client |= resources.pop("", set())
    return {
        "client": {"": client},
        "resources": resources,
        "streams": {class_name(name): set() for name in streams if name},
    }


def _classes_of(api: ir.Api) -> set[str]:
    """The class names in the modules of the package, without types."""
    found = {api.settings.client, f"Async{api.settings.client}", *CLIENT_MODULE_NAMES}
    for resource in all_resources(api.resources):
        own = resource_class(resource)
        views = (f"{own}{''.join(part.title() for part in view.split('_'))}" for view in _VIEWS)
        for name in (own, f"{own}Resource", *views):
            found |= {name, f"Async{name}"}
    return found


def _defined(path: str, include: Include | None) -> set[str]:
    found: set[str] = set()
    for name in (path, twin(path)):
        one = include.classes.get(name) if include is not None else None
        found.update(one.names if one is not None else ())
    return found


def _closest(name: str, known: Iterable[str]) -> str:
    names = sorted(known)
    close = get_close_matches(name, names, 1)
    if close:
        return f"did you mean {close[0]!r}?"
    return f"there is: {', '.join(names[:10])}" if names else ""
