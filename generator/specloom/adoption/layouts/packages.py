"""The package of an old SDK: its import name, its version, and its exported types."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping

from specloom.adoption.layouts.modules import Module, Modules
from specloom.adoption.layouts.syntax import FUNCTIONS, assigned, dotted, text_of
from specloom.adoption.sources import Sources
from specloom.adoption.surface import Place, Unread

_VERSIONS = {
    "PKG-INFO": re.compile(r"^Version: *(\S+)", re.MULTILINE),
    "METADATA": re.compile(r"^Version: *(\S+)", re.MULTILINE),
    "pyproject.toml": re.compile(r'^version *= *"([^"]+)"', re.MULTILINE),
}


def outermost(folders: Iterable[str]) -> str | None:
    """The folder with the fewest folders around it; None if there is none."""
    return min(folders, key=lambda folder: (folder.count("/"), folder), default=None)


def package_of(root: str) -> tuple[str, tuple[Unread, ...]]:
    """The import name of the package in the folder ``root``.

    A generated package has no dots in its name: only the first step of a longer name is used.
    """
    steps = [one for one in root.split("/") if one != "src" and one.isidentifier()]
    if len(steps) < 2:
        return (steps[0] if steps else root.rpartition("/")[2]), ()
    reason = f"the old package is {'.'.join(steps)}; a generated package has no dots in its name"
    return steps[0], (Unread(Place(f"{root}/__init__.py", 1), reason),)


def version_of(sources: Sources, modules: Modules) -> str:
    """The version: from ``_version.py``, the package itself, or its metadata."""
    for name in ("_version", "version", ""):
        for target, value in assigned(modules.tree(name)):
            version = text_of(value)
            if dotted(target) == "__version__" and version is not None:
                return version
    return next(_versions(sources), "")


def _versions(sources: Sources) -> Iterator[str]:
    for name, pattern in _VERSIONS.items():
        for file, text in sources.files.items():
            found = pattern.search(text) if file.rpartition("/")[2] == name else None
            if found:
                yield found[1]


def exported(modules: Modules, folders: tuple[str, ...]) -> dict[str, str]:
    """Types by name, with the module below the package that exports them.

    ``folders`` are the names of folders with types, such as ``types``. Outer folders come first.
    """
    found: dict[str, str] = {}
    for name in _packages(modules, folders):
        for node in modules.nodes(name):
            if isinstance(node, ast.ImportFrom) and (node.level or "models" in folders):
                for one in node.names:
                    public = one.asname or one.name
                    if public[:1].isupper():
                        found.setdefault(public, name)
    return found


def _packages(modules: Modules, folders: tuple[str, ...]) -> list[str]:
    """The packages that are such a folder or are inside one, the outer ones first."""
    names = [modules.name_of(file) for file in modules.below("") if file.endswith("/__init__.py")]
    found = (one for one in names if not set(one.split(".")).isdisjoint(folders))
    return sorted(found, key=lambda name: (name.count("."), name))


def library_of(
    modules: Modules, supplied: Mapping[str, frozenset[str]]
) -> tuple[dict[str, str], list[Unread]]:
    """The hand-written files of ``lib``, and what they import that the new SDK does not have.

    ``supplied`` are the names that it has for old programs, by module.
    """
    start = f"{modules.root}/lib/".removeprefix("/")
    found = [file for file in modules.below("lib/") if modules.files[file].strip()]
    files = {file.removeprefix(start): modules.files[file] for file in found}
    unread: list[Unread] = []
    for module in filter(None, (modules.get(modules.name_of(file)) for file in found)):
        for node in ast.walk(module.tree):
            lacking = _lacking(node, module, modules, supplied)
            if lacking:
                reason = f"hand-written code imports {lacking}, which the new SDK lacks"
                unread.append(Unread(module.place(node), reason))
    return files, unread


def _lacking(
    node: ast.AST, module: Module, modules: Modules, supplied: Mapping[str, frozenset[str]]
) -> str:
    """The names of an import that the new SDK does not have: ``_utils.transform``."""
    if not isinstance(node, ast.ImportFrom):
        return ""
    package = f"{modules.root.rpartition('/')[2]}."
    inner = module.source_of(node).removeprefix(package)
    is_outside = node.level > 0 and not f"{inner}.".startswith(("lib.", "types.", "resources."))
    if not is_outside or not inner:
        return ""
    names = [one.name for one in node.names if one.name not in supplied.get(inner, ())]
    return ", ".join(f"{inner}.{name}" for name in names)


def internals_of(
    modules: Modules, supplied: Mapping[str, frozenset[str]]
) -> dict[str, tuple[str, ...]]:
    """By module of the old SDK's own code, the public names that the new SDK does not have."""
    found: dict[str, tuple[str, ...]] = {}
    for name in sorted(modules.name_of(file) for file in modules.below("_")):
        module = modules.get(name) if name else None
        known = supplied.get(name, frozenset())
        names = [one for one in defined(module) if one not in known] if module else []
        if names:
            found[name] = tuple(names)
    return found


def defined(module: Module) -> list[str]:
    """The public names that a module defines; of a package, also names imported ``as`` another."""
    found: list[str] = []
    for node in module.tree.body:
        if isinstance(node, (ast.ClassDef, *FUNCTIONS)):
            found.append(node.name)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found += [one.id for one in targets if isinstance(one, ast.Name)]
        elif isinstance(node, ast.ImportFrom) and module.is_package:
            found += [one.asname for one in node.names if one.asname]
    return sorted({name for name in found if not name.startswith("_")})
