"""Request bodies and responses → IR, with the examples the description gives for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from specloom import ir
from specloom.description.walk import STATUS
from specloom.lower.media import content_kind, preference, sent_as
from specloom.lower.merging import ANY
from specloom.lower.schema_names import shared_words
from specloom.lower.shape import shape_of

if TYPE_CHECKING:
    from specloom.description.node import Node
    from specloom.lower.types import TypeLowering


class BodyLowering:
    """Lowers what goes over the wire besides parameters."""

    def __init__(self, types: TypeLowering) -> None:
        self._types = types

    def request(self, operation: Node, words: ir.Words) -> ir.RequestBody | None:
        """The request body by its preferred media type; None where there is none."""
        declared = operation.get("requestBody")
        body = declared.follow() if declared else None
        content = body.get("content") if body else None
        media = dict(content.items()) if content else {}
        if body is None or not media:
            return None
        hint = shared_words(body, "request", "body") or (*words, "request")
        kinds: dict[object, ir.RequestBody] = {}
        for media_type in sorted(media, key=preference):
            kind = self._kind(body, media_type, media[media_type], hint)
            kinds.setdefault(_arguments_of(kind), kind)
        first, *others = kinds.values()
        return replace(first, alternatives=tuple(others))

    def _kind(self, body: Node, media_type: str, media: Node, hint: ir.Words) -> ir.RequestBody:
        schema = media.get("schema") or media.get("itemSchema")
        fields = self._flattened(schema, hint) if _is_structured(media_type) else None
        return ir.RequestBody(
            pointer=body.pointer,
            media_type=sent_as(media_type),
            type=ANY if fields is not None else self._body_type(media_type, schema, hint),
            required=body.value.get("required") is True,
            fields=fields,
            description=body.text("description"),
            encoding=tuple(_encodings(media)),
        )

    def _body_type(self, media_type: str, schema: Node | None, hint: ir.Words) -> ir.TypeRef:
        kind = content_kind(media_type)
        if kind == "text":
            return ir.Scalar("string")
        if kind == "binary" and not _is_structured(media_type):
            return ir.Scalar("binary")
        return self._types.lower(schema, hint)

    def _flattened(self, schema: Node | None, hint: ir.Words) -> tuple[ir.Field, ...] | None:
        """The properties of an object body, which become keywords; None for any other body."""
        if schema is None or not isinstance(schema.value, dict):
            return None
        shape = shape_of(schema)
        if not shape.properties or shape.variants or shape.nullable:
            return None
        if self._types.has_heirs(schema):
            return None  # the base alone lacks what its heirs add
        fields = self._types.fields(schema, shape, self._types.words(schema, hint))
        return tuple(field for field in fields if not field.read_only)

    def responses(
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
        content = node.get("content")
        pattern = ir.StatusPattern(status.upper() if status != "default" else status)
        own = (*words, "response") if pattern.is_success else (*words, "error")
        hint = shared_words(node, "response", "error") or own
        headers = node.get("headers")
        return ir.Response(
            pointer=node.pointer,
            status=pattern,
            contents=tuple(
                self._content(media_type, media, hint)
                for media_type, media in (content.items() if content else ())
            ),
            description=node.text("description"),
            headers=tuple(name for name, _ in headers.items()) if headers else (),
        )

    def _content(self, media_type: str, media: Node, hint: ir.Words) -> ir.Content:
        kind = content_kind(media_type)
        schema = media.get("itemSchema") or media.get("schema")
        if kind == "text":
            return ir.Content(media_type, kind, ir.Scalar("string"))
        if kind == "binary":
            return ir.Content(media_type, kind, ir.Scalar("binary"))
        lowered = self._types.lower(schema, hint)
        if lowered == ir.Scalar("binary"):
            return ir.Content(media_type, "binary", lowered)
        return ir.Content(media_type, kind, lowered)


def _arguments_of(body: ir.RequestBody) -> object:
    """What a body makes the caller give; media types that agree in this need not be told apart."""
    if body.fields is None:
        return body.type
    return frozenset((field.wire_name, field.type, field.required) for field in body.fields)


def _is_structured(media_type: str) -> bool:
    """Whether a body of this media type is an object whose properties can be keywords."""
    return content_kind(media_type) == "json" or preference(media_type) in (2, 4)


def _encodings(media: Node) -> Iterator[ir.PartEncoding]:
    declared = media.get("encoding")
    for wire_name, node in declared.items() if declared else ():
        value: dict[str, Any] = node.value if isinstance(node.value, dict) else {}
        yield ir.PartEncoding(
            wire_name=wire_name,
            content_type=value.get("contentType"),
            style=value.get("style"),
            explode=value.get("explode"),
        )


def examples_of(operation: Node) -> tuple[ir.Example, ...]:
    """Every example of request and responses, in the description's order."""
    found: list[ir.Example] = []
    body = operation.get("requestBody")
    if body is not None:
        found.extend(_content_examples(body.follow(), None))
    responses = operation.get("responses")
    for status, node in responses.items() if responses else ():
        if isinstance(node.value, dict):
            found.extend(_content_examples(node.follow(), status))
    return tuple(found)


def _content_examples(holder: Node, status: str | None) -> Iterator[ir.Example]:
    content = holder.get("content")
    for media_type, media in content.items() if content else ():
        node = media.get("example")
        if node is not None:
            yield ir.Example("example", node.pointer, node.value, "", status, media_type)
        named = media.get("examples")
        for name, entry in named.items() if named else ():
            node = entry.follow()
            if isinstance(node.value, dict) and "value" in node.value:
                summary = node.text("summary")
                yield ir.Example(
                    name, node.pointer, node.value["value"], summary, status, media_type
                )
