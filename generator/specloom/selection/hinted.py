"""The description as extensions of other generators have it: operations left out, streams added."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from specloom.description.document import Document
from specloom.description.hints import PREFIXES, StreamHint, ignored, stream_hint
from specloom.description.tree import child, split
from specloom.description.walk import visits
from specloom.selection.partial import Copies, without

_JSON = "application/json"


def as_hinted(document: Document) -> Document:
    """A copy of `document` without the operations to ignore, and with the streams described."""
    if not any(prefix in one.text for one in document.sources.values() for prefix in PREFIXES):
        return document
    gone = ignored(document)
    return _with_streams(without(document, gone) if gone else document)


def _with_streams(document: Document) -> Document:
    found = list(_streams(document))
    if not found:
        return document
    copies = Copies(document)
    for pointer, hint in found:
        content = copies.down_to(*split(pointer))
        if isinstance(content, dict):
            media = content.pop(_JSON)
            schema = media.get("schema", {}) if isinstance(media, dict) else {}
            if hint.switch or "response-stream" in hint.schemas:
                content[_JSON] = {"schema": hint.schemas.get("response", schema)}
            content[hint.media_type] = {"schema": hint.schemas.get("response-stream", schema)}
    return copies.document()


def _streams(document: Document) -> Iterator[tuple[str, StreamHint]]:
    """Where the contents of streams stand that are described as JSON alone."""
    for visit in visits(document):
        hint = stream_hint(visit.value) if visit.kind == "operation" else None
        operation: Any = visit.value
        responses = operation.get("responses") if hint is not None else None
        for status, response in (responses.items() if isinstance(responses, dict) else ()):
            content = response.get("content") if isinstance(response, dict) else None
            is_json = isinstance(content, dict) and list(content) == [_JSON]
            if hint is not None and is_json and str(status).startswith("2"):
                yield child(visit.pointer, "responses", status, "content"), hint
