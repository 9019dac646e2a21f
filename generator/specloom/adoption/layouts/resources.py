"""Walks from the client of an old SDK down its resources, one class for each."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator

from specloom.adoption.layouts.modules import Class, Modules
from specloom.adoption.layouts.requests import Unclear
from specloom.adoption.layouts.syntax import Function, functions_in, is_property
from specloom.adoption.surface import OldMethod, Place, Unread

_DEEPEST = 12
"""The maximum depth of resources."""


class ResourceReader(ABC):
    """Reads the methods of a client and of its resources; each layout says where they are.

    ``handwritten`` are addresses of methods that send no request. ``seen`` are the addresses of all
    methods that are read, or that are reported as unreadable.
    """

    def __init__(self, modules: Modules) -> None:
        self.modules = modules
        self.methods: list[OldMethod] = []
        self.handwritten: list[tuple[str, Place]] = []
        self.unread: list[Unread] = []
        self.seen: set[str] = set()
        self._around: list[tuple[str, str]] = []

    @abstractmethod
    def children(self, one: Class) -> Iterator[tuple[str, Class]]:
        """The resources of a class, by their attributes."""

    @abstractmethod
    def method(self, function: Function, one: Class, path: tuple[str, ...]) -> None:
        """Read the method ``function`` of a resource; ``path`` is the resource's attribute path."""

    def read(self, one: Class, path: tuple[str, ...] = ()) -> None:
        """Read the methods of a class and of the resources below it."""
        key = (one.module.name, one.name)
        if key in self._around or len(path) > _DEEPEST:
            return
        self._around.append(key)
        names: set[str] = set()
        for current in self.modules.inherited(one):
            for name, child in self.children(current):
                if name not in names:
                    names.add(name)
                    self.read(child, (*path, name))
            for function in functions_in(current.node.body):
                if function.name not in names and not function.name.startswith("_"):
                    names.add(function.name)
                    self._member(function, current, path)
        self._around.pop()

    def _member(self, function: Function, one: Class, path: tuple[str, ...]) -> None:
        if not is_property(function):
            try:
                self.method(function, one, path)
            except RecursionError:
                self.refuse(function, one, path, Unclear(function, "nested too deeply"))

    def add(self, method: OldMethod) -> None:
        """Note a method."""
        self.methods.append(method)
        self.seen.add(method.address)

    def refuse(
        self, function: Function, one: Class, path: tuple[str, ...], request: Unclear
    ) -> None:
        """Note a method whose request cannot be read."""
        address = ".".join((*path, function.name))
        self.seen.add(address)
        text = f"client.{address}: {request.reason}"
        self.unread.append(Unread(one.module.place(request.node), text))

    def note_handwritten(self, function: Function, one: Class, path: tuple[str, ...]) -> None:
        """Note a method that sends no request of its own."""
        self.handwritten.append((".".join((*path, function.name)), one.module.place(function)))
