"""Responses: which a call returns, and how the runtime is told to read them."""

from __future__ import annotations

from specloom import ir
from specloom.sdk.annotations import Annotations

_READ_ORDER = ("json", "text", "binary", "json-lines", "events")


def is_result(response: ir.Response, operation: ir.Operation) -> bool:
    """Whether a call returns this response; ``default`` counts where no success is declared."""
    if response.status.text == "default":
        return not any(other.status.is_success for other in operation.responses)
    return response.status.is_success


def preferred(response: ir.Response) -> ir.Content | None:
    """The content a client asks for: JSON before anything else; None for an empty response."""
    ranked = sorted(response.contents, key=lambda content: _READ_ORDER.index(content.kind))
    return ranked[0] if ranked else None


def content_text(content: ir.Content | None, lazy: Annotations) -> str:
    """How the runtime is told to read a body."""
    if content is None:
        return "Empty()"
    if content.kind in ("text", "binary"):
        return {"text": "Text()", "binary": "Binary()"}[content.kind]
    kind = {"json": "Json", "json-lines": "JsonLines", "events": "Events"}[content.kind]
    return f"{kind}(lambda: {lazy.read(content.type)})"
