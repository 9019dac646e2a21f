"""The data of templates: every text is complete, so templates make no decisions."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from specloom import ir
from specloom.ir.words import snake, split_words
from specloom.layout import WIDTH, assigned, literal, with_type, wrapped
from specloom.naming.identifiers import BUILTIN_CLASSES
from specloom.sdk.code import (
    Annotation,
    Code,
    Import,
    import_statement,
    imported,
    imports_of,
    runtime,
)

_OPERATION = runtime("Operation")
_NOTHING = Code("")
_ALIAS = re.compile(r"\b(\w+) as (\w+)\b")


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """An output file: its path, its template and the context of the template."""

    path: str
    template: str
    context: Mapping[str, Any]


EXTRA = "__pydantic_extra__"
"""Not a property: pydantic uses this name for the type of undeclared fields."""
_UNSEEN = "if not TYPE_CHECKING:  # its type in the base class is wider, and invariant"


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of a class; ``alias``, ``default`` and the later ones are Python, or empty."""

    name: str
    type: ir.TypeRef
    alias: str = ""
    default: str = ""
    docstring: str = ""
    deprecated: str = ""
    is_read_only: bool = False

    def text(self, annotation: str) -> str:
        """The line that declares it."""
        if self.alias:
            annotation = f"Annotated[{annotation}, Field(alias={self.alias})]"
        if self.name == EXTRA:
            return f"{_UNSEEN}\n        {with_type(f'{self.name}: ', annotation, '', 8)}"
        if self.default:
            return assigned(self.name, self.default, 4, annotation)
        return with_type(f"{self.name}: ", annotation, "", 4)


@dataclass(frozen=True, slots=True)
class PlannedClass:
    """A class of responses: a model, or an unknown variant."""

    name: str
    base: str
    docstring: str
    attributes: tuple[Attribute, ...]


def forward_name(name: str) -> str:
    """The name of a type for attributes of the same module: its own, or that of a later alias.

    Python evaluates attributes before the classes below them exist, and would find a builtin
    instead.
    """
    return f"{name}_" if name in BUILTIN_CLASSES else name


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a method; the annotation is the type of a given value."""

    name: str
    annotation: Annotation
    required: bool

    @property
    def text(self) -> str:
        """``name: annotation``, with ``Omit`` if the argument is optional."""
        return f"{self.name}: {self.annotation.text}{'' if self.required else ' | Omit = omit'}"

    @property
    def own_lines(self) -> str:
        """The same for a signature with one argument a line."""
        start, annotation = f"{self.name}: ", self.annotation.text
        if not self.required:
            return with_type(start, f"{annotation} | Omit", " = omit", 8, after=1)
        if len(self.annotation.alternatives) > 1:
            return with_type(start, annotation, "", 8, after=1)
        return wrapped(start + annotation, 8, after=1)


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a method: an overload, or the method itself."""

    positional: tuple[Argument, ...]
    keywords: tuple[Argument, ...]
    returns: Annotation
    async_returns: Annotation

    def text(self, start: str, end: str, *, is_async: bool) -> str:
        """The signature; ``start`` is ``def name``, ``end`` follows the return type."""
        returns = self.async_returns if is_async else self.returns
        flat = ", ".join(self._arguments(lambda one: one.text))
        line = f"{start}({flat}) -> {returns.text}{end}"
        if 4 + len(line) <= WIDTH:
            return line
        if 8 + len(flat) > WIDTH:
            flat = ",\n        ".join(self._arguments(lambda one: one.own_lines)) + ","
        result = with_type("", returns.text, end, 4, after=len(") -> "))
        return f"{start}(\n        {flat}\n    ) -> {result}"

    def _arguments(self, text_of: Callable[[Argument], str]) -> list[str]:
        named = ["*", *map(text_of, self.keywords)] if self.keywords else []
        options = "**options: Unpack[RequestOptions]"
        return ["self", *map(text_of, self.positional), *named, options]

    @property
    def imports(self) -> frozenset[Import]:
        """The imports of its annotations, which ``typing.get_type_hints`` needs at run time."""
        arguments = (one.annotation for one in (*self.positional, *self.keywords))
        options = (imported("typing", "Unpack"), runtime("RequestOptions"))
        return imports_of((*arguments, self.returns, self.async_returns, *options))

    @property
    def defaults(self) -> frozenset[Import]:
        """The imports that its defaults need at run time."""
        if all(one.required for one in (*self.positional, *self.keywords)):
            return frozenset()
        return imports_of((runtime("omit"), runtime("Omit")))


