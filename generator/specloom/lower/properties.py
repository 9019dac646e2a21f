"""What a name of x-sdk leads to in a type: a property, or a JSON Pointer (RFC 6901) into it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from specloom import ir
from specloom.description.tree import escape, unescape
from specloom.lower.merging import ANY

Types = Mapping[str, ir.NamedType]

_DEEPEST = 3


def found_at(start: ir.TypeRef, name: str, types: Types) -> ir.TypeRef | None:
    """The type of what ``name`` leads to from ``start``, without null.

    A name is a property; with a slash before it, it is a JSON Pointer, and the empty pointer is
    the whole value. The result is ``any`` where the description leaves open what is there, and
    None where it says that nothing is.
    """
    found: ir.TypeRef | None = resolved(start, types)
    for step in steps_of(name):
        found = _property(found, step, types) if found is not None else None
    return found


def names_in(start: ir.TypeRef, types: Types) -> Iterator[tuple[str, ir.TypeRef]]:
    """JSON Pointers to what is in a type, each with its type; those of the top come first."""
    level = [("", resolved(start, types))]
    for _ in range(_DEEPEST):
        level = [
            (f"{pointer}/{escape(field.wire_name)}", resolved(field.type, types))
            for pointer, holder in level
            for field in _fields(holder, types)
        ]
        yield from level


def plain_name(pointer: str) -> str:
    """A pointer to a property of the top as the name of the property; others as they are."""
    return unescape(pointer[1:]) if pointer.count("/") == 1 else pointer


def resolved(type_ref: ir.TypeRef, types: Types) -> ir.TypeRef:
    """A type without null and without names that only stand for another."""
    for _ in range(len(types) + 1):
        named = types.get(type_ref.key) if isinstance(type_ref, ir.Ref) else None
        if isinstance(type_ref, ir.Nullable):
            type_ref = type_ref.inner
        elif isinstance(named, ir.Alias):
            type_ref = named.type
        else:
            break
    return type_ref


def steps_of(name: str) -> list[str]:
    """The names of properties that a name leads through."""
    if not name or name.startswith("/"):
        return [unescape(step) for step in name.split("/")[1:]]
    return [name]


def _property(holder: ir.TypeRef, name: str, types: Types) -> ir.TypeRef | None:
    found = [_property_of(one, name, types) for one in _alternatives(holder, types)]
    known = list(dict.fromkeys(one for one in found if one is not None))
    return known[0] if len(known) == 1 else ANY if known else None


def _property_of(holder: ir.TypeRef, name: str, types: Types) -> ir.TypeRef | None:
    match holder:
        case ir.Scalar("any"):
            return ANY
        case ir.MapOf(value):
            return resolved(value, types)
        case ir.TupleOf(first=first) if name.isdigit() and int(name) < len(first):
            return resolved(first[int(name)], types)
        case ir.ListOf(item):
            return resolved(item, types) if name.isdigit() else None
        case ir.Ref():
            for field in _fields(holder, types):
                if field.wire_name == name:
                    return resolved(field.type, types)
            named = types.get(holder.key)
            extra = named.extra if isinstance(named, ir.Model) else None
            return resolved(extra, types) if extra is not None else None
        case _:
            return None


def _fields(holder: ir.TypeRef, types: Types) -> Iterator[ir.Field]:
    for one in _alternatives(holder, types):
        named = types.get(one.key) if isinstance(one, ir.Ref) else None
        yield from named.fields if isinstance(named, ir.Model) else ()


def _alternatives(type_ref: ir.TypeRef, types: Types) -> Iterator[ir.TypeRef]:
    """The members of a union and of the unions in it, each once; else the type itself."""
    pending, seen = [type_ref], set[ir.TypeRef]()
    while pending:
        one = resolved(pending.pop(), types)
        if one not in seen:
            seen.add(one)
            if isinstance(one, ir.UnionOf):
                pending.extend(reversed(one.members))
            else:
                yield one
