"""Reads the syntax trees of an old SDK. Nothing is executed."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Function = ast.FunctionDef | ast.AsyncFunctionDef
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def parsed(source: str) -> ast.Module | str:
    """The syntax tree of a Python file, or the reason why there is none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            return type(error).__name__


def nodes(node: ast.AST | None) -> Iterator[ast.AST]:
    """A node and every node inside it; nothing for None."""
    return ast.walk(node) if node is not None else iter(())


def dotted(node: ast.AST | None) -> str:
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


def last_name(node: ast.AST | None) -> str:
    """``C`` for ``a.b.C``."""
    return dotted(node).rpartition(".")[2]


def constant(node: ast.AST | None) -> Any:
    """The value of a constant; None for anything else."""
    return node.value if isinstance(node, ast.Constant) else None


def text_of(node: ast.AST | None) -> str | None:
    """The value of a constant text; None for anything else."""
    value = constant(node)
    return value if isinstance(value, str) else None


def names_in(node: ast.AST) -> list[str]:
    """Every plain name in an expression, in order and without duplicates."""
    return list(dict.fromkeys(one.id for one in ast.walk(node) if isinstance(one, ast.Name)))


def entries(node: ast.AST | None) -> Iterator[tuple[str, ast.expr]]:
    """The constant keys of a literal dictionary with their values; nothing for anything else."""
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            name = constant(key)
            if isinstance(name, str | int):
                yield str(name), value


def entries_in(node: ast.AST | None) -> Iterator[tuple[str, ast.expr]]:
    """The entries of every literal dictionary inside a node."""
    return (entry for one in nodes(node) for entry in entries(one))


def texts(pairs: Iterable[tuple[str, ast.expr]]) -> dict[str, str]:
    """The entries whose values are constant texts; the first of equal keys counts."""
    found: dict[str, str] = {}
    for name, value in pairs:
        text = text_of(value)
        if text is not None:
            found.setdefault(name, text)
    return found


def assigned(node: ast.AST | None) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Every target with its value, in the assignments inside a node."""
    for one in nodes(node):
        if isinstance(one, ast.Assign):
            yield one.targets[0], one.value
        elif isinstance(one, ast.AnnAssign) and one.value is not None:
            yield one.target, one.value


def variables(function: Function) -> Mapping[str, ast.expr]:
    """The variables that a function sets exactly once, with their values."""
    found: dict[str, list[ast.expr]] = {}
    for target, value in assigned(function):
        found.setdefault(dotted(target), []).append(value)
    return {name: values[0] for name, values in found.items() if len(values) == 1}


def calls_in(node: ast.AST | None, *endings: str) -> Iterator[ast.Call]:
    """The calls inside a node of functions whose dotted name has one of these endings."""
    for one in nodes(node):
        if isinstance(one, ast.Call) and dotted(one.func).endswith(endings):
            yield one


def keyword(call: ast.AST | None, name: str) -> ast.expr | None:
    """The value of a keyword of a call; None if there is no call or no such keyword."""
    keywords = call.keywords if isinstance(call, ast.Call) else []
    return next((one.value for one in keywords if one.arg == name), None)


def functions_in(body: Iterable[ast.AST]) -> Iterator[Function]:
    """The functions in the body of a class or a module, without overloads."""
    for node in body:
        if isinstance(node, FUNCTIONS) and "overload" not in decorators(node):
            yield node


def decorators(function: Function) -> set[str]:
    """The last names of the decorators of a function."""
    return {last_name(one) for one in function.decorator_list}


def is_property(function: Function) -> bool:
    """Whether a function is a property."""
    return not decorators(function).isdisjoint(("property", "cached_property"))


def wire_name(node: ast.AnnAssign) -> str:
    """The wire name of a field: its ``alias``, in the annotation or the value, or its own name."""
    for one in nodes(node):
        if isinstance(one, ast.keyword) and one.arg == "alias":
            return text_of(one.value) or dotted(node.target)
    return dotted(node.target)
