"""Responses and their contents → IR: what an answer is, by its status and its media type."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from specloom import ir
from specloom.description.walk import STATUS
from specloom.lower.schema_names import shared_words
from specloom.lower.unwrapping import unwrap
from specloom.runtime.media_types import MediaKind, kind_of

if TYPE_CHECKING:
    from specloom.description.node import Node
    from specloom.lower.types import TypeLowering

_KINDS: dict[MediaKind, ir.ContentKind] = {
    "json": "json",
    "any": "json",
    "text": "text",
    "xml": "text",
    "form": "text",
    "json-lines": "json-lines",
    "json-seq": "json-lines",
    "events": "events",
}
_RANKS = ("json", "text", "binary", "json-lines", "events")
# In text these are written as in JSON.
_SCALARS_OF_TEXT = (ir.Scalar("integer"), ir.Scalar("number"), ir.Scalar("boolean"))


class ResponseLowering:
    """Lowers the responses of operations."""

    def __init__(self, types: TypeLowering) -> None:
        self._types = types

    def lower(
        self, operation: Node, words: ir.Words, events: Node | None
    ) -> tuple[ir.Response, ...]:
        """What each declared status means, in the description's order.

        ``events`` is the schema of what a success also streams, where its content does not say so.
        """
        declared = operation.get("responses")
        found = [
            self._response(status, node.follow(), words)
            for status, node in (declared.items() if declared else ())
            if STATUS.fullmatch(status) and isinstance(node.value, dict)
        ]
        return tuple(found if events is None else self._with_events(found, events, words))

    def _with_events(
        self, responses: list[ir.Response], events: Node, words: ir.Words
    ) -> list[ir.Response]:
        content = ir.Content(
            "text/event-stream", "events", self._types.lower(events, (*words, "event"))
        )
        others = [
            replace(one, contents=tuple(each for each in one.contents if each.kind != "events"))
            for one in responses
        ]
        return [
            replace(one, contents=(*one.contents, content)) if one.status.is_success else one
            for one in others
        ]

    def _response(self, status: str, node: Node, words: ir.Words) -> ir.Response:
        pattern = ir.StatusPattern(status.upper() if status != "default" else status)
        own = (*words, "response") if pattern.is_success else (*words, "error")
        headers = node.get("headers")
        return ir.Response(
            pointer=node.pointer,
            status=pattern,
            contents=self._contents(node, shared_words(node, "response", "error") or own),
            description=node.text("description"),
            headers=tuple(name for name, _ in headers.items()) if headers else (),
        )

    def _contents(self, response: Node, hint: ir.Words) -> tuple[ir.Content, ...]:
        """The contents of a response, the preferred one first; those of one schema are one."""
        found: list[tuple[Node | None, ir.Content]] = []
        for media_type, media in sorted(media_types_of(response), key=lambda one: _rank(one[0])):
            schema = media.get("schema")
            for index, (other, content) in enumerate(found):
                if _is_read_alike(content, media_type, same_schema(schema, other)):
                    others = (*content.others, media_type)
                    found[index] = other, replace(content, others=others)
                    break
            else:
                found.append((schema, self._content(media_type, media, hint)))
        contents = (content for _, content in found)
        return tuple(sorted(contents, key=lambda content: _RANKS.index(content.kind)))

    def _content(self, media_type: str, media: Node, hint: ir.Words) -> ir.Content:
        media_kind, items = kind_of(media_type), media.get("itemSchema")
        kind = _KINDS.get(media_kind, "binary")
        if media_kind == "multipart" and items is not None:
            kind = "json-lines"
        if kind in ("json-lines", "events"):
            return self._sequence(media_type, kind, media, hint)
        if kind == "binary":
            return ir.Content(media_type, kind, ir.Scalar("binary"))
        lowered = self._types.lower(media.get("schema"), hint) if _says_value(media, kind) else None
        if kind == "text":
            is_value = lowered in _SCALARS_OF_TEXT and media_kind == "text"
            return (
                ir.Content(media_type, "json", lowered)
                if is_value and lowered is not None
                else ir.Content(media_type, kind, ir.Scalar("string"))
            )
        if lowered == ir.Scalar("binary"):
            return ir.Content(media_type, "binary", lowered)
        return ir.Content(media_type, kind, lowered or ir.Scalar("any"))

    def _sequence(
        self, media_type: str, kind: ir.ContentKind, media: Node, hint: ir.Words
    ) -> ir.Content:
        """A stream of items; lines that are described as one text or as bytes are read whole."""
        item = self._types.item(media, hint)
        if item == ir.Scalar("binary"):
            return ir.Content(media_type, "binary", item)
        if item == ir.Scalar("string") and kind == "json-lines" and not media.get("itemSchema"):
            return ir.Content(media_type, "text", item)
        return ir.Content(media_type, kind, item)


def media_types_of(holder: Node) -> list[tuple[str, Node]]:
    """The media types of a response or a request body, in the description's order."""
    content = holder.get("content")
    return list(content.items()) if content is not None else []


def same_schema(one: Node | None, other: Node | None) -> bool:
    """Whether two schemas are one and the same, or say the same in the same words."""
    if one is None or other is None:
        return one is other
    first, second = unwrap(one)[0], unwrap(other)[0]
    return first.pointer == second.pointer or (
        first.uri == second.uri and first.value == second.value
    )


def _rank(media_type: str) -> tuple[int, bool]:
    kind = _KINDS.get(kind_of(media_type), "binary")
    return _RANKS.index(kind), kind_of(media_type) == "any"


def _says_value(media: Node, kind: ir.ContentKind) -> bool:
    """Whether a schema is worth reading: of text, only one that is no object."""
    schema = media.get("schema")
    if kind != "text" or schema is None or not isinstance(schema.follow().value, dict):
        return kind != "text"
    return schema.follow().value.get("type") in ("integer", "number", "boolean")


def _is_read_alike(content: ir.Content, media_type: str, has_same_schema: bool) -> bool:
    """Whether a body of this media type is read as one of ``content`` is, and to the same type.

    Text that is described as an object is JSON by another name, or XML for other clients.
    """
    kind = _KINDS.get(kind_of(media_type), "binary")
    if kind in ("text", "binary") and kind == content.kind:
        return True
    if not has_same_schema or content.kind not in ("json", "json-lines", "events"):
        return False
    is_text = content.type == ir.Scalar("string") or isinstance(content.type, ir.Literal)
    return kind == content.kind or (kind == "text" and content.kind == "json" and not is_text)
