"""A large YAML text, read section by section: what the last build has read is not read again.

A section is one path, one component, or what else begins at the left edge of the text. YAML knows
no such cut, so one is made only where the text is plain: where every section, read alone, is one
entry that begins where the section does. Then nothing is open at its end that what follows, which
stands as far to the left, could belong to. Texts with anchors or faults are left to be read whole.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from specloom.reading.text import MAX_DEPTH, TextError
from specloom.reading.tree import Value
from specloom.reading.yaml_text import Builder, collector_off

LARGE = 500_000
"""From how many characters on a text is worth the trouble."""

_LITTLE = 0.02

_LEVELS_BELOW = {"paths": 1, "webhooks": 1, "components": 2}
"""What is cut further, and on how many levels: components by their kind, then by their name."""

_DEEPEST = MAX_DEPTH - max(_LEVELS_BELOW.values()) - 1

_COMMENT = r"#[^\n\r\x85\u2028\u2029]*"
"""YAML ends a comment at more characters than the ones that are cared for here."""

_BLANK_LINES = rf"(?: *(?:{_COMMENT})?\r?\n)*"
_BEFORE = re.compile(rf"{_BLANK_LINES}(?:--- *\r?\n{_BLANK_LINES})?")
_HEAD = re.compile(rf" *([A-Za-z]\w*): *(?:(?<= ){_COMMENT})?\r?\n{_BLANK_LINES}")
"""A key with nothing behind it, and below it no more than comments."""

_INDENT = re.compile(r"^( +)[^\s#]", re.MULTILINE)
_NO_KEYS = frozenset("{}[]&*!|>?%@`,<")
"""How no key begins that is text as it stands there."""


@dataclass(slots=True)
class Sections:
    """What sections say, as JSON, by the hash of their text: known from before, and met now."""

    known: Mapping[str, str] = field(default_factory=dict[str, str])
    met: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def are_worth_keeping(self) -> bool:
        """Whether more is new than is read again in the time that keeping all of it takes."""
        new = sum(len(said) for name, said in self.met.items() if name not in self.known)
        return new > _LITTLE * sum(map(len, self.known.values()))


def parse_sections(text: str, sections: Sections) -> dict[str, Value] | None:
    """The value of a YAML text, a tree that is not too deep; None if it has to be read whole."""
    root: dict[str, Value] = {}
    around = [root]
    met: dict[str, str] = {}
    try:
        with collector_off():
            for entry in _entries(text):
                del around[entry.depth + 1 :]
                below: dict[str, Value] = {}
                found = {entry.head: below} if entry.head else _read(entry, sections.known, met)
                if not around[-1].keys().isdisjoint(found):
                    return None
                around[-1].update(found)
                around.append(below)
    except (_UnclearError, TextError):
        return None
    sections.met |= met
    return root


class _UnclearError(Exception):
    """A text is not as plain as it would have to be."""


class _Entry(NamedTuple):
    """The text of an entry, which stands at so many blanks. ``head``: the key of one whose entries
    follow; else it is a section."""

    depth: int
    margin: int
    text: str
    head: str = ""


def _entries(text: str) -> Iterator[_Entry]:
    """All heads and sections, in order."""
    indent = _INDENT.search(text)
    if indent is None:
        raise _UnclearError
    unit = len(indent[1])
    text = f"\n{text}"  # for what comes first: looking for breaks takes half the time
    starts = re.compile(rf"\n(?: {{{unit}}}){{0,2}}(?=[^\s#-])")
    found = (match.span() for match in starts.finditer(text))
    lines = [(start + 1, (end - start - 1) // unit) for start, end in found]
    lines.append((len(text), 0))
    if _BEFORE.fullmatch(text, 1, lines[0][0]) is None:
        raise _UnclearError
    index = levels = within = 0
    while index < len(lines) - 1:
        start, depth = lines[index]
        if depth > within:
            raise _UnclearError
        index += 1
        head = _HEAD.fullmatch(text, start, lines[index][0])
        if depth == 0:
            levels = _LEVELS_BELOW.get(head[1], 0) if head else 0
        if head and depth < levels and lines[index][1] == depth + 1:
            within = depth + 1
            yield _Entry(depth, depth * unit, head[0], head[1])
            continue
        while lines[index][1] > depth:
            index += 1
        within = depth
        yield _Entry(depth, depth * unit, text[start : lines[index][0]])


def _read(entry: _Entry, known: Mapping[str, str], met: dict[str, str]) -> dict[str, Value]:
    """The key and the value of a section. Raises _UnclearError or TextError for anything else."""
    name = hashlib.sha256(entry.text.encode()).hexdigest()
    said = met.get(name) or known.get(name)
    if said is not None:
        met[name] = said
        found: dict[str, Value] = json.loads(said)
        return found
    builder = Builder(entry.text, deepest=_DEEPEST)
    value = builder.build()
    if not isinstance(value, dict) or len(value) != 1 or not builder.is_plain:
        raise _UnclearError
    if entry.text[entry.margin] in _NO_KEYS:
        raise _UnclearError
    met[name] = json.dumps(value)
    return value
