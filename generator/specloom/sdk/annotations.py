"""IR → Python annotations of types and responses, and the code that reads each response."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from specloom import ir
from specloom.ir.usage import Usage, is_redirection, is_result, read_as, results_of
from specloom.layout import literal
from specloom.naming.names import Names
from specloom.runtime.media_types import accept_of, best_match, kind_of
from specloom.sdk.code import NONE, TYPES, Annotation, Code, code, imported, runtime

_READ: dict[str, tuple[str, ...]] = {
    "string": ("str",),
    "integer": ("int",),
    "number": ("float",),
    "boolean": ("bool",),
    "null": ("None",),
    "any": ("Any",),
    "date": ("date",),
    "date-time": ("datetime",),
    "binary": ("bytes",),
}
_WRITTEN = _READ | {
    "any": ("object",),
    "date": ("date", "str"),
    "date-time": ("datetime", "str"),
    "binary": ("FileInput",),
}
_MODULES = {
    "Annotated": "typing",
    "Any": "typing",
    "Literal": "typing",
    "Mapping": "collections.abc",
    "Sequence": "collections.abc",
    "date": "datetime",
    "datetime": "datetime",
}

BINARY = Annotation.of(runtime("BinaryContent"))


@lru_cache(maxsize=1024)
def _named(name: str, shadowed: frozenset[str]) -> Annotation:
    """A class of Python or of the runtime; `shadowed` names have another meaning there."""
    if name == "FileInput":
        return Annotation.of(runtime(name))
    module = _MODULES.get(name)
    if name in shadowed and name != "None":
        other = f"{name}_type" if module else f"builtins.{name}"
        place = (module, f"{name} as {other}") if module else ("builtins", "")
        return Annotation.of(Code(other, frozenset([place])))
    return Annotation.of(imported(module, name)) if module else Annotation.builtin(name)


@dataclass(frozen=True, slots=True)
class Annotations:
    """Writes annotations for one scope.

    ``shadowed`` are names with another meaning in the scope (a method called ``list``); builtins
    among them are written ``builtins.list``. ``prefix`` precedes every type of the SDK. ``binary``
    is the annotation of bytes in memory.
    """

    api: ir.Api
    names: Names
    usage: Usage
    shadowed: frozenset[str] = frozenset()
    prefix: str = ""
    binary: Annotation = BINARY

    def read(self, type_ref: ir.TypeRef) -> Annotation:
        """The annotation of a value in responses."""
        if isinstance(type_ref, ir.Ref):
            return self._enum(type_ref, is_open=self._enum_kind(type_ref) in ("enum", "open"))
        if isinstance(type_ref, ir.TupleOf):
            return self._tuple(type_ref)
        if isinstance(type_ref, ir.ListOf):
            return Annotation.of(self._name("list"), self.read(type_ref.item))
        if isinstance(type_ref, ir.MapOf):
            return self._mapping(self._name("dict"), self.read(type_ref.value))
        if isinstance(type_ref, ir.Nullable):
            return Annotation.union(self.read(type_ref.inner), NONE)
        if isinstance(type_ref, ir.UnionOf):
            return Annotation.union(*map(self.read, type_ref.members))
        if isinstance(type_ref, ir.Literal):
            return self._literal(type_ref, is_open=type_ref.kind != "const")
        return self._scalar(_READ[type_ref.kind])

    def written(self, type_ref: ir.TypeRef) -> Annotation:
        """The annotation of a value in arguments."""
        if isinstance(type_ref, ir.Ref):
            return self._written_ref(type_ref)
        if isinstance(type_ref, ir.ListOf):
            return Annotation.of(self._name("Sequence"), self.written(type_ref.item))
        if isinstance(type_ref, ir.MapOf):
            return self._mapping(self._name("Mapping"), self.written(type_ref.value))
        if isinstance(type_ref, ir.Nullable):
            return Annotation.union(self.written(type_ref.inner), NONE)
        if isinstance(type_ref, ir.UnionOf):
            return Annotation.union(*map(self.written, type_ref.members))
        if isinstance(type_ref, ir.Literal):
            return self._literal(type_ref, is_open=type_ref.kind == "open")
        return self._scalar(_WRITTEN[type_ref.kind])

    def members(self, type_ref: ir.TypeRef) -> list[ir.TypeRef]:
        """The members of a union, named or not; for any other type the type itself."""
        named = self.api.types.get(type_ref.key) if isinstance(type_ref, ir.Ref) else None
        inner = named.type if isinstance(named, ir.Alias) else type_ref
        return list(inner.members) if isinstance(inner, ir.UnionOf) else [type_ref]

    def is_always(self, type_ref: ir.TypeRef, wire_name: str) -> bool:
        """Whether this property of an object is always ``true``."""
        field = self._field(type_ref, wire_name)
        return field is not None and field.required and _values(field) == (True,)

    def is_never(self, type_ref: ir.TypeRef, wire_name: str) -> bool:
        """Whether this property of an object can never be ``true``."""
        named = self.api.types.get(type_ref.key) if isinstance(type_ref, ir.Ref) else None
        field = self._field(type_ref, wire_name)
        return isinstance(named, ir.Model) and (field is None or _values(field) == (False,))

    def _field(self, type_ref: ir.TypeRef, wire_name: str) -> ir.Field | None:
        named = self.api.types.get(type_ref.key) if isinstance(type_ref, ir.Ref) else None
        fields = named.fields if isinstance(named, ir.Model) else ()
        return next((one for one in fields if one.wire_name == wire_name), None)

    def defined(self, alias: ir.Alias) -> Code:
        """The type behind an alias in responses.

        An enum has its known values: each use decides whether others may occur. A union of objects
        has one more member, for the variants of later versions.
        """
        if isinstance(alias.type, ir.Literal):
            base = self._name("Literal")
            return Annotation.literal(base, alias.type.values, in_lines=True)
        known, unknown = self.read(alias.type), self.names.unknown.get(alias.key)
        if unknown is None or not isinstance(alias.type, ir.UnionOf):
            return known
        union = as_received(alias.type, self.api)
        mapping = {value: self.names.types[key] for value, key in hidden_tags(union, self.api)}
        tag, tags = Code(literal(union.tag)), Code(f", {literal(mapping)}" if mapping else "")
        default = literal(self.names.types[union.default]) if union.default else ""
        other = Code(f", default={default}" if default else "")
        variants = code("{}({}{}{})", runtime("Variants"), tag, tags, other)
        either = Annotation.union(known, self._use(unknown))
        return code("{}[{}, {}]", self._name("Annotated"), either, variants)

    def accepted(self, alias: ir.Alias) -> Annotation:
        """The type behind an alias in requests.

        A union also accepts unknown variants that it returned before.
        """
        same = self.names.params.get(alias.type.key) if isinstance(alias.type, ir.Ref) else None
        if same is not None:
            return self._use(same)
        known, unknown = self.written(alias.type), self.names.unknown.get(alias.key)
        return known if unknown is None else Annotation.union(known, self._use(unknown))

    def _written_ref(self, ref: ir.Ref) -> Annotation:
        named = self.api.types[ref.key]
        if isinstance(named, ir.Alias) and isinstance(named.type, ir.Ref):
            return self._written_ref(named.type)  # a locked name of a type that equals another one
        own, param = self.names.types[ref.key], self.names.params.get(ref.key)
        if param is None:
            return self._enum(ref, is_open=self._enum_kind(ref) == "open")
        pieces = [self._use(param)]
        if isinstance(named, ir.Model) and ref.key in self.usage.responses:
            pieces.insert(0, self._use(own))
        if isinstance(named, ir.Model) and named.extra is not None:
            # A TypedDict cannot allow further keys (mypy lacks PEP 728).
            pieces.append(self._mapping(self._name("Mapping"), Annotation.builtin("object")))
        return Annotation.union(*pieces)

    def _tuple(self, items: ir.TupleOf) -> Annotation:
        first, kind = list(map(self.read, items.first)), self._name("tuple")
        if items.rest is None:
            return Annotation.of(kind, *first)
        rest = code("*{}[{}, ...]", kind, self.read(items.rest))
        whole = Annotation.of(kind, *first, Annotation.of(rest))
        return Annotation.of(
            self._name("Annotated"), whole, Annotation.of(runtime("FURTHER_ITEMS"))
        )

    def _mapping(self, kind: Annotation, value: Annotation) -> Annotation:
        return Annotation.of(kind, self._name("str"), value)

    def _literal(self, enum: ir.Literal, *, is_open: bool) -> Annotation:
        known = Annotation.literal(self._name("Literal"), enum.values)
        return Annotation.union(known, *self._kinds(enum)) if is_open else known

    def _kinds(self, enum: ir.Literal) -> list[Annotation]:
        return [self._name(type(value).__name__) for value in enum.values]

    def _enum_kind(self, ref: ir.Ref) -> str:
        named = self.api.types[ref.key]
        if isinstance(named, ir.Alias) and isinstance(named.type, ir.Literal):
            return named.type.kind
        return ""

    def _enum(self, ref: ir.Ref, *, is_open: bool) -> Annotation:
        """A named enum is a literal of its values; an open one also takes other values."""
        name, named = self._use(self.names.types[ref.key]), self.api.types[ref.key]
        if not is_open or isinstance(named, ir.Model) or not isinstance(named.type, ir.Literal):
            return name
        return Annotation.union(name, *self._kinds(named.type))

    def _scalar(self, names: tuple[str, ...]) -> Annotation:
        return Annotation.union(*map(self._name, names))

    def _name(self, name: str) -> Annotation:
        return _named(name, self.shadowed)

    def _use(self, name: str) -> Annotation:
        if self.prefix:
            return Annotation.of(Code(self.prefix + name, frozenset([(".", "types")])))
        return Annotation.of(imported(TYPES, name))


def _values(field: ir.Field) -> tuple[object, ...]:
    inner = field.type.inner if isinstance(field.type, ir.Nullable) else field.type
    return inner.values if isinstance(inner, ir.Literal) else ()


def as_received(union: ir.UnionOf, api: ir.Api) -> ir.UnionOf:
    """The union without a writeOnly tag, because servers do not send it."""
    models = (api.types[one.key] for one in union.members if isinstance(one, ir.Ref))
    is_sent = any(
        field.write_only and field.wire_name == union.tag
        for model in models
        if isinstance(model, ir.Model)
        for field in model.fields
    )
    return replace(union, tag=None, mapping=(), default=None) if is_sent else union


def hidden_tags(union: ir.UnionOf, api: ir.Api) -> list[tuple[str, str]]:
    """The tag values that the annotations of their variants lack, with the keys of the variants."""
    return [
        (value, key)
        for value, key in union.mapping
        if not _shows_tag(api.types[key], union.tag or "")
    ]


def _shows_tag(named: ir.NamedType, tag: str) -> bool:
    return isinstance(named, ir.Model) and any(
        field.wire_name == tag and field.required and isinstance(field.type, ir.Literal)
        for field in named.fields
    )


_READERS = {
    "json": "Json",
    "text": "Text",
    "binary": "Binary",
    "json-lines": "JsonLines",
    "events": "Events",
}


def response_annotation(
    response: ir.Response, operation: ir.Operation, annotations: Annotations
) -> Annotation:
    """The annotation of a response that is not a stream."""
    if is_redirection(response, operation):
        return Annotation.of(runtime("Redirection"))
    contents = read_as(response, operation)
    found = [content_annotation(one, annotations) for one in contents if not one.is_stream]
    return Annotation.union(*found) if found else NONE


def content_annotation(content: ir.Content, annotations: Annotations) -> Annotation:
    """The annotation of a response body."""
    if content.kind == "binary":
        return annotations.binary
    return annotations.read(content.result)


def response_code(response: ir.Response, operation: ir.Operation, lazy: Annotations) -> Code:
    """The code that reads a response."""
    if is_redirection(response, operation):
        return code("{}()", runtime("Redirect"))
    return contents_code(read_as(response, operation), lazy)


def contents_code(contents: list[ir.Content], lazy: Annotations) -> Code:
    """The code that reads a body: by media type, if there are several."""
    if not contents:
        return code("{}()", runtime("Empty"))
    if len(contents) == 1:
        return _content_code(contents[0], lazy)
    firsts = {one.media_type: one for one in contents}
    read = [
        (media_type, one)
        for one in contents
        for media_type in one.media_types
        if firsts.get(best_match(firsts, media_type) or "") is not one or media_type in firsts
    ]
    entries = [
        code("{}: {}", Code(literal(media_type)), _content_code(one, lazy))
        for media_type, one in read
    ]
    whole = code("{{{}", entries[0])
    for entry in entries[1:]:
        whole = code("{}, {}", whole, entry)
    return code("{}}}", whole)


def _content_code(content: ir.Content, lazy: Annotations) -> Code:
    reader = runtime(_READERS[content.kind])
    if content.kind in ("text", "binary"):
        return code("{}()", reader)
    inside = Code(f", unwrap={literal(content.unwrap)}" if content.unwrap else "")
    return code("{}(lambda: {}{})", reader, lazy.read(content.type), inside)


def accept_code(operation: ir.Operation) -> Code | None:
    """The ``Accept`` header of a plain call; None if it is the default, or nothing is described.

    If no JSON is described, every type is accepted, because errors have media types of their own.
    """
    media_types = [
        media_type
        for content in results_of(operation)
        if content is not None
        for media_type in content.media_types
    ]
    if not media_types or set(media_types) == {"application/json"}:
        return None
    accept = accept_of(media_types)
    if not any(kind_of(one) in ("json", "any") for one in media_types):
        accept = f"{accept}, */*;q=0.5" if accept else "*/*"
    return Code(literal(accept))


def result_type(operation: ir.Operation, annotations: Annotations) -> Annotation:
    """The annotation of the result of a call without streaming: a union of all results."""
    found = [
        response_annotation(response, operation, annotations)
        for response in operation.responses
        if is_result(response, operation)
    ]
    return Annotation.union(*found) if found else NONE
