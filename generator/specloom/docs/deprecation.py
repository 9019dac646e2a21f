"""The text of pages about deprecations and former names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from specloom import ir
from specloom.docs.places import Place, Places, href
from specloom.docs.prose import code
from specloom.naming.deprecated import waiting_address
from specloom.naming.names import Names, address_of, method_name


class Deprecation:
    """Writes the deprecation notes of one page."""

    def __init__(self, names: Names, places: Places, page: str) -> None:
        self._names = names
        self._places = places
        self._page = page

    def operation(self, operation: ir.Operation) -> str:
        """``Deprecated: use …``; empty if the operation is not deprecated."""
        if not operation.deprecated:
            return ""
        pointer = self._names.successors.get(operation.pointer)
        if pointer is None:
            return "Deprecated."
        place = self._places.at(pointer)
        return f"Deprecated: use {self._method(self._names.addresses[pointer], place)}."

    def former(
        self, resource: ir.Resource, operations: Mapping[str, ir.Operation]
    ) -> Iterator[tuple[str, str]]:
        """Former addresses of methods, each with its successor."""
        for former in resource.former:
            operation = operations[former.operation]
            place = self._places.operation(operation)
            address = self._names.addresses[operation.pointer]
            if former.waits:
                if operation.poll is None:
                    continue
                address = waiting_address(operation, self._names)
                place = Place(place.page, self._names.polls[operation.pointer])
            old = address_of(resource, method_name(former.name, resource))
            yield code(old), f"Deprecated: use {self._method(address, place)}."

    def _method(self, address: str, place: Place | None) -> str:
        told = code(f"client.{address}")
        # A subset of an API may lack the successor.
        return told if place is None else f"[{told}]({href(place, self._page)})"


def deprecated_mark(one: ir.Parameter | ir.Field, names: Mapping[str, str]) -> list[str]:
    """The deprecation note of an input or a property; ``names`` are keyed by wire name."""
    if not one.deprecated:
        return []
    other = names.get(one.replaced_by or "")
    return [f"deprecated: use {code(other)}" if other else "deprecated"]


def former_types_told(names: Names) -> dict[str, str]:
    """The notes about former names of types, by key."""
    found: dict[str, str] = {}
    for old, (key, _) in sorted(names.former_types.items()):
        told = f"Its former name {code(old)} still works, with a warning."
        found[key] = f"{found[key]} {told}" if key in found else told
    return found
