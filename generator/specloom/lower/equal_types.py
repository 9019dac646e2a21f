"""Schemas written in place that mean the same become one type.

Types are equal by what was read of them: properties with their types, whether they are required,
and their limits. Words of the description and examples make no difference. Components and types
that `x-sdk` names stay apart: somebody gave each its name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from specloom import ir
from specloom.ir.names_lock import Lock, type_key
from specloom.ir.words import pascal
from specloom.lower.merging import merge_union

Types = dict[str, ir.NamedType]
_T = TypeVar("_T")


def with_one_of_equals(types: Types, lock: Lock) -> tuple[Types, Mapping[str, str]]:
    """The types with one of those that are equal, and for each that is gone the key of that one.

    A name that the lock holds stays: as an alias of the one, or where a union has both, by itself.
    """
    groups = [group for group in _groups(types) if len(group) > 1]
    if not groups:
        return types, {}
    wanted = Counter(words for group in groups if (words := _common_words(group, types)))
    taken = {pascal(one.name) for one in types.values() if one.wire_name or one.is_named}
    members = _union_members(types)
    gone: dict[str, str] = {}
    found = dict(types)
    for group in groups:
        first, *others = sorted(group, key=lambda key: _rank(types[key], lock))
        words = _common_words(group, types)
        if not words or wanted[words] > 1 or pascal(words) in taken:
            words = types[first].name
        found[first] = replace(_without_differences(group, first, types), name=words)
        for key in others:
            if lock.type(key) is None:
                gone[key] = first
                del found[key]
            elif key not in members:
                found[key] = _alias_of(types[key], first)
    return {key: with_keys(named, gone) for key, named in found.items()}, gone


def with_keys(value: _T, keys: Mapping[str, str]) -> _T:
    """A piece of the IR whose references have other keys."""
    if not keys:
        return value
    changed: Any = value
    if isinstance(value, ir.Ref):
        changed = ir.Ref(keys.get(value.key, value.key))
    elif isinstance(value, ir.UnionOf):
        union = merge_union([with_keys(member, keys) for member in value.members])
        mapping = tuple((tag, keys.get(key, key)) for tag, key in value.mapping)
        changed = union
        if isinstance(union, ir.UnionOf):
            default = None if value.default is None else keys.get(value.default, value.default)
            changed = replace(value, members=union.members, mapping=mapping, default=default)
    elif isinstance(value, tuple):
        changed = tuple(with_keys(one, keys) for one in value)
    elif is_dataclass(value) and not isinstance(value, type):
        given = {one.name: getattr(value, one.name) for one in fields(value)}
        new = {name: with_keys(one, keys) for name, one in given.items()}
        changed = replace(value, **new) if new != given else value
    return changed  # type: ignore[no-any-return]


def _groups(types: Types) -> Iterable[list[str]]:
    """Keys of equal types together.

    Types may mention one another in circles: all that look alike are taken for equal first, and
    told apart by what they mention until that makes no difference any more.
    """
    inline = [key for key, one in types.items() if not one.wire_name and not one.is_named]
    colours: dict[str, object] = dict.fromkeys(inline, 0)
    count = 0
    while True:
        known: dict[object, int] = {}
        new = {key: known.setdefault(_meaning(types[key], colours), len(known)) for key in inline}
        if len(known) == count:
            break
        colours, count = dict(new), len(known)
    groups: dict[object, list[str]] = {}
    for key in inline:
        groups.setdefault(colours[key], []).append(key)
    return groups.values()


def _meaning(named: ir.NamedType, colours: Mapping[str, object]) -> object:
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
        for one in named.fields
    )
    extra = None if named.extra is None else _type(named.extra, colours)
    return (entries, extra, named.deprecated)


def _type(type_ref: ir.TypeRef, colours: Mapping[str, object]) -> object:
    match type_ref:
        case ir.Ref(key=key):
            return ("ref", colours.get(key, key))
        case ir.TupleOf():
            first = tuple(_type(one, colours) for one in type_ref.first)
            return (
                "tuple",
                first,
                None if type_ref.rest is None else _type(type_ref.rest, colours),
            )
        case ir.ListOf(item=inner) | ir.MapOf(value=inner) | ir.Nullable(inner=inner):
            return (type(type_ref), _type(inner, colours))
        case ir.UnionOf():
            members = tuple(_type(one, colours) for one in type_ref.members)
            mapping = tuple((tag, colours.get(key, key)) for tag, key in type_ref.mapping)
            return ("union", members, type_ref.tag, mapping, type_ref.default)
        case ir.Literal():
            return ("values", tuple((type(one), one) for one in type_ref.values), type_ref.kind)
        case _:
            return type_ref


def _rank(named: ir.NamedType, lock: Lock) -> tuple[bool, bool, int, str, str]:
    name = pascal(named.name)
    has_no_place = type_key(named.key, lock.document) is None
    return (lock.type(named.key) is None, has_no_place, len(name), name, named.key)


def _common_words(group: list[str], types: Types) -> ir.Words:
    """The words that all names begin with, and those that all end with."""
    names = [types[key].name for key in group]
    shortest = min(names, key=len)
    start = _common([name[: len(shortest)] for name in names])
    rest = [name[len(start) :][::-1] for name in names]
    return (*start, *_common([name[: min(map(len, rest))] for name in rest])[::-1])


def _common(names: list[ir.Words]) -> ir.Words:
    found: list[str] = []
    for words in zip(*names, strict=True):
        if len({word.lower() for word in words}) > 1:
            break
        found.append(words[0])
    return tuple(found)


def _without_differences(group: list[str], first: str, types: Types) -> ir.NamedType:
    """The first of equal types; what is told of it only if that is told of each."""
    named = types[first]
    told = {types[key].description for key in group}
    return named if len(told) == 1 else replace(named, description="")


def _alias_of(named: ir.NamedType, key: str) -> ir.Alias:
    return ir.Alias(named.key, named.name, named.wire_name, named.pointer, ir.Ref(key))


def _union_members(types: Types) -> set[str]:
    """The keys of types that are members of unions: what tells these apart are classes."""
    return {
        member.key
        for named in types.values()
        if isinstance(named, ir.Alias) and isinstance(named.type, ir.UnionOf)
        for member in named.type.members
        if isinstance(member, ir.Ref)
    }
