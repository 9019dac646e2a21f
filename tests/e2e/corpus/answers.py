"""The responses of a server that follows the description, and the expected results."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from e2e.corpus.raw import Endpoint, Values, follow
from e2e.corpus.samples import Sampler
from e2e.corpus.scalars import FILE, NoSampleError

Kind = Literal["json", "text", "bytes", "stream", "nothing"]
# Bytes that nobody asks for where JSON has the same schema.
_NOTATIONS = ("avro", "bson", "cbor", "msgpack", "protobuf", "smile", "thrift")
_JSON_LINES = ("jsonl", "ndjson", "jsonlines", "json-lines", "stream+json", "json-seq")
_ORDER: tuple[Kind, ...] = ("json", "text", "bytes", "stream")
_OF_EVENTS = {"event", "data", "id", "retry"}
_DONE = b"data: [DONE]\n\n"


@dataclass(frozen=True)
class Expected:
    """An answer as it goes over the wire, and its value: JSON, text, bytes, or events."""

    status: int
    kind: Kind
    value: Any = None
    content: bytes = b""
    media_type: str | None = None


@dataclass(frozen=True)
class Way:
    """A described response: a status and a media type, if it has one."""

    status: int
    media_type: str | None = None
    media: Values = field(default_factory=dict[str, Any])
    beside: tuple[Values, ...] = ()

    @property
    def is_stream(self) -> bool:
        """Whether it comes in pieces."""
        return self.media_type is not None and kind_of(self.media_type) == "stream"


def kind_of(media_type: str) -> Kind:
    """How a body of this media type is read."""
    essence = media_type.partition(";")[0].strip().lower()
    name = essence.partition("/")[2].removeprefix("x-")
    if essence == "text/event-stream" or name in _JSON_LINES or name.endswith("+json-seq"):
        return "stream"
    if name == "json" or name.endswith("+json") or essence in ("*/*", "application/*"):
        return "json"
    texts = ("xml", "yaml", "toml", "csv", "javascript", "graphql", "jwt", "sql")
    is_form = name == "www-form-urlencoded"
    is_text = essence.startswith("text/") or name in texts or is_form
    is_xml = name.endswith("+xml") and essence.startswith("application/")
    return "text" if is_text or is_xml else "bytes"


def ways(root: Values, endpoint: Endpoint) -> list[Way]:
    """Every success that is described, in each of its media types; the first one is usual.

    A 204 where none is described.
    """
    found: list[Way] = []
    for status, response in _successes(root, endpoint):
        contents = follow(root, response.get("content")) or {}
        if not contents or status in (204, 205, 304) or endpoint.method == "HEAD":
            found.append(Way(status))
            continue
        media = {name: follow(root, one) or {} for name, one in contents.items()}
        order = sorted(media, key=lambda one: (_ORDER.index(kind_of(one)), "*" in one))
        beside = tuple(media.values())
        read = [one for one in order if not _is_other_notation(one, media)]
        found += [Way(status, name, media[name], beside) for name in read]
    return found or [Way(204)]


def _is_other_notation(name: str, media: Mapping[str, Values]) -> bool:
    """Whether it is the JSON beside it in another notation: the client asks for JSON only."""
    if not any(one in name for one in ("avro", "cbor", "msgpack", "protobuf", "smile", "thrift")):
        return False
    schema = media[name].get("schema")
    others = (one.get("schema") for other, one in media.items() if kind_of(other) == "json")
    return schema is not None and schema in others


def _successes(root: Values, endpoint: Endpoint) -> list[tuple[int, Values]]:
    responses = endpoint.operation.get("responses") or {}
    named = {str(status).upper(): response for status, response in responses.items()}
    exact = sorted(status for status in named if status.isdigit() and status.startswith("2"))
    found = [(int(status), follow(root, named[status])) for status in exact]
    if "2XX" in named:
        free = next(status for status in (200, 299) if str(status) not in named)
        found.append((free, follow(root, named["2XX"])))
    if not found and "DEFAULT" in named and not any(one.startswith("3") for one in named):
        found.append((200, follow(root, named["DEFAULT"])))
    return [(status, response) for status, response in found if isinstance(response, Mapping)]


def expected(root: Values, way: Way, *, full: bool) -> Expected:
    """What the server answers in one way.

    Args:
        root: The document.
        way: What is answered.
        full: Whether the answer shows everything optional.

    Raises:
        NoSampleError: No body was found that keeps to its schema, or nobody could read it.
    """
    if way.media_type is None:
        return Expected(way.status, "nothing")
    kind = kind_of(way.media_type)
    schema = way.media.get("schema", {})
    served = way.media_type.replace("*/*", "application/json").replace("*", "plain")
    if kind == "json" and way.media_type.startswith("application/*"):
        served = "application/json"
    if kind in ("json", "stream") and _is_file(root, schema):
        return Expected(way.status, "bytes", FILE, FILE, served)
    final = follow(root, schema)
    is_text = isinstance(final, Mapping) and final.get("type") == "string"
    is_one_text = is_text and not {"const", "enum"} & final.keys()
    if kind == "stream" and is_one_text and "itemSchema" not in way.media:
        kind = "text" if served != "text/event-stream" else kind
    elif kind == "text":
        kind = _kind_of_text(root, way, schema)
    if kind == "text":
        return Expected(way.status, kind, "a text", b"a text", served)
    if kind == "bytes":
        if "itemSchema" in way.media:
            raise NoSampleError("no sample of multipart values")
        if any(name in way.media_type for name in _NOTATIONS) and _is_twin(root, way, final):
            raise NoSampleError("one schema with JSON")
        return Expected(way.status, kind, FILE, FILE, served)
    return _values(root, way, kind, served, full=full)


def _kind_of_text(root: Values, way: Way, schema: Any) -> Kind:
    """Text that has the schema of JSON beside it is JSON by another name, or not to be asked for.

    Raises:
        NoSampleError: It is not to be asked for, since a client prefers JSON.
    """
    final = follow(root, schema)
    kind = final.get("type") if isinstance(final, Mapping) else None
    is_plain = str(way.media_type).startswith("text/plain")
    if str(way.media_type).startswith("text/") and kind in ("integer", "number", "boolean"):
        return "json"
    if kind == "string" or not _is_twin(root, way, final):
        return "text"
    if not is_plain:
        raise NoSampleError("one schema with JSON")
    return "json"


def _is_twin(root: Values, way: Way, final: Any) -> bool:
    """Whether another media type has the same schema."""
    others = [one.get("schema") for one in way.beside if one is not way.media]
    return any(follow(root, one) == final for one in others if one)


def _values(root: Values, way: Way, kind: Kind, served: str, *, full: bool) -> Expected:
    sampler = Sampler(root, for_request=False, full=full)
    schema = way.media.get("itemSchema", way.media.get("schema", {}))
    if kind == "json":
        value = sampler.sample(schema)
        return Expected(way.status, kind, value, json.dumps(value).encode(), served)
    value = sampler.sample(schema)
    values = [value]
    final = follow(root, schema)
    if "itemSchema" not in way.media and isinstance(value, list):
        values = value
    if served.startswith("text/event-stream"):
        fields = set(final.get("properties") or ()) if isinstance(final, Mapping) else set()
        content = b"".join(_event(each, fields) for each in values) + _DONE
        return Expected(way.status, kind, values, content, served)
    before = b"\x1e" if "json-seq" in served else b""
    content = b"".join(before + json.dumps(each).encode() + b"\n" for each in values)
    return Expected(way.status, kind, values, content, served)


def _event(value: Any, fields: set[str]) -> bytes:
    """An event, with the fields of its envelope where the schema describes it whole."""
    named = fields or set(value if isinstance(value, Mapping) else ())
    is_whole = "data" in named and ("event" in named or named <= _OF_EVENTS)
    if isinstance(value, Mapping) and is_whole and "data" in value:
        data = value["data"] if isinstance(value["data"], str) else json.dumps(value["data"])
        others = [f"{key}: {value[key]}\n" for key in ("event", "id", "retry") if value.get(key)]
        return f"{''.join(others)}data: {data}\n\n".encode()
    return f"data: {value if isinstance(value, str) else json.dumps(value)}\n\n".encode()


def _is_file(root: Values, schema: Any) -> bool:
    final = follow(root, schema)
    return isinstance(final, Mapping) and final.get("format") == "binary"
