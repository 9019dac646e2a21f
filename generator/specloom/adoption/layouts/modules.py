"""The modules of an old SDK as syntax trees. Imports are followed by name, never executed."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from specloom.adoption.layouts import syntax
from specloom.adoption.surface import Place, Unread

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
        return [name for base in self.node.bases if (name := syntax.last_name(base))]


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
    def functions(self) -> dict[int, syntax.Function]:
        """The functions and methods by their lines, without overloads."""
        return {one.lineno: one for one in syntax.functions_in(ast.walk(self.tree))}

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
                tree = syntax.parsed(self.files[file])
                if isinstance(tree, ast.Module):
                    return Module(name, file, tree, is_package)
                self.unread.append(Unread(Place(file, 1), f"the file cannot be parsed: {tree}"))
        return None

    def tree(self, name: str) -> ast.Module | None:
        """The syntax tree of a module by its dotted name, if there is one."""
        module = self.get(name)
        return module.tree if module else None

    def nodes(self, name: str) -> Iterator[ast.AST]:
        """Every node of a module; nothing if there is no such module."""
        return syntax.nodes(self.tree(name))

    def classes_in(self, name: str) -> Iterator[Class]:
        """The classes at the top of a module; nothing if there is no such module."""
        module = self.get(name)
        if module is not None:
            yield from (Class(module, node) for node in module.classes.values())

    def name_of(self, file: str) -> str:
        """The dotted name of the module in a file of the package."""
        start = f"{self.root}/".removeprefix("/")
        name = file.removeprefix(start).removesuffix(".py").replace("/", ".")
        return name.removesuffix("__init__").removesuffix(".")

    def below(self, folder: str) -> Iterator[str]:
        """The Python files below a folder of the package."""
        start = f"{self.root}/{folder}".removeprefix("/")
        return (file for file in self.files if file.startswith(start) and file.endswith(".py"))

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
                found = self.class_of(current.module, syntax.dotted(base))
                if found is not None:
                    waiting.append(found)
