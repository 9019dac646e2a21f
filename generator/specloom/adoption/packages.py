"""The package of an old SDK: its import name, its version, and its exported types."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from specloom.adoption.modules import Module, Modules, constant, dotted
from specloom.adoption.sources import Sources
from specloom.adoption.surface import Place, Unread

_METADATA_VERSION = re.compile(r"^Version: *(\S+)", re.MULTILINE)
_PROJECT_VERSION = re.compile(r'^version *= *"([^"]+)"', re.MULTILINE)


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
        module = modules.get(name)
        for node in module.tree.body if module else ():
            if isinstance(node, ast.Assign | ast.AnnAssign):
                target = node.targets[0] if isinstance(node, ast.Assign) else node.target
                value = constant(node.value)
                if dotted(target) == "__version__" and isinstance(value, str):
                    return value
    return next(_versions(sources), "")


def _versions(sources: Sources) -> Iterator[str]:
    for pattern, names in ((_METADATA_VERSION, ("PKG-INFO", "METADATA")), (_PROJECT_VERSION, ())):
        for file, text in sources.files.items():
            if file.rpartition("/")[2] in (names or ("pyproject.toml",)):
                found = pattern.search(text)
                if found:
                    yield found[1]


def exported(modules: Modules, folders: tuple[str, ...]) -> dict[str, str]:
    """Types by name, with the module below the package that exports them.

    ``folders`` are the names of folders with types, such as ``types``; nested ones come after.
    """
    found: dict[str, str] = {}
    for name in _packages(modules, folders):
        module = modules.get(name)
        for node in ast.walk(module.tree) if module else ():
            if isinstance(node, ast.ImportFrom) and (node.level or "models" in folders):
                for one in node.names:
                    public = one.asname or one.name
                    if public[:1].isupper():
                        found.setdefault(public, name)
    return found


def _packages(modules: Modules, folders: tuple[str, ...]) -> list[str]:
    """The packages that are such a folder or are inside one, the outer ones first."""
    start = f"{modules.root}/" if modules.root else ""
    names = []
    for file in modules.files:
        if file.startswith(start) and file.endswith("/__init__.py"):
            steps = file.removeprefix(start).split("/")[:-1]
            if any(one in folders for one in steps):
                names.append(".".join(steps))
    return sorted(names, key=lambda name: (name.count("."), name))


def library_of(
    modules: Modules, supplied: Mapping[str, frozenset[str]]
) -> tuple[dict[str, str], list[Unread]]:
    """The hand-written files of ``lib``, and what they import that the new SDK does not have.

    ``supplied`` are the names that it has for old programs, by module.
    """
    start = f"{modules.root}/lib/".removeprefix("/")
    files = {
        file.removeprefix(start): text
        for file, text in modules.files.items()
        if file.startswith(start) and file.endswith(".py") and text.strip()
    }
    unread: list[Unread] = []
    for name in files:
        module = modules.get(
            f"lib.{name.removesuffix('.py').removesuffix('/__init__')}".replace("/", ".")
        )
        for node in ast.walk(module.tree) if module else ():
            if isinstance(node, ast.ImportFrom) and module is not None:
                lacking = _lacking(node, module, modules, supplied)
                if lacking:
                    reason = f"hand-written code imports {lacking}, which the new SDK lacks"
                    unread.append(Unread(module.place(node), reason))
    return files, unread


def _lacking(
    node: ast.ImportFrom, module: Module, modules: Modules, supplied: Mapping[str, frozenset[str]]
) -> str:
    """The names of an import that the new SDK does not have: ``_utils.transform``."""
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
    start = f"{modules.root}/" if modules.root else ""
    found: dict[str, tuple[str, ...]] = {}
    for file in sorted(modules.files):
        inner = file.removeprefix(start)
        if not (file.startswith(start) and inner.startswith("_") and inner.endswith(".py")):
            continue
        name = inner.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        module = modules.get(name) if name != "__init__" else None
        known = supplied.get(name, frozenset())
        names = [one for one in _defined(module) if one not in known] if module else []
        if names:
            found[name] = tuple(names)
    return found


def _defined(module: Module) -> list[str]:
    """The public names of a module, those of a package with what it exports of its modules."""
    found: list[str] = []
    for node in module.tree.body:
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            found.append(node.name)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found += [one.id for one in targets if isinstance(one, ast.Name)]
        elif isinstance(node, ast.ImportFrom) and module.is_package:
            found += [one.asname for one in node.names if one.asname]
    return sorted({name for name in found if not name.startswith("_")})
