"""The events of streams, webhooks with their signature, and polls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple
from typing import Literal as OneOf

from specloom import ir
from specloom.description.hints import stream_hint
from specloom.description.node import Node
from specloom.description.tree import child
from specloom.ir.operations import success_contents
from specloom.ir.words import split_words
from specloom.lower.endpoints import METHODS, media_types_of
from specloom.lower.paging import derived_arguments
from specloom.lower.schema_names import shared_words
from specloom.lower.type_refs import merge_union
from specloom.runtime.media_types import kind_of

if TYPE_CHECKING:
    from specloom.errors import Problems
    from specloom.lower.types import TypeLowering


# Names of boolean inputs that request a stream.
_SWITCHES = ("stream", "streaming")
# The fields of an event in the stream (WHATWG HTML 9.2.6).
_OF_EVENTS = frozenset(("event", "data", "id", "retry"))
_DONE = "[DONE]"


class Switch(NamedTuple):
    """An input that requests a stream: its location, and the server's default."""

    name: str
    location: OneOf["body", "query"]
    default: bool = False
    is_inside: bool = False


def stream_of(
    sdk: Mapping[str, Any],
    mixins: Mapping[str, str],
    operation: ir.Operation,
    types: Mapping[str, ir.NamedType],
) -> ir.Stream | None:
    """How the operation streams, if a success response is a stream.

    If there are other successes, a boolean input requests the stream; without such an input, the
    media type of the response decides. ``mixins`` are those of streams, by the name of the stream's
    class.
    """
    contents = list(success_contents(operation.responses))
    streams = sorted((one for one in contents if one.is_stream), key=lambda one: one.kind)
    if not streams:
        return None
    options, event = sdk.get("stream") or {}, streams[0].type
    name = options.get("class") or ""
    is_choice = len(streams) < len(contents)
    switch = switch_of(options.get("when"), operation, types) if is_choice else None
    is_events = streams[0].kind == "events"
    return ir.Stream(
        when=switch.name if switch else options.get("when"),
        type=_without_done(event, types),
        kind="events" if is_events else "json-lines",
        envelope=is_events and _is_envelope(event, types),
        done=options.get("done") or (_DONE if _says_done(event, types) else None),
        error_event=options.get("error"),
        name=split_words(name),
        mixin=mixins.get(name, ""),
        media_types=tuple(
            media_type
            for one in streams
            if (one.kind, one.type) == (streams[0].kind, event)
            for media_type in one.media_types
        ),
        location=switch.location if switch else "body",
        default=switch.default if switch else False,
        is_inside=switch.is_inside if switch else False,
        by_answer=is_choice and switch is None and "when" not in options,
    )


def unasked(operation: ir.Operation, stream: ir.Stream) -> Iterator[tuple[ir.Response, str]]:
    """The media types of streams that no call requests: a method has one kind of stream."""
    for response in operation.responses:
        for one in success_contents([response]):
            if one.is_stream and not stream.by_answer:
                others = (name for name in one.media_types if name not in stream.media_types)
                yield from ((response, name) for name in others)


def with_switch_hint(
    sdk: Mapping[str, Any],
    declared: Any,
    operation: ir.Operation,
    types: Mapping[str, ir.NamedType],
) -> Mapping[str, Any]:
    """The x-sdk with the switch that an extension of another generator names, if there is one."""
    hint = stream_hint(declared)
    if hint is None or not hint.switch or switch_of(hint.switch, operation, types) is None:
        return sdk
    return {**sdk, "stream": {"when": hint.switch, **(sdk.get("stream") or {})}}


def switch_of(
    name: str | None, operation: ir.Operation, types: Mapping[str, ir.NamedType]
) -> Switch | None:
    """The input that requests a stream: the named one, or one with a usual name."""
    for switch, type_ref in _inputs(operation, types):
        if switch.name == name or (not name and switch.name in _SWITCHES and _is_boolean(type_ref)):
            return switch
    return None


def _inputs(
    operation: ir.Operation, types: Mapping[str, ir.NamedType]
) -> Iterator[tuple[Switch, ir.TypeRef]]:
    body = operation.body
    for field in (body.fields or ()) if body else ():
        yield Switch(field.wire_name, "body", field.default is True), field.type
    for parameter in operation.parameters:
        if parameter.location == "query":
            is_default = parameter.default is True
            yield Switch(parameter.wire_name, "query", is_default), parameter.type
    for model in _models(body.type, types) if body and body.fields is None else ():
        for field in model.fields:
            yield Switch(field.wire_name, "body", is_inside=True), field.type


def _is_boolean(type_ref: ir.TypeRef) -> bool:
    inner = type_ref.inner if isinstance(type_ref, ir.Nullable) else type_ref
    if isinstance(inner, ir.Literal):
        return all(isinstance(value, bool) for value in inner.values)
    return inner == ir.Scalar("boolean")


def _models(type_ref: ir.TypeRef, types: Mapping[str, ir.NamedType]) -> Iterator[ir.Model]:
    """The possible objects of a value."""
    named = types.get(type_ref.key) if isinstance(type_ref, ir.Ref) else None
    if isinstance(named, ir.Model):
        yield named
    union = named.type if isinstance(named, ir.Alias) else type_ref
    for member in union.members if isinstance(union, ir.UnionOf) else ():
        yield from _models(member, types)


