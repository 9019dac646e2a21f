"""The lock after a run: with new names and former names, without removed ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from specloom import ir
from specloom.description.tree import escape
from specloom.ir.names_lock import Entries, Entry, Lock, argument_key, operation_key, type_key
from specloom.ir.usage import Usage, returned_type
from specloom.naming.names import Names, address_of, all_resources, method_name


def renewed(lock: Lock, api: ir.Api, names: Names, usage: Usage, *, is_whole: bool) -> Lock:
    """The new lock of an API that was named with ``lock``.

    Where the API is not whole, since parts of the description are broken, what it does not have
    stays in the lock: it will be back.
    """
    operations, polls = _methods(api, names)
    now = replace(
        lock,
        operations=operations,
        polls=polls,
        arguments=_arguments(api, names),
        types=_types(api, names, usage, lock.document),
    )
    if is_whole:
        return now
    return replace(
        lock,
        operations={**lock.operations, **now.operations},
        polls={**lock.polls, **now.polls},
        arguments={**lock.arguments, **now.arguments},
        types={**lock.types, **now.types},
    )


def _methods(api: ir.Api, names: Names) -> tuple[Entries, Entries]:
    was = _former_methods(api)
    operations: dict[str, Entry] = {}
    polls: dict[str, Entry] = {}
    for operation in api.operations():
        key, pointer = _key(operation), operation.pointer
        address = names.addresses[pointer]
        own_id = "" if operation.id.lower() == key.lower() else operation.id
        pages = operation.pagination.style if operation.pagination else ""
        returns = names.types.get(returned_type(operation) or "", "")
        former = was.get((pointer, False), {})
        operations[key] = Entry(address, own_id, former, pages=pages, returns=returns)
        if operation.poll is not None:
            resource, stop, _ = address.rpartition(".")
            name = f"{resource}{stop}{names.polls[pointer]}"
            polls[key] = Entry(name, was=was.get((pointer, True), {}))
    return operations, polls


def _former_methods(api: ir.Api) -> Mapping[tuple[str, bool], dict[str, str]]:
    """Former addresses with their versions, by operation and by whether the method polls."""
    found: dict[tuple[str, bool], dict[str, str]] = {}
    for resource in all_resources(api.resources):
        for former in resource.former:
            address = address_of(resource, method_name(former.name, resource))
            found.setdefault((former.operation, former.waits), {})[address] = former.since
    return found


def _arguments(api: ir.Api, names: Names) -> Entries:
    found: dict[str, Entry] = {}
    for operation in api.operations():
        for (location, wire_name), name in names.arguments[operation.pointer].items():
            if (operation.pointer, location, wire_name) in names.contested:
                found[argument_key(_key(operation), location, wire_name)] = Entry(name)
    return found


def _types(api: ir.Api, names: Names, usage: Usage, document: str) -> Entries:
    was: dict[str, dict[str, str]] = {}
    for old, (key, since) in names.former_types.items():
        was.setdefault(key, {})[old] = since
    found: dict[str, Entry] = {}
    for key in api.types:
        place = type_key(key, document)
        if place is not None and (key in usage.responses or key in usage.requests):
            found[place] = Entry(names.types[key], was=was.get(key, {}))
    return found


def _key(operation: ir.Operation) -> str:
    return operation_key(operation.http_method, operation.path)


def moved(lock: Lock, ids: Mapping[str, str]) -> Lock:
    """The lock, with the entries of such operations under their new keys.

    ``ids`` holds for each operation of the description its operationId by its key. An operation
    that the lock does not know is another one only if its operationId is unknown as well.
    """
    gone = {entry.id: key for key, entry in lock.operations.items() if entry.id and key not in ids}
    moves = {
        gone[id_]: key for key, id_ in ids.items() if key not in lock.operations and id_ in gone
    }
    if not moves:
        return lock
    places = {_place(old): _place(new) for old, new in moves.items()}
    return replace(
        lock,
        operations=_rekeyed(lock.operations, moves, ""),
        polls=_rekeyed(lock.polls, moves, ""),
        arguments=_rekeyed(lock.arguments, moves, " "),
        types=_rekeyed(lock.types, places, "/"),
    )


def _place(key: str) -> str:
    """The JSON pointer of an operation."""
    method, _, path = key.partition(" ")
    return f"/paths/{escape(path)}/{method.lower()}"


def _rekeyed(entries: Entries, moves: Mapping[str, str], end: str) -> dict[str, Entry]:
    """Entries whose keys equal one of ``moves``, or begin with one followed by ``end``."""
    found: dict[str, Entry] = {}
    for key, entry in entries.items():
        for old, new in moves.items():
            if key == old or (end and key.startswith(old + end)):
                found[new + key[len(old) :]] = entry
                break
        else:
            found[key] = entry
    return found
