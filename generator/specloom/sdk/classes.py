"""The only adapter to datamodel-code-generator: models of the IR → the text of their classes.

Classes are built from datamodel-code-generator's own model objects, which render annotations and
list their imports. The layout of a class is in ``templates/datamodel/``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from datamodel_code_generator.imports import Import
from datamodel_code_generator.model.base import DataModelFieldBase
from datamodel_code_generator.model.pydantic_v2.base_model import BaseModel, DataModelField
from datamodel_code_generator.reference import Reference
from datamodel_code_generator.types import DataType

from specloom import ir
from specloom.layout import (
    assigned,
    attribute_docstring,
    docstring,
    fill,
    literal,
    with_type,
    wrapped,
)
from specloom.naming.identifiers import BUILTIN_CLASSES
from specloom.naming.names import Names, fields_by_attribute
from specloom.options import templates_folder
from specloom.sdk.annotations import as_received
from specloom.sdk.method_docstrings import field_message, with_deprecation

# Not a property: pydantic uses this name for the type of undeclared fields (our template handles
# it).
_EXTRA = "__pydantic_extra__"
_UNSEEN = "if not TYPE_CHECKING:  # its type in the base class is wider, and invariant"
_RUNTIME = ".._runtime.models.base"
_SCALARS: dict[str, str | Import] = {
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "null": "None",
    "any": Import("Any", "typing"),
    "date": Import("date", "datetime"),
    "date-time": Import("datetime", "datetime"),
    "binary": "bytes",
}


class Class(NamedTuple):
    """A class and its imports: (module, name)."""

    name: str
    text: str
    imports: set[tuple[str, str]]


class _Field(NamedTuple):
    """A field of a class; ``alias``, ``default`` and ``docstring`` are texts of Python."""

    type: DataType
    required: bool = True
    alias: str = ""
    default: str = ""
    docstring: str = ""

    def declaration(self, name: str, annotation: str) -> str:
        """The line of the field, with a type that datamodel-code-generator rendered."""
        if self.alias:
            annotation = f"Annotated[{annotation}, Field(alias={self.alias})]"
        if name == _EXTRA:
            return f"{_UNSEEN}\n        {with_type(f'{name}: ', annotation, '', 8)}"
        if self.default:
            return assigned(name, self.default, 4, annotation)
        return with_type(f"{name}: ", annotation, "", 4)


@dataclass(frozen=True, slots=True)
class Classes:
    """Writes models and unknown variants; ``modules`` maps types to their modules."""

    api: ir.Api
    names: Names
    modules: Mapping[str, str]

    def of(self, keys: Iterable[str]) -> list[Class]:
        """The classes of one types module, sorted by name."""
        found = [one for key in keys for one in self._classes(key)]
        return sorted(found, key=lambda one: one.name)

    def _classes(self, key: str) -> Iterator[Class]:
        named = self.api.types[key]
        if isinstance(named, ir.Model):
            yield self._model(named)
        if key in self.names.unknown:
            yield self._unknown(named)

    def _model(self, model: ir.Model) -> Class:
        name, given = self.names.types[model.key], self.names.fields[model.key]
        entries = dict(fields_by_attribute(model, self.names, request=False))
        types = _Types(self, f".{self.modules[model.key]}", entries.keys())
        fields: dict[str, _Field] = {}
        deprecated: dict[str, str] = {}
        for attribute, entry in entries.items():
            fields[attribute] = _Field(
                types.of(entry.type),
                entry.required,
                alias=literal(entry.wire_name) if attribute != entry.wire_name else "",
                default="" if entry.required else "None",
                docstring=_docstring(with_deprecation(entry.description, entry, given)),
            )
            if entry.deprecated:
                deprecated[attribute] = literal(field_message(attribute, entry, name, given))
        if model.extra is not None and model.extra != ir.Scalar("any"):
            fields[_EXTRA] = _Field(types.of(ir.MapOf(model.extra)))
        read_only = [attribute for attribute, entry in entries.items() if entry.read_only]
        return _class(name, "Model", model.description, fields, deprecated, read_only)

    def _unknown(self, named: ir.NamedType) -> Class:
        name = self.names.types[named.key]
        text = f"An unknown variant of ``{name}``. ``raw`` contains the whole object."
        fields: dict[str, _Field] = {}
        union = named.type if isinstance(named, ir.Alias) else None
        union = as_received(union, self.api) if isinstance(union, ir.UnionOf) else None
        if union is not None and union.tag is not None:
            tag, attribute = union.tag, self._tag_attribute(union, union.tag)
            alias = literal(tag) if attribute != tag else ""
            fields[attribute] = _Field(_literal(["UNKNOWN"]), True, alias, '"UNKNOWN"')
        return _class(self.names.unknown[named.key], "UnknownVariant", text, fields, {})

    def _tag_attribute(self, union: ir.UnionOf, tag: str) -> str:
        keys = (member.key for member in union.members if isinstance(member, ir.Ref))
        given = (self.names.fields.get(key, {}) for key in keys)
        return next((names[tag] for names in given if tag in names), tag)


def forward_name(name: str) -> str:
    """The name of a type for fields of the same module: its own, or the name of a later alias.

    Python evaluates fields before the classes below them exist, and would find a builtin instead.
    """
    return f"{name}_" if name in BUILTIN_CLASSES else name


@dataclass(frozen=True, slots=True)
class _Types:
    """Types of the IR → datamodel-code-generator's, for a class with these attributes.

    An attribute with the name of an imported type would hide it from later attributes, so the type
    is imported under another name.
    """

    classes: Classes
    module: str
    attributes: Collection[str]

    def of(self, type_ref: ir.TypeRef) -> DataType:
        """The type of a value in responses."""
        if isinstance(type_ref, ir.Ref):
            return self._named(type_ref.key)
        if isinstance(type_ref, ir.TupleOf):
            return _type(data_types=[self.of(one) for one in type_ref.first], is_tuple=True)
        if isinstance(type_ref, ir.ListOf):
            return _type(data_types=[self.of(type_ref.item)], is_list=True)
        if isinstance(type_ref, ir.MapOf):
            return _type(data_types=[self.of(type_ref.value)], is_dict=True)
        if isinstance(type_ref, ir.Nullable):
            return _type(data_types=[self.of(type_ref.inner), _type(type="None")])
        if isinstance(type_ref, ir.UnionOf):
            return _type(data_types=[self.of(member) for member in type_ref.members])
        if isinstance(type_ref, ir.Literal):
            known = _literal(type_ref.values)
            return known if type_ref.kind == "const" else _open(known, type_ref)
        scalar = _SCALARS[type_ref.kind]
        return _type(type=scalar) if isinstance(scalar, str) else self._imported(scalar)

    def _named(self, key: str) -> DataType:
        named, name = self.classes.api.types[key], self.classes.names.types[key]
        place = Import(name, f".{self.classes.modules[key]}")
        is_here = place.from_ == self.module
        found = _type(type=forward_name(name)) if is_here else self._imported(place)
        enum = named.type if isinstance(named, ir.Alias) else None
        return _open(found, enum) if isinstance(enum, ir.Literal) else found

    def _imported(self, what: Import) -> DataType:
        if what.import_ in self.attributes:
            what = replace(what, alias=f"{what.import_}_aliased")
        return _type(type=what.binding_name, import_=what)


def _open(known: DataType, enum: ir.Literal) -> DataType:
    """An open enum: its literals, and the plain types of later values."""
    kinds = dict.fromkeys(type(value).__name__ for value in enum.values)
    return _type(data_types=[known, *(_type(type=kind) for kind in kinds)])


def _literal(values: Iterable[object]) -> DataType:
    text = f"Literal[{', '.join(map(literal, values))}]"
    return _type(type=text, import_=Import("Literal", "typing"))


def _type(**said: Any) -> DataType:
    return DataType(use_union_operator=True, use_standard_collections=True, **said)


def _class(
    name: str,
    base: str,
    description: str,
    fields: dict[str, _Field],
    deprecated: Mapping[str, str],
    read_only: Sequence[str] = (),
) -> Class:
    members: list[DataModelFieldBase] = [
        DataModelField(name=attribute, data_type=field.type, required=field.required)
        for attribute, field in fields.items()
    ]
    texts = {
        "head": wrapped(f"class {name}({base}):", 0),
        "docstring": docstring(fill(description, 4), 4) if description else "",
        "attributes": [
            (field.declaration(one.name or "", one.type_hint), field.docstring)
            for one, field in zip(members, fields.values(), strict=True)
        ],
        "deprecated": deprecated,
        "read_only": read_only,
    }
    model = BaseModel(
        reference=Reference(path=name, name=name),
        fields=members,
        custom_base_class=f"{_RUNTIME}.{base}",
        custom_template_dir=templates_folder() / "datamodel",
        extra_template_data=defaultdict(dict, {name: texts}),
    )
    # The fields' own imports are wrong here: they import typing's Optional for a type called
    # Optional.
    imports = {Import(base, _RUNTIME)}.union(*(one.type.all_imports for one in fields.values()))
    if any(one.alias for one in fields.values()):
        imports |= {Import("Annotated", "typing"), Import("Field", "pydantic")}
    if _EXTRA in fields:
        imports.add(Import("TYPE_CHECKING", "typing"))
    return Class(name, model.render(), {_pair(one) for one in imports})


def _pair(one: Import) -> tuple[str, str]:
    return one.from_ or "", f"{one.import_} as {one.alias}" if one.alias else one.import_


def _docstring(text: str) -> str:
    """The docstring of a field; empty without a description."""
    return attribute_docstring(fill(text, 4), 4) if text else ""
