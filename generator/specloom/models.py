"""The one adapter to datamodel-code-generator: named types of the IR → the text of a types module.

It is fed a document that we shape from the IR, with our names, one module at a time. What it
decides is the order of classes, forward references, and the spelling of annotations; how a class
looks is in ``templates/datamodel/``.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from specloom import ir
from specloom.docstrings import docstring, fill
from specloom.names import Names, fields_by_attribute
from specloom.template_files import templates_folder

_REF = "#/components/schemas/"
# What our templates use beyond what datamodel-code-generator knows of.
_OURS = (("typing", "Annotated"), ("typing", "TYPE_CHECKING"), ("pydantic", "Field"))
# Not a property: pydantic's name for the type of all that have no field (our template knows it).
_EXTRA = "__pydantic_extra__"
_IMPORT = re.compile(r"^from (\S+) import (.+)$")
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
class ModelsModule:
    """A types module as datamodel-code-generator wrote it: imports (module, name), and a body."""

    imports: tuple[tuple[str, str], ...]
    body: str


class ModelWriter:
    """Writes types modules for responses. ``modules`` says where each type lives."""

    def __init__(self, api: ir.Api, names: Names, modules: Mapping[str, str], package: str) -> None:
        self._api = api
        self._names = names
        self._modules = modules
        self._package = package

    def module(self, module: str) -> ModelsModule:
        """The classes of one module."""
        keys = [key for key, name in self._modules.items() if name == module]
        document, extra, aliases, bases = self._document(keys)
        if not extra:
            return ModelsModule((), "")
        text = _generate(document, extra, aliases, bases, f"{self._package}._runtime.models.Model")
        written = _split(text, self._package)
        imports = tuple(one for one in written.imports if one[0] != f".{module}")
        return replace(written, imports=imports)

    def _document(
        self, keys: Sequence[str]
    ) -> tuple[dict[str, Any], dict[str, dict[str, Any]], dict[str, str], dict[str, str]]:
        schemas: dict[str, Any] = {}
        extra: dict[str, dict[str, Any]] = {}
        aliases: dict[str, str] = {}
        bases: dict[str, str] = {}
        for key in sorted(keys, key=lambda one: self._names.types[one]):
            named, name = self._api.types[key], self._names.types[key]
            if isinstance(named, ir.Model):
                schemas[name] = self._model(named, keys)
                extra[name] = self._model_texts(named)
                aliases.update(self._aliases(named, name))
            if key in self._names.unknown:
                unknown = self._names.unknown[key]
                schemas[unknown] = self._unknown(named)
                extra[unknown] = self._unknown_texts(named)
                bases[unknown] = f"{self._package}._runtime.models.UnknownVariant"
        document = {
            "openapi": "3.1.0",
            "info": {"title": "types", "version": "1"},
            "paths": {},
            "components": {"schemas": schemas},
        }
        return document, extra, aliases, bases

    def _model(self, model: ir.Model, keys: Sequence[str]) -> dict[str, Any]:
        fields = fields_by_attribute(model, self._names, request=False)
        properties = {entry.wire_name: self._schema(entry.type, keys) for _, entry in fields}
        required = [entry.wire_name for _, entry in fields if entry.required]
        if model.extra is not None and model.extra != ir.Scalar("any"):
            properties[_EXTRA] = self._schema(ir.MapOf(model.extra), keys)
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
        return {"type": "object", "properties": {tag: {"const": "UNKNOWN", "default": "UNKNOWN"}}}

    def _schema(self, type_ref: ir.TypeRef, keys: Sequence[str]) -> dict[str, Any]:
        if isinstance(type_ref, ir.Ref):
            return self._reference(type_ref.key, keys)
        if isinstance(type_ref, ir.ListOf):
            return {"type": "array", "items": self._schema(type_ref.item, keys)}
        if isinstance(type_ref, ir.MapOf):
            return {"type": "object", "additionalProperties": self._schema(type_ref.value, keys)}
        if isinstance(type_ref, ir.Nullable):
            return {"anyOf": [self._schema(type_ref.inner, keys), {"type": "null"}]}
        if isinstance(type_ref, ir.UnionOf):
            return {"anyOf": [self._schema(member, keys) for member in type_ref.members]}
        if isinstance(type_ref, ir.Literal):
            return _literal_schema(type_ref)
        return dict(_SCALARS[type_ref.kind])

    def _reference(self, key: str, keys: Sequence[str]) -> dict[str, Any]:
        """A class of the module, or something that it imports: aliases are written elsewhere."""
        name, named = self._names.types[key], self._api.types[key]
        if key in keys and isinstance(named, ir.Model):
            return {"$ref": _REF + name}
        path = f"{self._package}.types.{self._modules[key]}.{name}"
        schema = {"customTypePath": path}
        if isinstance(named, ir.Alias) and isinstance(named.type, ir.Literal):
            return {"anyOf": [schema, *_kinds(named.type)]}
        return schema

    def _model_texts(self, model: ir.Model) -> dict[str, Any]:
        fields = fields_by_attribute(model, self._names, request=False)
        told = docstring(fill(model.description, 4), 4) if model.description else ""
        return {
            "told": told,
            "attributes": {
                entry.wire_name: _Attribute(
                    attribute, entry.wire_name, "" if entry.required else "None"
                )
                for attribute, entry in fields
            },
            "field_docs": {
                entry.wire_name: docstring(fill(entry.description, 4), 4)
                for _, entry in fields
                if entry.description
            },
        }

    def _unknown_texts(self, named: ir.NamedType) -> dict[str, Any]:
        name = self._names.types[named.key]
        told = f"A variant of ``{name}`` that this version does not know; ``raw`` holds it whole."
        tag = _tag_of(named)
        return {
            "told": docstring(fill(told, 4), 4),
            "attributes": (
                {tag: _Attribute(self._tag_attribute(named, tag), tag, "'UNKNOWN'")} if tag else {}
            ),
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


def _generate(
    document: dict[str, Any],
    extra: dict[str, dict[str, Any]],
    aliases: dict[str, str],
    bases: dict[str, str],
    base_class: str,
) -> str:
    """Calls datamodel-code-generator with every option that shapes the output."""
    # Imported here: it takes 0.3 s, and is not needed where a module comes from the cache.
    from datamodel_code_generator import InputFileType, generate
    from datamodel_code_generator.enums import DataModelType
    from datamodel_code_generator.format import DateClassType, DatetimeClassType, PythonVersion
    from datamodel_code_generator.parser import LiteralType

    text = generate(
        document,
        input_file_type=InputFileType.OpenAPI,
        output_model_type=DataModelType.PydanticV2BaseModel,
        base_class=base_class,
        base_class_map={**bases},
        aliases=aliases,
        custom_class_name_generator=_as_given,
        custom_template_dir=templates_folder() / "datamodel",
        extra_template_data=defaultdict(dict, extra),
        enum_field_as_literal=LiteralType.All,
        output_datetime_class=DatetimeClassType.Datetime,
        output_date_class=DateClassType.Date,
        target_python_version=PythonVersion.PY_311,
        strict_nullable=True,
        use_annotated=True,
        use_exact_imports=True,
        use_standard_collections=True,
        use_type_alias=True,
        use_union_operator=True,
        keep_model_order=True,
        disable_timestamp=True,
        formatters=[],
    )
    if not isinstance(text, str):
        raise TypeError(f"datamodel-code-generator returned {type(text).__name__}, not text")
    return text


def _as_given(name: str) -> str:
    return name


def _split(text: str, package: str) -> ModelsModule:
    """Imports and body apart; imports that the body does not use are left out."""
    imports: list[tuple[str, str]] = []
    body: list[str] = []
    for line in text.splitlines():
        match = _IMPORT.match(line) if not body else None
        if match is not None:
            imports += [(match.group(1), name) for name in match.group(2).split(", ")]
        elif not re.match(r"\w+\.model_rebuild\(\)$", line) and (body or _starts_body(line)):
            body.append(line)
    code = "\n".join(body) + "\n"
    used = _names_in(code)
    found = {(_relative(module, package), name) for module, name in (*imports, *_OURS)}
    kept = {(module, name) for module, name in found if name.rpartition(" ")[2] in used}
    return ModelsModule(tuple(sorted(kept - {("__future__", "annotations")})), code)


def _names_in(code: str) -> set[str]:
    """Names the code uses, also inside quoted annotations; docstrings do not count."""
    tree = ast.parse(code)
    docstrings = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Constant) and node not in docstrings:
            found.update(re.findall(r"[^\W\d]\w*", str(node.value)))
    return found


def _starts_body(line: str) -> bool:
    return bool(line.strip()) and not line.startswith(("#", "from ", "import "))


def _relative(module: str, package: str) -> str:
    """The path of a module as seen from inside ``types``."""
    if module.startswith(f"{package}.types."):
        return "." + module.removeprefix(f"{package}.types.")
    if module.startswith(f"{package}."):
        return ".." + module.removeprefix(f"{package}.")
    return module
