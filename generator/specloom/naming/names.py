"""The only maker of Python identifiers: collects all names, then assigns them in one global pass.

The winner of a clash never depends on the order of the description: exact spellings come before
derived ones, then the spelling on the wire decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from specloom import ir
from specloom.ir.names_lock import NO_LOCK, Entry, Lock, argument_key, still_works
from specloom.ir.usage import Usage, fields_in, returned_type
from specloom.ir.words import snake, split_words
from specloom.naming.identifiers import (
    ARGUMENTS,
    CLIENT_ATTRIBUTES,
    CLIENT_METHODS,
    CONTENT_TYPE,
    KEYWORDS,
    MODEL_ATTRIBUTES,
    RESOURCE_ATTRIBUTES,
    RESOURCE_MODULE_NAMES,
    TYPE_NAMES,
    Clash,
    attribute,
    class_name,
    free,
    module_name,
    spelled_out,
)

_LOCATION_RANK = {"path": 0, "body": 1, "query": 2, "header": 3, "cookie": 4}


@dataclass(slots=True)
class Names:
    """Every identifier of the SDK.

    ``types`` maps a type's key to its class or alias, ``params`` to its type in requests,
    ``unknown`` a union's key to the class of its unknown variant. ``fields`` maps a model's key,
    ``arguments`` an operation's pointer, to wire names (arguments: with their location) and their
    identifiers. ``addresses`` are methods with their resources (``threads.runs.create``);
    ``former_types`` maps former names of types to the types' keys, with the version of the SDK that
    dropped them. ``contested`` are the arguments (pointer of the operation, location, wire name)
    whose name a clash decided, now or when it was locked. ``successors`` maps pointers of
    deprecated operations to those of their successors.
    """

    types: dict[str, str] = field(default_factory=dict)
    params: dict[str, str] = field(default_factory=dict)
    unknown: dict[str, str] = field(default_factory=dict)
    fields: dict[str, dict[str, str]] = field(default_factory=dict)
    arguments: dict[str, dict[tuple[str, str], str]] = field(default_factory=dict)
    methods: dict[str, str] = field(default_factory=dict)
    polls: dict[str, str] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)
    former_types: dict[str, tuple[str, str]] = field(default_factory=dict)
    contested: set[tuple[str, str, str]] = field(default_factory=set)
    successors: dict[str, str] = field(default_factory=dict)
    clashes: list[Clash] = field(default_factory=list)


def assign_names(api: ir.Api, usage: Usage, lock: Lock = NO_LOCK) -> Names:
    """Names for everything in the API; fallback names are listed in ``clashes``.

    Names in ``lock`` stay; methods already have the words of their locked names.
    """
    names = Names()
    _assign_types(api, usage, lock, names)
    names.fields = assign_fields(api.types, names.types.values(), names.clashes)
    for resource in all_resources(api.resources):
        beside = resource.children if resource.path else api.resources
        _assign_methods(resource, beside, lock, names)
    for operation in api.operations():
        names.arguments[operation.pointer] = _arguments(operation, lock, names)
    return names


def all_resources(resources: Iterable[ir.Resource]) -> Iterable[ir.Resource]:
    """Every resource of the tree, parents before their children."""
    for resource in resources:
        yield resource
        yield from all_resources(resource.children)


def method_name(words: ir.Words, resource: ir.Resource) -> str:
    """The name of a method, unique in its resource."""
    own = RESOURCE_ATTRIBUTES if resource.path else RESOURCE_ATTRIBUTES | CLIENT_ATTRIBUTES
    return attribute(words, own)


def resource_class(resource: ir.Resource) -> str:
    """The class of a resource: the last step of its attribute path."""
    if not resource.path:
        return CLIENT_METHODS
    name = class_name(resource.path[-1], KEYWORDS)
    return f"{name}Resource" if {name, f"Async{name}"} & RESOURCE_MODULE_NAMES else name


def resource_module(step: ir.Words) -> str:
    """The module or folder of a resource: the last step of its path."""
    return module_name(step, RESOURCE_ATTRIBUTES)


def resource_attribute(resource: ir.Resource) -> str:
    """The attribute of a resource."""
    reserved = CLIENT_ATTRIBUTES if len(resource.path) == 1 else RESOURCE_ATTRIBUTES
    return attribute(resource.path[-1], reserved)


def attribute_path(resource: ir.Resource) -> str:
    """The attribute path of a resource from the client: ``threads.runs``."""
    steps = [ir.Resource(resource.path[: n + 1], (), ()) for n in range(len(resource.path))]
    return ".".join(resource_attribute(step) for step in steps)


def address_of(resource: ir.Resource, method: str) -> str:
    """The address of a method below the client: ``threads.runs.create``."""
    return ".".join((*filter(None, [attribute_path(resource)]), method))


def client_path(resource: ir.Resource) -> str:
    """``client.threads.runs``, or ``client`` for the methods on the client itself."""
    return ".".join(filter(None, ["client", attribute_path(resource)]))


def _assign_types(api: ir.Api, usage: Usage, lock: Lock, names: Names) -> None:
    taken: set[str] = set()
    locked = {key: entry for key in api.types if (entry := lock.type(key)) is not None}
    by_rank = sorted(api.types.values(), key=_type_rank)
    for named in sorted(by_rank, key=lambda one: one.key not in locked):
        entry = locked.get(named.key)
        wanted = class_name(named.name, TYPE_NAMES | KEYWORDS)
        if entry is not None and not (named.is_named and _is_other(entry.name, wanted)):
            wanted = entry.name
        given = free(wanted, taken, "{}{}".format)
        if given != wanted:
            names.clashes.append(Clash(wanted, given, named.pointer))
        names.types[named.key] = given
        taken.add(given)
        if entry is not None:
            _leave(entry, named.key, api.settings.version, names)
    _leave_returned(api, lock, taken, names)
    for named in by_rank:
        own = names.types[named.key]
        if named.key in usage.requests and not _is_enum(named):
            names.params[named.key] = free(f"{own}Param", taken, "{}{}".format)
            taken.add(names.params[named.key])
        if named.key in usage.responses and _needs_unknown(named):
            names.unknown[named.key] = free(f"Unknown{own}", taken, "{}{}".format)
            taken.add(names.unknown[named.key])


def _is_other(locked: str, wanted: str) -> bool:
    """Whether a locked name differs from the wanted one, apart from a number."""
    return re.fullmatch(rf"{re.escape(wanted)}\d*", locked) is None


def _leave(entry: Entry, key: str, version: str, names: Names) -> None:
    """Record the former names of a type that still work."""
    for old, since in {entry.name: version, **entry.was}.items():
        if old != names.types[key] and still_works(since, version):
            names.former_types[old] = (key, since)


def _leave_returned(api: ir.Api, lock: Lock, taken: set[str], names: Names) -> None:
    """Record the former names of result types that no type has any more."""
    for operation in sorted(api.operations(), key=lambda one: one.key):
        entry, key = lock.operations.get(operation.key), returned_type(operation)
        if entry is None or key is None or not entry.returns or entry.returns in taken:
            continue
        names.former_types.setdefault(entry.returns, (key, api.settings.version))


def _type_rank(named: ir.NamedType) -> tuple[bool, bool, str, str]:
    """The priority: components before inline schemas, exact spellings before derived ones."""
    is_inline = not named.wire_name
    is_derived = not is_inline and class_name(named.name) != named.wire_name
    return (is_inline, is_derived, named.wire_name, named.key)


def _is_enum(named: ir.NamedType) -> bool:
    return isinstance(named, ir.Alias) and isinstance(named.type, ir.Literal)


def _needs_unknown(named: ir.NamedType) -> bool:
    return (
        isinstance(named, ir.Alias)
        and isinstance(named.type, ir.UnionOf)
        and any(isinstance(member, ir.Ref) for member in named.type.members)
    )


def _assign_methods(
    resource: ir.Resource, beside: Iterable[ir.Resource], lock: Lock, names: Names
) -> None:
    """The methods of a resource; ``beside`` are the resources with the same parent."""
    taken = {resource_attribute(child) for child in beside if child.path}

    def rank(operation: ir.Operation) -> tuple[bool, bool, str, str, str]:
        return (operation.key not in lock.operations, *_method_rank(operation))

    for operation in sorted(resource.operations, key=rank):
        first = method_name(operation.name, resource)
        name = free(first, taken, "{}_{}".format)
        if name != first:
            names.clashes.append(Clash(first, name, operation.pointer))
        taken.add(name)
        if operation.wanted:
            given = address_of(resource, name)
            names.clashes.append(Clash(operation.wanted, given, operation.pointer))
        names.methods[operation.pointer] = name
        names.addresses[operation.pointer] = address_of(resource, name)
    for operation in sorted(resource.operations, key=rank):
        if operation.poll is not None:
            name = free(method_name(operation.poll.name, resource), taken, "{}_{}".format)
            taken.add(name)
            names.polls[operation.pointer] = name


def _method_rank(operation: ir.Operation) -> tuple[bool, str, str, str]:
    return (snake(operation.name) != operation.id, operation.id, operation.path, operation.pointer)


@dataclass(frozen=True, slots=True)
class _Input:
    """An input of an operation, which becomes an argument."""

    location: str
    wire_name: str
    words: ir.Words
    pointer: str

    @property
    def place(self) -> tuple[str, str]:
        """Its location and wire name."""
        return self.location, self.wire_name

    @property
    def rank(self) -> tuple[int, bool, str]:
        """The priority: by location, then exact spellings before derived ones."""
        is_derived = snake(self.words) != self.wire_name
        return _LOCATION_RANK[self.location], is_derived, self.wire_name


def _arguments(operation: ir.Operation, lock: Lock, names: Names) -> dict[tuple[str, str], str]:
    """Arguments by (location, wire name): locked > path > body > query > header > cookie.

    A name in x-sdk wins over the lock. A name from another generator's extension does not, and it
    is locked, because the extension may change.
    """
    has_kinds = operation.body is not None and operation.body.alternatives
    reserved = ARGUMENTS | {CONTENT_TYPE} if has_kinds else ARGUMENTS
    taken: dict[str, str] = {}
    given: dict[tuple[str, str], str] = {}
    named = _named_by_x_sdk(operation)
    inputs = _inputs(operation)
    locked = dict(_locked_arguments(operation, inputs, lock, reserved, named))
    for one in sorted(inputs, key=lambda one: (one.place not in locked, one.rank)):
        first = attribute(one.words, reserved)
        is_elsewhere = taken.get(first, one.location) != one.location
        start = (one.location,) if is_elsewhere else ()
        name = attribute((*start, *one.words), reserved)
        if name in taken:
            name = attribute((*start, *(spelled_out(one.wire_name) or one.words)), reserved)
        name = free(locked.get(one.place, name), taken, "{}_{}".format)
        is_hinted = one.wire_name and one.words != split_words(one.wire_name)
        if name != first or (is_hinted and one.place not in named):
            names.contested.add((operation.pointer, *one.place))
        if name != first and one.place not in locked:
            names.clashes.append(Clash(first, name, one.pointer))
        taken[name] = one.location
        given[one.place] = name
    return given


def _inputs(operation: ir.Operation) -> list[_Input]:
    """The parameters, then what the bodies give: each input once."""
    found = [
        _Input(one.location, one.wire_name, one.name, one.pointer)
        for one in operation.parameters
        if one.constant is None
    ]
    for body in operation.bodies:
        fields = [_Input("body", one.wire_name, one.name, one.pointer) for one in body.fields or ()]
        found += (
            fields if body.fields is not None else [_Input("body", "", ("body",), body.pointer)]
        )
    first: dict[tuple[str, str], _Input] = {}
    for one in found:
        first.setdefault(one.place, one)
    return list(first.values())


def _locked_arguments(
    operation: ir.Operation,
    inputs: list[_Input],
    lock: Lock,
    reserved: frozenset[str],
    named: set[tuple[str, str]],
) -> Iterable[tuple[tuple[str, str], str]]:
    """The locked names that still count, by location and wire name."""
    for one in inputs:
        entry = lock.arguments.get(argument_key(operation.key, *one.place))
        if entry is not None and one.place not in named and entry.name not in reserved:
            yield one.place, entry.name


def _named_by_x_sdk(operation: ir.Operation) -> set[tuple[str, str]]:
    """The inputs, by location and wire name, that x-sdk names."""
    return {(one.location, one.wire_name) for one in operation.parameters if one.is_named} | {
        ("body", one.wire_name) for one in operation.body_fields if one.is_named
    }


def fields_by_attribute(
    model: ir.Model, names: Names, *, request: bool
) -> list[tuple[str, ir.Field]]:
    """A model's fields in one direction with their attributes, in the description's order."""
    given = names.fields[model.key]
    return [(given[entry.wire_name], entry) for entry in fields_in(model, request=request)]


def assign_fields(
    types: Mapping[str, ir.NamedType], type_names: Iterable[str], clashes: list[Clash]
) -> dict[str, dict[str, str]]:
    """The identifiers of fields by the keys of models and wire names.

    An attribute with the name of a type would hide it from later attributes; only scripts without
    capitals have such names.
    """
    reserved = MODEL_ATTRIBUTES | {name for name in type_names if name == name.lower()}
    return {
        key: _members(named, reserved, clashes)
        for key, named in types.items()
        if isinstance(named, ir.Model)
    }


def _members(model: ir.Model, reserved: frozenset[str], clashes: list[Clash]) -> dict[str, str]:
    taken: set[str] = set()
    given: dict[str, str] = {}
    for one in sorted(model.fields, key=_rank):
        first = attribute(one.name, reserved)
        name = attribute(spelled_out(one.wire_name), reserved) if first in taken else first
        name = free(name, taken, "{}_{}".format)
        if name != first:
            clashes.append(Clash(first, name, one.pointer))
        taken.add(name)
        given[one.wire_name] = name
    return given


def _rank(field: ir.Field) -> tuple[bool, str]:
    return (snake(field.name) != field.wire_name, field.wire_name)


def streams_of(api: ir.Api) -> dict[str, list[ir.Operation]]:
    """The classes of streams, sorted, with the operations that return them."""
    found: dict[str, list[ir.Operation]] = {}
    for operation in api.operations():
        if operation.stream is not None and operation.stream.name:
            found.setdefault(class_name(operation.stream.name), []).append(operation)
    return dict(sorted(found.items()))


PAGE_STYLES = {"cursor": "Cursor", "offset": "Offset", "page": "Number", "link": "Link"}
"""By style of pagination: the class names of the runtime between ``Sync`` and ``Page``."""


def page_classes(name: ir.Words) -> tuple[str, str]:
    """The page classes of a name, sync and async: ``SyncThingPage``, ``AsyncThingPage``."""
    return f"Sync{class_name(name)}", f"Async{class_name(name)}"
