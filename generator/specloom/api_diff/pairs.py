"""Pairs the corresponding things of two surfaces."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from specloom.api_diff.annotation import Alternatives, renamed
from specloom.api_diff.view import Argument, Call, Method, TypeEntry
from specloom.sdk.code import Annotation

_Item = TypeVar("_Item")
_PARAMETER = re.compile(r"\{[^}]*\}")


@dataclass(frozen=True, slots=True)
class Pairs(Generic[_Item]):
    """Things on both sides, and things on one side only."""

    both: tuple[tuple[_Item, _Item], ...]
    removed: tuple[_Item, ...]
    added: tuple[_Item, ...]


def pairs(
    old: Iterable[_Item], new: Iterable[_Item], *keys: Callable[[_Item], Hashable]
) -> Pairs[_Item]:
    """Pairs things by the first key, the rest by the second, and so on.

    A key that is None, or that several things of one side have, is ignored.
    """
    removed, added = list(old), list(new)
    both: list[tuple[_Item, _Item]] = []
    for key in keys:
        before, after = _by(key, removed), _by(key, added)
        found = [(one, after[value]) for value, one in before.items() if value in after]
        both += found
        had = {id(one) for pair in found for one in pair}
        removed = [one for one in removed if id(one) not in had]
        added = [one for one in added if id(one) not in had]
    return Pairs(tuple(both), tuple(removed), tuple(added))


def _by(key: Callable[[_Item], Hashable], items: list[_Item]) -> dict[Hashable, _Item]:
    found: dict[Hashable, list[_Item]] = {}
    for item in items:
        found.setdefault(key(item), []).append(item)
    return {value: same[0] for value, same in found.items() if value is not None and len(same) == 1}


def method_pairs(old: Iterable[Method], new: Iterable[Method]) -> Pairs[Method]:
    """Pairs methods by endpoint, else by operationId, else by name."""
    return pairs(
        old,
        new,
        lambda one: (one.http_method, template(one.path), one.waits),
        lambda one: (one.id, one.waits) if one.id else None,
        lambda one: one.address,
    )


def template(path: str) -> str:
    """A path without the names of its parameters."""
    return _PARAMETER.sub("{}", path)


def argument_pairs(old: Method, new: Method, before: Call, after: Call) -> Pairs[Argument]:
    """Pairs arguments by location, else by name. Path parameters are paired by order."""
    in_order = template(old.path) == template(new.path)

    def place(method: Method, one: Argument) -> Hashable:
        if one.location == "path" and in_order:
            return _PARAMETER.findall(method.path).index(f"{{{one.wire_name}}}")
        return (one.location, one.wire_name) if one.location else None

    sides = {id(one): old for one in before.arguments} | {id(one): new for one in after.arguments}
    return pairs(
        before.arguments,
        after.arguments,
        lambda one: place(sides[id(one)], one),
        lambda one: one.name,
    )


def type_pairs(old: Iterable[TypeEntry], new: Iterable[TypeEntry]) -> Pairs[TypeEntry]:
    """Pairs types by name, else by the place of their schema, else by their content.

    Users import names, so a name that still exists is never a rename.
    """
    found = pairs(old, new, lambda one: one.name, lambda one: one.place)
    while True:
        names = renames(found)
        more = pairs(
            found.removed,
            found.added,
            lambda one, names=names: _structure(one, names),  # type: ignore[misc]
        )
        found = Pairs((*found.both, *more.both), more.removed, more.added)
        if not more.both:
            return found


def renames(types: Pairs[TypeEntry]) -> dict[str, str]:
    """Old to new address of the renamed types."""
    return {
        before.address: after.address for before, after in types.both if before.name != after.name
    }


def _structure(one: TypeEntry, names: Mapping[str, str]) -> Hashable:
    """The content of a type without its name; None if it is not distinctive."""
    if not one.members and not one.definition.alternatives:
        return None
    own = {**names, one.address: "itself"}

    def read(annotation: Annotation) -> Alternatives:
        return renamed(annotation.alternatives, own)

    members = frozenset(
        (member.name, member.wire_name, member.required, read(member.annotation))
        for member in one.members
    )
    return (one.kind, members, frozenset(read(one.definition)))
