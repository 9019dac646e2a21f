"""Types → modules: models for responses, TypedDicts for arguments, aliases for everything else."""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from specloom import ir
from specloom.ir.usage import Usage, fields_in, refs_in
from specloom.layout import assigned, attribute_docstring, docstring, fill, literal, with_type
from specloom.naming.names import Names, all_resources, attribute_path, fields_by_attribute
from specloom.sdk.annotations import Annotations, as_received
from specloom.sdk.code import (
    TYPES,
    Annotation,
    Code,
    Import,
    below,
    import_lines,
    imported,
    imports_of,
)
from specloom.sdk.method_docstrings import field_message, former_types, with_deprecation
from specloom.sdk.type_modules import (
    OTHERS,
    PARAMS,
    SHARED,
    modules_of_models,
    modules_of_params,
    types_module,
)
from specloom.sdk.views import (
    EXTRA,
    Attribute,
    PlannedClass,
    PlannedFile,
    exporting_package,
    forward_name,
)

_BASE = (".._runtime.models.base", "Model")
_FORMER_BASE = (".._runtime.stainless.models", "Model")
_DOCSTRING = '"""Every type of the API."""'


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a TypedDict."""

    name: str
    annotation: Annotation
    docstring: str

    @property
    def text(self) -> str:
        """The line of the key in a class."""
        return with_type(f"{self.name}: ", self.annotation.text, "", 4)

    @property
    def entry(self) -> str:
        """The line of the key in the functional form."""
        return f"{literal(self.name)}: {literal(self.annotation.text)},"


@dataclass(frozen=True, slots=True)
class Entry:
    """A TypedDict."""

    name: str
    docstring: str
    keys: tuple[Key, ...]
    is_functional: bool


class TypesPlanner:
    """Plans the package ``types``.

    ``index`` maps each public name to its module. ``is_private``: the modules begin with an
    underscore, because other modules have the plain names.
    """

    def __init__(
        self,
        api: ir.Api,
        names: Names,
        usage: Usage,
        package: str,
        *,
        is_private: bool = False,
    ) -> None:
        self._api = api
        self._names = names
        self._usage = usage
        self._package = package
        self._prefix = "_" if is_private else ""
        self._models = self._placed_in(modules_of_models(api, usage))
        self._params = self._placed_in(modules_of_params(usage))
        self._addresses = {
            f"{self._prefix}{types_module(resource.path)}{ending}": attribute_path(resource)
            for resource in all_resources(api.resources)
            if resource.path
            for ending in ("", PARAMS)
        }
        self._models_in = _by_module(self._models, names)
        self._params_in = _by_module(self._params, names)
        self.index = self._public_names()
        self.former = {
            old: name
            for old, name in former_types(api, names).items()
            if name in self.index and old not in self.index
        }

    def _placed_in(self, modules: dict[str, str]) -> dict[str, str]:
        return {key: f"{self._prefix}{module}" for key, module in modules.items()}

    def _public_names(self) -> dict[str, str]:
        index = {self._names.types[key]: module for key, module in self._models.items()}
        index |= {
            self._names.unknown[key]: module
            for key, module in self._models.items()
            if key in self._names.unknown
        }
        for key, module in self._params.items():
            if key in self._names.params:
                index[self._names.params[key]] = module
            else:
                index.setdefault(self._names.types[key], module)
        return dict(sorted(index.items()))

    def files(self, others: Mapping[str, str] | None = None) -> Iterator[PlannedFile]:
        """The lazy index and every module of types. ``others``: names of further modules."""
        folder = f"{self._package}/types"
        exports = dict(others or {}) | {name: f".{module}" for name, module in self.index.items()}
        yield from exporting_package(folder, exports, _DOCSTRING, former=self.former)
        for module in sorted(self._models_in):
            context = self._models_context(module)
            yield PlannedFile(f"{folder}/{module}.py", "package/types/models.py.j2", context)
        for module in sorted(self._params_in):
            context = self._params_context(module)
            yield PlannedFile(f"{folder}/{module}.py", "package/types/params.py.j2", context)

    def _docstring(self, module: str, verb: str) -> str:
        """The docstring of a module: the resources whose methods return or take its types."""
        plain = module.removeprefix(self._prefix)
        if plain in (OTHERS, f"{OTHERS}{PARAMS}"):
            return "Types that no operation uses."
        if plain in (SHARED, f"{SHARED}{PARAMS}"):
            return f"Types that methods of several resources {verb}."
        return f"Types that methods of ``client.{self._addresses.get(module, module)}`` {verb}."

    def _of_base(self, imports: frozenset[Import]) -> frozenset[Import]:
        """The imports of a class; former models have further options."""
        if not self._prefix or _BASE not in imports:
            return imports
        return (imports - {_BASE}) | {_FORMER_BASE}

    def _models_context(self, module: str) -> dict[str, object]:
        # Imported here: datamodel-code-generator takes 0.3 s, and not every command writes classes.
        from specloom.sdk.classes import ClassTypes, class_code

        types = ClassTypes(self._api, self._names, self._models, module)
        planned = sorted(self._classes(module), key=lambda one: one.name)
        classes = [class_code(one, types) for one in planned]
        annotations = Annotations(self._api, self._names, self._usage)
        aliases = [
            alias_entry(self._api, named, self._names.types[key], annotations.defined(named))
            for key in self._models_in[module]
            if isinstance(named := self._api.types[key], ir.Alias)
        ]
        aliases += [
            AliasEntry(forward_name(name), imported(TYPES, name), "", is_recursive=False)
            for name in (self._names.types[key] for key in self._models_in[module])
            if forward_name(name) != name
        ]
        return {
            "docstring": self._docstring(module, "return"),
            "imports": import_lines(
                self._placed(alias_imports(aliases), module).union(
                    *(self._of_base(one.imports) for one in classes)
                )
            ),
            "classes": [one.text for one in classes],
            "aliases": in_order(aliases),
        }

    def _classes(self, module: str) -> Iterator[PlannedClass]:
        """The models of a module, and the unknown variants of its unions."""
        for named in (self._api.types[key] for key in self._models_in[module]):
            if isinstance(named, ir.Model):
                yield _model(named, self._names)
            if named.key in self._names.unknown:
                yield _unknown(named, self._api, self._names)

    def _params_context(self, module: str) -> dict[str, object]:
        annotations = Annotations(self._api, self._names, self._usage)
        dicts, aliases = [], []
        for key in self._params_in[module]:
            named = self._api.types[key]
            if isinstance(named, ir.Model):
                dicts.append(self._typed_dict(named))
            elif self.index.get(self._alias_name(key)) == module:
                definition = annotations.accepted(named)
                aliases.append(alias_entry(self._api, named, self._alias_name(key), definition))
        imports = alias_imports(aliases)
        imports |= imports_of(key.annotation for entry in dicts for key in entry.keys)
        if dicts:
            imports.add(("typing_extensions", "TypedDict"))
        return {
            "docstring": self._docstring(module, "take"),
            "imports": import_lines(self._placed(imports, module)),
            "dicts": dicts,
            "aliases": in_order(aliases),
        }

    def _alias_name(self, key: str) -> str:
        return self._names.params.get(key, self._names.types[key])

    def _placed(self, imports: Iterable[Import], module: str) -> set[Import]:
        """Imports as a module of types writes them: from the defining module."""
        types = {name for place, name in imports if place == TYPES}
        others = below(1, (one for one in imports if one[0] != TYPES))
        places = {(self.index[name], name) for name in types}
        return others | {(f".{place}", name) for place, name in places if place != module}

    def _typed_dict(self, model: ir.Model) -> Entry:
        fields = fields_in(model, request=True)
        is_functional = any(not _is_plain_key(one.wire_name) for one in fields)
        # A key with the name of a type hides that type from later annotations.
        shadowed = frozenset(() if is_functional else (one.wire_name for one in fields))
        annotations = Annotations(self._api, self._names, self._usage, shadowed)
        beside = {one.wire_name: one.wire_name for one in fields}
        return Entry(
            name=self._names.params[model.key],
            docstring=docstring(fill(model.description, 4), 4) if model.description else "",
            keys=tuple(_key(one, annotations, beside) for one in fields),
            is_functional=is_functional,
        )


def _model(model: ir.Model, names: Names) -> PlannedClass:
    name, given = names.types[model.key], names.fields[model.key]
    attributes = [
        Attribute(
            attribute,
            field.type,
            alias=literal(field.wire_name) if attribute != field.wire_name else "",
            default="" if field.required else "None",
            docstring=attribute_docstring(with_deprecation(field.description, field, given), 4),
            deprecated=(
                literal(field_message(attribute, field, name, given)) if field.deprecated else ""
            ),
            is_read_only=field.read_only,
        )
        for attribute, field in fields_by_attribute(model, names, request=False)
    ]
    if model.extra is not None and model.extra != ir.Scalar("any"):
        attributes.append(Attribute(EXTRA, ir.MapOf(model.extra)))
    text = docstring(fill(model.description, 4), 4) if model.description else ""
    return PlannedClass(name, "Model", text, tuple(attributes))


def _unknown(named: ir.NamedType, api: ir.Api, names: Names) -> PlannedClass:
    """The class of a union's variants that the description does not have."""
    text = f"An unknown variant of ``{names.types[named.key]}``. ``raw`` contains the whole object."
    attributes: list[Attribute] = []
    union = named.type if isinstance(named, ir.Alias) else None
    union = as_received(union, api) if isinstance(union, ir.UnionOf) else None
    if union is not None and union.tag is not None:
        fields = [names.fields.get(one.key, {}) for one in union.members if isinstance(one, ir.Ref)]
        tag = next((given[union.tag] for given in fields if union.tag in given), union.tag)
        alias = literal(union.tag) if tag != union.tag else ""
        attributes.append(Attribute(tag, ir.Literal(("UNKNOWN",), "const"), alias, '"UNKNOWN"'))
    text = docstring(fill(text, 4), 4)
    return PlannedClass(names.unknown[named.key], "UnknownVariant", text, tuple(attributes))


