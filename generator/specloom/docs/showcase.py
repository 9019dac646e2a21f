"""Which operations the guides show: for each of their subjects the simplest that has it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from specloom import ir
from specloom.docs.calls import result_of
from specloom.docs.readme_call import readme_operation
from specloom.ir.usage import Usage
from specloom.naming.names import Names


@dataclass(frozen=True, slots=True)
class Showcase:
    """``opening`` is what the README begins with, ``first`` a plain call in the guides.

    ``failing`` is a call that may well not find what it asks for.
    """

    opening: ir.Operation
    first: ir.Operation
    failing: ir.Operation
    page: ir.Operation | None
    stream: ir.Operation | None
    poll: ir.Operation | None
    upload: ir.Operation | None
    download: ir.Operation | None
    takes_files: bool


def showcase_of(api: ir.Api, names: Names, usage: Usage) -> Showcase | None:
    """The operations to show; None for an API that has none."""
    operations = api.operations()
    if not operations:
        return None

    by_inputs, by_effort = sorted(operations, key=_inputs), sorted(operations, key=_effort)

    def shortest(has: Callable[[ir.Operation], bool]) -> ir.Operation | None:
        return next((one for one in by_inputs if has(one)), None)

    def simplest(has: Callable[[ir.Operation], bool]) -> ir.Operation | None:
        return next((one for one in by_effort if has(one)), None)

    def gives_value(one: ir.Operation) -> bool:
        return result_of(one, api, names).kind == "value"

    first = simplest(lambda one: gives_value(one) and one.http_method == "POST" and not _ids(one))
    first = first or simplest(gives_value) or by_effort[0]
    failing = simplest(lambda one: gives_value(one) and one.http_method == "GET" and _ids(one) > 0)
    upload = shortest(_takes_files)
    shown = [one for one in by_effort if gives_value(one) or one.pagination]
    opening = readme_operation(api, names) or _opening(api, shown) or first
    return Showcase(
        opening=opening,
        first=first,
        failing=failing or first,
        page=opening if opening.pagination else shortest(lambda one: one.pagination is not None),
        stream=shortest(lambda one: one.stream is not None),
        poll=shortest(lambda one: one.poll is not None and one.http_method == "POST")
        or shortest(lambda one: one.poll is not None),
        upload=upload,
        download=shortest(lambda one: result_of(one, api, names).kind == "bytes"),
        takes_files=upload is not None or any(map(_is_file, _written(api, usage))),
    )


def _opening(api: ir.Api, operations: list[ir.Operation]) -> ir.Operation | None:
    """A call that a reader understands at once: of a main resource, what is plain and short.

    To create something comes first where the description has an example for it, else a list or one
    thing by its id. None where no resource of the client has either.
    """
    sizes = {one.path: len(operations_below(one)) for one in api.resources}
    plain = [
        one
        for one in operations
        if len(one.resource) == 1 and not one.deprecated and _inputs(one)[1] <= _MOST_INPUTS
    ]

    def importance(one: ir.Operation) -> int:
        return -sizes.get(one.resource, 0)

    shown = [one for one in plain if one.name == ("create",) and _has_example(one)]
    asked = [one for one in plain if one.http_method == "GET"]
    listed = [one for one in asked if one.name == ("list",) or (one.pagination and not _ids(one))]
    read = [one for one in asked if one.name in (("retrieve",), ("get",)) and _ids(one) == 1]
    for found in (shown, listed, read):
        if found:
            return found[0] if found is shown else min(found, key=importance)
    return None


_MOST_INPUTS = 2
"""How many arguments the call may have that a README begins with."""


def _has_example(operation: ir.Operation) -> bool:
    return operation.body is not None and any(one.status is None for one in operation.examples)


def operations_below(resource: ir.Resource) -> list[ir.Operation]:
    """The operations of a resource and of those within it."""
    below = [one for inner in resource.children for one in operations_below(inner)]
    return [*resource.operations, *below]


def _effort(operation: ir.Operation) -> tuple[bool, int, int, bool]:
    """How much a reader has to take in; an example of the description's own is worth having."""
    is_own = any(one.status is None for one in operation.examples)
    # A call without arguments shows too little.
    return operation.deprecated, _inputs(operation)[1] or 3, _ids(operation), not is_own


def _inputs(operation: ir.Operation) -> tuple[bool, int]:
    """How many inputs a call needs; deprecated operations come last."""
    body = operation.body
    fields = [one for one in (body.fields or ()) if one.required] if body else []
    parameters = [one for one in operation.parameters if one.required and one.constant is None]
    return operation.deprecated, len(fields) + len(parameters)


def _ids(operation: ir.Operation) -> int:
    return sum(one.location == "path" for one in operation.parameters)


def _takes_files(operation: ir.Operation) -> bool:
    body = operation.body
    types = [body.type, *(one.type for one in body.fields or ())] if body else []
    return any(map(_is_file, types))


def _written(api: ir.Api, usage: Usage) -> Iterator[ir.TypeRef]:
    """The types of everything that arguments may hold."""
    for operation in api.operations():
        yield from (one.type for one in operation.parameters)
        for body in operation.body.kinds() if operation.body else ():
            yield body.type
            yield from (one.type for one in body.fields or ())
    for key in usage.requests:
        named = api.types[key]
        if isinstance(named, ir.Alias):
            yield named.type
        else:
            yield from (one.type for one in named.fields)


def _is_file(type_ref: ir.TypeRef) -> bool:
    if isinstance(type_ref, ir.Nullable):
        return _is_file(type_ref.inner)
    if isinstance(type_ref, ir.ListOf):
        return _is_file(type_ref.item)
    if isinstance(type_ref, ir.MapOf):
        return _is_file(type_ref.value)
    if isinstance(type_ref, ir.UnionOf):
        return any(map(_is_file, type_ref.members))
    return type_ref == ir.Scalar("binary")
