"""After all types are known: unions are flattened, their tags found, their variants made to narrow.

This waits until the end because a union may contain itself, and because a tag can be seen only
once every member's properties are known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from specloom import ir
from specloom.ir.words import split_words
from specloom.lower.limits import Budget
from specloom.lower.merging import merge_union
from specloom.lower.variants import base_key

if TYPE_CHECKING:
    from specloom.description.document import Document


def settle_unions(types: dict[str, ir.NamedType], document: Document) -> dict[str, ir.NamedType]:
    """The same types, every union flat and, where its members allow it, tagged.

    Raises SpecError where flat unions would be too much to write.
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
    """Members that are unions themselves give way to their members."""
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
    # Where a nested base gave way to its heirs, it is itself one of them.
    meant = {value: k if k in members else base_key(k) for value, k in mapping.items()}
    pairs = tuple((value, k) for value, k in meant.items() if k in members)
    default = union.default if union.default in members else None
    return ir.UnionOf(merged.members, union.tag, pairs, default)


def _tagged(union: ir.UnionOf, types: Mapping[str, ir.NamedType]) -> ir.UnionOf:
    """The union with its tag, declared or seen; without one where values do not tell apart."""
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
        # Only a schema's name was its tag, and the tag cannot be that: nothing tells them apart.
        return replace(union, tag=None, mapping=(), default=None)
    return replace(union, mapping=tuple((seen | declared).items()))


def _may_be(types: Mapping[str, ir.NamedType], key: str, tag: str, value: str) -> bool:
    """Whether the tag of a variant can have a value: its own enum may not know it."""
    model = types.get(key)
    fields = model.fields if isinstance(model, ir.Model) else ()
    declared = next((field.type for field in fields if field.wire_name == tag), None)
    if isinstance(declared, ir.Ref):
        named = types.get(declared.key)
        declared = named.type if isinstance(named, ir.Alias) else None
    return not isinstance(declared, ir.Literal) or value in declared.values


def _implicit_tag(models: list[ir.Model]) -> str | None:
    """The first property that every member has with values no other member has."""
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
    """A tag that a variant has only as ``str`` becomes the values its unions map to it.

    So ``if pet.kind == "dog"`` narrows for type checkers also where the description declares the
    tag in a shared base, without a const. A variant that does not declare its tag gets it.
    """
    wanted: dict[tuple[str, str], set[str]] = {}
    for named in types.values():
        union = named.type if isinstance(named, ir.Alias) else None
        if isinstance(union, ir.UnionOf) and union.tag is not None:
            for value, key in union.mapping:
                wanted.setdefault((key, union.tag), set()).add(value)
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