def _by_module(modules: Mapping[str, str], names: Names) -> dict[str, list[str]]:
    """The keys of the types in each module, by their names."""
    found: dict[str, list[str]] = {}
    for key in sorted(modules, key=lambda one: names.types[one]):
        found.setdefault(modules[key], []).append(key)
    return found


def _key(field: ir.Field, annotations: Annotations, beside: Mapping[str, str]) -> Key:
    annotation = annotations.written(field.type)
    if field.required:
        annotation = Annotation.of(imported("typing_extensions", "Required"), annotation)
    text = with_deprecation(field.description, field, beside)
    return Key(field.wire_name, annotation, attribute_docstring(text, 4))


def _is_plain_key(wire_name: str) -> bool:
    """Whether a class can have the key; names that start with two underscores are mangled."""
    is_name = wire_name.isidentifier() and not keyword.iskeyword(wire_name)
    return is_name and not wire_name.startswith("__")


@dataclass(frozen=True, slots=True)
class AliasEntry:
    """An alias as its template shows it; a recursive one is a ``TypeAliasType``."""

    name: str
    definition: Code
    docstring: str
    is_recursive: bool

    @property
    def text(self) -> str:
        """The statement that defines it."""
        definition = self.definition.text
        if self.is_recursive:
            arguments = f"{literal(self.name)}, {literal(definition)}"
            return assigned(self.name, f"TypeAliasType({arguments})", 0)
        return assigned(f"{self.name}: TypeAlias", definition, 0)


