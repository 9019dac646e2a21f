"""Reads the folder of hand-written code that `include` names.

Definitions are read from the source text. Nothing is imported or run, because the generator need
not have the packages that the SDK needs.
"""

from __future__ import annotations

import ast
import os
import warnings
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TypeGuard

from specloom.errors import Location, Problems
from specloom.naming.reserved import KEYWORDS, PACKAGE_NAMES


@dataclass(frozen=True, slots=True)
class Include:
    """The folder, the text of its files by path, and the definitions of its modules.

    ``classes`` has its keys as `x-sdk` spells them, such as ``lib.shortcuts.BooksMixin``; the value
    is None for a name that is no class of that module, but imported or assigned there.
    """

    name: str
    files: Mapping[str, str] = field(default_factory=dict[str, str])
    classes: Mapping[str, HandWritten | None] = field(
        default_factory=dict[str, "HandWritten | None"]
    )

    def files_in(self, package: str) -> dict[str, str]:
        """The files by their path in the output."""
        return {f"{package}/{self.name}/{path}": text for path, text in self.files.items()}


def read_include(folder: Path, problems: Problems) -> Include:
    """Read the folder. Problems of the folder and its files go into ``problems``."""
    name = folder.resolve().name
    _check_name(name, folder, problems)
    files: dict[str, str] = {}
    classes: dict[str, HandWritten | None] = {}
    try:
        for path in files_to_include(folder):
            text = _text(path, folder, problems)
            if text is not None:
                inner = path.relative_to(folder).as_posix()
                files[inner] = text
                classes |= _classes(PurePosixPath(name, inner), path, text, problems)
    except OSError as error:
        hint = "create it, or set 'include' to the folder that holds your code"
        message = f"the folder cannot be included: {error.strerror or error}"
        problems.error("unreadable", message, hint=hint, location=_place(folder))
    return Include(name, files, classes)


def _check_name(name: str, folder: Path, problems: Problems) -> None:
    if not (name.isascii() and name.isidentifier()) or name in KEYWORDS:
        message = f"{name!r} cannot be the name of a Python package"
        problems.error("bad-include", message, hint="rename the folder", location=_place(folder))
    elif name in PACKAGE_NAMES:
        message = f"the generated package has a {name!r} of its own"
        hint = "rename the folder, to 'lib' for example"
        problems.error("bad-include", message, hint=hint, location=_place(folder))


def _text(path: Path, folder: Path, problems: Problems) -> str | None:
    real = Path(os.path.realpath(path))
    if not real.is_relative_to(os.path.realpath(folder)) or not real.is_file():
        message = "this is a link that leads to no file of the folder"
        if not path.is_symlink():
            message = "this is no file"
        hint = "put the file itself there"
        problems.error("bad-include", message, hint=hint, location=_place(path))
        return None
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"this is not UTF-8 text: {error.reason} at byte {error.start}"
        hint = "only text goes into the package: keep this file elsewhere"
        problems.error("not-utf8", message, hint=hint, location=_place(path))
        return None


def _classes(
    module: PurePosixPath, path: Path, text: str, problems: Problems
) -> dict[str, HandWritten | None]:
    """The definitions of a Python file; empty for another file."""
    if module.suffix not in (".py", ".pyi"):
        return {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text.removeprefix("\ufeff"), str(path))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line, column = getattr(error, "lineno", None), getattr(error, "offset", None)
        place = Location(path.as_posix(), line or 1, max(column or 1, 1))
        reason = error.msg if isinstance(error, SyntaxError) else str(error)
        message = f"this is no Python that can be read: {reason}"
        problems.error("bad-include", message, location=place)
        return {}
    steps = module.parts[:-1] if module.stem == "__init__" else module.with_suffix("").parts
    return {f"{'.'.join(steps)}.{name}": one for name, one in classes_in(tree).items()}


def _place(path: Path) -> Location:
    return Location(path.as_posix(), 1, 1)


