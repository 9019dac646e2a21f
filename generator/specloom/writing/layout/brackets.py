"""A statement's text → what stands in which brackets."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from specloom.writing.layout.lines import UnclearError

_TOKEN = re.compile(
    r"""(?P<string>'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")|(?P<open>[(\[{])|(?P<close>[)\]}])"""
    r"""|(?P<comma>,\s*)|(?P<text>[^'"()\[\]{},]+)"""
)
# Of a number with letters in it, black may change the case.
_NUMBER = re.compile(r"\b\d[\d.]*[^\W\d]")
_PLAIN_STRING = re.compile(r"'([^'\"\\]*)'")
_CLOSING = {"(": ")", "[": "]", "{": "}"}


@dataclass(slots=True)
class Phrase:
    """Text with brackets in it. ``flat`` is all of it on one line, with black's quotes.

    ``explodes``: a comma behind the last item of some brackets wants one item a line.
    """

    parts: list[str | Brackets] = field(default_factory=list)
    flat: str = ""
    explodes: bool = False

    def close(self) -> Phrase:
        """Everything has been added."""
        self.flat = "".join([one if isinstance(one, str) else one.flat for one in self.parts])
        self.explodes = any(not isinstance(one, str) and one.explodes for one in self.parts)
        return self


@dataclass(slots=True)
class Brackets:
    """A pair of brackets, and the items in it.

    ``is_trailer``: whether it belongs to a name, as the brackets of a call do; else it is a tuple,
    a list or a dict.
    """

    opening: str
    is_trailer: bool
    items: list[Phrase] = field(default_factory=list)
    ends_in_comma: bool = False
    flat: str = ""
    explodes: bool = False

    @property
    def closing(self) -> str:
        """The bracket that closes it."""
        return _CLOSING[self.opening]

    def close(self) -> None:
        """Everything has been added. Raises UnclearError for brackets that black may take away."""
        is_tuple = self.opening == "(" and not self.is_trailer and len(self.items) == 1
        if is_tuple and not self.ends_in_comma:
            raise UnclearError
        inner = ", ".join([one.flat for one in self.items])
        self.flat = f"{self.opening}{inner}{',' if is_tuple else ''}{self.closing}"
        if is_tuple:
            self.ends_in_comma = False
        self.explodes = self.ends_in_comma or any(one.explodes for one in self.items)


def parse(text: str) -> Phrase:
    """Take a statement apart. Raises UnclearError for what it does not know."""
    around: list[tuple[Phrase, Brackets | None]] = []
    phrase, brackets = Phrase(), None
    end = 0
    for token in _TOKEN.finditer(text):
        if token.start() != end:
            raise UnclearError
        end = token.end()
        kind, found = token.lastgroup, token.group()
        if kind == "text":
            _add_text(phrase, found, is_inside=brackets is not None)
        elif kind == "string":
            phrase.parts.append(_string(phrase, found))
        elif kind == "open":
            inner = Brackets(found, _is_trailer(phrase))
            phrase.parts.append(inner)
            around.append((phrase, brackets))
            phrase, brackets = Phrase(), inner
        elif kind == "comma":
            if brackets is None:
                phrase.parts.append(", ")
                continue
            brackets.items.append(_item(phrase))
            phrase = Phrase()
        elif brackets is None or found != brackets.closing:
            raise UnclearError
        else:
            if phrase.parts:
                brackets.items.append(_item(phrase))
            elif brackets.items:
                brackets.ends_in_comma = True
            brackets.close()
            phrase, brackets = around.pop()
    if around or end != len(text):
        raise UnclearError
    return phrase.close()


def _add_text(phrase: Phrase, text: str, *, is_inside: bool) -> None:
    if is_inside and not phrase.parts:
        text = text.lstrip()
    if "\n" in text:
        text = text.rstrip()
    if "\n" in text or _NUMBER.search(text):
        raise UnclearError
    if text:
        phrase.parts.append(text)


def _item(phrase: Phrase) -> Phrase:
    """A finished item, without the blanks behind it. Raises UnclearError where there is none."""
    if phrase.parts and isinstance(phrase.parts[-1], str):
        phrase.parts[-1] = phrase.parts[-1].rstrip()
    closed = phrase.close()
    if not closed.flat:
        raise UnclearError
    return closed


def _is_trailer(phrase: Phrase) -> bool:
    before = phrase.parts[-1] if phrase.parts else " "
    return isinstance(before, Brackets) or before[-1].isalnum() or before[-1] in "_\"'"


def _string(phrase: Phrase, text: str) -> str:
    """The string in double quotes. Raises UnclearError for prefixes, and for joined strings."""
    before = phrase.parts[-1] if phrase.parts else " "
    if isinstance(before, Brackets) or before[-1].isalnum() or before[-1] in "_\"'":
        raise UnclearError
    plain = _PLAIN_STRING.fullmatch(text)
    if plain is not None:
        return f'"{plain.group(1)}"'
    # Which quotes save a backslash is for black to say.
    if "\\" in text:
        raise UnclearError
    return text
