"""Where a request has numbers: a caller may give a ``Decimal`` there, and it is sent as one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from specloom import ir


def numbers_of(body: ir.RequestBody, types: Mapping[str, ir.NamedType]) -> tuple[str, ...]:
    """The properties of a body, at any depth, that are numbers, by wire name; sorted.

    ``rates/*`` are those of the object ``rates`` that the description does not name, and the empty
    name is the body itself. A name that is text elsewhere in the body is left out, as a ``Decimal``
    can be either.
    """
    places = [("", body.type)]
    if body.fields is not None:
        places = [(one.wire_name, one.type) for one in body.fields]
    found = set(_scalars(places, types))
    texts = {name for name, kind in found if kind == "string"}
    return tuple(sorted({name for name, kind in found if kind == "number"} - texts))


def _scalars(
    places: list[tuple[str, ir.TypeRef]], types: Mapping[str, ir.NamedType]
) -> Iterator[tuple[str, ir.ScalarKind]]:
    """The names and the kinds of all scalars; a type is followed once from each name."""
    seen: set[tuple[str, ir.TypeRef]] = set()
    while places:
        place = name, type_ref = places.pop()
        if place in seen:
            continue
        seen.add(place)
        match type_ref:
            case ir.Scalar(kind):
                yield name, kind
            case ir.ListOf(inner) | ir.Nullable(inner):
                places.append((name, inner))
            case ir.MapOf(value):
                places.append((f"{name}/*", value))
            case ir.UnionOf():
                places += [(name, one) for one in type_ref.members]
            case ir.Ref(key):
                places += _in_type(name, types[key])
            case _:
                pass


def _in_type(name: str, named: ir.NamedType) -> Iterator[tuple[str, ir.TypeRef]]:
    if isinstance(named, ir.Alias):
        yield name, named.type
        return
    for field in named.fields:
        yield field.wire_name, field.type
    if named.extra is not None:
        yield f"{name}/*", named.extra
