"""Converts responses, request bodies and their examples to the IR, by status and media type."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from specloom import ir
from specloom.description.node import sdk_extension
from specloom.description.walk import STATUS
from specloom.lower.composition import real_variants, unwrap, variant_names
from specloom.lower.endpoints import encodings_of, files_first, media_types_of, warn_of_structure
from specloom.lower.schema_names import response_words, shared_words
from specloom.lower.shape import shape_of
from specloom.lower.type_refs import ANY, merge_union
from specloom.runtime.media_types import MediaKind, essence, is_range, is_sendable, is_text, kind_of

if TYPE_CHECKING:
    from specloom.description.node import Node
    from specloom.errors import Problems
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
_WITHOUT_BODY = ("204", "205")  # RFC 9110, 15.3.5 and 15.3.6
_RANKS = ("json", "text", "binary", "json-lines", "events")
_ENCODINGS = ("avro", "bson", "cbor", "msgpack", "protobuf", "smile", "thrift")
# As text, these are written as in JSON.
_TYPES_OF_TEXT: tuple[ir.ScalarKind, ...] = ("integer", "number", "boolean")
_SCALARS_OF_TEXT = tuple(ir.Scalar(kind) for kind in _TYPES_OF_TEXT)


class ResponseLowering:
    """Lowers the responses of operations."""

    def __init__(self, types: TypeLowering, problems: Problems) -> None:
        self._types = types
        self._problems = problems

    def lower(
        self, operation: Node, words: ir.Words, events: Node | None
    ) -> tuple[ir.Response, ...]:
        """The declared statuses and their responses, in the description's order.

        ``events`` is the schema of the events of a success, if its content does not describe them.
        """
        described = [
            (status, node.described())
            for status, node in operation.items_of("responses")
            if STATUS.fullmatch(status) and isinstance(node.value, dict)
        ]
        names = response_words(described, words)
        found = [self._response(status, node, names[status]) for status, node in described]
        return tuple(found if events is None else self._with_events(found, events, words))

    def _with_events(
        self, responses: list[ir.Response], events: Node, words: ir.Words
    ) -> list[ir.Response]:
        event = self._types.lower(events, (*words, "event"))
        content = ir.Content("text/event-stream", "events", event)
        others = [
            replace(one, contents=tuple(each for each in one.contents if each.kind != "events"))
            for one in responses
        ]
        return [
            replace(one, contents=(*one.contents, content)) if one.status.is_success else one
            for one in others
        ]

    def _response(self, status: str, node: Node, own: ir.Words) -> ir.Response:
        pattern = ir.StatusPattern(status.upper() if status != "default" else status)
        headers = node.get("headers")
        hint = shared_words(node, "response", "error") or own
        unsent = node.get("content") if status in _WITHOUT_BODY else None
        if unsent is not None and unsent.value:
            message = f"a response with the status {status} has no body: this content is not used"
            advice = "remove it, or write the status that the server sends"
            self._problems.warning("unused-field", message, unsent.pointer, advice)
        return ir.Response(
            pointer=node.pointer,
            status=pattern,
            contents=self._contents(node, hint) if status not in _WITHOUT_BODY else (),
            description=node.text("description"),
            headers=tuple(name for name, _ in headers.items()) if headers else (),
        )

    def _contents(self, response: Node, hint: ir.Words) -> tuple[ir.Content, ...]:
        """The contents of a response, the preferred one first; those with one schema are merged."""
        found: list[tuple[Node | None, ir.Content]] = []
        for media_type, media in sorted(media_types_of(response), key=lambda one: _rank(one[0])):
            schema = media.get("schema")
            for index, (other, content) in enumerate(found):
                if _is_read_alike(content, media_type, same_schema(schema, other)):
                    if content.kind == "binary" or not _is_encoding(media_type):
                        others = (*content.others, media_type)  # the client accepts these too
                        found[index] = other, replace(content, others=others)
                    break
            else:
                found.append((schema, self._content(media_type, media, hint)))
        return tuple(sorted((one for _, one in found), key=lambda one: _RANKS.index(one.kind)))

    def _content(self, media_type: str, media: Node, hint: ir.Words) -> ir.Content:
        media_kind, items = kind_of(media_type), media.get("itemSchema")
        kind = _KINDS.get(media_kind, "binary")
        if media_kind == "multipart" and items is not None:
            kind = "json-lines"
        if kind in ("json-lines", "events"):
            return self._sequence(media_type, kind, media, hint)
        warn_of_structure(media_type, media, self._problems)
        if kind == "binary":
            return ir.Content(media_type, kind, ir.Scalar("binary"))
        lowered = self._types.lower(media.get("schema"), hint) if _says_value(media, kind) else None
        if kind == "text":
            if media_kind == "text" and lowered in _SCALARS_OF_TEXT:
                return ir.Content(media_type, "json", lowered)
            return ir.Content(media_type, kind, ir.Scalar("string"))
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


def same_schema(one: Node | None, other: Node | None) -> bool:
    """Whether two schemas are the same object or have equal content."""
    if one is None or other is None:
        return one is other
    first, second = unwrap(one)[0], unwrap(other)[0]
    return first.pointer == second.pointer or (
        first.uri == second.uri and first.value == second.value
    )


def _rank(media_type: str) -> tuple[int, bool, bool]:
    kind = _KINDS.get(kind_of(media_type), "binary")
    is_other = kind == "json" and essence(media_type) != "application/json"
    return _RANKS.index(kind), kind_of(media_type) == "any", is_other


def _says_value(media: Node, kind: ir.ContentKind) -> bool:
    """Whether a schema is useful: for text, an object schema is not."""
    schema = media.get("schema")
    value = schema.follow().value if schema is not None else None
    return kind != "text" or (isinstance(value, dict) and value.get("type") in _TYPES_OF_TEXT)


def _is_read_alike(content: ir.Content, media_type: str, has_same_schema: bool) -> bool:
    """Whether a body of this media type is read like one of ``content``, with the same type.

    Text that is described as an object is JSON under another name, or XML for other clients; some
    bytes are another encoding of the same object.
    """
    kind = _KINDS.get(kind_of(media_type), "binary")
    if kind in ("text", "binary") and kind == content.kind:
        return True
    if not has_same_schema or content.kind not in ("json", "json-lines", "events"):
        return False
    is_text = content.type in (ir.Scalar("string"), ANY) or isinstance(content.type, ir.Literal)
    is_other_form = kind == "text" or _is_encoding(media_type)
    return kind == content.kind or (is_other_form and content.kind == "json" and not is_text)


def _is_encoding(media_type: str) -> bool:
    """Whether bytes of this media type are objects in another notation than JSON."""
    return any(name in essence(media_type) for name in _ENCODINGS)


_STRUCTURED = frozenset(("json", "any", "form", "multipart"))
_BODY_RANKS = ("json", "multipart", "form", "text", "json-lines", "json-seq", "events", "xml")
_SENT_AS_TEXT = frozenset((*_TYPES_OF_TEXT, "binary"))


class BodyLowering:
    """Lowers request bodies."""

    def __init__(self, types: TypeLowering, problems: Problems) -> None:
        self._types = types
        self._problems = problems

    def request(self, operation: Node, words: ir.Words) -> ir.RequestBody | None:
        """The request body by its preferred media type; None without a body.

        Media types with one schema, or with the same arguments, are merged.
        """
        declared = operation.get("requestBody")
        body = declared.described() if declared else None
        described = media_types_of(body) if body else []
        if body is None or not described:
            return None
        hint = shared_words(body, "request", "body") or (*words, "request")
        is_spread = sdk_extension(operation).get("spread_body") is True
        kinds: dict[object, ir.RequestBody] = {}
        structured: list[Node | None] = []
        by_rank = sorted(described, key=lambda one: _preference(one[0]))
        for media_type, media in files_first(by_rank):
            schema = media.get("schema")
            if _takes_values(media_type) and any(same_schema(schema, one) for one in structured):
                continue
            kind = self._kind(body, media_type, media, hint, is_spread=is_spread)
            arguments = _arguments_of(kind)
            first = kinds.setdefault(arguments, kind)
            if first is not kind and kind.type == ir.Scalar("binary"):
                kinds[arguments] = replace(first, others=(*first.others, kind.media_type))
            if kind.fields is not None or kind_of(media_type) == "json":
                structured.append(schema)
        preferred, *alternatives = kinds.values()
        return replace(preferred, alternatives=tuple(alternatives))

    def _kind(
        self, body: Node, media_type: str, media: Node, hint: ir.Words, *, is_spread: bool
    ) -> ir.RequestBody:
        is_structured, schema = kind_of(media_type) in _STRUCTURED, media.get("schema")
        fields = self._flattened(schema, hint) if is_structured else None
        if fields is None and is_spread and is_structured and schema is not None:
            fields = self._spread(schema, hint)
            if fields is None:
                message = "spread_body needs a body that is an object, or one of several objects"
                self._problems.warning("unused-field", message, body.pointer)
        body_type = ANY if fields is not None else self._body_type(media_type, media, hint)
        return ir.RequestBody(
            pointer=body.pointer,
            media_type=_sent_as(media_type, body_type),
            type=body_type,
            required=body.value.get("required") is True,
            fields=fields,
            description=body.text("description"),
            encoding=encodings_of(media_type, media, "encoding", self._problems),
            prefix_encoding=encodings_of(media_type, media, "prefixEncoding", self._problems),
            item_encoding=next(
                iter(encodings_of(media_type, media, "itemEncoding", self._problems)), None
            ),
        )

    def _body_type(self, media_type: str, media: Node, hint: ir.Words) -> ir.TypeRef:
        kind, schema = kind_of(media_type), media.get("schema")
        has_items = media.get("itemSchema") is not None
        is_sequence = kind == "multipart" and (has_items or schema is not None)
        if kind in ("json-lines", "json-seq") or (has_items and is_sequence):
            item = self._types.item(media, hint)
            is_text_of_them = item in (ir.Scalar("string"), ir.Scalar("binary"))
            return ir.Scalar("binary") if is_text_of_them else ir.ListOf(item)
        shape = shape_of(schema) if kind == "form" and schema is not None else None
        if shape is not None and (shape.is_object or shape.variants):
            return self._types.lower(schema, hint)
        warn_of_structure(media_type, media, self._problems)
        if is_text(media_type):
            plain = self._types.lower(schema, hint) if _is_scalar(schema) else None
            is_value = isinstance(plain, ir.Scalar) and plain.kind in _SENT_AS_TEXT
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
            return None  # the base alone lacks the properties of its heirs
        if unwrap(schema)[1]:
            self._problems.warning(
                "unused-field",
                "the body may be null, which a method with its properties as arguments cannot send",
                schema.pointer,
            )
        fields = self._types.fields(schema, shape, self._types.words(schema, hint))
        return tuple(field for field in fields if not field.read_only)

    def _spread(self, schema: Node, hint: ir.Words) -> tuple[ir.Field, ...] | None:
        """The properties of all variants of a union of objects; None for any other body.

        A property is required if every variant requires it.
        """
        found = self._properties(schema, hint, frozenset())
        return tuple(one for one in found.values() if not one.read_only) if found else None

    def _properties(
        self, schema: Node, hint: ir.Words, above: frozenset[str]
    ) -> dict[str, ir.Field] | None:
        """The properties of an object and of its variants by wire name; None for another value."""
        place = unwrap(schema)[0]
        shape = shape_of(place)
        groups = [group for group in map(real_variants, shape.variants) if group]
        if place.pointer in above or not (shape.is_object or groups):
            return None
        own = self._types.fields(place, shape, self._types.words(schema, hint))
        found = {one.wire_name: one for one in own}
        for group in groups:
            named = zip(group, variant_names(group, hint), strict=True)
            each = [self._properties(one, name, above | {place.pointer}) for one, name in named]
            variants = [one for one in each if one is not None]
            if len(variants) < len(each):
                return None
            for name, field in _united(variants).items():
                types = [found[name].type, field.type] if name in found else [field.type]
                required = field.required or name in shape.required
                found[name] = replace(field, type=merge_union(types), required=required)
        return found


def _united(variants: list[dict[str, ir.Field]]) -> dict[str, ir.Field]:
    """The properties of several objects, each with the union of its types."""
    found: dict[str, ir.Field] = {}
    for name in dict.fromkeys(name for one in variants for name in one):
        fields = [one[name] for one in variants if name in one]
        is_required = len(fields) == len(variants) and all(one.required for one in fields)
        types = merge_union([one.type for one in fields])
        found[name] = replace(fields[0], type=types, required=is_required)
    return found


def _preference(media_type: str) -> tuple[int, bool, bool]:
    """The rank of a media type: JSON first, then forms, text, and all others."""
    kind, name = kind_of(media_type), essence(media_type)
    rank = _BODY_RANKS.index(kind) if kind in _BODY_RANKS else len(_BODY_RANKS)
    is_usual = name in ("application/json", "multipart/form-data")
    return rank, not is_usual, is_range(media_type)


def _sent_as(media_type: str, body_type: ir.TypeRef) -> str:
    """The media type of a request: a valid one (RFC 9110 §8.3), and ranges only for bytes.

    The caller chooses a type within such a range.
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
    """Whether a body of this media type may contain values in another notation than JSON."""
    return kind_of(media_type) in _STRUCTURED or is_text(media_type)


