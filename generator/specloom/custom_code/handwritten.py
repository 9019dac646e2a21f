"""Finds the definitions of a hand-written module in its source text."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import TypeGuard

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
