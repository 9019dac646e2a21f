"""The modules of an old SDK as syntax trees. Imports are followed by name, never executed."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from specloom.adoption.surface import Place, Unread

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_DEEPEST = 20
"""The maximum number of imports to follow from one name."""


@dataclass(frozen=True, slots=True)
class Class:
    """A class and its module."""

    module: Module
    node: ast.ClassDef

    @property
    def name(self) -> str:
        """The name of the class."""
        return self.node.name

    def bases(self) -> list[str]:
        """The last names of the classes that it inherits from."""
        return [name for base in self.node.bases if (name := dotted(base).rpartition(".")[2])]


@dataclass
class Module:
    """A module. ``name`` is its dotted path below the folder of the package."""

    name: str
    file: str
    tree: ast.Module
    is_package: bool

    def place(self, node: ast.AST) -> Place:
        """The place of a node."""
        return Place(self.file, getattr(node, "lineno", 1))

    @cached_property
    def classes(self) -> dict[str, ast.ClassDef]:
        """The classes at the top of the module."""
        return {one.name: one for one in self.tree.body if isinstance(one, ast.ClassDef)}

    @cached_property
    def imports(self) -> dict[str, tuple[str, str]]:
        """By local name: the module and the name there, anywhere in the file.

        The name is empty if a module itself is imported.
        """
        found: dict[str, tuple[str, str]] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom):
                source = self.source_of(node)
                for one in node.names:
                    found[one.asname or one.name] = (source, one.name)
            elif isinstance(node, ast.Import):
                found.update((one.asname, (one.name, "")) for one in node.names if one.asname)
        return found

    def source_of(self, node: ast.ImportFrom) -> str:
        """The module that an import names, below the folder of the package."""
        if not node.level:
            return node.module or ""
        steps = [step for step in self.name.split(".") if step]
        steps = steps[: max(0, len(steps) - node.level + self.is_package)]
        return ".".join([*steps, *([node.module] if node.module else [])])


@dataclass
class Modules:
    """The modules below the folder of a package, parsed on demand."""

    files: Mapping[str, str]
    root: str
    unread: list[Unread] = field(default_factory=list[Unread])
    _parsed: dict[str, Module | None] = field(default_factory=dict[str, "Module | None"])

    def get(self, name: str) -> Module | None:
        """A module by its dotted name; None if it does not exist or cannot be parsed."""
        package = self.root.rpartition("/")[2]
        name = "" if name == package else name.removeprefix(f"{package}.").strip(".")
        if name not in self._parsed:
            self._parsed[name] = self._parse(name)
        return self._parsed[name]

    def _parse(self, name: str) -> Module | None:
        base = "/".join(filter(None, [self.root, *name.split(".")]))
        for file, is_package in ((f"{base}/__init__.py", True), (f"{base}.py", False)):
            if file in self.files:
                tree = parsed(self.files[file])
                if isinstance(tree, ast.Module):
                    return Module(name, file, tree, is_package)
                self.unread.append(Unread(Place(file, 1), f"the file cannot be parsed: {tree}"))
        return None

    def class_of(self, module: Module, name: str) -> Class | None:
        """The class of a name, which may be dotted, in a module."""
        for _ in range(_DEEPEST):
            if name in module.classes:
                return Class(module, module.classes[name])
            first, _, rest = name.partition(".")
            if first not in module.imports:
                return None
            source, inner = module.imports[first]
            as_module = self.get(f"{source}.{inner}" if inner else source) if rest else None
            following = as_module or self.get(source)
            if following is None or (following is module and (rest or inner) == name):
                return None
            module, name = following, rest or inner
        return None

    def inherited(self, one: Class) -> Iterator[Class]:
        """A class and its base classes in the SDK, the nearest first."""
        seen: set[tuple[str, str]] = set()
        waiting = [one]
        while waiting:
            current = waiting.pop(0)
            key = (current.module.name, current.name)
            if key in seen or len(seen) > _DEEPEST:
                continue
            seen.add(key)
            yield current
            for base in current.node.bases:
                found = self.class_of(current.module, dotted(base))
                if found is not None:
                    waiting.append(found)


def parsed(text: str) -> ast.Module | str:
    """A syntax tree, or the reason why there is none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            return type(error).__name__


def dotted(node: ast.expr | None) -> str:
    """``a.b.C`` for a name, an attribute, a quoted annotation or a subscript; else empty."""
    steps: list[str] = []
    while True:
        if isinstance(node, ast.Subscript):
            node = node.value
        elif isinstance(node, ast.Attribute):
            steps.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Name):
            return ".".join((node.id, *reversed(steps)))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and not steps:
            return node.value if node.value.replace(".", "").isidentifier() else ""
        else:
            return ""


def constant(node: ast.AST | None) -> Any:
    """The value of a constant, None for anything else."""
    return node.value if isinstance(node, ast.Constant) else None


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    """The value of a keyword in a call."""
    return next((one.value for one in call.keywords if one.arg == name), None)


def names_in(node: ast.AST) -> list[str]:
    """Every plain name in an expression, in order and without duplicates."""
    return list(dict.fromkeys(one.id for one in ast.walk(node) if isinstance(one, ast.Name)))