def _is_scalar(schema: Node | None) -> bool:
    value = schema.follow().value if schema is not None else None
    types = ("string", "integer", "number", "boolean")
    return isinstance(value, dict) and value.get("type") in types


def _arguments_of(body: ir.RequestBody) -> object:
    """The arguments of a body, for comparison: media types with equal ones are merged."""
    if body.fields is None:
        return body.type
    return frozenset((field.wire_name, field.type, field.required) for field in body.fields)


def examples_of(operation: Node) -> tuple[ir.Example, ...]:
    """Every example of request and responses, in the description's order."""
    body = operation.get("requestBody")
    found = list(_content_examples(body.follow(), None)) if body is not None else []
    for status, node in operation.items_of("responses"):
        if isinstance(node.value, dict):
            found.extend(_content_examples(node.follow(), status))
    return tuple(found)


def _content_examples(holder: Node, status: str | None) -> Iterator[ir.Example]:
    for media_type, media in media_types_of(holder):
        node = media.get("example")
        if node is not None:
            yield ir.Example("example", node.pointer, node.value, "", status, media_type)
        for name, entry in media.items_of("examples"):
            node = entry.follow()
            value = node.get("value") or node.get("dataValue")  # the latter since OpenAPI 3.2
            if value is not None:
                summary = node.text("summary")
                yield ir.Example(name, node.pointer, value.value, summary, status, media_type)
