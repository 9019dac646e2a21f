"""Pages and polls: what x-sdk says of them, or what the shape of an operation shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from specloom import ir
from specloom.ir.operations import success_contents
from specloom.ir.words import split_words
from specloom.lower.merging import ANY
from specloom.lower.properties import Types, found_at

if TYPE_CHECKING:
    from specloom.description.node import Node


def pagination_of(
    sdk: Mapping[str, Any],
    schemes: Mapping[str, Any],
    operation: ir.Operation,
    types: Types,
) -> ir.Pagination | None:
    """The pagination scheme that x-sdk names, with the type of its items."""
    name = sdk.get("pagination")
    scheme = schemes.get(name) if isinstance(name, str) else None
    return pages_by(scheme, operation, types) if scheme is not None else None


def pages_by(
    scheme: Mapping[str, Any], operation: ir.Operation, types: Types
) -> ir.Pagination | None:
    """A pagination scheme with the type of its items; None where no success is JSON."""
    page = success_type(operation.responses, "json")
    if page is None:
        return None
    previous = scheme.get("previous") or {}
    items = found_at(page, scheme.get("items") or "", types)
    parameter = scheme.get("parameter")
    return ir.Pagination(
        style=scheme["style"],
        items=scheme.get("items") or "",
        item_type=items.item if isinstance(items, ir.ListOf) else ANY,
        parameter=parameter,
        cursor=scheme.get("cursor"),
        has_more=scheme.get("has_more"),
        previous_parameter=previous.get("parameter"),
        previous_cursor=previous.get("cursor"),
        limit=scheme.get("limit"),
        item_cursor=scheme.get("item_cursor"),
        cursor_header=scheme.get("cursor_header"),
        total=scheme.get("total"),
        first=_first(scheme, operation),
        is_in_body=bool(parameter) and parameter not in query_names(operation),
    )


def query_names(operation: ir.Operation) -> list[str]:
    """The wire names of the query parameters that are arguments."""
    parameters = operation.parameters
    return [one.wire_name for one in parameters if one.location == "query" and not one.constant]


def _first(scheme: Mapping[str, Any], operation: ir.Operation) -> int | None:
    """Where a list that is counted begins, if the description says so: its default, or minimum."""
    if scheme["style"] not in ("offset", "page"):
        return None
    query = (one for one in operation.parameters if one.location == "query")
    inputs: list[ir.Parameter | ir.Field] = [*query]
    inputs += operation.body.fields or () if operation.body else ()
    for one in inputs:
        if one.wire_name == scheme.get("parameter"):
            said = (scheme.get("first"), one.default, dict(one.limits).get("minimum"))
            return next((one for one in said if type(one) is int), None)
    return None


def poll_of(
    sdk: Mapping[str, Any],
    schemes: Mapping[str, Any],
    operation: ir.Operation,
    by_id: Mapping[str, ir.Operation],
) -> ir.Poll | None:
    """How the end of what the operation begins is waited for. The name may still be empty."""
    options = sdk.get("poll") or {}
    scheme = schemes.get(options.get("scheme", ""))
    read = by_id.get(scheme["read"]) if scheme else None
    if scheme is None or read is None:
        return None
    given = scheme.get("arguments") or {}
    return ir.Poll(
        name=split_words(options.get("method") or ""),
        read=read.pointer,
        field=scheme["field"],
        until=tuple(scheme["until"]),
        arguments=tuple((derived_arguments(read, operation) | given).items()),
        interval=float(scheme.get("interval", 1.0)),
        hint_header=scheme.get("hint_header"),
        timeout=scheme.get("timeout"),
    )


def derived_arguments(read: ir.Operation, first: ir.Operation) -> dict[str, str]:
    """What the first call does not have comes from its result: the last is the thing's own id."""
    path = [one.wire_name for one in read.parameters if one.location == "path"]
    known = {one.wire_name for one in first.parameters if one.location == "path"}
    known |= {one.wire_name for one in read.parameters if one.client_argument}
    named = {name: name for name in path if name not in known}
    if path and path[-1] in named:
        named[path[-1]] = "id"
    return named


def success_type(responses: tuple[ir.Response, ...], kind: str) -> ir.TypeRef | None:
    """The type of the first success response of this kind."""
    return next((one.type for one in success_contents(responses) if one.kind == kind), None)


def is_deprecated(node: Node) -> bool:
    """Whether a description says that something is to be used no more."""
    said = isinstance(node.value, dict) and node.value.get("deprecated") is True
    return said or "replaced_by" in sdk_extension(node)


def sdk_extension(node: Node) -> Mapping[str, Any]:
    """The ``x-sdk`` of a node; empty where there is none."""
    value = node.value.get("x-sdk") if isinstance(node.value, dict) else None
    return value if isinstance(value, dict) else {}
