"""The parts of the overlay for methods that returned streams."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from specloom import ir
from specloom.adoption.matching import Pair
from specloom.pipeline import Reading
from specloom.scaffold.overlay_text import quoted

_SWITCHES = ("stream", "streaming")


def stream_setting(pair: Pair, reading: Reading) -> tuple[str, str]:
    """``x-sdk.stream`` with its reason; both are empty if the description is sufficient."""
    old, stream = pair.old, pair.operation.stream
    if not old.streams or not old.event or (stream and stream.type != ir.Scalar("any")):
        return "", ""
    switch = next((name for name in _SWITCHES if name in wire_names(pair.operation)), "")
    if stream is None and not switch and not old.always_streams:
        return "", ""
    schema = _schema(pair, reading)
    when = f"when: {switch}, " if switch and not old.always_streams else ""
    events = f"{{$ref: {quoted(schema)}}}" if schema else "{}"
    unknown = "" if schema else ", which no schema describes"
    return f"{{{when}events: {events}}}", f"users got a stream of {old.event}{unknown}"


def unstreamed(pair: Pair, reading: Reading) -> Iterator[tuple[str, str]]:
    """Status and media type of the successes that a method never returned: it only streamed."""
    if not pair.old.always_streams:
        return
    for status, media_type, _ in _successes(pair, reading):
        if media_type != "text/event-stream":
            yield status, media_type


def _successes(pair: Pair, reading: Reading) -> Iterator[tuple[str, str, str]]:
    """Status, media type and reference of each success that the operation itself describes."""
    root: Any = reading.document.root
    try:
        operation = root["paths"][pair.operation.path][pair.operation.http_method.lower()]
        responses = operation["responses"].items()
    except (KeyError, TypeError, AttributeError):
        return  # the path item or the responses are elsewhere
    for status, response in responses:
        contents = response.get("content") if isinstance(response, dict) else None
        for media_type, content in (contents or {}).items() if str(status)[:1] == "2" else ():
            schema = content.get("schema") if isinstance(content, dict) else None
            yield str(status), media_type, (
                schema.get("$ref", "") if isinstance(schema, dict) else ""
            )


def wire_names(operation: ir.Operation) -> set[str]:
    """The names of all parameters and properties of bodies."""
    fields = {one.wire_name for one in operation.body_fields}
    return fields | {one.wire_name for one in operation.parameters}


def _schema(pair: Pair, reading: Reading) -> str:
    """The schema of the old events; empty if there is none.

    If the method also returned the class as a result, it is the schema of the result. Otherwise it
    is the only schema with the name of the class, or with exactly its properties.
    """
    if pair.old.event == pair.old.returns:
        return next((schema for _, _, schema in _successes(pair, reading) if schema), "")
    root: Any = reading.document.root
    components = root.get("components") if isinstance(root, dict) else None
    schemas: dict[str, Any] = (components or {}).get("schemas") or {}
    names = [pair.old.event] if pair.old.event in schemas else []
    if not names and pair.old.event_fields:
        names = [
            name
            for name, schema in schemas.items()
            if isinstance(schema, dict)
            and (schema.get("properties") or {}).keys() == pair.old.event_fields
        ]
    return f"#/components/schemas/{names[0]}" if len(names) == 1 else ""
