"""What pages say of what is deprecated, and of names that things had."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from specloom import ir
from specloom.docs.places import Place, Places, href
from specloom.docs.prose import code
from specloom.naming.deprecated import waiting_address
from specloom.naming.names import Names, address_of, method_name


class Deprecation:
    """Writes of one page what is to be used instead."""

    def __init__(self, names: Names, places: Places, page: str) -> None:
        self._names = names
        self._places = places
        self._page = page

    def operation(self, operation: ir.Operation) -> str:
        """``Deprecated: use …``; empty for what is not deprecated."""
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
        """Addresses that methods had, with what to use instead."""
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
        # A part of an API may lack what is to be used instead.
        return told if place is None else f"[{told}]({href(place, self._page)})"


def deprecated_mark(one: ir.Parameter | ir.Field, names: Mapping[str, str]) -> list[str]:
    """What is said of an input or a property beside its type; ``names`` are by wire names."""
    if not one.deprecated:
        return []
    other = names.get(one.replaced_by or "")
    return [f"deprecated: use {code(other)}" if other else "deprecated"]


def former_types_told(names: Names) -> dict[str, str]:
    """By key, the name that a type had: ``Its former name `Order` still works, and warns.``"""
    found: dict[str, str] = {}
    for old, (key, _) in sorted(names.former_types.items()):
        told = f"Its former name {code(old)} still works, and warns."
        found[key] = f"{found[key]} {told}" if key in found else told
    return found
