"""Who uses a type: the operations that return or take it, the types it is a part of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from specloom import ir
from specloom.ir.usage import dependencies, refs_in, request_refs
from specloom.sdk.contents import is_result


@dataclass(slots=True)
class Uses:
    """By the key of a type: pointers of operations, and keys of types. Dicts keep the order."""

    returned_by: dict[str, dict[str, ir.Operation]] = field(
        default_factory=dict[str, dict[str, ir.Operation]]
    )
    taken_by: dict[str, dict[str, ir.Operation]] = field(
        default_factory=dict[str, dict[str, ir.Operation]]
    )
    part_of: dict[str, dict[str, None]] = field(default_factory=dict[str, dict[str, None]])
    errors: set[str] = field(default_factory=set[str])


def uses_of(api: ir.Api) -> Uses:
    """The direct uses of every type."""
    uses = Uses()
    for operation in api.operations():
        for key in _returned(operation):
            uses.returned_by.setdefault(key, {})[operation.pointer] = operation
        for key in _taken(operation):
            uses.taken_by.setdefault(key, {})[operation.pointer] = operation
        for response in operation.responses:
            if not is_result(response, operation):
                for content in response.contents:
                    uses.errors.update(refs_in(content.type))
    for named in api.types.values():
        for request in (False, True):
            for key in dependencies(named, request=request):
                if key != named.key:
                    uses.part_of.setdefault(key, {})[named.key] = None
    return uses


def _returned(operation: ir.Operation) -> Iterator[str]:
    for response in operation.responses:
        if is_result(response, operation):
            for content in response.contents:
                yield from refs_in(content.type)
    if operation.stream is not None:
        yield from refs_in(operation.stream.type)
    if operation.pagination is not None:
        yield from refs_in(operation.pagination.item_type)


def _taken(operation: ir.Operation) -> Iterator[str]:
    for type_ref in request_refs(operation):
        yield from refs_in(type_ref)
