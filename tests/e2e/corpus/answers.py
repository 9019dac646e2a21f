"""What a server that keeps to the description answers, and what a client should make of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from e2e.corpus.raw import Endpoint, Values, follow
from e2e.corpus.samples import Sampler
from e2e.corpus.scalars import FILE

Kind = Literal["json", "text", "bytes", "stream", "nothing"]
_JSON_LINES = ("jsonl", "ndjson", "x-ndjson", "json-seq", "json-lines")
_ORDER: tuple[Kind, ...] = ("json", "text", "bytes", "stream")


@dataclass(frozen=True)
class Expected:
    """An answer as it goes over the wire, and its value: JSON, text, bytes, or events."""

    status: int
    kind: Kind
    value: Any = None
    content: bytes = b""
    media_type: str | None = None


def kind_of(media_type: str) -> Kind:
    """How a body of this media type is read."""
    essence = media_type.partition(";")[0].strip().lower()
    name = essence.partition("/")[2]
    if name == "json" or name.endswith("+json") or essence == "*/*":
        return "json"
    if essence == "text/event-stream" or name in _JSON_LINES:
        return "stream"
    is_text = essence.startswith("text/") or name in ("xml", "x-yaml") or name.endswith("+xml")
    return "text" if is_text else "bytes"


def expected(root: Values, endpoint: Endpoint, *, full: bool, streamed: bool = False) -> Expected:
    """The first success that is described; 204 where none is.

    Args:
        root: The document.
        endpoint: What is called.
        full: Whether the answer shows everything optional.
        streamed: Whether the call asks for a stream, where there is one and JSON as well.

    Raises:
        NoSampleError: No body was found that keeps to its schema.
    """
    found = _success(root, endpoint)
    if found is None:
        return Expected(204, "nothing")
    status, response = found
    contents = response.get("content") or {}
    if not contents or status in (204, 205, 304) or endpoint.method == "HEAD":
        return Expected(status, "nothing")
    order = ("stream", *_ORDER) if streamed else _ORDER
    media_type = min(contents, key=lambda name: order.index(kind_of(name)))
    media = contents[media_type] or {}
    schema = media.get("itemSchema", media.get("schema", {}))
    return _body(root, status, media_type, schema, full=full)


def _success(root: Values, endpoint: Endpoint) -> tuple[int, Values] | None:
    responses = endpoint.operation.get("responses") or {}
    found = {str(status).upper(): response for status, response in responses.items()}
    exact = sorted(status for status in found if status.isdigit() and status.startswith("2"))
    for status in (*exact, "2XX"):
        if status in found:
            return (int(status) if status.isdigit() else 200), follow(root, found[status])
    if "DEFAULT" in found and not any(status.startswith("3") for status in found):
        return 200, follow(root, found["DEFAULT"])
    return None


def _body(root: Values, status: int, media_type: str, schema: Any, *, full: bool) -> Expected:
    kind = kind_of(media_type)
    served = media_type.replace("*/*", "application/json").replace("*", "plain")
    if kind == "json" and _is_file(root, schema):
        kind = "bytes"
    match kind:
        case "text":
            return Expected(status, kind, "a text", b"a text", served)
        case "bytes":
            return Expected(status, kind, FILE, FILE, served)
        case _:
            sampler = Sampler(root, for_request=False, full=full)
            value = sampler.sample(schema)
            content = json.dumps(value).encode()
            if served.startswith("text/event-stream"):
                return Expected(status, kind, [value], _event(value), served)
            if kind == "stream":
                return Expected(status, kind, [value], content + b"\n", served)
            return Expected(status, kind, value, content, served)


def _event(value: Any) -> bytes:
    """An event, with the fields of its envelope where the schema describes it whole."""
    if isinstance(value, Mapping) and "data" in value:
        data = value["data"] if isinstance(value["data"], str) else json.dumps(value["data"])
        others = [f"{key}: {value[key]}\n" for key in ("event", "id", "retry") if value.get(key)]
        return f"{''.join(others)}data: {data}\n\n".encode()
    return f"data: {json.dumps(value)}\n\n".encode()


def _is_file(root: Values, schema: Any) -> bool:
    final = follow(root, schema)
    return isinstance(final, Mapping) and final.get("format") == "binary"