@dataclass(frozen=True, slots=True)
class Call:
    """A call in a method, with an optional condition.

    ``arguments`` are texts; ``streaming`` is the expression that selects between call and stream,
    if an operation has both; ``stream_class`` is the stream class of this API, with ``{}`` in the
    place of ``Async``: ``streams.{}RunStream``; ``page_class`` is the page class, without the
    prefix.
    """

    method: str
    constant: str
    arguments: tuple[str, ...]
    condition: str = ""
    stream_class: str = ""
    streaming: Code = _NOTHING
    page_class: str = ""

    def text(self, *, is_async: bool, is_awaited: bool) -> str:
        """The statement that returns the result of the call."""
        prefix = "Async" if is_async else ""
        stream = f"lambda: {self.stream_class.format(prefix)}" if self.stream_class else ""
        kind = "Async" if is_async else "Sync"
        page = f"lambda: _pages.{kind}{self.page_class}" if self.page_class else ""
        first = [one for one in (stream, page, self.constant, self.streaming.text) if one]
        start = "return await" if is_async and is_awaited else "return"
        arguments = ", ".join([*first, *self.arguments])
        indent = 12 if self.condition else 8
        return wrapped(f"{start} self._session.{self.method}({arguments})", indent)


@dataclass(frozen=True, slots=True)
class Method:
    """A method: its signature, its docstring and its calls, the last one unconditional.

    ``has_raw``: the method returns one response, so it has a raw view. ``decorators`` mark
    deprecations.
    """

    name: str
    is_awaited: bool
    signature: Signature
    overloads: tuple[Signature, ...]
    docstring: str
    calls: tuple[Call, ...]
    has_raw: bool = True
    decorators: tuple[Code, ...] = ()

    @property
    def decorator_lines(self) -> list[str]:
        """Its decorators, indented for a class."""
        return [wrapped(f"@{one.text}", 4) for one in self.decorators]

    def head(self, *, is_async: bool) -> str:
        """Everything before its docstring."""
        return self._signature(self.signature, ":", is_async=is_async)

    def overload(self, signature: Signature, *, is_async: bool) -> str:
        """One of its overloads."""
        return self._signature(signature, ": ...", is_async=is_async)

    def _signature(self, signature: Signature, end: str, *, is_async: bool) -> str:
        start = "async def" if is_async and self.is_awaited else "def"
        return signature.text(f"{start} {self.name}", end, is_async=is_async)


@dataclass(frozen=True, slots=True)
class Constant:
    """An ``Operation`` constant: its annotation and its keyword arguments.

    ``maker`` is called with them: the class, or ``_replace`` of the constant that it changes.
    ``operation`` is the id of the operation, if the constant describes all of it.
    """

    name: str
    annotation: Annotation
    arguments: tuple[tuple[str, Code], ...]
    maker: Code = _OPERATION
    operation: str = ""

    @property
    def text(self) -> str:
        """The statement that defines it."""
        start, end = f"{self.name}: {self.annotation.text}", f" = {self.maker.text}("
        if len(start) + len(" = (") <= WIDTH < len(start) + len(end):
            return f"{start} = (\n    {self.maker.text}({self._arguments(8)}\n    )\n)"
        return f"{with_type(f'{self.name}: ', self.annotation.text, end, 0)}{self._arguments(4)}\n)"

    def _arguments(self, indent: int) -> str:
        texts = [f"{key}={one.text}" for key, one in self.arguments]
        return "".join(f"\n{' ' * indent}{wrapped(one, indent, 1)}," for one in texts)

    @property
    def imports(self) -> frozenset[Import]:
        """The imports that it needs at run time."""
        return imports_of((self.maker, *(piece for _, piece in self.arguments)))


