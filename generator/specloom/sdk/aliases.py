"""Aliases of a types module: what each says, and in which order they can be evaluated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from specloom import ir
from specloom.docstrings import attribute_docstring, fill
from specloom.ir.usage import refs_in
from specloom.layout import assigned, literal
from specloom.sdk.code import TYPES, Code, Import, imports_of


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
    """The entry of a named type that is no object."""
    text = attribute_docstring(fill(alias.description, 0), 0) if alias.description else ""
    return AliasEntry(name, definition, text, _reaches_itself(api, alias.key))


def alias_imports(aliases: Iterable[AliasEntry]) -> set[Import]:
    """What aliases need."""
    kinds = {
        ("typing_extensions", "TypeAliasType") if alias.is_recursive else ("typing", "TypeAlias")
        for alias in aliases
    }
    return kinds | imports_of(alias.definition for alias in aliases)


def in_order(aliases: Iterable[AliasEntry]) -> list[AliasEntry]:
    """Aliases after those they mention: unlike annotations, they are evaluated at once."""
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
    """Whether an alias mentions itself, through aliases only: what objects mention is lazy."""
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
