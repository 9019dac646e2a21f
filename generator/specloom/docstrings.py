"""Text of the description → docstrings: wrapped, and unable to end early or become code."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator
from functools import lru_cache

WIDTH = 88
_REMEMBERED = 20_000
"""In a large description every other text is one that was there before."""
_LIST_ITEM = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+")
_OPEN_QUOTE = re.compile(r'(?<!\\)((?:\\\\)*)"\Z')
"""A quote at the end that is not escaped: an even number of backslashes stands before it."""
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


def attribute_docstring(paragraphs: str, indent: int) -> str:
    """The docstring of an attribute or an alias: no line of it is too long.

    black leaves these as they are, and puts a class's or a method's single line on one line.
    """
    text = docstring(paragraphs, indent)
    if "\n" in text or indent + len(text) <= WIDTH:
        return text
    return f'{text[:-3]}\n{" " * indent}"""'


def escape(text: str) -> str:
    """Text that can stand between triple quotes and means itself."""
    safe = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return _OPEN_QUOTE.sub(r'\1\\"', safe)


def plain(text: str) -> str:
    """Text without control characters, newlines being ``\\n``, no blanks at the ends of lines."""
    if text.isprintable():  # one line without anything odd, as most texts are
        return text.strip()
    text = text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4)
    text = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)
    return "\n".join(line.rstrip() for line in text.strip().split("\n"))


@lru_cache(maxsize=_REMEMBERED)
def fill(text: str, indent: int) -> str:
    """Markdown wrapped to the line width: paragraphs filled, lists and code kept as they are."""
    if len(text) <= WIDTH - indent and text.isprintable():  # a line that fits, as most do
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
    """Tables, headings and indented code mean something by their lines."""
    return line.startswith(("|", "#", "    ", ">"))


def _wrap(paragraph: list[str], width: int) -> Iterable[str]:
    if not paragraph:
        return []
    text = " ".join(line.strip() for line in paragraph)
    marker = _LIST_ITEM.match(paragraph[0])
    hanging = " " * len(marker.group(0)) if marker else ""
    first = " " * (len(paragraph[0]) - len(paragraph[0].lstrip())) if marker else ""
    words = text.split(" ")
    if all(map(str.strip, words)):
        return _lines(words, max(width, 40), first, hanging)
    return textwrap.wrap(
        text,
        max(width, 40),
        initial_indent=first,
        subsequent_indent=hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _lines(words: list[str], width: int, indent: str, hanging: str) -> Iterator[str]:
    """Words with one blank between them, as lines.

    What `textwrap` makes of them too; half of the time to plan a large SDK went there.
    """
    line = indent + words[0]
    for word in words[1:]:
        if len(line) + 1 + len(word) <= width:
            line = f"{line} {word}"
        else:
            yield line
            line = hanging + word
    yield line
