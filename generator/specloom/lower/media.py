"""Media types: which of several a client sends or reads, and how its bytes are understood."""

from __future__ import annotations

import re

from specloom.ir import ContentKind

_JSON = re.compile(r"^application/(?:[\w.+-]+\+)?json$|^text/json$")
_JSON_LINES = frozenset(
    ("application/jsonl", "application/x-ndjson", "application/ndjson", "application/json-seq")
)
_MEDIA_TYPE = re.compile(
    r"[!#$%&'*+.^`|~\w-]+/[!#$%&'*+.^`|~\w-]+[ \t]*(?:;[^\x00-\x1f\x7f]*)?\Z", re.ASCII
)
_TEXT = re.compile(r"^text/|^application/(?:[\w.+-]+\+)?xml$|^application/x-yaml$")


def essence(media_type: str) -> str:
    """The type without its parameters: ``text/plain; charset=utf-8`` → ``text/plain``."""
    return media_type.partition(";")[0].strip().lower()


def content_kind(media_type: str) -> ContentKind:
    """How a body of this media type is read."""
    name = essence(media_type)
    if _JSON.match(name) or name == "*/*":
        return "json"
    if name == "text/event-stream":
        return "events"
    if name in _JSON_LINES:
        return "json-lines"
    return "text" if _TEXT.match(name) else "binary"


def sent_as(media_type: str) -> str:
    """The media type of a request: neither a range nor what is none (RFC 9110 §8.3)."""
    if _MEDIA_TYPE.match(media_type) and "*" not in essence(media_type):
        return media_type
    sendable = {"json": "application/json", "text": "text/plain"}
    return sendable.get(content_kind(media_type), "application/octet-stream")


def preference(media_type: str) -> int:
    """Rank for choosing one of several: JSON first, then forms, text, and anything else."""
    name = essence(media_type)
    ranked = ("application/json", "multipart/form-data", "application/x-www-form-urlencoded")
    if name in ranked:
        return ranked.index(name) * 2
    if _JSON.match(name):
        return 1
    return {"text": 6, "events": 8, "json-lines": 7}.get(content_kind(media_type), 9)
