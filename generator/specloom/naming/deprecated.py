"""What is said of what is deprecated: in warnings, docstrings and marks for type checkers.

Every text is made of names of the SDK's, none of the description's.
"""

from __future__ import annotations

from collections.abc import Mapping

from specloom import ir
from specloom.naming.names import Names
from specloom.naming.successors import inputs_of


def method_message(operation: ir.Operation, names: Names, address: str) -> str:
    """What is said where the method is called that calls an operation as ``client.<address>``."""
    return f"client.{address} is deprecated.{_instead(successor(operation, names))}"


def argument_messages(operation: ir.Operation, names: Names, address: str) -> dict[str, str]:
    """What is said where a deprecated argument of a method is given, by its name."""
    return {
        name: f"The argument {name!r} of client.{address} is deprecated."
        + _instead(repr(other) if other else "")
        for name, other in deprecated_arguments(operation, names).items()
    }


def former_message(old: str, new: str) -> str:
    """What is said where a method is called under the name that it had."""
    return f"client.{old} has a new name.{_instead(f'client.{new}')}"


def successor(operation: ir.Operation, names: Names) -> str:
    """The method to use instead, as ``client.threads.runs.create``; empty where none is known."""
    pointer = names.successors.get(operation.pointer)
    return f"client.{names.addresses[pointer]}" if pointer is not None else ""


def waiting_address(operation: ir.Operation, names: Names) -> str:
    """The address of the method that also waits."""
    resource, stop, _ = names.addresses[operation.pointer].rpartition(".")
    return f"{resource}{stop}{names.polls[operation.pointer]}"


def deprecated_arguments(operation: ir.Operation, names: Names) -> dict[str, str]:
    """The arguments that one can and should do without, and what to use instead.

    Of one that is required, the method cannot complain.
    """
    given = names.arguments[operation.pointer]
    by_wire_name = {wire_name: name for (_, wire_name), name in given.items()}
    return {
        given[(place_of(one), one.wire_name)]: by_wire_name.get(one.replaced_by or "", "")
        for one in inputs_of(operation)
        if one.deprecated and not one.required
    }


def place_of(one: ir.Parameter | ir.Field) -> str:
    """Where an input is sent: its part of the keys of ``Names.arguments``."""
    return one.location if isinstance(one, ir.Parameter) else "body"


def field_message(name: str, one: ir.Field, owner: str, fields: Mapping[str, str]) -> str:
    """What is said where a property is read; ``fields`` are attributes by their wire names."""
    message = f"{name!r} of {owner} is deprecated."
    return f"{message}{_instead(repr(fields[one.replaced_by]) if one.replaced_by else '')}"


def with_deprecation(
    description: str, one: ir.Parameter | ir.Field, names: Mapping[str, str]
) -> str:
    """A description, and that what it describes is deprecated; ``names`` are by wire names."""
    if not one.deprecated:
        return description
    other = names.get(one.replaced_by or "")
    note = f"Deprecated: use `{other}` instead." if other else "Deprecated."
    return f"{description.rstrip()}\n\n{note}" if description.strip() else note


def former_types(api: ir.Api, names: Names) -> dict[str, str]:
    """Names that types had, and what made of them, with what they are called now."""
    found: dict[str, str] = {}
    for old, (key, _) in sorted(names.former_types.items()):
        if key in api.types:
            found[old] = names.types[key]
            if key in names.params:
                found[f"{old}Param"] = names.params[key]
            if key in names.unknown:
                found[f"Unknown{old}"] = names.unknown[key]
    return found


def _instead(other: str) -> str:
    return f" Use {other} instead." if other else ""
