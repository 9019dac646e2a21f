"""The report of `specloom ir`: the IR, the names and the name clashes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, cast

from specloom import ir
from specloom.description.document import Document
from specloom.description.node import Node, sdk_extension
from specloom.description.references import find
from specloom.naming.identifiers import Clash
from specloom.naming.names import Names


def report_of(document: Document, api: ir.Api, names: Names) -> dict[str, Any]:
    """``api``, ``names``, ``clashes`` and ``seen``; the help of ``specloom ir`` explains them."""
    return {
        "api": api,
        "names": {
            "types": {key: names.types[key] for key in api.types},
            "params": {key: names.params[key] for key in api.types if key in names.params},
            "methods": {
                one.pointer: f"client.{names.addresses[one.pointer]}" for one in api.operations()
            },
            "fields": dict(_changed_fields(api, names)),
            "arguments": dict(_changed_arguments(api, names)),
        },
        "clashes": [_plain_clash(clash) for clash in clashes_in(api, names)],
        "seen": list(_seen(document, api)),
    }


def as_plain(value: Any) -> Any:
    """A dataclass as a mapping with its class, a tuple as a list, other values unchanged."""
    if is_dataclass(value):
        named = {field.name: as_plain(getattr(value, field.name)) for field in fields(value)}
        return {"is": type(value).__name__, **named}
    if isinstance(value, dict):
        mapping = cast("dict[str, Any]", value)
        return {key: as_plain(inner) for key, inner in mapping.items()}
    if isinstance(value, list | tuple):
        return [as_plain(inner) for inner in cast("list[Any]", value)]
    return value


def clashes_in(api: ir.Api, names: Names) -> list[Clash]:
    """The clashes of the things in ``api``, which may be a subset of all named things."""
    known = {named.pointer for named in api.types.values()}
    known.update(field.pointer for field, _ in fields_of(api))
    for operation in api.operations():
        known.add(operation.pointer)
        known.update(parameter.pointer for parameter in operation.parameters)
        known.update([operation.body.pointer] if operation.body else ())
    return [clash for clash in names.clashes if clash.pointer in known]


def fields_of(api: ir.Api) -> Iterator[tuple[ir.Field, str]]:
    """Every property, with the pointer to its schema or body."""
    for named in api.types.values():
        if isinstance(named, ir.Model):
            yield from ((one, named.pointer) for one in named.fields)
    for operation in api.operations():
        if operation.body is not None:
            yield from ((one, operation.body.pointer) for one in operation.body.fields or ())


def node_at(document: Document, pointer: str) -> Node:
    """The value at a pointer, which may pass through a path item's reference."""
    uri, _, path = pointer.partition("#")
    return Node(document, *find(document, f"#{path}", uri))


def _changed_fields(api: ir.Api, names: Names) -> Iterator[tuple[str, dict[str, str]]]:
    for key in api.types:
        changed = {wire: name for wire, name in names.fields.get(key, {}).items() if wire != name}
        if changed:
            yield key, changed


def _changed_arguments(api: ir.Api, names: Names) -> Iterator[tuple[str, dict[str, Any]]]:
    for operation in api.operations():
        changed: dict[str, dict[str, str]] = {}
        for (location, wire), name in names.arguments[operation.pointer].items():
            if wire and wire != name:
                changed.setdefault(location, {})[wire] = name
        if changed:
            yield operation.pointer, changed


def _plain_clash(clash: Clash) -> dict[str, str]:
    return {"wanted": clash.wanted, "given": clash.given, "pointer": clash.pointer}


def _seen(document: Document, api: ir.Api) -> Iterator[dict[str, Any]]:
    """Pagination and streams that were detected by shape."""
    for operation in api.operations():
        said = sdk_extension(node_at(document, operation.pointer))
        found: dict[str, Any] = {}
        if operation.stream is not None and "stream" not in said:
            when = operation.stream.when
            found["stream"] = {"when": when} if when else {}
        if operation.pagination is not None and "pagination" not in said:
            found["pagination"] = operation.pagination
        if found:
            yield {"operation": operation.id, "pointer": operation.pointer, "x-sdk": found}
