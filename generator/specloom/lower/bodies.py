"""Request bodies → IR, with the examples the description gives for bodies and responses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from specloom import ir
from specloom.lower.contents import media_types_of, same_schema
from specloom.lower.merging import ANY
from specloom.lower.schema_names import shared_words
from specloom.lower.shape import shape_of
from specloom.runtime.media_types import essence, is_range, is_sendable, is_text, kind_of

if TYPE_CHECKING:
    from specloom.description.node import Node
    from specloom.lower.types import TypeLowering

_STRUCTURED = frozenset(("json", "any", "form", "multipart"))
_RANKS = ("json", "multipart", "form", "text", "json-lines", "json-seq", "events", "xml")
_SCALARS_OF_TEXT = frozenset(("integer", "number", "boolean", "binary"))


class BodyLowering:
    """Lowers request bodies."""

    def __init__(self, types: TypeLowering) -> None:
        self._types = types

    def request(self, operation: Node, words: ir.Words) -> ir.RequestBody | None:
        """The request body by its preferred media type; None where there is none.

        Media types that have one schema, or take the same arguments, need not be told apart.
        """
        declared = operation.get("requestBody")
        body = declared.follow() if declared else None
        described = media_types_of(body) if body else []
        if body is None or not described:
            return None
        hint = shared_words(body, "request", "body") or (*words, "request")
        kinds: dict[object, ir.RequestBody] = {}
        structured: list[Node | None] = []
        for media_type, media in sorted(described, key=lambda one: _preference(one[0])):
            schema = media.get("schema")
            if _takes_values(media_type) and any(same_schema(schema, one) for one in structured):
                continue
            kind = self._kind(body, media_type, media, hint)
            arguments = _arguments_of(kind)
            first = kinds.setdefault(arguments, kind)
            if first is not kind and kind.type == ir.Scalar("binary"):
                kinds[arguments] = replace(first, others=(*first.others, kind.media_type))
            if kind.fields is not None or kind_of(media_type) == "json":
                structured.append(schema)
        preferred, *alternatives = kinds.values()
        return replace(preferred, alternatives=tuple(alternatives))

    def _kind(self, body: Node, media_type: str, media: Node, hint: ir.Words) -> ir.RequestBody:
        is_structured = kind_of(media_type) in _STRUCTURED
        fields = self._flattened(media.get("schema"), hint) if is_structured else None
        body_type = ANY if fields is not None else self._body_type(media_type, media, hint)
        return ir.RequestBody(
            pointer=body.pointer,
            media_type=_sent_as(media_type, body_type),
            type=body_type,
            required=body.value.get("required") is True,
            fields=fields,
            description=body.text("description"),
            encoding=tuple(_encodings(media)),
            prefix_encoding=tuple(_prefix_encodings(media)),
            item_encoding=_item_encoding(media),
        )

    def _body_type(self, media_type: str, media: Node, hint: ir.Words) -> ir.TypeRef:
        kind, schema = kind_of(media_type), media.get("schema")
        has_items = media.get("itemSchema") is not None
        is_sequence = kind == "multipart" and (has_items or schema is not None)
        if kind in ("json-lines", "json-seq") or (has_items and is_sequence):
            item = self._types.item(media, hint)
            is_text_of_them = item in (ir.Scalar("string"), ir.Scalar("binary"))
            return ir.Scalar("binary") if is_text_of_them else ir.ListOf(item)
        if is_text(media_type):
            plain = self._types.lower(schema, hint) if _is_scalar(schema) else None
            is_value = isinstance(plain, ir.Scalar) and plain.kind in _SCALARS_OF_TEXT
            return plain if is_value and plain is not None else ir.Scalar("string")
        if kind == "binary" or (kind == "multipart" and not is_sequence):
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


def _preference(media_type: str) -> tuple[int, bool, bool]:
    """Rank for choosing one of several: JSON first, then forms, text, and anything else."""
    kind, name = kind_of(media_type), essence(media_type)
    rank = _RANKS.index(kind) if kind in _RANKS else len(_RANKS)
    is_usual = name in ("application/json", "multipart/form-data")
    return rank, not is_usual, is_range(media_type)


def _sent_as(media_type: str, body_type: ir.TypeRef) -> str:
    """The media type of a request: not what is none (RFC 9110 §8.3), a range only of bytes.

    Whoever gives the bytes chooses in such a range.
    """
    is_bytes = body_type == ir.Scalar("binary")
    if is_sendable(media_type) or (is_bytes and is_sendable(media_type.replace("*", "any"))):
        return media_type
    kind = kind_of(media_type)
    if kind == "json" or (kind == "any" and not is_bytes):
        return "application/json"
    others = {"text": "text/plain", "multipart": "multipart/form-data"}
    return others.get(kind, "application/octet-stream")


def _takes_values(media_type: str) -> bool:
    """Whether a body of this media type may be values in another spelling than JSON's."""
    return kind_of(media_type) in _STRUCTURED or is_text(media_type)


def _is_scalar(schema: Node | None) -> bool:
    value = schema.follow().value if schema is not None else None
    types = ("string", "integer", "number", "boolean")
    return isinstance(value, dict) and value.get("type") in types


def _arguments_of(body: ir.RequestBody) -> object:
    """What a body makes the caller give; media types that agree in this need not be told apart."""
    if body.fields is None:
        return body.type
    return frozenset((field.wire_name, field.type, field.required) for field in body.fields)


def _encodings(media: Node) -> Iterator[ir.PartEncoding]:
    declared = media.get("encoding")
    for wire_name, node in declared.items() if declared else ():
        yield part_encoding(wire_name, node)


def _prefix_encodings(media: Node) -> Iterator[ir.PartEncoding]:
    """How the first parts of an array are written (OpenAPI 3.2 §4.15.2)."""
    declared = media.get("prefixEncoding")
    for node in declared.entries() if declared else ():
        yield part_encoding("", node)


def _item_encoding(media: Node) -> ir.PartEncoding | None:
    declared = media.get("itemEncoding")
    return part_encoding("", declared) if declared else None


def part_encoding(wire_name: str, node: Node) -> ir.PartEncoding:
    """An Encoding Object."""
    final = node.follow()
    value: dict[str, Any] = final.value if isinstance(final.value, dict) else {}
    return ir.PartEncoding(
        wire_name=wire_name,
        content_type=value.get("contentType"),
        style=value.get("style"),
        explode=value.get("explode"),
        allow_reserved=value.get("allowReserved") is True,
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
    for media_type, media in media_types_of(holder):
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
