"""Webhooks: the payloads that the API sends by itself, and how they are signed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from specloom import ir
from specloom.description.node import Node
from specloom.description.tree import child
from specloom.ir.words import split_words
from specloom.lower.endpoints import METHODS, media_types_of
from specloom.lower.schema_names import shared_words
from specloom.lower.type_refs import merge_union
from specloom.runtime.media_types import kind_of

if TYPE_CHECKING:
    from specloom.errors import Problems
    from specloom.lower.types import TypeLowering

# What x-sdk means where it names a header of its own and says nothing else.
_OWN_DEFAULTS = {
    "signed": "{body}",
    "encoding": "hex",
    "prefix": "",
    "separator": "",
    "timestamp_header": "",
    "id_header": "",
    "secret_prefix": "",
    "secret_encoding": "text",
}


def webhooks_of(
    root: Node, sdk: Mapping[str, Any], types: TypeLowering, problems: Problems
) -> ir.Webhooks | None:
    """The webhooks of a description; None without any. A payload is read like a response."""
    webhooks = root.get("webhooks")
    named = [
        (name, type_ref)
        for name, declared in (webhooks.items() if webhooks else ())
        for type_ref in _payloads(name, declared, types)
    ]
    said: dict[str, Any] = sdk.get("webhooks") or {}
    _check(said, root, problems)
    if webhooks is None or not named:
        return None
    signature = dict(_OWN_DEFAULTS) if "header" in said else {}
    signature |= {key: value for key, value in said.items() if key != "tolerance"}
    event = _event(named, f"{webhooks.pointer}", types)
    pairs = tuple(dict(reversed(named)).items())[::-1]
    return ir.Webhooks(
        event, pairs, tuple(sorted(signature.items())), float(said.get("tolerance", 300))
    )


def _payloads(name: str, declared: Node, types: TypeLowering) -> Iterator[ir.TypeRef]:
    for method, operation in declared.items():
        body = operation.get("requestBody") if method in METHODS else None
        body = body.follow() if body else None
        shared = shared_words(body, "request", "body") if body else None
        for media_type, media in media_types_of(body) if body else ():
            if kind_of(media_type) == "json":
                hint = shared or (*split_words(name), "payload")
                yield types.lower(media.get("schema"), hint)


def _event(named: list[tuple[str, ir.TypeRef]], pointer: str, types: TypeLowering) -> ir.TypeRef:
    """One type of all payloads, which has a name."""
    payloads = list(dict.fromkeys(type_ref for _, type_ref in named))
    merged = merge_union(payloads) if len(payloads) > 1 else payloads[0]
    if not isinstance(merged, ir.UnionOf):
        return merged
    words = ("webhook", "event")
    types.types[pointer] = ir.Alias(
        pointer, words, "", pointer, merged, "An event that a webhook tells of."
    )
    return ir.Ref(pointer)


def _check(said: Mapping[str, Any], root: Node, problems: Problems) -> None:
    """What is signed has to be there, and a time that is not signed protects from nothing."""
    if not said:
        return
    pointer = child(root.pointer, "x-sdk", "webhooks")
    if "header" not in said:
        others = sorted(set(said) - {"tolerance", "event_header"})
        if others:
            hint = "name the header of the signature, or leave these out for Standard Webhooks"
            problems.error("bad-x-sdk", f"{', '.join(others)} without 'header'", pointer, hint)
        return
    signed = str(said.get("signed") or _OWN_DEFAULTS["signed"])
    has_time = bool(said.get("timestamp_header") or said.get("timestamp_prefix"))
    if ("{timestamp}" in signed) != has_time:
        message = "'{timestamp}' in 'signed' and the header or prefix of the time need each other"
        problems.error("bad-x-sdk", message, pointer, "give both, or neither")
    if ("{id}" in signed) != bool(said.get("id_header")):
        message = "'{id}' in 'signed' and 'id_header' need each other"
        problems.error("bad-x-sdk", message, pointer, "give both, or neither")
