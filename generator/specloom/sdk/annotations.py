"""Types of the IR → the text of Python annotations, and the names that text needs imported."""

from __future__ import annotations

from dataclasses import dataclass, field

from specloom import ir
from specloom.ir.usage import Usage
from specloom.naming.names import Names

_READ: dict[str, str] = {
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "null": "None",
    "any": "Any",
    "date": "date",
    "date-time": "datetime",
    "binary": "bytes",
}
_WRITTEN = _READ | {
    "any": "object",
    "date": "date | str",
    "date-time": "datetime | str",
    "binary": "FileInput",
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


@dataclass(slots=True)
class Annotations:
    """Writes annotations for one scope.

    ``shadowed`` holds names the scope gives another meaning (a method called ``list``); builtins
    among them are written ``builtins.list``. ``prefix`` goes before every type of the SDK, or only
    before those in ``prefixed``. What the texts need is gathered in ``types`` (names of the SDK's
    types without a prefix), ``imports`` ((module, name) pairs), ``runtime`` (names of the runtime)
    and ``uses_prefix``.
    """

    api: ir.Api
    names: Names
    usage: Usage
    shadowed: frozenset[str] = frozenset()
    prefix: str = ""
    prefixed: frozenset[str] | None = None
    uses_prefix: bool = False
    types: set[str] = field(default_factory=set)
    imports: set[tuple[str, str]] = field(default_factory=set)
    runtime: set[str] = field(default_factory=set)

    def read(self, type_ref: ir.TypeRef) -> str:
        """The annotation of a value that comes from the server."""
        if isinstance(type_ref, ir.Ref):
            return self._read_ref(type_ref)
        if isinstance(type_ref, ir.ListOf):
            return f"{self._builtin('list')}[{self.read(type_ref.item)}]"
        if isinstance(type_ref, ir.MapOf):
            return f"{self._builtin('dict')}[{self._builtin('str')}, {self.read(type_ref.value)}]"
        if isinstance(type_ref, ir.Nullable):
            return f"{self.read(type_ref.inner)} | None"
        if isinstance(type_ref, ir.UnionOf):
            return " | ".join(dict.fromkeys(self.read(member) for member in type_ref.members))
        if isinstance(type_ref, ir.Literal):
            return self._literal(type_ref, is_open=type_ref.kind != "const")
        return self._scalar(_READ[type_ref.kind])

    def written(self, type_ref: ir.TypeRef) -> str:
        """The annotation of a value that the caller gives."""
        if isinstance(type_ref, ir.Ref):
            return self._written_ref(type_ref)
        if isinstance(type_ref, ir.ListOf):
            return f"{self._import('Sequence')}[{self.written(type_ref.item)}]"
        if isinstance(type_ref, ir.MapOf):
            value = self.written(type_ref.value)
            return f"{self._import('Mapping')}[{self._builtin('str')}, {value}]"
        if isinstance(type_ref, ir.Nullable):
            return f"{self.written(type_ref.inner)} | None"
        if isinstance(type_ref, ir.UnionOf):
            return " | ".join(dict.fromkeys(self.written(member) for member in type_ref.members))
        if isinstance(type_ref, ir.Literal):
            return self._literal(type_ref, is_open=type_ref.kind == "open")
        return self._scalar(_WRITTEN[type_ref.kind])

    def defined(self, alias: ir.Alias) -> str:
        """The type that an alias of what the server sends stands for.

        An enum is its known values: where it is used says whether others may come. A union of
        objects has one more member, for the variants of a later version.
        """
        if isinstance(alias.type, ir.Literal):
            return self._literal(alias.type, is_open=False)
        text = self.read(alias.type)
        unknown = self.names.unknown.get(alias.key)
        if unknown is None or not isinstance(alias.type, ir.UnionOf):
            return text
        self.runtime.add("Variants")
        mapping = {value: self.names.types[key] for value, key in hidden_tags(alias.type, self.api)}
        arguments = ", ".join([repr(alias.type.tag), *([repr(mapping)] if mapping else [])])
        annotated = self._import("Annotated")
        return f"{annotated}[{text} | {self._use(unknown)}, Variants({arguments})]"

    def _written_ref(self, ref: ir.Ref) -> str:
        own, param = self.names.types[ref.key], self.names.params.get(ref.key)
        if param is None:
            return self._enum(ref, is_open=self._enum_kind(ref) == "open")
        named = self.api.types[ref.key]
        texts = [self._use(param)]
        if isinstance(named, ir.Model) and ref.key in self.usage.responses:
            texts.insert(0, self._use(own))
        if isinstance(named, ir.Model) and named.extra is not None:
            # A TypedDict cannot say that further keys are welcome (mypy lacks PEP 728).
            texts.append(f"{self._import('Mapping')}[{self._builtin('str')}, object]")
        return " | ".join(texts)

    def accepted(self, alias: ir.Alias) -> str:
        """The type that an alias of what the caller gives stands for.

        A union takes back what it did not know when it was read.
        """
        text, unknown = self.written(alias.type), self.names.unknown.get(alias.key)
        return text if unknown is None else f"{text} | {self._use(unknown)}"

    def _literal(self, literal: ir.Literal, *, is_open: bool) -> str:
        values = ", ".join(repr(value) for value in literal.values)
        text = f"{self._import('Literal')}[{values}]"
        kinds = dict.fromkeys(self._builtin(type(value).__name__) for value in literal.values)
        return " | ".join((text, *kinds)) if is_open else text

    def _read_ref(self, ref: ir.Ref) -> str:
        return self._enum(ref, is_open=self._enum_kind(ref) in ("enum", "open"))

    def _enum_kind(self, ref: ir.Ref) -> str:
        named = self.api.types[ref.key]
        if isinstance(named, ir.Alias) and isinstance(named.type, ir.Literal):
            return named.type.kind
        return ""

    def _enum(self, ref: ir.Ref, *, is_open: bool) -> str:
        """A named enum is the values known today; open, it also takes what may come."""
        text, named = self._use(self.names.types[ref.key]), self.api.types[ref.key]
        if not is_open or isinstance(named, ir.Model) or not isinstance(named.type, ir.Literal):
            return text
        kinds = dict.fromkeys(self._builtin(type(value).__name__) for value in named.type.values)
        return " | ".join((text, *kinds))

    def _scalar(self, text: str) -> str:
        return " | ".join(self._word(word) for word in text.split(" | "))

    def _word(self, word: str) -> str:
        if word == "FileInput":
            self.runtime.add(word)
            return word
        return self._import(word) if word in _MODULES else self._builtin(word)

    def _import(self, name: str) -> str:
        if name in self.shadowed:
            self.imports.add((_MODULES[name], f"{name} as {name}_type"))
            return f"{name}_type"
        self.imports.add((_MODULES[name], name))
        return name

    def _builtin(self, name: str) -> str:
        if name not in self.shadowed or name == "None":
            return name
        self.imports.add(("builtins", ""))
        return f"builtins.{name}"

    def _use(self, name: str) -> str:
        if self.prefix and (self.prefixed is None or name in self.prefixed):
            self.uses_prefix = True
            return self.prefix + name
        self.types.add(name)
        return name


def hidden_tags(union: ir.UnionOf, api: ir.Api) -> list[tuple[str, str]]:
    """Tag values whose variants do not show them in an annotation, with the variants' keys."""
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
