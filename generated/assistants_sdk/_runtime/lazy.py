"""Modules whose names are loaded when they are used (PEP 562): importing an SDK is quick."""

from __future__ import annotations

import sys
from importlib import import_module

from .record import NOTHING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from functools import cached_property
    from typing import Any
else:

    class cached_property:  # noqa: N801
        """As that of ``functools``; also from several threads there is only one value."""

        def __init__(self, make):
            self.make, self.__doc__ = make, make.__doc__

        def __set_name__(self, owner, name):
            self.name = name

        def __get__(self, instance, owner=None):
            if instance is None:
                return self
            return vars(instance).setdefault(self.name, self.make(instance))


__all__ = ["cached_property", "lazy_exports", "lazy_types"]


def lazy_exports(
    package: str, exports: Mapping[str, str], former: Mapping[str, str] = NOTHING
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """The ``__getattr__`` and ``__dir__`` of a package.

    Args:
        package: The package's ``__name__``.
        exports: The module of each name, relative to the package: ``{"Run": ".threads_runs"}``.
        former: Names that are given up, with those that they have now; they warn.
    """

    return _lazy(package, lambda: exports, former)


def lazy_types(
    package: str, modules: Mapping[str, str], former: Mapping[str, str] = NOTHING
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """The ``__getattr__`` and ``__dir__`` of a package of very many names.

    Before one of them is used they cost next to nothing: they stand in one text for each module.

    Args:
        package: The package's ``__name__``.
        modules: The names in each module, with blanks between: ``{"threads_runs": "Run RunStep"}``.
        former: Names that are given up, with those that they have now; they warn.
    """

    found: dict[str, str] = {}

    def exports() -> Mapping[str, str]:
        if not found:
            pairs = ((name, module) for module, names in modules.items() for name in names.split())
            found.update({name: f".{module}" for name, module in pairs})
        return found

    return _lazy(package, exports, former)


def _lazy(
    package: str, exports: Callable[[], Mapping[str, str]], former: Mapping[str, str]
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
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
