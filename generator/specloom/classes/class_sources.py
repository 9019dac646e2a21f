"""What datamodel-code-generator is told of each class, shaped from the IR, with our names."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from specloom import ir
from specloom.naming.deprecated import field_message, told
from specloom.naming.names import Names, fields_by_attribute
from specloom.writing.cache import digest
from specloom.writing.docstrings import docstring, fill

# Not a property: pydantic's name for the type of all that have no field (our template knows it).
_EXTRA = "__pydantic_extra__"
_SCALARS: dict[str, dict[str, Any]] = {
    "string": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "null": {"type": "null"},
    "any": {},
    "date": {"type": "string", "format": "date"},
    "date-time": {"type": "string", "format": "date-time"},
    "binary": {"type": "string", "format": "binary"},
}


class _Attribute(NamedTuple):
    """A field as our template writes it; ``default`` is empty for a required one."""

    name: str
    wire_name: str
    default: str

    @property
    def alias(self) -> str:
        """The wire name as a literal, where the attribute is called something else."""
        return repr(self.wire_name) if self.name != self.wire_name else ""


@dataclass(frozen=True, slots=True)
class ClassSource:
    """A class that is to be written.

    In ``schema``, every other type stands as ``customTypePath``, the path to import it by.
    ``texts`` are for our template, ``aliases`` the attributes that are not called as on the wire.
    """

    name: str
    base: str
    schema: dict[str, Any]
    texts: dict[str, Any]
    aliases: dict[str, str] = field(default_factory=dict)

    def digest(self) -> str:
        """A hash of everything that shapes the class."""
        parts = [self.name, self.base, self.schema, self.texts, self.aliases]
        return digest(json.dumps(parts))

    def fields(self) -> set[str]:
        """The names of its fields, in Python and on the wire."""
        return {*self.schema["properties"], *self.aliases.values()}

    def types(self) -> list[tuple[str, str]]:
        """The types that it mentions, as (module, name)."""
        return [*_types_in(self.schema)]


class ClassSources:
    """The sources of the models, and of the classes for what unions do not know."""

    def __init__(self, api: ir.Api, names: Names, modules: Mapping[str, str], package: str) -> None:
        self._api = api
        self._names = names
        self._modules = modules
        self._package = package

    def by_module(self, wanted: Sequence[str]) -> dict[str, list[ClassSource]]:
        """The modules of types that are wanted with their classes, sorted by name."""
        found: dict[str, list[ClassSource]] = {module: [] for module in wanted}
        for key, module in self._modules.items():
            if module in found:
                found[module] += self._classes(key)
        for sources in found.values():
            sources.sort(key=lambda one: one.name)
        return found

    def _classes(self, key: str) -> Iterator[ClassSource]:
        named, runtime = self._api.types[key], f"{self._package}._runtime.models.base"
        if isinstance(named, ir.Model):
            yield ClassSource(
                self._names.types[key],
                f"{runtime}.Model",
                self._model(named),
                self._model_texts(named),
                self._aliases(named, self._names.types[key]),
            )
        if key in self._names.unknown:
            yield ClassSource(
                self._names.unknown[key],
                f"{runtime}.UnknownVariant",
                self._unknown(named),
                self._unknown_texts(named),
            )

    def _model(self, model: ir.Model) -> dict[str, Any]:
        fields = fields_by_attribute(model, self._names, request=False)
        properties = {entry.wire_name: self._schema(entry.type) for _, entry in fields}
        required = [entry.wire_name for _, entry in fields if entry.required]
        if model.extra is not None and model.extra != ir.Scalar("any"):
            properties[_EXTRA] = self._schema(ir.MapOf(model.extra))
            required.append(_EXTRA)
        return {"type": "object", "properties": properties, "required": required}

    def _aliases(self, model: ir.Model, name: str) -> dict[str, str]:
        return {
            f"{name}.{entry.wire_name}": attribute
            for attribute, entry in fields_by_attribute(model, self._names, request=False)
            if attribute != entry.wire_name
        }

    def _unknown(self, named: ir.NamedType) -> dict[str, Any]:
        tag = _tag_of(named)
        if tag is None:
            return {"type": "object", "properties": {}}
        return {
            "type": "object",
            "properties": {tag: {"const": "UNKNOWN", "default": "UNKNOWN"}},
        }

    def _schema(self, type_ref: ir.TypeRef) -> dict[str, Any]:
        if isinstance(type_ref, ir.Ref):
            return self._reference(type_ref.key)
        if isinstance(type_ref, ir.ListOf):
            return {"type": "array", "items": self._schema(type_ref.item)}
        if isinstance(type_ref, ir.MapOf):
            return {
                "type": "object",
                "additionalProperties": self._schema(type_ref.value),
            }
        if isinstance(type_ref, ir.Nullable):
            return {"anyOf": [self._schema(type_ref.inner), {"type": "null"}]}
        if isinstance(type_ref, ir.UnionOf):
            return {"anyOf": [self._schema(member) for member in type_ref.members]}
        if isinstance(type_ref, ir.Literal):
            return _literal_schema(type_ref)
        return dict(_SCALARS[type_ref.kind])

    def _reference(self, key: str) -> dict[str, Any]:
        name, named = self._names.types[key], self._api.types[key]
        schema = {"customTypePath": f"{self._package}.types.{self._modules[key]}.{name}"}
        if isinstance(named, ir.Alias) and isinstance(named.type, ir.Literal):
            return {"anyOf": [schema, *_kinds(named.type)]}
        return schema

    def _model_texts(self, model: ir.Model) -> dict[str, Any]:
        fields = fields_by_attribute(model, self._names, request=False)
        return {
            "told": (docstring(fill(model.description, 4), 4) if model.description else ""),
            "attributes": {
                entry.wire_name: _Attribute(
                    attribute, entry.wire_name, "" if entry.required else "None"
                )
                for attribute, entry in fields
            },
            "deprecated": {
                attribute: self._deprecated(attribute, entry, model)
                for attribute, entry in fields
                if entry.deprecated
            },
            "field_docs": {
                entry.wire_name: docstring(fill(text, 4), 4)
                for _, entry in fields
                if (text := told(entry.description, entry, self._names.fields[model.key]))
            },
        }

    def _deprecated(self, attribute: str, entry: ir.Field, model: ir.Model) -> str:
        owner = self._names.types[model.key]
        return repr(field_message(attribute, entry, owner, self._names.fields[model.key]))

    def _unknown_texts(self, named: ir.NamedType) -> dict[str, Any]:
        name = self._names.types[named.key]
        text = f"A variant of ``{name}`` that this version does not know; ``raw`` holds it whole."
        tag = _tag_of(named)
        return {
            "told": docstring(fill(text, 4), 4),
            "attributes": (
                {tag: _Attribute(self._tag_attribute(named, tag), tag, "'UNKNOWN'")} if tag else {}
            ),
            "deprecated": {},
            "field_docs": {},
        }

    def _tag_attribute(self, named: ir.NamedType, tag: str) -> str:
        union = named.type if isinstance(named, ir.Alias) else None
        for member in union.members if isinstance(union, ir.UnionOf) else ():
            if isinstance(member, ir.Ref) and tag in self._names.fields.get(member.key, {}):
                return self._names.fields[member.key][tag]
        return tag


def _tag_of(named: ir.NamedType) -> str | None:
    if isinstance(named, ir.Alias) and isinstance(named.type, ir.UnionOf):
        return named.type.tag
    return None


def _literal_schema(literal: ir.Literal) -> dict[str, Any]:
    if literal.kind == "const":
        values = list(literal.values)
        return {"const": values[0]} if len(values) == 1 else {"enum": values}
    return {"anyOf": [{"enum": list(literal.values)}, *_kinds(literal)]}


def _kinds(literal: ir.Literal) -> list[dict[str, Any]]:
    """The plain types of an enum's values: what a value added later will have."""
    found = dict.fromkeys(
        {bool: "boolean", int: "integer", float: "number", str: "string"}[type(value)]
        for value in literal.values
    )
    return [{"type": name} for name in found]


def _types_in(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, list):
        for one in value:
            yield from _types_in(one)
    elif isinstance(value, dict):
        path = value.get("customTypePath")
        if isinstance(path, str):
            module, _, name = path.rpartition(".")
            yield module, name
        for one in value.values():
            yield from _types_in(one)
