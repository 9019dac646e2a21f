"""What templates see: every text ready, nothing left to decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from specloom.docstrings import WIDTH
from specloom.sdk.code import Annotation, Code, Import, imported, imports_of, runtime

_OPERATION = runtime("Operation")


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """A file of the output: its path, and the template and context that make it."""

    path: str
    template: str
    context: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a method; its annotation says what it is where it is given."""

    name: str
    annotation: Annotation
    required: bool

    @property
    def text(self) -> str:
        """All of it: ``name: annotation``, with ``Omit`` where it may be left out."""
        return f"{self.name}: {self.annotation.text}{'' if self.required else ' | Omit = omit'}"


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a method: an overload, or the method itself."""

    positional: tuple[Argument, ...]
    keywords: tuple[Argument, ...]
    returns: Annotation
    async_returns: Annotation

    @property
    def arguments(self) -> str:
        """What stands in its brackets."""
        texts = ["self", *(one.text for one in self.positional)]
        if self.keywords:
            texts += ["*", *(one.text for one in self.keywords)]
        return spread([*texts, "**options: Unpack[RequestOptions]"], 8)

    @property
    def imports(self) -> frozenset[Import]:
        """What type checkers need for it."""
        arguments = (one.annotation for one in (*self.positional, *self.keywords))
        options = (imported("typing_extensions", "Unpack"), runtime("RequestOptions"))
        return imports_of((*arguments, self.returns, self.async_returns, *options))

    @property
    def defaults(self) -> frozenset[Import]:
        """What its defaults need at run time."""
        if all(one.required for one in (*self.positional, *self.keywords)):
            return frozenset()
        return imports_of((runtime("omit"), runtime("Omit")))


@dataclass(frozen=True, slots=True)
class Branch:
    """The call of a method where a condition holds."""

    condition: str
    constant: str
    inputs: tuple[tuple[str, str], ...]
    streaming: str = ""

    @property
    def arguments(self) -> str:
        """What the call is given, but for the class of a stream."""
        return spread(_given(self.constant, self.streaming, self.inputs), 16)


@dataclass(frozen=True, slots=True)
class Method:
    """A method, as its signature, its docstring and the call it makes.

    ``inputs`` are the call's keyword arguments: name and text. ``streaming`` is the expression
    that decides between call and stream, where an operation has both; ``stream_class`` is the class
    of the stream, where it has one of its own. ``branches`` come before
    the call. ``has_raw``: whether one response is what it is about, so that it can be had raw.
    ``marks`` are the decorators of what is deprecated.
    """

    name: str
    constant: str
    call: str
    is_awaited: bool
    signature: Signature
    overloads: tuple[Signature, ...]
    docstring: str
    inputs: tuple[tuple[str, str], ...]
    streaming: str = ""
    stream_class: str = ""
    has_raw: bool = True
    branches: tuple[Branch, ...] = ()
    marks: tuple[Code, ...] = ()

    @property
    def arguments(self) -> str:
        """What the call is given, but for the class of a stream."""
        return spread(_given(self.constant, self.streaming, self.inputs), 12)


def _given(constant: str, streaming: str, inputs: Iterable[tuple[str, str]]) -> list[str]:
    named = [f"{name}={text}" for name, text in inputs]
    return [constant, *([streaming] if streaming else []), *named, "options=options"]


@dataclass(frozen=True, slots=True)
class Constant:
    """An ``Operation`` constant: its annotation and its keyword arguments.

    ``maker`` is called with them: the class, or ``replace`` with the constant that it changes.
    ``operation`` is the id of the operation that it describes whole.
    """

    name: str
    annotation: Annotation
    arguments: tuple[tuple[str, Code], ...]
    maker: Code = _OPERATION
    changes: str = ""
    operation: str = ""

    @property
    def imports(self) -> frozenset[Import]:
        """What it needs at run time."""
        return imports_of((self.maker, *(piece for _, piece in self.arguments)))


@dataclass(frozen=True, slots=True)
class Child:
    """A resource below: its attribute, its module and its class under a local name."""

    attribute: str
    module: str
    class_name: str
    local_name: str
    async_local_name: str
    description: str


def spread(items: Sequence[str], column: int) -> str:
    """What stands in brackets whose content is indented to a column: one a line if that is long.

    black and ruff would come to the same, and take longer for it.
    """
    joined = ", ".join(items)
    # A backslash may go when quotes are made the usual ones.
    if len(items) < 2 or column + len(joined) - joined.count("\\") <= WIDTH:
        return joined
    return "\n" + ",\n".join(items) + ",\n"