_Function = ast.FunctionDef | ast.AsyncFunctionDef
_PROPERTIES = frozenset(("property", "cached_property"))


@dataclass(frozen=True, slots=True)
class Member:
    """A public method or property of a class.

    ``call`` is how it is used: a property by its name, a method with its arguments; ``summary``
    is the first paragraph of its docstring.
    """

    name: str
    call: str
    summary: str


@dataclass(frozen=True, slots=True)
class HandWritten:
    """A class: its docstring and members, including those of its bases in the same module.

    ``names`` is everything that it defines, what is private too.
    """

    docstring: str
    members: tuple[Member, ...]
    names: frozenset[str]


def classes_in(tree: ast.Module) -> dict[str, HandWritten | None]:
    """The names of a module with their classes; None for a name that is not a class of it."""
    bodies = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    found: dict[str, HandWritten | None] = dict.fromkeys(_other_names(tree))
    return found | {name: _described(node, bodies) for name, node in bodies.items()}


def _other_names(tree: ast.Module) -> Iterator[str]:
    """The names that a module imports or assigns at its top level."""
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from (alias.asname or alias.name for alias in node.names)
        elif isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id


def _described(node: ast.ClassDef, bodies: Mapping[str, ast.ClassDef]) -> HandWritten:
    members: dict[str, Member] = {}
    names: set[str] = set()
    for one in _with_bases(node, bodies):
        for statement in one.body:
            names.update(_defined(statement))
            if _is_public_function(statement):
                members.setdefault(statement.name, _member(statement))
    return HandWritten(ast.get_docstring(node) or "", tuple(members.values()), frozenset(names))


def _with_bases(
    node: ast.ClassDef, bodies: Mapping[str, ast.ClassDef], depth: int = 0
) -> Iterator[ast.ClassDef]:
    """A class and its bases in the same module, to a bounded depth."""
    yield node
    for base in node.bases:
        known = bodies.get(base.id) if isinstance(base, ast.Name) else None
        if known is not None and depth < 10:
            yield from _with_bases(known, bodies, depth + 1)


def _defined(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, _Function | ast.ClassDef):
        yield statement.name
    elif isinstance(statement, ast.Assign):
        yield from (target.id for target in statement.targets if isinstance(target, ast.Name))
    elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        # Without a value it only tells type checkers of something.
        yield from (statement.target.id,) if statement.value is not None else ()


def _is_public_function(statement: ast.stmt) -> TypeGuard[_Function]:
    return isinstance(statement, _Function) and not statement.name.startswith("_")


def _member(function: _Function) -> Member:
    summary = (ast.get_docstring(function) or "").split("\n\n")[0]
    decorators = {ast.unparse(one).rpartition(".")[2] for one in function.decorator_list}
    is_property = bool(decorators & _PROPERTIES)
    is_bound = "staticmethod" not in decorators
    call = "" if is_property else f"({_arguments(function.args, is_bound=is_bound)})"
    return Member(function.name, function.name + call, " ".join(summary.split()))


def _arguments(arguments: ast.arguments, *, is_bound: bool) -> str:
    """The arguments for a caller: without types and without ``self``."""
    shown = deepcopy(arguments)
    first = shown.posonlyargs or shown.args
    if is_bound and first:
        del first[0]
    every = [*shown.posonlyargs, *shown.args, *shown.kwonlyargs, shown.vararg, shown.kwarg]
    for one in every:
        if one is not None:
            one.annotation = None
    return ast.unparse(shown)


_LEFT_OUT = (".pyc", ".pyo", "~")


def files_to_include(folder: Path) -> Iterator[Path]:
    """Every file below the folder, sorted, without hidden files and files of Python and editors.

    Raises OSError where a folder cannot be read.
    """
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith(".") or entry.name == "__pycache__":
            continue
        if entry.is_dir() and not entry.is_symlink():
            yield from files_to_include(entry)
        elif not entry.name.endswith(_LEFT_OUT):
            yield entry
