"""Which operations the guides show: for each of their subjects the simplest that has it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from specloom import ir
from specloom.docs.calls import result_of
from specloom.ir.usage import Usage
from specloom.naming.names import Names


@dataclass(frozen=True, slots=True)
class Showcase:
    """``first`` is a plain call, ``failing`` one that may well not find what it asks for."""

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
    return Showcase(
        first=first,
        failing=failing or first,
        page=shortest(lambda one: one.pagination is not None),
        stream=shortest(lambda one: one.stream is not None),
        poll=shortest(lambda one: one.poll is not None and one.http_method == "POST")
        or shortest(lambda one: one.poll is not None),
        upload=upload,
        download=shortest(lambda one: result_of(one, api, names).kind == "bytes"),
        takes_files=upload is not None or any(map(_is_file, _written(api, usage))),
    )


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
