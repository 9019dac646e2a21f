"""Responses: which a call returns, and how the runtime is told to read them."""

from __future__ import annotations

from specloom import ir
from specloom.sdk.annotations import Annotations
from specloom.sdk.code import Code, code, runtime

# The kinds of content in the order of preference, and what reads each.
_READERS = {
    "json": "Json",
    "text": "Text",
    "binary": "Binary",
    "json-lines": "JsonLines",
    "events": "Events",
}
_READ_ORDER = tuple(_READERS)


def is_result(response: ir.Response, operation: ir.Operation) -> bool:
    """Whether a call returns this response; ``default`` counts where no success is declared."""
    if response.status.text == "default":
        return not any(other.status.is_success for other in operation.responses)
    return response.status.is_success


def preferred(response: ir.Response) -> ir.Content | None:
    """The content a client asks for: JSON before anything else; None for an empty response."""
    ranked = sorted(response.contents, key=lambda content: _READ_ORDER.index(content.kind))
    return ranked[0] if ranked else None


def content_code(content: ir.Content | None, lazy: Annotations) -> Code:
    """How the runtime is told to read a body."""
    if content is None:
        return code("{}()", runtime("Empty"))
    reader = runtime(_READERS[content.kind])
    if content.kind in ("text", "binary"):
        return code("{}()", reader)
    return code("{}(lambda: {})", reader, lazy.read(content.type))
