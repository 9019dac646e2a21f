"""Text of Python files: docstrings, literals, and lines in black's format.

Text of the description becomes wrapped docstrings that can neither end early nor become code.

black formats a file a second time if its first pass changed it, so a file that already has black's
format takes half of the time. If these few rules differ from black, its second pass corrects the
file.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from math import isfinite
from typing import Any

WIDTH = 88
_REMEMBERED = 20_000
"""The number of cached texts: in a large description, half of the texts repeat."""
_LIST_ITEM = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+")
_OPEN_QUOTE = re.compile(r'(?<!\\)((?:\\\\)*)"\Z')
"""A final quote that is not escaped: it follows an even number of backslashes."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff]")


def docstring(paragraphs: str, indent: int) -> str:
    """A whole docstring, quotes included, for text that starts ``indent`` spaces in.

    The first line follows the quotes (PEP 257); the rest is indented like the quotes.
    """
    safe = escape(plain(paragraphs))
    if "\n" not in safe:
        return f'"""{safe}"""'
    first, *others = safe.split("\n")
    margin = " " * indent
    body = "\n".join(f"{margin}{line}".rstrip() for line in others)
    return f'"""{first}\n{body}\n{margin}"""'


def attribute_docstring(text: str, indent: int) -> str:
    """The docstring of an attribute or an alias, wrapped to the line width; empty without text.

    black does not change these, but puts a class's or a method's single line on one line.
    """
    if not text:
        return ""
    text = docstring(fill(text, indent), indent)
    if "\n" in text or indent + len(text) <= WIDTH:
        return text
    return f'{text[:-3]}\n{" " * indent}"""'


def escape(text: str) -> str:
    """Text, escaped for triple quotes."""
    safe = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return _OPEN_QUOTE.sub(r'\1\\"', safe) if safe.endswith('"') else safe


def plain(text: str) -> str:
    """Text without control characters other than newlines, and without trailing blanks."""
    if text.isprintable():  # most texts: one line of ordinary characters
        return text.strip()
    text = text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4)
    text = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)
    return "\n".join(line.rstrip() for line in text.strip().split("\n"))


@lru_cache(maxsize=_REMEMBERED)
def fill(text: str, indent: int) -> str:
    """Markdown wrapped to the line width: paragraphs filled, lists and code kept as they are."""
    if len(text) <= WIDTH - indent and text.isprintable():  # most texts: a line that fits
        return text.strip()
    return "\n".join(_filled(plain(text), WIDTH - indent))


@lru_cache(maxsize=_REMEMBERED)
def entry(name: str, text: str, indent: int) -> str:
    """One entry of a Google style section: ``name: text``, later lines indented by four."""
    wrapped = list(_filled(f"{name}: {plain(text)}" if text else name, WIDTH - indent - 8))
    rest = [f"    {line}".rstrip() for line in wrapped[1:]]
    return "\n".join(f"    {line}".rstrip() for line in [*wrapped[:1], *rest])


def _filled(text: str, width: int) -> Iterator[str]:
    fenced = False
    paragraph: list[str] = []
    for line in text.split("\n"):
        is_fence = line.lstrip().startswith(("```", "~~~"))
        starts_item = bool(_LIST_ITEM.match(line))
        if is_fence or fenced or not line or starts_item or _is_verbatim(line):
            yield from _wrap(paragraph, width)
            paragraph = []
        if is_fence:
            fenced = not fenced
        if is_fence or fenced or not line or _is_verbatim(line):
            yield line
        else:
            paragraph.append(line)
    yield from _wrap(paragraph, width)


def _is_verbatim(line: str) -> bool:
    """Whether line breaks are significant: tables, headings and indented code."""
    return line.startswith(("|", "#", "    ", ">"))


