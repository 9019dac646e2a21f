"""Derives the public types of an SDK."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from specloom import ir
from specloom.api_diff.view import Kind, Member, TypeEntry
from specloom.ir.usage import Usage, fields_in
from specloom.naming.names import Names, fields_by_attribute
from specloom.sdk.annotations import Annotations
from specloom.sdk.code import NONE, Annotation, Code


def types_of(api: ir.Api, names: Names, usage: Usage, entry: str) -> Iterator[TypeEntry]:
    """Every public type, sorted by name. ``entry`` is the pointer to the whole description."""
    taker = _Types(api, names, usage, entry)
    found = {one.name: one for key in sorted(api.types) for one in taker.of(key)}
    yield from (found[name] for name in sorted(found))


def description_of(one: ir.Parameter | ir.Field) -> str:
    """The documentation of an input or a property, without its type."""
    parts = (one.description, one.default, one.limits)
    return "\n".join(str(part) for part in parts if part not in (None, "", ()))


class _Types:
    """Derives the types of an API: a schema becomes a class, a TypedDict, or an alias."""

    def __init__(self, api: ir.Api, names: Names, usage: Usage, entry: str) -> None:
        self._api = api
        self._names = names
        self._usage = usage
        self._entry = entry
        self._annotations = Annotations(api, names, usage, prefix="types.")

    def of(self, key: str) -> Iterator[TypeEntry]:
        """The names of a schema in the SDK, for responses and requests."""
        named = self._api.types[key]
        is_read, is_written = key in self._usage.responses, key in self._usage.requests
        if isinstance(named, ir.Model):
            if is_read:
                yield self._class(named)
            if is_written:
                yield self._dict(named)
        elif isinstance(named.type, ir.Literal):
            if is_read or is_written:
                yield self._enum(named, named.type, is_read=is_read)
        else:
            if is_read:
                yield self._read_alias(named)
            if key in self._names.unknown:
                yield self._unknown(named)
            if is_written:
                yield self._written_alias(named)

    def _class(self, model: ir.Model) -> TypeEntry:
        members = [
            self._member(attribute, field, self._received(field))
            for attribute, field in fields_by_attribute(model, self._names, request=False)
        ]
        name = self._names.types[model.key]
        entry = self._entry_of(model, name, "class", "class", is_read=True)
        return replace(entry, members=(*members, *self._extra(model)))

    def _received(self, field: ir.Field) -> Annotation:
        """The annotation of an attribute. An optional one can be None."""
        annotation = self._annotations.read(field.type)
        is_none = NONE.alternatives[0] in annotation.alternatives
        if field.required or is_none or field.type == ir.Scalar("any"):
            return annotation
        return Annotation.union(annotation, NONE)

    def _extra(self, model: ir.Model) -> Iterator[Member]:
        """The annotation of further properties, if the description gives their type."""
        if model.extra is not None and model.extra != ir.Scalar("any"):
            annotation = self._annotations.read(ir.MapOf(model.extra))
            yield Member("__pydantic_extra__", "", annotation, required=True, pointer=model.pointer)

    def _dict(self, model: ir.Model) -> TypeEntry:
        members = tuple(
            self._member(field.wire_name, field, self._annotations.written(field.type))
            for field in fields_in(model, request=True)
        )
        name = self._names.params[model.key]
        return replace(self._entry_of(model, name, "dict", "dict"), members=members)

    def _enum(self, named: ir.Alias, values: ir.Literal, *, is_read: bool) -> TypeEntry:
        name = self._names.types[named.key]
        return replace(
            self._entry_of(named, name, "enum", "enum", is_read=is_read),
            definition=Annotation.literal(Code("Literal"), values.values),
            is_open=values.kind != "const",
        )

    def _read_alias(self, named: ir.Alias) -> TypeEntry:
        unknown = self._names.unknown.get(named.key)
        definition = self._annotations.read(named.type)
        if unknown is not None:
            definition = Annotation.union(definition, Annotation.builtin(f"types.{unknown}"))
        name = self._names.types[named.key]
        entry = self._entry_of(named, name, "alias", "read", is_read=True)
        return replace(entry, definition=definition, is_open=unknown is not None)

    def _written_alias(self, named: ir.Alias) -> TypeEntry:
        entry = self._entry_of(named, self._names.params[named.key], "alias", "written")
        return replace(entry, definition=self._annotations.accepted(named))

    def _unknown(self, named: ir.Alias) -> TypeEntry:
        """The class for variants that a later version of a union may add."""
        name = self._names.unknown[named.key]
        entry = self._entry_of(named, name, "class", "unknown", is_read=True)
        return replace(entry, description="", deprecated=False)

    def _entry_of(
        self, named: ir.NamedType, name: str, kind: Kind, role: str, *, is_read: bool = False
    ) -> TypeEntry:
        """An entry without members and definition, for responses or else for requests."""
        return TypeEntry(
            name=name,
            kind=kind,
            place=f"{named.key.removeprefix(self._entry)} {role}",
            pointer=named.pointer,
            is_read=is_read,
            description=named.description,
            deprecated=named.deprecated,
        )

    def _member(self, name: str, field: ir.Field, annotation: Annotation) -> Member:
        return Member(
            name=name,
            wire_name=field.wire_name,
            annotation=annotation,
            required=field.required,
            pointer=field.pointer,
            description=description_of(field),
            deprecated=field.deprecated,
        )
