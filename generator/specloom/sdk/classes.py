"""The only adapter to datamodel-code-generator: a planned class → its text and its imports.

Classes are built from datamodel-code-generator's own model objects, which render annotations and
list their imports. The layout of a class is in ``templates/datamodel/``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from datamodel_code_generator.imports import Import
from datamodel_code_generator.model.base import DataModelFieldBase
from datamodel_code_generator.model.pydantic_v2.base_model import BaseModel, DataModelField
from datamodel_code_generator.reference import Reference
from datamodel_code_generator.types import DataType

from specloom import ir
from specloom.layout import literal, wrapped
from specloom.naming.names import Names
from specloom.options import templates_folder
from specloom.sdk.code import Code
from specloom.sdk.views import EXTRA, PlannedClass, forward_name

_REMEMBERED = 4096
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


class _Class(BaseModel):
    """A class in our own layout."""

    TEMPLATE_FILE_PATH = str(templates_folder() / "datamodel" / "class.jinja2")


def class_code(planned: PlannedClass, types: ClassTypes) -> Code:
    """The definition of a class."""
    given = planned.attributes
    hints = [types.of(one.type, planned) for one in given]
    members: list[DataModelFieldBase] = [
        DataModelField(name=one.name, data_type=hint, required=one.default != "None")
        for one, hint in zip(given, hints, strict=True)
    ]
    declared = [one.text(each.type_hint) for one, each in zip(given, members, strict=True)]
    texts = {
        "head": wrapped(f"class {planned.name}({planned.base}):", 0),
        "planned": planned,
        "attributes": list(zip(given, declared, strict=True)),
        "deprecated": [one for one in given if one.deprecated],
        "read_only": [one for one in given if one.is_read_only],
    }
    model = _Class(
        reference=Reference(path=planned.name, name=planned.name),
        fields=members,
        custom_base_class=f"{_RUNTIME}.{planned.base}",
        extra_template_data=defaultdict(dict, {planned.name: texts}),
    )
    # The fields' own imports are wrong here: they import typing's Optional for a type called
    # Optional.
    parts = (part for hint in hints for part in hint.all_data_types)
    imports = {Import(planned.base, _RUNTIME), *(one.import_ for one in parts if one.import_)}
    if any(one.alias for one in given):
        imports |= {Import("Annotated", "typing"), Import("Field", "pydantic")}
    if any(one.name == EXTRA for one in given):
        imports.add(Import("TYPE_CHECKING", "typing"))
    return Code(model.render(), frozenset(map(_pair, imports)))


@dataclass(frozen=True, slots=True)
class ClassTypes:
    """Types of the IR → datamodel-code-generator's, for the classes of one module.

    ``modules`` maps named types to their modules.
    """

    api: ir.Api
    names: Names
    modules: Mapping[str, str]
    module: str

    def of(self, type_ref: ir.TypeRef, owner: PlannedClass) -> DataType:
        """The type of a value in responses, as an attribute of a class has it."""
        if isinstance(type_ref, ir.Ref):
            return self._named(type_ref.key, owner)
        if isinstance(type_ref, ir.TupleOf):
            return _type(data_types=[self.of(one, owner) for one in type_ref.first], is_tuple=True)
        if isinstance(type_ref, ir.ListOf):
            return _type(data_types=[self.of(type_ref.item, owner)], is_list=True)
        if isinstance(type_ref, ir.MapOf):
            return _type(data_types=[self.of(type_ref.value, owner)], is_dict=True)
        if isinstance(type_ref, ir.Nullable):
            return _type(data_types=[self.of(type_ref.inner, owner), _plain("None")])
        if isinstance(type_ref, ir.UnionOf):
            return _type(data_types=[self.of(member, owner) for member in type_ref.members])
        if isinstance(type_ref, ir.Literal):
            text = f"Literal[{', '.join(map(literal, type_ref.values))}]"
            known = _type(type=text, import_=Import("Literal", "typing"))
            return known if type_ref.kind == "const" else _open(known, type_ref)
        scalar = _SCALARS[type_ref.kind]
        return _plain(scalar) if isinstance(scalar, str) else _imported(scalar, owner)

    def _named(self, key: str, owner: PlannedClass) -> DataType:
        named, name = self.api.types[key], self.names.types[key]
        if self.modules[key] == self.module:
            found = _plain(forward_name(name))
        else:
            found = _imported(Import(name, f".{self.modules[key]}"), owner)
        enum = named.type if isinstance(named, ir.Alias) else None
        return _open(found, enum) if isinstance(enum, ir.Literal) else found


def _imported(what: Import, owner: PlannedClass) -> DataType:
    """An imported type.

    An attribute with its name would hide it from later attributes, so it gets another name.
    """
    if any(one.name == what.import_ for one in owner.attributes):
        what = replace(what, alias=f"{what.import_}_aliased")
    return _plain(what.binding_name, what)


@lru_cache(maxsize=_REMEMBERED)
def _plain(name: str, import_: Import | None = None) -> DataType:
    """A type without parts: several attributes can have the same one."""
    return _type(type=name, import_=import_)


def _open(known: DataType, enum: ir.Literal) -> DataType:
    """An open enum: its literals, and the plain types of later values."""
    kinds = dict.fromkeys(type(value).__name__ for value in enum.values)
    return _type(data_types=[known, *map(_plain, kinds)])


def _type(**said: Any) -> DataType:
    return DataType(use_union_operator=True, use_standard_collections=True, **said)


def _pair(one: Import) -> tuple[str, str]:
    return one.from_ or "", f"{one.import_} as {one.alias}" if one.alias else one.import_