def _wrap(paragraph: list[str], width: int) -> Iterable[str]:
    if not paragraph:
        return []
    text = " ".join(line.strip() for line in paragraph)
    marker = _LIST_ITEM.match(paragraph[0])
    hanging = " " * len(marker.group(0)) if marker else ""
    first = " " * (len(paragraph[0]) - len(paragraph[0].lstrip())) if marker else ""
    width = max(width, 40)
    if len(first) + len(text) <= width:
        return [first + text]
    return textwrap.wrap(
        text,
        width,
        initial_indent=first,
        subsequent_indent=hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )


_STEP = 4
_TOKEN = re.compile(
    r"""'(?:[^'\\]|\\.)*' | "(?:[^"\\]|\\.)*" | [(\[{] | [)\]}] | ,\ ? | \ \|\  """, re.VERBOSE
)
_TURNS = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}


class Raw(str):
    """An expression in the place of a value."""


def literal(value: object) -> str:
    """A value as a literal: text in double quotes unless that needs more escapes."""
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, str):
        return _text_literal(value)
    if isinstance(value, dict):
        pairs = (f"{literal(key)}: {literal(one)}" for key, one in value.items())
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, tuple):
        return f"({', '.join(map(literal, value))}{',' * (len(value) == 1)})"
    if isinstance(value, float) and not isfinite(value):
        return f'float("{value}")'
    return repr(value)


def _text_literal(value: str) -> str:
    body = repr(f'{value}"')[1:-2]  # a double quote makes `repr` use single quotes
    if value.count('"') > value.count("'"):
        return f"'{body}'"
    body = body.replace("\\'", "'").replace('"', '\\"')
    return f'"{body}"'


Arguments = Sequence[tuple[str, Any]]
_MOST_IN_A_LINE = 2
"""The most arguments of a call that share a line below its head: more are easier to read apart."""


def call(function: str, arguments: Arguments, *, column: int, indent: int, after: int = 0) -> str:
    """A call. An argument without a name is positional.

    Args:
        function: What is called.
        arguments: Names and values.
        column: Where the text begins.
        indent: How far its later lines are indented.
        after: How many characters follow it on its last line.
    """
    flat = ", ".join(_named(name) + literal(value) for name, value in arguments)
    text = f"{function}({flat})"
    if column + len(text) + after <= WIDTH or not arguments:
        return text
    margin = " " * (indent + _STEP)
    if indent + _STEP + len(flat) <= WIDTH and len(arguments) <= _MOST_IN_A_LINE:
        return f"{function}(\n{margin}{flat}\n{' ' * indent})"
    lines = [
        f"{margin}{_named(name)}{_value(value, indent + _STEP, len(_named(name)) + 1)},\n"
        for name, value in arguments
    ]
    return f"{function}(\n{''.join(lines)}{' ' * indent})"


def _value(value: Any, indent: int, taken: int = 0) -> str:
    """A value; ``taken`` is the width of the other text on its first line."""
    flat = literal(value)
    is_structure = isinstance(value, dict | list) and value
    if indent + taken + len(flat) <= WIDTH or not is_structure:
        return flat
    margin = " " * (indent + _STEP)
    if isinstance(value, dict):
        pairs = [(f"{literal(key)}: ", each) for key, each in value.items()]
    else:
        pairs = [("", each) for each in value]
    lines = [f"{margin}{key}{_value(each, indent + _STEP, len(key) + 1)},\n" for key, each in pairs]
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return f"{opening}\n{''.join(lines)}{' ' * indent}{closing}"


def _named(name: str) -> str:
    return f"{name}=" if name else ""


def wrapped(text: str, indent: int, after: int = 0) -> str:
    """A line of Python, over several where it is too long.

    Args:
        text: The line, without its indentation.
        indent: The indentation of all its lines, in spaces.
        after: The number of characters that follow it.
    """
    if indent + len(text) + after <= WIDTH:
        return text
    margin = "\n" + " " * indent
    members = _cut(text, " | ")
    if len(members) > 1:
        following = [f"| {one}" for one in members[1:-1]]
        texts = [wrapped(one, indent) for one in (members[0], *following)]
        return margin.join([*texts, wrapped(f"| {members[-1]}", indent, after)])
    start, end = _outline(text)[1]
    if end - start < 2:
        return text
    head, tail = text[: start + 1], text[end:]
    body = _body(text[start + 1 : end], indent + _STEP, is_call=head[-2:-1].isidentifier())
    comma = "," if text.startswith("def ") and "," not in body else ""
    return f"{head}{margin}{' ' * _STEP}{body}{comma}{margin}{tail}"


