"""Hostile descriptions: their texts, a fast builder, and the checks."""

from __future__ import annotations

import ast
import copy
import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from specloom.errors import SpecError
from specloom.options import BuildOptions
from specloom.output.folder import apply, collisions, escapes, plan_output
from specloom.pipeline import build

Json: TypeAlias = Any
Token: TypeAlias = "str | int"

MARK = "specloom-was-here"
CODE = f"__import__('os').system('touch {MARK}')"
"""Code that creates a file in the working directory if it runs."""

TEXTS = {
    "three quotes": f'"""\n{CODE}\n"""',
    "three single quotes": f"'''\n{CODE}\n'''",
    "a quote": f'" + {CODE} + "',
    "a single quote": f"') or {CODE} or ('",
    "a backslash at the end": "\\",
    "two at the end": "text\\\\",
    "escapes": "\\N{BULLET} \\x41 \\u0022 \\'",
    "a line of code": f"text\n{CODE}\n",
    "a dedented line": f"text\n{CODE} #",
    "carriage returns": f"text\r{CODE}\r\n",
    "an expression of a template": "{{ 7*7 }} {{ self.__init__.__globals__ }}",
    "a statement of a template": "{% include '/etc/passwd' %}{% raw %}",
    "a comment of a template": "#} {# text",
    "a way up": "../../../evil",
    "a way up on windows": "..\\..\\evil",
    "an absolute path": "/etc/evil",
    "a device": "con",
    "nul": "\x00",
    "controls": "\x1b[31m\x07\x08\x7f\x85",
    "directions": "\u202e\u2066text\u2069",
    "line separators": f"text\u2028{CODE}\u2029",
    "no characters": "\ufffe\uffff\ufeff",
    "10,000 letters": "x" * 10_000,
    "10,000 words": "to " * 5_000,
    "a dunder": "__class__",
    "a keyword": "class",
    "nothing": "",
    "a blank": " ",
    "a format": "{x!r} {0} ${HOME} %s %(a)s",
    "html": "</script><script>alert(1)</script><!-- -->",
    "a link": "text](javascript:alert(1)) ![x](http://evil.example/x.png) [x]: http://evil",
    "markdown": "```\n# heading\n| a | b |\n- - -\n<b>`",
    "toml": 'text"\n[project.scripts]\nevil = "x',
    "a pointer": "#/components/schemas/../../~2%00",
    "a number": "200",
    "other digits": "\u0663\u00b2",
    "wide letters": "\uff43\uff4c\uff41\uff53\uff53",
    "a pattern": "(((a+)+)+)+$",
}

EVERYTHING = "".join(
    (
        "text \\ ''' \"\"\"\n",
        CODE,
        "\r\n#} {% raw %} {{ 7*7 }} ../../evil \x00\x1b\u2028\u202e </script> `](http://evil)",
        " %s {x!r} ",
        f'" + {CODE} + "\\',
    )
)
"""Most of them in one text."""


class Position(NamedTuple):
    """A string of a document: the value that `tokens` lead to, or the last of them, a key."""

    tokens: tuple[Token, ...]
    is_key: bool

    def __str__(self) -> str:
        path = "/".join(str(token).replace("/", "~1") for token in self.tokens)
        return f"{'the key ' if self.is_key else ''}/{path}"


def positions(document: Json, above: tuple[Token, ...] = ()) -> Iterator[Position]:
    """Every string of a document, keys among them, in its order."""
    if isinstance(document, str):
        yield Position(above, is_key=False)
    pairs: Iterator[tuple[Token, Json]] = iter(())
    if isinstance(document, dict):
        yield from (Position((*above, key), is_key=True) for key in document)
        pairs = iter(document.items())
    elif isinstance(document, list):
        pairs = enumerate(document)
    for token, value in pairs:
        yield from positions(value, (*above, token))


def at(document: Json, tokens: tuple[Token, ...]) -> Json:
    """The value at a place."""
    for token in tokens:
        document = document[token]
    return document


def with_text(document: Json, position: Position, text: str) -> Json:
    """A copy of the document with another text at a position."""
    changed = copy.deepcopy(document)
    *above, last = position.tokens
    holder = at(changed, tuple(above))
    if position.is_key:
        items = [(text if key == last else key, value) for key, value in holder.items()]
        holder.clear()
        holder.update(items)
    else:
        holder[last] = text
    return changed


class Builder:
    """Builds many similar descriptions; their common parts are formatted once.

    It uses ruff, because black would take many minutes.
    """

    def __init__(self, first: Json, folder: Path) -> None:
        self._folder = folder
        self.files = self._build(first)
        apply(plan_output(self.files, folder), force=True)

    def __call__(self, document: Json) -> dict[str, str] | SpecError:
        """The files of its SDK, or its problems."""
        try:
            return self._build(document)
        except SpecError as error:
            return error

    def _build(self, document: Json) -> dict[str, str]:
        text = json.dumps(document)
        path = self._folder / "spec.json"
        return build(
            path, BuildOptions(unsaved=text, formatter="ruff"), cached_in=self._folder
        ).files


def faults(result: dict[str, str] | SpecError, folder: Path) -> list[str]:
    """Violations: files that are not Python, that run something, or that are in a wrong place."""
    if isinstance(result, SpecError):
        return _untold(result)
    found = [*escapes(result, folder), *collisions(result)]
    for path, text in result.items():
        text.encode()  # half of a surrogate pair could not be written
        if path.endswith(".py"):
            found += [f"{path}: {fault}" for fault in _in_python(text)]
    return found


def _untold(error: SpecError) -> list[str]:
    located = error.problems.located()
    if not any(problem.severity == "error" for _, problem in located):
        return ["refused without an error"]
    return [
        f"{problem.code} has no place"
        for place, problem in located
        if place.line < 1 or place.column < 1
    ] or _unprintable(str(error))


def _unprintable(text: str) -> list[str]:
    return [] if text.replace("\n", "").isprintable() else ["what is told drives the terminal"]


@lru_cache(maxsize=10_000)
def _in_python(text: str) -> tuple[str, ...]:
    try:
        tree = ast.parse(text)
        compile(tree, "generated", "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        return (f"no Python: {error}",)
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return ("text became code",) if "__import__" in names else ()


@lru_cache(maxsize=10_000)
def texts_in(text: str) -> str:
    """All strings of a Python module, without line breaks."""
    tree = ast.parse(text)
    strings = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return squeezed("\n".join(one for one in strings if isinstance(one, str)))


def squeezed(text: str) -> str:
    """A text as docstrings show it, on one line and without control characters."""
    shown = "".join("\ufffd" if _is_control(char) else char for char in text)
    return " ".join(shown.split())


def _is_control(char: str) -> bool:
    return char not in "\t\n\r" and (
        ord(char) < 0x20 or 0x7F <= ord(char) < 0xA0 or char in "\u2028\u2029\ufeff"
    )


def spread(sequence: list[Any], count: int) -> list[Any]:
    """`count` members of a list, evenly spread over it."""
    step = max(len(sequence) / count, 1.0)
    return [sequence[int(index * step)] for index in range(min(count, len(sequence)))]
