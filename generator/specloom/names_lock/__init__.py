"""The names lock: keeps the public names of an SDK when the description changes.

``file`` reads and writes it. This module checks it, refuses changes of names, and renews it after a
run: operations at a new path, new names and former names. Its data is in the IR
(``ir/names_lock.py``). ``docs/upgrading.md`` documents it for users.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from specloom import ir
from specloom.description.tree import escape
from specloom.errors import Problems
from specloom.ir.names_lock import (
    Entries,
    Entry,
    Lock,
    argument_key,
    still_works,
    type_key,
)
from specloom.ir.usage import Usage, returned_type
from specloom.naming.names import Names, address_of, all_resources, attribute_path, method_name


def check_lock(api: ir.Api, names: Names, lock: Lock, problems: Problems) -> None:
    """Report current or former public names that now refer to something else."""
    taken = _claims(api, names)
    for operation in api.operations():
        _check_operation(operation, names, lock, taken, problems)
    _check_former_methods(api, names, lock, problems)
    _check_types(api, names, lock, problems)
    _tell_of_the_end(api.settings.version, lock, problems)


def _claims(api: ir.Api, names: Names) -> dict[str, tuple[str, str]]:
    """The kind of each attribute path under the client, and its operation."""
    found: dict[str, tuple[str, str]] = {}
    for resource in all_resources(api.resources):
        below = all_resources(resource.children)
        first = next((one for each in (resource, *below) for one in each.operations), None)
        if resource.path and first is not None:
            found[attribute_path(resource)] = ("the resource", first.key)
        for operation in resource.operations:
            claim = ("the method", operation.key)
            found.setdefault(names.addresses[operation.pointer], claim)
    return found


def _check_operation(
    operation: ir.Operation,
    names: Names,
    lock: Lock,
    taken: Mapping[str, tuple[str, str]],
    problems: Problems,
) -> None:
    """Check that a locked operation has its method name without an appended number."""
    entry = lock.operations.get(operation.key)
    name = names.methods[operation.pointer]
    wanted = method_name(operation.name, ir.Resource(operation.resource, (), ()))
    if entry is not None and name != wanted:
        address = names.addresses[operation.pointer]
        needed = f"{address.removesuffix(name)}{wanted}"
        kind, other = taken.get(needed, ("another member", "the client"))
        locked = f"client.{needed}, the locked name of {operation.key},"
        message = f"{locked} is now {kind} of {other} too"
        hint = f"set another resource or method for {other} with x-sdk"
        problems.error("lock-clash", message, entry.pointer, hint)


def _check_former_methods(api: ir.Api, names: Names, lock: Lock, problems: Problems) -> None:
    taken = dict(_surface(api, names))
    operations = {one.pointer: one for one in api.operations()}
    for resource in all_resources(api.resources):
        for former in (one for one in resource.former if not one.is_alias):
            operation = operations[former.operation]
            address = address_of(resource, method_name(former.name, resource))
            other = taken.setdefault(address, f"a former name of {operation.key}")
            if other != f"a former name of {operation.key}":
                entries = lock.polls if former.waits else lock.operations
                entry = entries[operation.key]
                _refuse_former(f"client.{address}", other, operation.key, entry, problems)


def _surface(api: ir.Api, names: Names) -> Iterator[tuple[str, str]]:
    """Every attribute path under the client, and the thing there."""
    for resource in all_resources(api.resources):
        if resource.path:
            yield attribute_path(resource), "a resource"
        for former in (one for one in resource.former if one.is_alias):
            yield address_of(resource, method_name(former.name, resource)), "an alias"
        for operation in resource.operations:
            yield names.addresses[operation.pointer], operation.key
            if operation.poll is not None:
                yield address_of(resource, names.polls[operation.pointer]), operation.key


def _check_types(api: ir.Api, names: Names, lock: Lock, problems: Problems) -> None:
    for key, named in api.types.items():
        entry = lock.type(key)
        has_its_name = entry is not None and names.types[key] == entry.name
        if entry is not None and not has_its_name and not named.is_named:
            message = f"types.{entry.name} is the name of two types"
            hint = "rename one of them with x-sdk"
            problems.error("lock-clash", message, entry.pointer, hint)
    public = {name: "a type" for kind in (names.types, names.params) for name in kind.values()}
    for old, (key, _) in names.former_types.items():
        entry = lock.type(key)
        if old in public and entry is not None:
            now = f"types.{names.types[key]}"
            _refuse_former(f"types.{old}", "another type", now, entry, problems)


def _tell_of_the_end(version: str, lock: Lock, problems: Problems) -> None:
    """Report former names that stop working with this version."""
    for section, root in (
        (lock.operations, "client"),
        (lock.polls, "client"),
        (lock.types, "types"),
    ):
        for entry in section.values():
            for old, since in entry.was.items():
                if not still_works(since, version):
                    now = f"{root}.{entry.name}"
                    message = (
                        f"{root}.{old}, the former name of {now}, stops working with {version}"
                    )
                    hint = f'to keep it for one more version, write {old}: "{version}"'
                    problems.warning("former-name-ends", message, entry.pointer, hint)


def _refuse_former(old: str, other: str, renamed: str, entry: Entry, problems: Problems) -> None:
    message = f"{old}, the former name of {renamed}, now means something else: {other}"
    hint = (
        "choose other names with x-sdk; or drop the former name now: write the new name\n"
        "here, in the names lock, without the former one under 'was'"
    )
    problems.error("lock-clash", message, entry.pointer, hint)


def renewed(lock: Lock, api: ir.Api, names: Names, usage: Usage, *, is_whole: bool) -> Lock:
    """The new lock of an API that was named with ``lock``.

    If broken parts of the description were left out, their entries stay in the lock for later runs.
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
        key, pointer = operation.key, operation.pointer
        address = names.addresses[pointer]
        own_id = operation.id if operation.has_own_id else ""
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
        for former in (one for one in resource.former if not one.is_alias):
            address = address_of(resource, method_name(former.name, resource))
            found.setdefault((former.operation, former.waits), {})[address] = former.since
    return found


def _arguments(api: ir.Api, names: Names) -> Entries:
    found: dict[str, Entry] = {}
    for operation in api.operations():
        for (location, wire_name), name in names.arguments[operation.pointer].items():
            if (operation.pointer, location, wire_name) in names.contested:
                found[argument_key(operation.key, location, wire_name)] = Entry(name)
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


def moved(lock: Lock, ids: Mapping[str, str]) -> Lock:
    """The lock, with the entries of moved operations under their new keys.

    ``ids`` maps the key of each operation of the description to its operationId. An unlocked
    operation is a new one only if its operationId is not in the lock either.
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
    """Entries with new keys: those that equal a key of ``moves``, or begin with it and ``end``."""
    found: dict[str, Entry] = {}
    for key, entry in entries.items():
        for old, new in moves.items():
            if key == old or (end and key.startswith(old + end)):
                found[new + key[len(old) :]] = entry
                break
        else:
            found[key] = entry
    return found
