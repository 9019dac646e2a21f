"""Packages that load a name when it is first used (PEP 562), so that importing an SDK is quick."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import Any

__all__ = ["lazy_exports"]


def lazy_exports(
    package: str, modules: Mapping[str, str], former: Mapping[str, str] | None = None
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """The ``__getattr__`` and ``__dir__`` of a package; its ``__all__`` is what it exports.

    Args:
        package: The package's ``__name__``.
        modules: The names that each module exports, separated by spaces. Modules are relative to
            the package, ``"."`` means its own modules: ``{".": "types", ".client": "Shop"}``.
        former: Names that are no longer used, each with its new name. Using one warns.
    """
    renamed = former or {}

    @cache
    def exports() -> Mapping[str, str]:
        # Not before a name is used: the types of a large API have thousands.
        return {name: module for module, names in modules.items() for name in names.split()}

    def load(name: str) -> Any:
        if name in renamed:
            from .deprecation import warn

            warn(f"{package}.{name} has a new name. Use {package}.{renamed[name]} instead.")
            return getattr(sys.modules[package], renamed[name])
        if name == "__all__":
            return sorted(exports())
        module = exports().get(name)
        if module is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        if module == ".":
            return import_module(f".{name}", package)
        value = getattr(import_module(module, package), name)
        setattr(sys.modules[package], name, value)
        return value

    def names() -> list[str]:
        return sorted({*vars(sys.modules[package]), *exports()})

    return load, names
