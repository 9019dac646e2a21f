"""Proposes a name for every operation, for the user to review."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from specloom import ir
from specloom.description.document import Document
from specloom.description.references import resolved
from specloom.description.tree import uri_of
from specloom.naming.names import Names

Grouping = Literal["paths", "tags"]

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Proposed:
    """The name of one operation: ``client.<resource>.<method>``.

    ``pointer`` is the place of the operation. ``is_settable`` is False if an overlay cannot change
    it alone: it is in another file, or serves two paths. ``instead_of`` is its first choice of an
    address, if another operation has that address.
    """

    operation: ir.Operation
    pointer: str
    resource: str
    method: str
    is_settable: bool
    instead_of: str = ""

    @property
    def address(self) -> str:
        """``<resource>.<method>``, or the method alone if it is on the client itself."""
        return f"{self.resource}.{self.method}" if self.resource else self.method


def proposed(document: Document, api: ir.Api, names: Names) -> list[Proposed]:
    """Every operation with the name that it has by default, in the order of these names."""
    found = [
        _named(one, names.addresses[one.pointer], pointer, is_reached)
        for one, pointer, is_reached in _real(document, api)
    ]
    return sorted(found, key=lambda one: (one.resource.split("."), one.method))


def _named(operation: ir.Operation, address: str, pointer: str, is_reached: bool) -> Proposed:
    resource, _, method = address.rpartition(".")
    # x-sdk takes ASCII alone.
    is_settable = is_reached and all(map(_NAME.fullmatch, address.split(".")))
    return Proposed(operation, pointer, resource, method, is_settable, operation.wanted)


def _real(document: Document, api: ir.Api) -> Iterator[tuple[ir.Operation, str, bool]]:
    """Operations, their real places, and whether an overlay can change each one alone."""
    pointers = {one.pointer: resolved(document, one.pointer) for one in api.operations()}
    uses = Counter(pointers.values())
    for one in api.operations():
        pointer = pointers[one.pointer]
        yield one, pointer, uri_of(pointer) == document.entry and uses[pointer] == 1
