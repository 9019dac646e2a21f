"""What templates see: every text ready, nothing left to decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from specloom.docstrings import WIDTH

# Where the names of the runtime live that annotations and constants use.
RUNTIME_MODULES = {
    "AsyncCursorPage": "pagination.pages",
    "AsyncLinkPage": "pagination.pages",
    "AsyncNumberPage": "pagination.pages",
    "AsyncOffsetPage": "pagination.pages",
    "AsyncPaginator": "pagination.pages",
    "AsyncStream": "streaming.stream",
    "BinaryContent": "response.reading",
    "FileInput": "request.uploads",
    "Omit": "options",
    "Stream": "streaming.stream",
    "SyncCursorPage": "pagination.pages",
    "SyncLinkPage": "pagination.pages",
    "SyncNumberPage": "pagination.pages",
    "SyncOffsetPage": "pagination.pages",
    "Variants": "models.base",
    "omit": "options",
}


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """A file of the output: its path, and the template and context that make it."""

    path: str
    template: str
    context: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a method: ``name: annotation``, with ``= omit`` where it may be left out."""

    name: str
    annotation: str
    required: bool

    @property
    def text(self) -> str:
        """All of it."""
        return f"{self.name}: {self.annotation}{'' if self.required else ' = omit'}"


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a method: an overload, or the method itself."""

    positional: tuple[Argument, ...]
    keywords: tuple[Argument, ...]
    returns: str
    async_returns: str

    @property
    def arguments(self) -> str:
        """What stands in its brackets."""
        texts = ["self", *(one.text for one in self.positional)]
        if self.keywords:
            texts += ["*", *(one.text for one in self.keywords)]
        return spread([*texts, "**options: Unpack[RequestOptions]"], 8)


@dataclass(frozen=True, slots=True)
class Branch:
    """The call of a method where a condition holds."""

    condition: str
    constant: str
    inputs: tuple[tuple[str, str], ...]

    @property
    def arguments(self) -> str:
        """What the call is given, but for the class of a stream."""
        return spread(_given(self.constant, "", self.inputs), 16)


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
    marks: tuple[str, ...] = ()

    @property
    def arguments(self) -> str:
        """What the call is given, but for the class of a stream."""
        return spread(_given(self.constant, self.streaming, self.inputs), 12)


def _given(constant: str, streaming: str, inputs: Iterable[tuple[str, str]]) -> list[str]:
    named = [f"{name}={text}" for name, text in inputs]
    return [constant, *([streaming] if streaming else []), *named, "options=options"]


@dataclass(frozen=True, slots=True)
class Constant:
    """An ``Operation`` constant: its annotation and its keyword arguments as text.

    ``maker`` is called with them: the class, or ``replace`` with the constant that it changes.
    """

    name: str
    annotation: str
    arguments: tuple[tuple[str, str], ...]
    maker: str = "Operation"
    changes: str = ""


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


@dataclass(slots=True)
class Imports:
    """Imports of one module, as data: (module, name) pairs, those for type checkers apart."""

    runtime: set[tuple[str, str]] = field(default_factory=set)
    typing: set[tuple[str, str]] = field(default_factory=set)

    def lines(self) -> list[str]:
        """The statements for run time, sorted."""
        return import_lines(self.runtime)

    def typing_lines(self) -> list[str]:
        """The statements under ``if TYPE_CHECKING:``, sorted."""
        return import_lines(self.typing - self.runtime)


def import_lines(pairs: set[tuple[str, str]]) -> list[str]:
    """``from module import a, b`` a module, standard library first, relative ones last."""
    grouped: dict[str, set[str]] = {}
    for module, name in pairs:
        grouped.setdefault(module, set()).add(name)
    lines: list[str] = []
    previous = -1
    for module in sorted(grouped, key=_import_rank):
        section = _import_rank(module)[0]
        if lines and section != previous:
            lines.append("")
        previous = section
        names = sorted(grouped[module])
        if "" in names:
            lines.append(f"import {module}")
        elif len(f"from {module} import {', '.join(names)}") > 80:
            lines.append(f"from {module} import ({', '.join(names)},)")
        else:
            lines.append(f"from {module} import {', '.join(names)}")
    return lines


_THIRD_PARTY = frozenset(("httpx2", "pydantic", "typing_extensions"))


def _import_rank(module: str) -> tuple[int, int, str]:
    if module.startswith("."):
        depth = len(module) - len(module.lstrip("."))
        return (2, -depth, module)
    return (1 if module.partition(".")[0] in _THIRD_PARTY else 0, 0, module)
