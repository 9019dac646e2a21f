"""What to use instead of what is deprecated: ``x-sdk.replaced_by`` has to name something."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from specloom import ir
from specloom.errors import Problems
from specloom.naming.names import Names


def resolve_successors(api: ir.Api, names: Names, problems: Problems) -> None:
    """Find the operations that replace others, into ``names``; note successors that are unknown.

    An operation is named by its operationId or by its address under the client, an input or a
    property by its name on the wire, among those beside it.
    """
    operations = {one.id: one.pointer for one in api.operations()}
    operations |= {address: pointer for pointer, address in names.addresses.items()}
    for operation in api.operations():
        name = operation.replaced_by
        if name in operations:
            names.successors[operation.pointer] = operations[name]
        elif name is not None:
            _unknown("operation of the SDK", name, operations, operation.pointer, problems)
        _check(inputs_of(operation), "input of this operation", problems)
    for named in api.types.values():
        if isinstance(named, ir.Model):
            _check(named.fields, "property of this object", problems)


def inputs_of(operation: ir.Operation) -> list[ir.Parameter | ir.Field]:
    """What an operation takes: parameters that are arguments, and properties of its bodies."""
    kinds = operation.body.kinds() if operation.body else ()
    return [
        *(one for one in operation.parameters if one.constant is None),
        *(field for kind in kinds for field in kind.fields or ()),
    ]


def _check(inputs: Iterable[ir.Parameter | ir.Field], what: str, problems: Problems) -> None:
    """Whether each that is replaced is replaced by another of them."""
    known = {one.wire_name: one for one in inputs}
    for one in known.values():
        if one.replaced_by is not None and one.replaced_by not in known.keys() - {one.wire_name}:
            _unknown(what, one.replaced_by, known.keys() - {one.wire_name}, one.pointer, problems)


def _unknown(what: str, name: str, known: Iterable[str], pointer: str, problems: Problems) -> None:
    close = get_close_matches(name, sorted(known), 1)
    choice = ", ".join(sorted(known)[:10]) or "none"
    hint = f"did you mean {close[0]!r}?" if close else f"known: {choice}"
    place = f"{pointer}/x-sdk/replaced_by"
    problems.error("bad-x-sdk", f"no {what} is named {name!r}", place, hint)
