"""``httpx2`` for annotations: loaded when a name of it is used, which no annotation does.

``typing.get_type_hints`` evaluates the annotations of a method, and then loads it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx2

__all__ = ["LazyModule", "httpx2"]


class LazyModule:
    """A module that is loaded when a name of it is used."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(self._name), name)


if not TYPE_CHECKING:
    httpx2 = LazyModule("httpx2")
