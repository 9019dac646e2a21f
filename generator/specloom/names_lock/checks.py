"""Checks that nothing new takes a locked name."""

from __future__ import annotations

from collections.abc import Iterator

from specloom import ir
from specloom.errors import Problems
from specloom.ir.names_lock import Entry, Lock, operation_key, still_works
from specloom.naming.names import Names, address_of, all_resources, attribute_path, method_name


def check_lock(api: ir.Api, names: Names, lock: Lock, problems: Problems) -> None:
    """Report current or former public names that now refer to something else."""
    for operation in api.operations():
        _check_operation(operation, names, lock, problems)
    _check_former_methods(api, names, lock, problems)
    _check_types(api, names, lock, problems)
    _tell_of_the_end(api.settings.version, lock, problems)


def _check_operation(operation: ir.Operation, names: Names, lock: Lock, problems: Problems) -> None:
    """A locked operation has its method name without an appended number."""
    entry = lock.operations.get(_key(operation))
    name = names.methods[operation.pointer]
    wanted = method_name(operation.name, ir.Resource(operation.resource, (), ()))
    if entry is not None and name != wanted:
        address = names.addresses[operation.pointer]
        taken = f"{address.removesuffix(name)}{wanted}"
        message = f"client.{taken} is a resource, or another operation's method"
        hint = f"{_key(operation)} has that name: give the other one another by x-sdk"
        problems.error("lock-clash", message, entry.pointer, hint)


def _check_former_methods(api: ir.Api, names: Names, lock: Lock, problems: Problems) -> None:
    taken = dict(_surface(api, names))
    operations = {one.pointer: one for one in api.operations()}
    for resource in all_resources(api.resources):
        for former in (one for one in resource.former if not one.is_alias):
            operation = operations[former.operation]
            address = address_of(resource, method_name(former.name, resource))
            other = taken.setdefault(address, f"a former name of {_key(operation)}")
            if other != f"a former name of {_key(operation)}":
                entries = lock.polls if former.waits else lock.operations
                entry = entries[_key(operation)]
                _refuse_former(f"client.{address}", other, _key(operation), entry, problems)


def _surface(api: ir.Api, names: Names) -> Iterator[tuple[str, str]]:
    """Every attribute path under the client, and the thing there."""
    for resource in all_resources(api.resources):
        if resource.path:
            yield attribute_path(resource), "a resource"
        for former in (one for one in resource.former if one.is_alias):
            yield address_of(resource, method_name(former.name, resource)), "an alias"
        for operation in resource.operations:
            yield names.addresses[operation.pointer], _key(operation)
            if operation.poll is not None:
                yield address_of(resource, names.polls[operation.pointer]), _key(operation)


def _check_types(api: ir.Api, names: Names, lock: Lock, problems: Problems) -> None:
    for key, named in api.types.items():
        entry = lock.type(key)
        is_kept = entry is not None and names.types[key] == entry.name
        if entry is not None and not is_kept and not named.is_named:
            message = f"types.{entry.name} is the name of two types"
            hint = "only one of them can have it: name the other by x-sdk"
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
                    hint = f'to keep it once more, write {old}: "{version}"'
                    problems.warning("former-name-ends", message, entry.pointer, hint)


def _refuse_former(old: str, other: str, renamed: str, entry: Entry, problems: Problems) -> None:
    message = f"{old}, the former name of {renamed}, now means something else: {other}"
    hint = (
        "choose other names by x-sdk; or give the former name up at once: write the new name\n"
        "here, in the lock of names, without the former one under 'was'"
    )
    problems.error("lock-clash", message, entry.pointer, hint)


def _key(operation: ir.Operation) -> str:
    return operation_key(operation.http_method, operation.path)
