"""Envelopes: JSON answers of which callers get one property, as `unwrap` of x-sdk says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from specloom import ir
from specloom.description.tree import child
from specloom.ir.operations import success_contents
from specloom.lower.composition import unwrap
from specloom.lower.endpoints import successes
from specloom.lower.shape import shape_of
from specloom.lower.type_refs import Types, member_type, names_in, plain_name, steps_of
from specloom.runtime.media_types import kind_of

if TYPE_CHECKING:
    from specloom.description.node import Node
    from specloom.errors import Problems
    from specloom.lower.types import TypeLowering

Said = Mapping[str, Any]


def member_of(sdk: Said, root: Said) -> str:
    """The property that callers of an operation get; empty where they get the whole answer."""
    return str(sdk.get("unwrap", root.get("unwrap")) or "")


def name_result(operation: Node, member: str, words: ir.Words, types: TypeLowering) -> None:
    """Lower what callers get before its envelope, so that it has the name of a result."""
    for media_type, media in successes(operation):
        schema = media.get("schema") if kind_of(media_type) == "json" else None
        inner = _inside(schema, member) if schema is not None else None
        if inner is not None:
            types.lower(inner, (*words, "response"))
            types.lower(schema, (*words, "response", "envelope"))


def _inside(schema: Node, member: str) -> Node | None:
    found: Node | None = schema
    for step in steps_of(member):
        found = shape_of(unwrap(found)[0]).properties.get(step) if found is not None else None
    return found


def without_envelope(operation: ir.Operation, member: str, types: Types) -> ir.Operation:
    """The operation whose callers get that property of every JSON success that has it."""
    if not member:
        return operation

    def opened(content: ir.Content) -> ir.Content:
        inner = member_type(content.type, member, types) if content.kind == "json" else None
        return content if inner is None else replace(content, unwrap=member, inner=inner)

    responses = tuple(
        replace(one, contents=tuple(map(opened, one.contents))) if one.status.is_success else one
        for one in operation.responses
    )
    return replace(operation, responses=responses)


def whole(operation: ir.Operation) -> ir.Operation:
    """The operation whose callers get whole answers: of a page, what says where the next is."""
    responses = tuple(
        replace(one, contents=tuple(replace(each, unwrap="", inner=None) for each in one.contents))
        for one in operation.responses
    )
    return replace(operation, responses=responses)


def check_envelopes(
    root: Node, said: Iterable[tuple[ir.Operation, Said]], types: Types, problems: Problems
) -> None:
    """Note every `unwrap` that names what is not there: of the root, what no operation has."""
    said = list(said)
    sdk = root.value.get("x-sdk") if isinstance(root.value, dict) else None
    default = sdk.get("unwrap") if isinstance(sdk, dict) else None
    for operation, own in said:
        if isinstance(own.get("unwrap"), str) and not _is_opened(operation):
            message = f"no JSON success of {operation.id} has a property {own['unwrap']!r}"
            place = child(operation.pointer, "x-sdk", "unwrap")
            problems.error("bad-x-sdk", message, place, _nearest(own["unwrap"], [operation], types))
    plain = [operation for operation, own in said if "unwrap" not in own]
    if isinstance(default, str) and plain and not any(map(_is_opened, plain)):
        message = f"no JSON success of any operation has a property {default!r}"
        place = child(root.pointer, "x-sdk", "unwrap")
        problems.error("bad-x-sdk", message, place, _nearest(default, plain, types))


def _is_opened(operation: ir.Operation) -> bool:
    return any(one.unwrap for one in success_contents(operation.responses))


def _nearest(name: str, operations: Iterable[ir.Operation], types: Types) -> str:
    known = {
        plain_name(pointer)
        for operation in operations
        for content in success_contents(operation.responses)
        if content.kind == "json"
        for pointer, _ in names_in(content.type, types)
    }
    close = get_close_matches(name, sorted(known), 1)
    choice = ", ".join(sorted(known)[:10])
    return f"did you mean {close[0]!r}?" if close else f"there: {choice or 'no object'}"