def alias_entry(api: ir.Api, alias: ir.Alias, name: str, definition: Code) -> AliasEntry:
    """The entry of a named type that is not an object."""
    text = attribute_docstring(alias.description, 0)
    return AliasEntry(name, definition, text, _reaches_itself(api, alias.key))


def alias_imports(aliases: Iterable[AliasEntry]) -> set[Import]:
    """The imports of aliases."""
    kinds = {
        ("typing_extensions", "TypeAliasType") if alias.is_recursive else ("typing", "TypeAlias")
        for alias in aliases
    }
    return kinds | imports_of(alias.definition for alias in aliases)


def in_order(aliases: Iterable[AliasEntry]) -> list[AliasEntry]:
    """Aliases in order of evaluation: each one after those that it mentions."""
    by_name = {alias.name: alias for alias in aliases}
    ordered: dict[str, AliasEntry] = {}
    entered: set[str] = set()
    pending = list(reversed(by_name))
    while pending:
        alias = by_name[pending[-1]]
        entered.add(alias.name)
        mentioned = {name for module, name in alias.definition.imports if module == TYPES}
        first = sorted((mentioned & by_name.keys()) - entered, reverse=True)
        pending.extend(first)
        if not first:
            ordered.setdefault(pending.pop(), alias)
    return list(ordered.values())


def _reaches_itself(api: ir.Api, key: str) -> bool:
    """Whether an alias mentions itself through aliases; references in objects are lazy."""
    seen: set[str] = set()
    pending = [key]
    while pending:
        named = api.types[pending.pop()]
        for other in refs_in(named.type) if isinstance(named, ir.Alias) else ():
            if other == key:
                return True
            if other not in seen:
                seen.add(other)
                pending.append(other)
    return False