def with_type(before: str, annotation: str, behind: str, indent: int, after: int = 0) -> str:
    """A line that contains a type. A type without brackets gets them if the line is wrapped.

    ``before`` and ``behind`` are the texts around the type. See `wrapped` for the other arguments.
    """
    text = f"{before}{annotation}{behind}"
    if indent + len(text) + after <= WIDTH:
        return text
    is_union = _is_union(annotation)
    if is_union or indent + len(before) + _head(annotation) > WIDTH:
        enclosed = wrapped(f"{before}({annotation}){behind}", indent, after)
        if is_union or _fits(enclosed, indent):
            return enclosed
    return wrapped(text, indent, after)


def assigned(target: str, value: str, indent: int, annotation: str = "") -> str:
    """``target: annotation = value``, on several lines if it is too long.

    The value gets brackets unless it has brackets that open on the first line. If that is not
    enough, the type is wrapped.
    """
    start = f"{target}: {annotation} = " if annotation else f"{target} = "
    column = indent + len(start)
    if column + len(value) <= WIDTH:
        return start + value
    is_union = _is_union(value)
    if is_union or column < WIDTH < column + _head(value):
        inner, margin = wrapped(value, indent + _STEP), "\n" + " " * indent
        enclosed = f"{start}({margin}{' ' * _STEP}{inner}{margin})"
        if is_union or _fits(enclosed, indent):
            return enclosed
    if annotation:
        return with_type(f"{target}: ", annotation, f" = {value}", indent)
    return wrapped(start + value, indent)


def _fits(text: str, indent: int) -> bool:
    first, *others = text.split("\n")
    return indent + len(first) <= WIDTH and all(len(line) <= WIDTH for line in others)


def _is_union(annotation: str) -> bool:
    return len(_cut(annotation, " | ")) > 1


def _head(text: str) -> int:
    """The length of a text up to its last outer bracket; the line width without one."""
    start, end = _outline(text)[1]
    return start + 1 if end else WIDTH


def _body(text: str, indent: int, *, is_call: bool) -> str:
    """The content of brackets: one item a line if it is too long or not the arguments of a call."""
    items = _cut(text, ", ")
    has_comma = text.endswith(",")
    if len(items) == 1 and not has_comma:
        return wrapped(text, indent)
    if is_call and not has_comma and indent + len(text) <= WIDTH:
        return text
    items[-1] = items[-1].removesuffix(",")
    return f"\n{' ' * indent}".join(f"{wrapped(one, indent, 1)}," for one in items)


def _cut(text: str, separator: str) -> list[str]:
    """A text, split at separators outside of brackets."""
    if separator not in text:
        return [text]
    found, start = [], 0
    for token in _outline(text)[0]:
        if token[0] == separator:
            found.append(text[start : token.start()])
            start = token.end()
    return [*found, text[start:]]


@lru_cache(maxsize=64)
def _outline(text: str) -> tuple[list[re.Match[str]], tuple[int, int]]:
    """The tokens outside of brackets, and the places of the last pair of outer brackets.

    The places are (0, 0) without one. Several rules ask for the same line.
    """
    outside: list[re.Match[str]] = []
    depth = opened = 0
    brackets = 0, 0
    for token in _TOKEN.finditer(text):
        turn = _TURNS.get(token[0], 0)
        if depth == 0:
            outside.append(token)
            opened = token.start() if turn > 0 else opened
        depth += turn
        if depth == 0 and turn < 0:
            brackets = opened, token.start()
    return outside, brackets
