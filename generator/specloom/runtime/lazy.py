"""Packages that load a name when it is first used (PEP 562), so that importing an SDK is quick."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import Any, TypeAlias

__all__ = ["lazy_exports", "lazy_types"]

_Hooks: TypeAlias = tuple[Callable[[str], Any], Callable[[], list[str]]]


def lazy_exports(
    package: str, exports: Mapping[str, str], former: Mapping[str, str] | None = None
) -> _Hooks:
    """The ``__getattr__`` and ``__dir__`` of a package.

    Args:
        package: The package's ``__name__``.
        exports: The module of each name, relative to the package: ``{"Run": ".threads_runs"}``.
        former: Names that are no longer used, each with its new name. Using one warns.
    """
    return _hooks(package, lambda: exports, former or {})


def lazy_types(
    package: str, modules: Mapping[str, str], former: Mapping[str, str] | None = None
) -> _Hooks:
    """The ``__getattr__`` and ``__dir__`` of a package with very many names.

    The names of a module are one string, which is only split when a name is used.

    Args:
        package: The package's ``__name__``.
        modules: The names in each module, separated by spaces: ``{"threads_runs": "Run RunStep"}``.
        former: Names that are no longer used, each with its new name. Using one warns.
    """

    @cache
    def exports() -> Mapping[str, str]:
        pairs = ((name, module) for module, names in modules.items() for name in names.split())
        return {name: f".{module}" for name, module in pairs}

    return _hooks(package, exports, former or {})


def _hooks(
    package: str, exports: Callable[[], Mapping[str, str]], former: Mapping[str, str]
) -> _Hooks:
    def load(name: str) -> Any:
        if name in former:
            from .deprecation import warn

            warn(f"{package}.{name} has a new name. Use {package}.{former[name]} instead.")
            return getattr(sys.modules[package], former[name])
        module = exports().get(name)
        if module is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(module, package), name)
        setattr(sys.modules[package], name, value)
        return value

    def names() -> list[str]:
        return sorted({*vars(sys.modules[package]), *exports()})

    return load, names
