"""Settles unions and merges equal types, once all types are known.

A union may contain itself, and its tag depends on the properties of every member. Types are equal
if their properties are, with types, requiredness and limits; descriptions and examples do not
count. Components and types with a name in `x-sdk` stay separate, and so do the results of
operations, which are named after their methods.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from operator import is_
from typing import TYPE_CHECKING, Any, TypeVar

from specloom import ir
from specloom.ir.names_lock import Lock, type_key
from specloom.ir.words import pascal, split_words
from specloom.lower.composition import base_key
from specloom.lower.type_refs import Budget, merge_union

if TYPE_CHECKING:
    from specloom.description.document import Document


Types = dict[str, ir.NamedType]
_T = TypeVar("_T")
_OF_ERRORS = re.compile(r"/responses/(?:[45][0-9X]{2}|default)/")
_PLAIN = (str, int, type(None))


def with_one_of_equals(
    types: Types, lock: Lock, results: Collection[str] = ()
) -> tuple[Types, Mapping[str, str]]:
    """The types with equal ones merged, and the key of the remaining type for each removed one.

    A name in the lock stays: as an alias, or as a type of its own if a union contains both.
    ``results`` are keys of types that stay separate.
    """
    apart = () if lock.joins_results else results
    groups = [[key for key in group if key not in apart] for group in _groups(types)]
    groups = [group for group in groups if len(group) > 1]
    if not groups:
        return types, {}
    largest = _largest(groups, types)
    equal = {key for group in groups for key in group}
    taken = {pascal(one.name) for key, one in types.items() if key not in equal}
    members = _union_members(types)
    gone: dict[str, str] = {}
    found = dict(types)
    for group in groups:
        first, *others = sorted(group, key=lambda key: _rank(types[key], lock))
        common = _common_words(group, types)
        names = [common] if largest.get(pascal(common)) is group else []
        if names and pascal(common) == "Error":  # a component may have that name
            names.append(("Error", "response"))
        free = (one for one in names if pascal(one) not in taken)
        words = next(free, types[first].name)
        found[first] = replace(_without_differences(group, first, types), name=words)
        for key in others:
            if lock.type(key) is None:
                gone[key] = first
                del found[key]
            elif key not in members:
                found[key] = _alias_of(types[key], first)
    return {key: with_keys(named, gone) for key, named in found.items()}, gone


def with_keys(value: _T, keys: Mapping[str, str]) -> _T:
    """A part of the IR with other keys in its references."""
    if not keys or isinstance(value, _PLAIN):
        return value
    changed: Any = value
    if isinstance(value, ir.Ref):
        changed = ir.Ref(keys[value.key]) if value.key in keys else value
    elif isinstance(value, ir.UnionOf):
        union = merge_union([with_keys(member, keys) for member in value.members])
        mapping = tuple((tag, keys.get(key, key)) for tag, key in value.mapping)
        changed = union
        if isinstance(union, ir.UnionOf):
            default = None if value.default is None else keys.get(value.default, value.default)
            changed = replace(value, members=union.members, mapping=mapping, default=default)
    elif isinstance(value, tuple):
        parts = [with_keys(one, keys) for one in value]
        changed = value if all(map(is_, parts, value)) else tuple(parts)
    elif is_dataclass(value) and not isinstance(value, type):
        new = {
            one.name: part
            for one in fields(value)
            if not isinstance(old := getattr(value, one.name), _PLAIN)
            and (part := with_keys(old, keys)) is not old
        }
        changed = replace(value, **new) if new else value
    return changed  # type: ignore[no-any-return]


def _groups(types: Types) -> list[list[str]]:
    """Groups of keys of equal types.

    Types may mention each other in cycles: all types are one group first, which is split by the
    types they mention until nothing changes.
    """
    groups = [[key for key, one in types.items() if not one.wire_name and not one.is_named]]
    while True:
        colours = {key: number for number, group in enumerate(groups) for key in group}
        split = [part for group in groups for part in _split(group, types, colours)]
        if len(split) == len(groups):
            return groups
        groups = split


def _split(group: list[str], types: Types, colours: Mapping[str, int]) -> Iterable[list[str]]:
    """The parts of a group that look alike, with the groups of the types they mention."""
    if len(group) == 1:
        return [group]
    parts: dict[object, list[str]] = {}
    for key in group:
        parts.setdefault(_meaning(types[key], colours), []).append(key)
    return parts.values()


def _meaning(named: ir.NamedType, colours: Mapping[str, int]) -> object:
    if isinstance(named, ir.Alias):
        return (_type(named.type, colours), named.deprecated)
    entries = tuple(
        (
            one.name,
            one.wire_name,
            _type(one.type, colours),
            one.required,
            repr(one.default),
            one.read_only,
            one.write_only,
            one.deprecated,
            one.replaced_by,
            repr([limit for limit in one.limits if limit[0] != "format"]),
        )
        for one in sorted(named.fields, key=lambda field: field.wire_name)  # no order means more
    )
    extra = None if named.extra is None else _type(named.extra, colours)
    return (entries, extra, named.deprecated)


def _type(type_ref: ir.TypeRef, colours: Mapping[str, int]) -> object:
    match type_ref:
        case ir.Ref(key=key):
            return ("ref", colours.get(key, key))
        case ir.TupleOf():
            first = tuple(_type(one, colours) for one in type_ref.first)
            rest = None if type_ref.rest is None else _type(type_ref.rest, colours)
            return ("tuple", first, rest)
        case ir.ListOf(item=inner) | ir.MapOf(value=inner) | ir.Nullable(inner=inner):
            return (type(type_ref), _type(inner, colours))
        case ir.UnionOf():
            members = tuple(_type(one, colours) for one in type_ref.members)
            mapping = tuple((tag, colours.get(key, key)) for tag, key in type_ref.mapping)
            return ("union", members, type_ref.tag, mapping, type_ref.default)
        case ir.Literal():
            return ("values", frozenset((type(one), one) for one in type_ref.values), type_ref.kind)
        case _:
            return type_ref


def _rank(named: ir.NamedType, lock: Lock) -> tuple[bool, bool, int, str, str]:
    name = pascal(named.name)
    has_no_place = type_key(named.key, lock.document) is None
    return (lock.type(named.key) is None, has_no_place, len(name), name, named.key)


def _largest(groups: list[list[str]], types: Types) -> dict[str, list[str]]:
    """By the name that equal types have in common, the one group that is the largest of them."""
    named: dict[str, list[list[str]]] = {}
    for group in groups:
        if words := _common_words(group, types):
            named.setdefault(pascal(words), []).append(group)
    ranked = {name: sorted(found, key=len) for name, found in named.items()}
    return {
        name: found[-1]
        for name, found in ranked.items()
        if len(found) == 1 or len(found[-2]) < len(found[-1])
    }


def _common_words(group: list[str], types: Types) -> ir.Words:
    """The words that all names begin with, and those that all end with; or those of an error."""
    names = [types[key].name for key in group]
    shortest = min(names, key=len)
    start = _common([name[: len(shortest)] for name in names])
    rest = [name[len(start) :][::-1] for name in names]
    common = (*start, *_common([name[: min(map(len, rest))] for name in rest])[::-1])
    are_errors = not common and all(map(_OF_ERRORS.search, group))
    return ("Error",) if are_errors else common


def _common(names: list[ir.Words]) -> ir.Words:
    found: list[str] = []
    for words in zip(*names, strict=True):
        if len({word.lower() for word in words}) > 1:
            break
        found.append(words[0])
    return tuple(found)


def _without_differences(group: list[str], first: str, types: Types) -> ir.NamedType:
    """The first of equal types; with its description only if all have the same one."""
    named = types[first]
    descriptions = {types[key].description for key in group}
    return named if len(descriptions) == 1 else replace(named, description="")


def _alias_of(named: ir.NamedType, key: str) -> ir.Alias:
    return ir.Alias(named.key, named.name, named.wire_name, named.pointer, ir.Ref(key))


def _union_members(types: Types) -> set[str]:
    """The union members among the types: their classes distinguish the members."""
    return {
        member.key
        for named in types.values()
        if isinstance(named, ir.Alias) and isinstance(named.type, ir.UnionOf)
        for member in named.type.members
        if isinstance(member, ir.Ref)
    }


def settle_unions(types: dict[str, ir.NamedType], document: Document) -> dict[str, ir.NamedType]:
    """The same types, every union flat and tagged if possible.

    Raises SpecError if flat unions would be too large.
    """
    settled = dict(types)
    budget = Budget()
    for key, named in types.items():
        if isinstance(named, ir.Alias) and isinstance(named.type, ir.UnionOf):
            flat = _flatten(key, named.type, types)
            count = len(flat.members) if isinstance(flat, ir.UnionOf) else 1
            budget.spend(count, document, named.pointer)
            tagged = _tagged(flat, types) if isinstance(flat, ir.UnionOf) else flat
            settled[key] = replace(named, type=tagged)
    return _narrow_tags(settled)


def _flatten(key: str, union: ir.UnionOf, types: Mapping[str, ir.NamedType]) -> ir.TypeRef:
    """Replace members that are unions by their members."""
    leaves: list[ir.TypeRef] = []
    mapping = dict(union.mapping)
    seen = {key}
    pending = list(reversed(union.members))
    while pending:
        member = pending.pop()
        named = types.get(member.key) if isinstance(member, ir.Ref) else None
        if not isinstance(named, ir.Alias) or not isinstance(named.type, ir.UnionOf):
            leaves.append(member)
        elif named.key not in seen:
            seen.add(named.key)
            mapping.update((value, k) for value, k in named.type.mapping if value not in mapping)
            pending.extend(reversed(named.type.members))
    merged = merge_union(leaves)
    if not isinstance(merged, ir.UnionOf):
        return merged
    members = {member.key for member in merged.members if isinstance(member, ir.Ref)}
    # A nested base that its heirs replaced is itself one of them.
    keys = {value: k if k in members else base_key(k) for value, k in mapping.items()}
    pairs = tuple((value, k) for value, k in keys.items() if k in members)
    default = union.default if union.default in members else None
    return ir.UnionOf(merged.members, union.tag, pairs, default)


def _tagged(union: ir.UnionOf, types: Mapping[str, ir.NamedType]) -> ir.UnionOf:
    """The union with its tag, declared or detected, if its values distinguish the members."""
    models = [
        model
        for member in union.members
        if isinstance(member, ir.Ref) and isinstance(model := types.get(member.key), ir.Model)
    ]
    if len(models) < 2:
        return replace(union, tag=None, mapping=(), default=None)
    if union.tag is None:
        tag = _implicit_tag(models)
        return replace(union, tag=tag, mapping=_values_of(models, tag) if tag else ())
    seen = dict(_values_of(models, union.tag))
    declared = {value: key for value, key in union.mapping if key not in seen.values()}
    if any(not _may_be(types, key, union.tag, value) for value, key in declared.items()):
        # The tag was only a schema's name, and it cannot be the tag: nothing distinguishes the
        # members.
        return replace(union, tag=None, mapping=(), default=None)
    return replace(union, mapping=tuple((seen | declared).items()))


def _may_be(types: Mapping[str, ir.NamedType], key: str, tag: str, value: str) -> bool:
    """Whether the tag of a variant can have a value, which its own enum may lack."""
    model = types.get(key)
    fields = model.fields if isinstance(model, ir.Model) else ()
    declared = next((field.type for field in fields if field.wire_name == tag), None)
    if isinstance(declared, ir.Ref):
        named = types.get(declared.key)
        declared = named.type if isinstance(named, ir.Alias) else None
    return not isinstance(declared, ir.Literal) or value in declared.values


def _implicit_tag(models: list[ir.Model]) -> str | None:
    """The first property that every member has with values that no other member has."""
    for candidate in models[0].fields:
        if all(_tag_values(model, candidate.wire_name) for model in models):
            values = [value for m in models for value in _tag_values(m, candidate.wire_name)]
            if len(values) == len(set(values)):
                return candidate.wire_name
    return None


def _values_of(models: list[ir.Model], tag: str) -> tuple[tuple[str, str], ...]:
    return tuple((value, model.key) for model in models for value in _tag_values(model, tag))


def _tag_values(model: ir.Model, wire_name: str) -> list[str]:
    for field in model.fields:
        if field.wire_name == wire_name and isinstance(field.type, ir.Literal):
            values = [value for value in field.type.values if isinstance(value, str)]
            return values if field.type.kind == "const" else []
    return []


def _narrow_tags(types: dict[str, ir.NamedType]) -> dict[str, ir.NamedType]:
    """Give a tag that a variant declares only as ``str`` the values that its unions map to it.

    Then ``if pet.kind == "dog"`` narrows for type checkers, even if the description declares the
    tag in a shared base without a const. A variant that does not declare its tag gets it; the tag
    of a default variant has any value.
    """
    wanted: dict[tuple[str, str], set[str]] = {}
    defaults: set[tuple[str | None, str]] = set()
    for named in types.values():
        union = named.type if isinstance(named, ir.Alias) else None
        if isinstance(union, ir.UnionOf) and union.tag is not None:
            defaults.add((union.default, union.tag))
            for value, key in union.mapping:
                wanted.setdefault((key, union.tag), set()).add(value)
    wanted = {one: values for one, values in wanted.items() if one not in defaults}
    narrowed = dict(types)
    for (key, tag), values in wanted.items():
        model = narrowed.get(key)
        if isinstance(model, ir.Model):
            narrowed[key] = replace(model, fields=_with_tag(model, tag, sorted(values)))
    return narrowed


def _with_tag(model: ir.Model, tag: str, values: list[str]) -> tuple[ir.Field, ...]:
    literal = ir.Literal(tuple(values), "const")
    if all(field.wire_name != tag for field in model.fields):
        words = split_words(tag) or ("tag",)
        return (ir.Field(words, tag, model.pointer, literal, required=False), *model.fields)
    return tuple(
        (
            replace(field, type=literal)
            if field.wire_name == tag and not _is_closed(field.type)
            else field
        )
        for field in model.fields
    )


def _is_closed(type_ref: ir.TypeRef) -> bool:
    return isinstance(type_ref, ir.Literal) and type_ref.kind == "const"