@dataclass(frozen=True, slots=True)
class Child:
    """A child resource: its attribute, its module and its class under a local name.

    The async class has the same names with the prefix ``Async``.
    """

    attribute: str
    module: str
    class_name: str
    local_name: str
    docstring: str

    def head(self, prefix: str) -> str:
        """The property that returns it, up to the docstring."""
        return wrapped(f"def {self.attribute}(self) -> {prefix}{self.local_name}:", 4)

    def import_lines(self, prefix: str) -> list[str]:
        """The imports of that property."""
        return import_statement(self.module, [f"{prefix}{self.class_name}"], room=WIDTH - 8)

    @property
    def typing_imports(self) -> list[str]:
        """The imports of its classes for type checkers."""
        names = [
            f"{prefix}{self.class_name}"
            + (f" as {prefix}{self.local_name}" if self.local_name != self.class_name else "")
            for prefix in ("Async", "")
        ]
        return import_statement(self.module, names, room=WIDTH - 4)


def all_statement(lines: Iterable[str], names: Iterable[str] = ()) -> list[str]:
    """``__all__`` of a module that gives an import another name; else empty.

    Without it, type checkers treat such a name as private (PEP 484). ``names`` are those that the
    module defines.
    """
    pairs = [pair for line in lines for pair in _ALIAS.findall(line)]
    if all(old == new for old, new in pairs):
        return []
    found = sorted({*names, *(new for _, new in pairs)})
    return [assigned("__all__", f"[{', '.join(map(literal, found))}]", 0)]


def exporting_package(
    folder: str,
    exports: Mapping[str, str],
    docstring: str,
    *,
    former: Mapping[str, str] | None = None,
    version: str = "",
) -> Iterator[PlannedFile]:
    """The package in a folder of the output.

    Args:
        folder: Its path, such as ``shop_sdk/types``.
        exports: The module of each name, relative to the package: ``{"Run": ".threads_runs"}``.
        docstring: Its docstring, with the quotes.
        former: Former names, each with the name that it has now.
        version: Its ``__version__``, if it has one.
    """
    names: dict[str, list[str]] = {}
    for name in sorted(exports):
        names.setdefault(exports[name], []).append(name)
    context = {
        "docstring": docstring,
        "version": version,
        "former": former or {},
        "runtime": "." * (folder.count("/") + 1) + "_runtime",
    }
    modules = {module: _wrapped(module, names[module]) for module in sorted(names)}
    template = "package/exports.py.j2"
    yield PlannedFile(f"{folder}/__init__.py", template, {**context, "modules": modules})
    imports = [_reexport(module, name) for module in modules for name in names[module]]
    template = "package/exports.pyi.j2"
    yield PlannedFile(f"{folder}/__init__.pyi", template, {**context, "imports": imports})


def _wrapped(module: str, names: list[str]) -> list[str]:
    """The names in lines; the first line begins with the module."""
    before = " " * len(f'"{module}": ')
    lines = textwrap.wrap(
        " ".join(names), WIDTH - 11, initial_indent=before, break_long_words=False
    )
    return [lines[0].lstrip(), *lines[1:]]


def _reexport(module: str, name: str) -> str:
    """An import that type checkers treat as a public name, in black's format."""
    line = f"from {module} import {name} as {name}"
    return line if len(line) <= WIDTH else f"from {module} import (\n    {name} as {name},\n)"


def alternative_name(constant_name: str, kind: ir.RequestBody) -> str:
    """The name of the constant for another media type: ``_LOAD__TEXT_CSV``."""
    return f"{constant_name}__{snake(split_words(kind.media_type)).upper()}"
