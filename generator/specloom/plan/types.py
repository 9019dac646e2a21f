"""Types → modules: models for what the server sends, TypedDicts for what the caller gives."""

from __future__ import annotations

import keyword
from collections.abc import Iterator
from dataclasses import dataclass

from specloom import ir
from specloom.annotations import Annotations
from specloom.docstrings import docstring, fill
from specloom.models import ModelWriter
from specloom.names import Names
from specloom.plan.views import PlannedFile, import_lines
from specloom.type_modules import SHARED, assign_modules
from specloom.usage import Usage, fields_in


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a TypedDict. ``inline`` is its text in the functional form."""

    name: str
    literal: str
    annotation: str
    told: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A TypedDict (with keys) or an alias (with a type)."""

    name: str
    told: str
    keys: tuple[Key, ...] = ()
    is_functional: bool = False
    alias: str = ""
    is_recursive: bool = False


class TypesPlanner:
    """Plans the package ``types``. ``index`` maps each public name to its module."""

    def __init__(self, api: ir.Api, names: Names, usage: Usage, package: str) -> None:
        self._api = api
        self._names = names
        self._usage = usage
        self._package = package
        self._models = assign_modules(usage.responses)
        params = assign_modules(usage.requests)
        self._params = {key: f"{module}_params" for key, module in params.items()}
        self.index = self._public_names()

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

    def files(self) -> Iterator[PlannedFile]:
        """The lazy index and every module of types."""
        folder = f"{self._package}/types"
        yield PlannedFile(
            f"{folder}/__init__.py", "package/types/__init__.py.j2", {"index": self.index}
        )
        writer = ModelWriter(self._api, self._names, self._models, self._package)
        for module in sorted(set(self._models.values())):
            written = writer.module(module)
            context = {
                "told": _module_told("Types the server sends", module),
                "imports": import_lines(set(written.imports)),
                "body": written.body,
            }
            yield PlannedFile(f"{folder}/{module}.py", "package/types/models.py.j2", context)
        for module in sorted(set(self._params.values())):
            yield PlannedFile(
                f"{folder}/{module}.py", "package/types/params.py.j2", self._params_context(module)
            )

    def _params_context(self, module: str) -> dict[str, object]:
        keys = [key for key, name in self._params.items() if name == module]
        annotations = Annotations(self._api, self._names, self._usage)
        dicts, aliases = [], []
        for key in sorted(keys, key=lambda one: self._names.types[one]):
            named = self._api.types[key]
            if isinstance(named, ir.Model):
                dicts.append(self._typed_dict(named, annotations))
            elif self.index.get(self._alias_name(key)) == module:
                aliases.append(self._alias(named, annotations))
        own = {entry.name for entry in (*dicts, *aliases)}
        ordered = _in_order(aliases)
        return {
            "told": _module_told("What methods take", module.removesuffix("_params")),
            "imports": import_lines(self._imports(annotations, own, dicts, ordered)),
            "dicts": dicts,
            "aliases": ordered,
        }

    def _alias_name(self, key: str) -> str:
        return self._names.params.get(key, self._names.types[key])

    def _imports(
        self, annotations: Annotations, own: set[str], dicts: list[Entry], aliases: list[Entry]
    ) -> set[tuple[str, str]]:
        found = set(annotations.imports)
        found |= {(f".{self.index[name]}", name) for name in annotations.types - own}
        found |= {("..._runtime.files"[2:], name) for name in annotations.runtime}
        keys = [key for entry in dicts for key in entry.keys]
        if dicts:
            found.add(("typing_extensions", "TypedDict"))
        if any(key.annotation.startswith("Required[") for key in keys):
            found.add(("typing_extensions", "Required"))
        if any(not alias.is_recursive for alias in aliases):
            found.add(("typing", "TypeAlias"))
        if any(alias.is_recursive for alias in aliases):
            found.add(("typing_extensions", "TypeAliasType"))
        return found

    def _typed_dict(self, model: ir.Model, annotations: Annotations) -> Entry:
        fields = fields_in(model, request=True)
        is_functional = any(not _is_plain_key(one.wire_name) for one in fields)
        scope = annotations
        if not is_functional:
            # A key called like a type hides that type from the annotations after it.
            shadowed = frozenset(one.wire_name for one in fields)
            scope = Annotations(self._api, self._names, self._usage, shadowed)
        entry = Entry(
            name=self._names.params[model.key],
            told=docstring(fill(model.description, 4), 4) if model.description else "",
            keys=tuple(_key(one, scope) for one in fields),
            is_functional=is_functional,
        )
        if scope is not annotations:
            annotations.types |= scope.types
            annotations.imports |= scope.imports
            annotations.runtime |= scope.runtime
        return entry

    def _alias(self, alias: ir.Alias, annotations: Annotations) -> Entry:
        text = annotations.written(alias.type)
        name = self._alias_name(alias.key)
        return Entry(
            name=name,
            told=docstring(fill(alias.description, 0), 0) if alias.description else "",
            alias=text,
            is_recursive=_reaches_itself(self._api, alias.key),
        )


def _key(field: ir.Field, annotations: Annotations) -> Key:
    annotation = annotations.written(field.type)
    return Key(
        name=field.wire_name,
        literal=repr(field.wire_name),
        annotation=f"Required[{annotation}]" if field.required else annotation,
        told=docstring(fill(field.description, 4), 4) if field.description else "",
    )


def _is_plain_key(wire_name: str) -> bool:
    """Whether a class can have the key; names that start with two underscores are mangled."""
    is_name = wire_name.isidentifier() and not keyword.iskeyword(wire_name)
    return is_name and not wire_name.startswith("__")


def _reaches_itself(api: ir.Api, key: str) -> bool:
    """Whether an alias mentions itself, through aliases only: a TypedDict's keys are lazy."""
    from specloom.usage import refs_in

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


def _in_order(aliases: list[Entry]) -> list[Entry]:
    """Aliases after those they mention: unlike annotations, they are evaluated at once."""
    import re

    by_name = {alias.name: alias for alias in aliases}
    ordered: dict[str, Entry] = {}

    def add(alias: Entry, above: frozenset[str]) -> None:
        for word in sorted(set(re.findall(r"\w+", alias.alias)) & set(by_name)):
            if word not in ordered and word not in above:
                add(by_name[word], above | {word})
        ordered.setdefault(alias.name, alias)

    for alias in aliases:
        add(alias, frozenset((alias.name,)))
    return list(ordered.values())


def _module_told(what: str, module: str) -> str:
    where = "shared by several resources" if module == SHARED else f"for ``{module}``"
    return f"{what}, {where}."
