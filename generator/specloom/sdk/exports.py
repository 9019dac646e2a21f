"""Packages that export names of their modules: at run time lazily, and a stub for type checkers."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping

from specloom.docstrings import WIDTH
from specloom.sdk.views import PlannedFile


def exporting_package(
    folder: str,
    exports: Mapping[str, str],
    docstring: str,
    *,
    former: Mapping[str, str] | None = None,
    version: str = "",
) -> Iterator[PlannedFile]:
    """The package in a folder of the output.

    Args:
        folder: Its path, such as ``shop_sdk/types``.
        exports: The module of each name, relative to the package: ``{"Run": ".threads_runs"}``.
        docstring: Its docstring, with the quotes.
        former: Former names, each with the name that it has now.
        version: Its ``__version__``, if it has one.
    """
    names: dict[str, list[str]] = {}
    for name in sorted(exports):
        names.setdefault(exports[name], []).append(name)
    context = {
        "docstring": docstring,
        "version": version,
        "former": former or {},
        "runtime": "." * (folder.count("/") + 1) + "_runtime",
    }
    modules = {module: _wrapped(module, names[module]) for module in sorted(names)}
    template = "package/exports.py.j2"
    yield PlannedFile(f"{folder}/__init__.py", template, {**context, "modules": modules})
    imports = [_reexport(module, name) for module in modules for name in names[module]]
    template = "package/exports.pyi.j2"
    yield PlannedFile(f"{folder}/__init__.pyi", template, {**context, "imports": imports})


def _wrapped(module: str, names: list[str]) -> list[str]:
    """The names in lines, the first of which has the module before it."""
    before = " " * len(f'"{module}": ')
    lines = textwrap.wrap(
        " ".join(names), WIDTH - 11, initial_indent=before, break_long_words=False
    )
    return [lines[0].lstrip(), *lines[1:]]


def _reexport(module: str, name: str) -> str:
    """An import that type checkers take for a public name, as black writes it."""
    line = f"from {module} import {name} as {name}"
    return line if len(line) <= WIDTH else f"from {module} import (\n    {name} as {name},\n)"
