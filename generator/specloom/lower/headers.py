"""Header parameters that are no arguments: the client sends them by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from specloom import ir


def with_shared_headers(
    operations: Sequence[ir.Operation], settings: ir.Settings
) -> tuple[list[ir.Operation], ir.Settings]:
    """Bind the headers that every operation requires with one and the same constant or default.

    They become headers of the client, and are no arguments of the operations.
    """
    shared = dict(_required(operations[0])) if operations else {}
    for operation in operations[1:]:
        shared = dict(shared.items() & _required(operation).items())
    known = {name.lower() for name, _ in settings.headers}
    spelled = {
        one.wire_name.lower(): one.wire_name
        for one in (operations[0].parameters if operations else ())
        if one.wire_name.lower() in shared.keys() - known
    }
    headers = tuple((wire_name, shared[name]) for name, wire_name in spelled.items())
    bound = [_bound(one, {name: shared[name] for name in spelled}) for one in operations]
    return bound, replace(settings, headers=(*settings.headers, *headers))


def header_text(value: object) -> str | None:
    """A value as a header carries it; None for what none can carry."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value) if isinstance(value, str | int | float) else ""
    return text if text and text.isascii() and text.isprintable() else None


def _required(operation: ir.Operation) -> dict[str, str]:
    """The required headers that have a constant or a default, by their names in lower case."""
    found = {
        one.wire_name.lower(): one.constant or header_text(one.default)
        for one in operation.parameters
        if one.location == "header" and one.required
    }
    return {name: value for name, value in found.items() if value is not None}


def _bound(operation: ir.Operation, headers: dict[str, str]) -> ir.Operation:
    if not headers:
        return operation
    parameters = tuple(
        (
            replace(one, constant=headers.get(one.wire_name.lower(), one.constant))
            if one.location == "header"
            else one
        )
        for one in operation.parameters
    )
    return replace(operation, parameters=parameters)
