"""The keys of nested objects in requests to an SDK with the names of Stainless.

Stainless wrote the keys of typed dicts as attributes (``max_height``), and sent wire names. The
runtime's ``NestedKeys`` does the same with this module's data.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from specloom import ir
from specloom.layout import literal, wrapped
from specloom.naming.names import Names
from specloom.sdk.views import PlannedFile

_TEMPLATE = "package/former/nested_keys.py.j2"

Schemas = Mapping[str, tuple[str, ...]]
Keys = dict[str, tuple[str, tuple[str, ...]]]


def nested_keys_files(api: ir.Api, names: Names) -> Iterator[PlannedFile]:
    """The module ``_nested_keys``, if any key has another name on the wire."""
    models = {one.key: one for one in api.types.values() if isinstance(one, ir.Model)}
    keys = {key: _keys(api, model, names) for key, model in models.items()}
    changed = _changed(keys)
    operations = {
        f"{one.http_method} {one.path}": _kept(_inputs(api, one), changed)
        for one in api.operations()
    }
    operations = {key: inputs for key, inputs in operations.items() if inputs}
    if not operations:
        return
    wanted = _reached(operations.values(), keys, changed)
    schemas = {
        names.types.get(key, key): _shortened(keys[key], changed, names) for key in sorted(wanted)
    }
    context = {
        "schemas": [_entry(name, one) for name, one in sorted(schemas.items())],
        "operations": [
            _entry(key, {name: _named(one, names) for name, one in sorted(inputs.items())})
            for key, inputs in sorted(operations.items())
        ],
    }
    yield PlannedFile(f"{api.settings.package}/_nested_keys.py", _TEMPLATE, context)


def _entry(name: str, value: Mapping[str, object]) -> str:
    return wrapped(f"{literal(name)}: {literal(dict(value))}", 4, 1)


def _keys(api: ir.Api, model: ir.Model, names: Names) -> Keys:
    """By key in Python and on the wire: the wire name and the models of the value."""
    attributes = names.fields.get(model.key, {})
    found: Keys = {}
    for field in model.fields:
        inner = tuple(_models(api, field.type))
        found[field.wire_name] = (field.wire_name, inner)
        found.setdefault(attributes.get(field.wire_name, field.wire_name), found[field.wire_name])
    return found


def _models(api: ir.Api, type_: ir.TypeRef, seen: frozenset[str] = frozenset()) -> Iterator[str]:
    """The keys of the models that a value may be; ``*`` before one for an object of them."""
    if isinstance(type_, ir.Ref):
        named = api.types.get(type_.key)
        if isinstance(named, ir.Model):
            yield named.key
        elif named is not None and named.key not in seen:
            yield from _models(api, named.type, seen | {named.key})
    elif isinstance(type_, ir.ListOf):
        yield from _models(api, type_.item, seen)
    elif isinstance(type_, ir.MapOf):
        yield from (f"*{one}" for one in _models(api, type_.value, seen))
    elif isinstance(type_, ir.Nullable):
        yield from _models(api, type_.inner, seen)
    elif isinstance(type_, ir.UnionOf):
        found = (one for member in type_.members for one in _models(api, member, seen))
        yield from dict.fromkeys(found)


def _changed(keys: Mapping[str, Keys]) -> set[str]:
    """The models with a key that changes, in themselves or in their values."""
    above: dict[str, set[str]] = {}
    for key, entries in keys.items():
        for _, inner in entries.values():
            for one in inner:
                above.setdefault(one.lstrip("*"), set()).add(key)
    pending = [
        key
        for key, entries in keys.items()
        if any(name != wire for name, (wire, _) in entries.items())
    ]
    found = set(pending)
    while pending:
        further = above.get(pending.pop(), set()) - found
        found |= further
        pending += further
    return found


def _inputs(api: ir.Api, operation: ir.Operation) -> dict[str, tuple[str, ...]]:
    """The models of properties of the body, ``""`` for the whole, and ``?name`` in the query."""
    found: dict[str, tuple[str, ...]] = {}
    for body in operation.bodies:
        whole = [("", body.type)] if body.fields is None else []
        fields = [(field.wire_name, field.type) for field in body.fields or ()]
        for name, type_ in (*whole, *fields):
            models = (*found.get(name, ()), *_models(api, type_))
            found[name] = tuple(dict.fromkeys(models))
    for one in operation.parameters:
        if one.location == "query":
            found[f"?{one.wire_name}"] = tuple(_models(api, one.type))
    return found


def _kept(inputs: Schemas, changed: set[str]) -> dict[str, tuple[str, ...]]:
    """The inputs whose keys change."""
    found = {
        name: tuple(one for one in models if one.lstrip("*") in changed)
        for name, models in inputs.items()
    }
    return {name: models for name, models in found.items() if models}


def _reached(inputs: Iterable[Schemas], keys: Mapping[str, Keys], changed: set[str]) -> set[str]:
    """The models that requests may hold and whose keys change."""
    pending = [one for each in inputs for models in each.values() for one in models]
    found: set[str] = set()
    while pending:
        key = pending.pop().lstrip("*")
        if key in changed and key not in found:
            found.add(key)
            pending += [one for _, inner in keys[key].values() for one in inner]
    return found


def _shortened(entries: Keys, changed: set[str], names: Names) -> Keys:
    """The keys that change themselves or in their values."""
    found: Keys = {}
    for name, (wire, inner) in entries.items():
        models = tuple(one for one in inner if one.lstrip("*") in changed)
        if name != wire or models:
            found[name] = (wire, _named(models, names))
    return found


def _named(models: Iterable[str], names: Names) -> tuple[str, ...]:
    """The names of types instead of their keys."""
    stars = ((len(one) - len(one.lstrip("*")), one.lstrip("*")) for one in models)
    return tuple("*" * count + names.types.get(key, key) for count, key in stars)
