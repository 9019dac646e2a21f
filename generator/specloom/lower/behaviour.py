"""Pages, streams and polls: what x-sdk says of them, or what the shape of an operation shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from specloom import ir
from specloom.ir.words import split_words

if TYPE_CHECKING:
    from specloom.description.node import Node


def pagination_of(
    sdk: Mapping[str, Any],
    schemes: Mapping[str, Any],
    responses: tuple[ir.Response, ...],
    types: Mapping[str, ir.NamedType],
) -> ir.Pagination | None:
    """The pagination scheme that x-sdk names, with the type of its items."""
    name = sdk.get("pagination")
    scheme = schemes.get(name) if isinstance(name, str) else None
    page = success_type(responses, "json")
    if scheme is None or page is None:
        return None
    previous = scheme.get("previous") or {}
    items = scheme.get("items") or ""
    return ir.Pagination(
        style=scheme["style"],
        items=items,
        item_type=_item_type(page, items, types),
        parameter=scheme.get("parameter"),
        cursor=scheme.get("cursor"),
        has_more=scheme.get("has_more"),
        previous_parameter=previous.get("parameter"),
        previous_cursor=previous.get("cursor"),
        limit=scheme.get("limit"),
        item_cursor=scheme.get("item_cursor"),
        cursor_header=scheme.get("cursor_header"),
        total=scheme.get("total"),
    )


def _item_type(page: ir.TypeRef, items: str, types: Mapping[str, ir.NamedType]) -> ir.TypeRef:
    if not items and isinstance(page, ir.ListOf):
        return page.item
    model = types.get(page.key) if isinstance(page, ir.Ref) else None
    for field in model.fields if isinstance(model, ir.Model) else ():
        inner = field.type.inner if isinstance(field.type, ir.Nullable) else field.type
        if field.wire_name == items and isinstance(inner, ir.ListOf):
            return inner.item
    return ir.Scalar("any")


def stream_of(
    sdk: Mapping[str, Any],
    mixins: Mapping[str, str],
    body: ir.RequestBody | None,
    responses: tuple[ir.Response, ...],
    types: Mapping[str, ir.NamedType],
) -> ir.Stream | None:
    """How the operation streams, if a success response is a stream.

    Where the same status also answers JSON, a boolean property ``stream`` of the body asks for it.
    ``mixins`` are those of streams, by the name of the stream's class.
    """
    options = sdk.get("stream") or {}
    name = options.get("class") or ""
    for kind in ("events", "json-lines"):
        content = success_type(responses, kind)
        if content is None:
            continue
        also_json = success_type(responses, "json") is not None
        when = options.get("when") or (_stream_switch(body) if also_json else None)
        if also_json and when is None:
            return None
        return ir.Stream(
            when=when,
            type=content,
            kind="events" if kind == "events" else "json-lines",
            envelope=kind == "events" and _is_envelope(content, types),
            done=options.get("done"),
            error_event=options.get("error"),
            name=split_words(name),
            mixin=mixins.get(name, ""),
        )
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
        arguments=tuple((_derived_arguments(read, operation) | given).items()),
        interval=float(scheme.get("interval", 1.0)),
        hint_header=scheme.get("hint_header"),
        timeout=scheme.get("timeout"),
    )


def _derived_arguments(read: ir.Operation, first: ir.Operation) -> dict[str, str]:
    """What the first call does not have comes from its result: the last is the thing's own id."""
    path = [one.wire_name for one in read.parameters if one.location == "path"]
    known = {one.wire_name for one in first.parameters if one.location == "path"}
    named = {name: name for name in path if name not in known}
    if path and path[-1] in named:
        named[path[-1]] = "id"
    return named


def success_type(responses: tuple[ir.Response, ...], kind: str) -> ir.TypeRef | None:
    """The type of the first success response of this kind."""
    for response in responses:
        if response.status.is_success:
            for content in response.contents:
                if content.kind == kind:
                    return content.type
    return None


def _stream_switch(body: ir.RequestBody | None) -> str | None:
    for field in (body.fields or ()) if body else ():
        inner = field.type.inner if isinstance(field.type, ir.Nullable) else field.type
        if field.wire_name == "stream" and inner == ir.Scalar("boolean"):
            return field.wire_name
    return None


def _is_envelope(event: ir.TypeRef, types: Mapping[str, ir.NamedType]) -> bool:
    """Whether events are described whole, with ``event`` and ``data``, or by their data alone."""
    named = types.get(event.key) if isinstance(event, ir.Ref) else None
    if isinstance(named, ir.Model):
        return {"event", "data"} <= {field.wire_name for field in named.fields}
    if isinstance(named, ir.Alias) and isinstance(named.type, ir.UnionOf):
        return all(_is_envelope(member, types) for member in named.type.members)
    return False


def is_deprecated(node: Node) -> bool:
    """Whether a description says that something is to be used no more."""
    said = isinstance(node.value, dict) and node.value.get("deprecated") is True
    return said or "replaced_by" in sdk_extension(node)


def sdk_extension(node: Node) -> Mapping[str, Any]:
    """The ``x-sdk`` of a node; empty where there is none."""
    value = node.value.get("x-sdk") if isinstance(node.value, dict) else None
    return value if isinstance(value, dict) else {}