def _is_envelope(event: ir.TypeRef, types: Mapping[str, ir.NamedType]) -> bool:
    """Whether a schema describes whole events by their fields, instead of only their data."""
    named = types.get(event.key) if isinstance(event, ir.Ref) else None
    if isinstance(named, ir.Model):
        fields = {field.wire_name for field in named.fields}
        return "data" in fields and ("event" in fields or fields <= _OF_EVENTS)
    if isinstance(named, ir.Alias) and isinstance(named.type, ir.UnionOf):
        return all(_is_envelope(member, types) for member in named.type.members)
    return False


def _says_done(event: ir.TypeRef, types: Mapping[str, ir.NamedType]) -> bool:
    """Whether the event that ends a stream is described: its data is ``[DONE]``."""
    if isinstance(event, ir.Literal):
        return event.values == (_DONE,)
    if isinstance(event, ir.UnionOf):
        return any(_says_done(member, types) for member in event.members)
    named = types.get(event.key) if isinstance(event, ir.Ref) else None
    if isinstance(named, ir.Alias):
        return _says_done(named.type, types)
    fields = named.fields if named is not None else ()
    return any(
        field.wire_name == "data"
        and isinstance(field.type, ir.Literal | ir.UnionOf | ir.Ref)
        and _is_done_data(field.type, types)
        for field in fields
    )


def _is_done_data(data: ir.TypeRef, types: Mapping[str, ir.NamedType]) -> bool:
    named = types.get(data.key) if isinstance(data, ir.Ref) else None
    inner = named.type if isinstance(named, ir.Alias) else data
    members = inner.members if isinstance(inner, ir.UnionOf) else (inner,)
    return ir.Literal((_DONE,), "const") in members


def _without_done(event: ir.TypeRef, types: Mapping[str, ir.NamedType]) -> ir.TypeRef:
    """The remaining event, if the only other one ends the stream and is never returned."""
    named = types.get(event.key) if isinstance(event, ir.Ref) else None
    union = named.type if isinstance(named, ir.Alias) else event
    if not isinstance(union, ir.UnionOf):
        return event
    others = [member for member in union.members if not _says_done(member, types)]
    return others[0] if len(others) == 1 else event


# The defaults of x-sdk with a custom header and no further settings.
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
    """One named type for all payloads."""
    payloads = list(dict.fromkeys(type_ref for _, type_ref in named))
    merged = merge_union(payloads) if len(payloads) > 1 else payloads[0]
    if not isinstance(merged, ir.UnionOf):
        return merged
    types.types[pointer] = _named_event(merged, pointer)
    return ir.Ref(pointer)


def _named_event(union: ir.UnionOf, pointer: str) -> ir.Alias:
    words = ("webhook", "event")
    return ir.Alias(pointer, words, "", pointer, union, "An event of a webhook.")


def with_unknown_event(
    webhooks: ir.Webhooks | None, types: dict[str, ir.NamedType], pointer: str
) -> tuple[ir.Webhooks | None, dict[str, ir.NamedType]]:
    """Webhooks whose only payload says which event it is: as a union, which has an unknown variant.

    ``pointer`` becomes the key of the union.
    """
    payload = webhooks.event if webhooks is not None else None
    if webhooks is None or not isinstance(payload, ir.Ref):
        return webhooks, types
    model = types.get(payload.key)
    if not isinstance(model, ir.Model):
        return webhooks, types
    found = _tag_of_event(model, [name for name, _ in webhooks.named])
    if found is None and "event_header" not in dict(webhooks.signature):
        return webhooks, types
    tag, values = found or (None, ())
    union = ir.UnionOf((payload,), tag, tuple((value, payload.key) for value in values))
    event = ir.Ref(pointer)
    return replace(webhooks, event=event), {**types, pointer: _named_event(union, pointer)}


def _tag_of_event(model: ir.Model, names: list[str]) -> tuple[str, tuple[str, ...]] | None:
    """The constant that says which event a payload is, with its values; ``None`` without one.

    It is the name of the webhook, or else the constant that a property called ``object`` is not.
    """
    constants = {
        field.wire_name: tuple(str(value) for value in field.type.values)
        for field in model.fields
        if field.required and isinstance(field.type, ir.Literal) and field.type.kind == "const"
    }
    ranked = sorted(
        constants.items(), key=lambda one: (not {*one[1]} & {*names}, one[0] == "object")
    )
    return ranked[0] if ranked else None


def _check(said: Mapping[str, Any], root: Node, problems: Problems) -> None:
    """Check that the content is signed, and the time if there is one: it needs a signature."""
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


def poll_of(
    sdk: Mapping[str, Any],
    schemes: Mapping[str, Any],
    operation: ir.Operation,
    by_id: Mapping[str, ir.Operation],
) -> ir.Poll | None:
    """How to wait for the end of an operation. The name may still be empty."""
    options = sdk.get("poll") or {}
    scheme = schemes.get(options.get("scheme", ""))
    read = by_id.get(scheme["read"]) if scheme else None
    if scheme is None or read is None:
        return None
    arguments = scheme.get("arguments") or {}
    return ir.Poll(
        name=split_words(options.get("method") or ""),
        read=read.pointer,
        field=scheme["field"],
        until=tuple(scheme["until"]),
        arguments=tuple((derived_arguments(read, operation) | arguments).items()),
        interval=float(scheme.get("interval", 1.0)),
        hint_header=scheme.get("hint_header"),
        timeout=scheme.get("timeout"),
    )
