"""Pieces of Python: a text and its imports, together until a file is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from specloom.layout import WIDTH, literal

Import = tuple[str, str]
"""Module and name, such as ``("typing", "Any")``; an empty name imports the module itself.

The SDK's own modules begin with a dot and are relative to its package: ``("._runtime.options",
"Omit")``, and ``(".", "types")`` for the package ``types``.
"""

TYPES = ".types"
"""The module of the types of the SDK."""

_RUNTIME = {
    "api.content": "Binary Empty Events Json JsonLines Redirect Text",
    "api.operation": "Encoding Operation Pagination Poll RequestBody Style",
    "api.server": "ApiServer ApiServerVariable",
    "client.base": "AsyncResource SyncResource",
    "models.base": "Variants",
    "models.variants": "FURTHER_ITEMS",
    "options": "Omit RequestOptions omit",
    "pagination.pages": "AsyncCursorPage AsyncLinkPage AsyncNumberPage AsyncOffsetPage"
    " AsyncPaginator SyncCursorPage SyncLinkPage SyncNumberPage SyncOffsetPage",
    "request.uploads": "FileInput",
    "response.reading": "BinaryContent Redirection",
    "streaming.stream": "AsyncStream Stream",
    "values": "asks_for",
}
_RUNTIME_MODULES = {
    name: f"._runtime.{module}" for module, names in _RUNTIME.items() for name in names.split()
}


@dataclass(frozen=True, slots=True)
class Code:
    """A piece of Python with its imports. Combine pieces with `code`, never by their text."""

    text: str
    imports: frozenset[Import] = frozenset()


@dataclass(frozen=True, slots=True)
class Alternative:
    """One member of a union: a class and its arguments, or a single value with the type ``kind``.

    ``name`` is the class as it is written, or the value as a literal.
    """

    name: str
    inner: tuple[tuple[Alternative, ...], ...] = ()
    kind: str = ""

    @property
    def text(self) -> str:
        """The alternative as an annotation."""
        if self.kind:
            return f"Literal[{self.name}]"
        inner = ", ".join(" | ".join(one.text for one in each) for each in self.inner)
        return f"{self.name}[{inner}]" if inner else self.name


@dataclass(frozen=True, slots=True)
class Annotation(Code):
    """A type. ``alternatives`` are the members of its union, without duplicates."""

    alternatives: tuple[Alternative, ...] = field(default=(), compare=False)

    @staticmethod
    def of(base: Code, *arguments: Annotation) -> Annotation:
        """A class with its type arguments, if any: ``Stream[types.Event]``."""
        inner = ", ".join(one.text for one in arguments)
        text = f"{base.text}[{inner}]" if arguments else base.text
        alternative = Alternative(base.text, tuple(one.alternatives for one in arguments))
        return Annotation(text, imports_of((base, *arguments)), (alternative,))

    @staticmethod
    def literal(base: Code, values: Iterable[object], *, in_lines: bool = False) -> Annotation:
        """``Literal["a", "b"]``; ``base`` is the written form of ``Literal``.

        ``in_lines``: long lists have one value a line, through a trailing comma.
        """
        known = tuple(Alternative(literal(one), kind=type(one).__name__) for one in values)
        text = ", ".join(one.name for one in known)
        comma = "," if in_lines and len(base.text) + len(text) + 2 > WIDTH else ""
        text = f"{base.text}[{text}{comma}]"
        return Annotation(text, base.imports, tuple(dict.fromkeys(known)))

    @staticmethod
    def union(*members: Annotation) -> Annotation:
        """``A | B`` without duplicates."""
        each = dict.fromkeys(members)
        if len(each) == 1:
            return members[0]
        alternatives = dict.fromkeys(one for member in each for one in member.alternatives)
        text = " | ".join(one.text for one in each)
        return Annotation(text, imports_of(each), tuple(alternatives))

    @staticmethod
    def builtin(*names: str) -> Annotation:
        """``int | None``: names that need no import."""
        return Annotation.union(*(Annotation.of(Code(name)) for name in names))


def code(template: str, *pieces: Code) -> Code:
    """Insert pieces into a text, like ``str.format``: ``code("lambda: {}", annotation)``."""
    return Code(template.format(*(one.text for one in pieces)), imports_of(pieces))


def imported(module: str, name: str) -> Code:
    """A name of a module."""
    return Code(name, frozenset([(module, name)]))


def runtime(name: str) -> Code:
    """A name of the SDK's runtime."""
    return imported(_RUNTIME_MODULES[name], name)


def imports_of(pieces: Iterable[Code]) -> frozenset[Import]:
    """The imports of all pieces."""
    return frozenset().union(*(one.imports for one in pieces))


NONE = Annotation.builtin("None")


def below(depth: int, imports: Iterable[Import]) -> set[Import]:
    """Imports relative to a module that is ``depth`` folders below the package."""
    dots = "." * depth
    return {(dots + module if module[0] == "." else module, name) for module, name in imports}


def import_lines(imports: Iterable[Import]) -> list[str]:
    """``from module import a, b`` for each module: standard library first, relative last."""
    grouped: dict[str, set[str]] = {}
    for module, name in imports:
        grouped.setdefault(module, set()).add(name)
    found: list[str] = []
    previous = -1
    for module in sorted(grouped, key=_import_rank):
        section = _import_rank(module)[0]
        if found and section != previous:
            found.append("")
        previous = section
        names = sorted(grouped[module], key=_name_rank)
        found += [f"import {module}"] if "" in names else import_statement(module, names)
    return found


def import_statement(module: str, names: Iterable[str], room: int = 80) -> list[str]:
    """The lines that import names of a module; one name a line if one line is too short."""
    statement = f"from {module} import {', '.join(names)}"
    if len(statement) <= room:
        return [statement]
    return [f"from {module} import (", *(f"    {name}," for name in names), ")"]


_THIRD_PARTY = frozenset(("httpx2", "pydantic", "typing_extensions"))


def _name_rank(name: str) -> tuple[int, str]:
    """The order of constants, classes and functions in sorted imports."""
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    return kind, name


def _import_rank(module: str) -> tuple[int, int, str]:
    if module.startswith("."):
        depth = len(module) - len(module.lstrip("."))
        return (2, -depth, module)
    return (1 if module.partition(".")[0] in _THIRD_PARTY else 0, 0, module)
