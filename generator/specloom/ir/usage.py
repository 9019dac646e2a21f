"""Uses of types by operations, their direction, and the responses that a call returns.

Types of responses become models, types of requests TypedDicts.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import compress

from specloom import ir
from specloom.ir.operations import success_contents

ResourcePath = tuple[ir.Words, ...]
UNREACHED: ResourcePath = (("",),)
_REDIRECTS = frozenset(("300", "301", "302", "303", "307", "308", "3XX"))
_CONDITIONS = frozenset(("if-none-match", "if-modified-since"))


@dataclass(slots=True)
class Usage:
    """Keys of types by direction, and for each key the resources that reach it."""

    responses: dict[str, set[ResourcePath]] = field(default_factory=dict)
    requests: dict[str, set[ResourcePath]] = field(default_factory=dict)


def usage_of(api: ir.Api) -> Usage:
    """The uses of every type by every operation.

    Types that no operation reaches (payloads of webhooks, for example) count as responses, with
    ``UNREACHED`` as their only user.
    """
    usage = Usage()
    for operation in api.operations():
        for ref in response_refs(operation):
            _reach(api, ref, operation.resource, usage.responses, request=False)
        for ref in request_refs(operation):
            _reach(api, ref, operation.resource, usage.requests, request=True)
    flattened = _flattened_bodies(api)
    reached = usage.responses.keys() | usage.requests.keys() | flattened
    unreached: dict[str, set[ResourcePath]] = {}
    for key in api.types.keys() - reached:
        _reach(api, ir.Ref(key), UNREACHED, unreached, request=False)
    usage.responses = unreached | usage.responses
    return usage


def refs_in(type_ref: ir.TypeRef) -> Iterator[str]:
    """The keys that a type mentions directly."""
    return (one.key for one in parts_of(type_ref) if isinstance(one, ir.Ref))


def parts_of(type_ref: ir.TypeRef) -> Iterator[ir.TypeRef]:
    """A type and the types within it; a named type is not entered."""
    yield type_ref
    match type_ref:
        case ir.ListOf(inner) | ir.MapOf(inner) | ir.Nullable(inner):
            yield from parts_of(inner)
        case ir.UnionOf(members):
            for member in members:
                yield from parts_of(member)
        case _:
            pass


def fields_in(model: ir.Model, *, request: bool) -> list[ir.Field]:
    """The fields that exist in one direction (OpenAPI: readOnly, writeOnly)."""
    return [
        entry for entry in model.fields if not (entry.read_only if request else entry.write_only)
    ]


def dependencies(named: ir.NamedType, *, request: bool) -> Iterator[str]:
    """The keys a named type mentions, in one direction."""
    if isinstance(named, ir.Alias):
        yield from refs_in(named.type)
        return
    for entry in fields_in(named, request=request):
        yield from refs_in(entry.type)
    if named.extra is not None:
        yield from refs_in(named.extra)


def mentioned_in(named: ir.NamedType) -> Iterator[str]:
    """The keys that a named type mentions."""
    yield from dependencies(named, request=True)
    yield from dependencies(named, request=False)
    if isinstance(named, ir.Alias) and isinstance(named.type, ir.UnionOf):
        yield from (key for _, key in named.type.mapping)


def mentioned_by(operation: ir.Operation) -> Iterator[str]:
    """The keys an operation mentions directly."""
    for type_ref in (*response_refs(operation), *request_refs(operation)):
        yield from refs_in(type_ref)


def reached_types(
    operations: Iterable[ir.Operation],
    types: Mapping[str, ir.NamedType],
    without: Container[str],
) -> dict[str, ir.NamedType]:
    """All types that operations reach, by key; not through the types in ``without``."""
    found: dict[str, ir.NamedType] = {}
    pending = [key for one in operations for key in mentioned_by(one)]
    while pending:
        key = pending.pop()
        if key not in found and key not in without:
            found[key] = types[key]
            pending.extend(mentioned_in(types[key]))
    return dict(sorted(found.items()))


def response_refs(operation: ir.Operation) -> Iterator[ir.TypeRef]:
    """The types that an operation reads directly."""
    for response in operation.responses:
        for content in response.contents:
            yield content.type
    if operation.stream is not None:
        yield operation.stream.type
    if operation.pagination is not None:
        yield operation.pagination.item_type


def result_keys(operation: ir.Operation) -> set[str]:
    """The keys of the types of the JSON results that callers get."""
    found = [one.result for one in success_contents(operation.responses) if one.kind == "json"]
    plain = (one.inner if isinstance(one, ir.Nullable) else one for one in found)
    return {one.key for one in plain if isinstance(one, ir.Ref)}


def request_refs(operation: ir.Operation) -> Iterator[ir.TypeRef]:
    """The types that an operation sends directly."""
    for parameter in operation.parameters:
        yield parameter.type
    for body in operation.bodies:
        yield body.type
        for entry in body.fields or ():
            yield entry.type


def _reach(
    api: ir.Api,
    start: ir.TypeRef,
    resource: ResourcePath,
    found: dict[str, set[ResourcePath]],
    *,
    request: bool,
) -> None:
    pending: list[str] = list(refs_in(start))
    while pending:
        key = pending.pop()
        users = found.setdefault(key, set())
        if resource in users:
            continue
        users.add(resource)
        pending.extend(dependencies(api.types[key], request=request))


def _flattened_bodies(api: ir.Api) -> set[str]:
    """The keys of schemas whose properties became keywords and which therefore need no type."""
    return {
        entry.pointer.rsplit("/properties/", 1)[0]
        for operation in api.operations()
        for entry in operation.body_fields
    }


def is_result(response: ir.Response, operation: ir.Operation) -> bool:
    """Whether a call returns this response; ``default`` counts where no success is declared."""
    if response.status.text == "default":
        return not any(_is_declared_result(other, operation) for other in operation.responses)
    return _is_declared_result(response, operation)


def _is_declared_result(response: ir.Response, operation: ir.Operation) -> bool:
    return response.status.is_success or is_redirection(response, operation)


def is_redirection(response: ir.Response, operation: ir.Operation) -> bool:
    """Whether a redirection is returned as a result (RFC 9110, 15.4).

    A download's redirect is followed, because it leads to the described file. A 304 is returned
    only by calls that can send a condition.
    """
    status = response.status.text
    if status != "304" and status not in _REDIRECTS:
        return False
    if operation.pagination is not None or (operation.stream and operation.stream.when is None):
        return False
    if status == "304":
        return any(
            one.location == "header" and one.wire_name.lower() in _CONDITIONS
            for one in operation.parameters
        )
    return all(content.kind != "binary" for content in success_contents(operation.responses))


def results_of(operation: ir.Operation) -> Iterator[ir.Content | None]:
    """The contents that a plain call may read; None for a response without a body."""
    for response in operation.responses:
        if is_result(response, operation) and not is_redirection(response, operation):
            contents = read_as(response, operation)
            yield from contents
            if not contents:
                yield None


def returned_type(operation: ir.Operation) -> str | None:
    """The key of the one type that a plain call returns, directly or as items of a list or page."""
    if operation.pagination is not None:
        found: list[ir.TypeRef] = [operation.pagination.item_type]
    else:
        found = [one.type for one in results_of(operation) if one is not None]
    inner = found[0] if len(found) == 1 else None
    while isinstance(inner, ir.ListOf | ir.Nullable):
        inner = inner.item if isinstance(inner, ir.ListOf) else inner.inner
    return inner.key if isinstance(inner, ir.Ref) else None


def read_as(response: ir.Response, operation: ir.Operation | None = None) -> list[ir.Content]:
    """The contents that a plain call reads, without streams that need another call."""
    plain = [content for content in response.contents if not content.is_stream]
    stream = operation.stream if operation is not None else None
    if not plain or (stream is not None and stream.by_answer):
        return list(response.contents)
    return plain


def preferred(response: ir.Response, operation: ir.Operation) -> ir.Content | None:
    """The preferred content of a response: JSON first; None for an empty response."""
    return next(iter(read_as(response, operation)), None)


def numbers_of(body: ir.RequestBody, types: Mapping[str, ir.NamedType]) -> tuple[str, ...]:
    """The properties of a body, at any depth, whose value is a number or a ``Decimal``.

    They are wire names, sorted. ``rates/*`` are the undeclared properties of the object ``rates``,
    and the empty name is the body itself. A name that is text elsewhere in the body is left out,
    because a ``Decimal`` could be either.
    """
    return _numbers_in(_places(body), types)


def numbers_in_parts(body: ir.RequestBody, types: Mapping[str, ir.NamedType]) -> tuple[str, ...]:
    """As ``numbers_of``, in the JSON parts of a multipart body: those that are objects."""
    is_json = (
        any(name != place[0] for name, _ in _scalars([place], types)) for place in _places(body)
    )
    return _numbers_in(list(compress(_places(body), is_json)), types)


def dates_of(operation: ir.Operation, types: Mapping[str, ir.NamedType]) -> dict[str, str]:
    """The inputs, and properties of inputs at any depth, that are a date or else a date-time.

    Their names are as in ``numbers_of``. A name that is also text is left out.
    """
    places = [(one.wire_name, one.type) for one in operation.parameters if not one.media_type]
    places += _places(operation.body) if operation.body else ()
    kinds: dict[str, set[str]] = {}
    for name, kind in _scalars(places, types):
        kinds.setdefault(name, set()).add(kind)
    either = {"date", "date-time", "string"}
    found = ((name, of_name & either) for name, of_name in kinds.items())
    return {name: next(iter(one)) for name, one in found if one in ({"date"}, {"date-time"})}


def _places(body: ir.RequestBody) -> list[tuple[str, ir.TypeRef]]:
    if body.fields is None:
        return [("", body.type)]
    return [(one.wire_name, one.type) for one in body.fields]


def _numbers_in(
    places: list[tuple[str, ir.TypeRef]], types: Mapping[str, ir.NamedType]
) -> tuple[str, ...]:
    found = set(_scalars(places, types))
    texts = {name for name, kind in found if kind == "string"}
    return tuple(sorted({name for name, kind in found if kind in ("number", "integer")} - texts))


def _scalars(
    places: list[tuple[str, ir.TypeRef]], types: Mapping[str, ir.NamedType]
) -> Iterator[tuple[str, ir.ScalarKind]]:
    """The names and the kinds of all scalars; a type is followed once from each name.

    A map of itself, such as any JSON value, is not followed into itself: its names are endless.
    """
    pending = [(name, type_ref, frozenset[str]()) for name, type_ref in places]
    seen: set[tuple[str, ir.TypeRef]] = set()
    while pending:
        name, type_ref, through = pending.pop()
        if (name, type_ref) in seen:
            continue
        seen.add((name, type_ref))
        match type_ref:
            case ir.Scalar(kind):
                yield name, kind
            case ir.ListOf(inner) | ir.Nullable(inner):
                pending.append((name, inner, through))
            case ir.MapOf(value):
                pending.append((f"{name}/*", value, through))
            case ir.UnionOf():
                pending += [(name, one, through) for one in type_ref.members]
            case ir.Ref(key) if key not in through:
                own, further = (name, f"{name}/*"), through | {key}
                pending += [
                    (inside, one, further if inside in own else frozenset())
                    for inside, one in _in_type(name, types[key])
                ]
            case _:
                pass


def _in_type(name: str, named: ir.NamedType) -> Iterator[tuple[str, ir.TypeRef]]:
    if isinstance(named, ir.Alias):
        yield name, named.type
        return
    for one in named.fields:
        yield one.wire_name, one.type
    if named.extra is not None:
        yield f"{name}/*", named.extra
