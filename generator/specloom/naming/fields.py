"""The attributes of models: no model's depend on another's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from specloom import ir
from specloom.ir.words import snake
from specloom.naming.identifiers import Clash, attribute, free, spelled_out
from specloom.naming.reserved import MODEL_ATTRIBUTES


def assign_fields(
    types: Mapping[str, ir.NamedType], type_names: Iterable[str], clashes: list[Clash]
) -> dict[str, dict[str, str]]:
    """By the keys of models: wire names, and the identifiers given to them.

    An attribute that is spelled like a type would hide it from the attributes after it; only
    scripts without capitals have such names.
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
    for field in sorted(model.fields, key=_rank):
        first = attribute(field.name, reserved)
        told = attribute(spelled_out(field.wire_name), reserved) if first in taken else first
        name = free(told, taken, "{}_{}".format)
        if name != first:
            clashes.append(Clash(first, name, field.pointer))
        taken.add(name)
        given[field.wire_name] = name
    return given


def _rank(field: ir.Field) -> tuple[bool, str]:
    return (snake(field.name) != field.wire_name, field.wire_name)
