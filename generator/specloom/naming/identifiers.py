"""Words → identifiers of Python."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Container
from dataclasses import dataclass

from specloom.ir import Words
from specloom.ir.words import pascal, snake, split_words
from specloom.naming.reserved import DEVICES

# File systems allow 255 bytes; what is cut here leaves room for what is added to it.
_LONGEST_FILE_NAME = 100


@dataclass(frozen=True, slots=True)
class Clash:
    """Two things of the description that ask for one name, and what the second is called."""

    wanted: str
    given: str
    pointer: str


def attribute(words: Words, reserved: frozenset[str]) -> str:
    """A lower-case name; a reserved one gets an underscore at its end (PEP 8)."""
    name = snake(words).lstrip("_") or "value"
    name = name if name.isidentifier() or name in reserved else f"n{name}"
    return f"{name}_" if name in reserved else name


def module_name(words: Words, reserved: frozenset[str]) -> str:
    """A name that can also be a file's, on every system.

    A very long one is cut, and told apart by its hash; so is one that some disks take for another
    (``straße`` and ``strasse``). One that Windows gives to a device gets an underscore at its end.
    """
    name = attribute(words, reserved)
    if name.casefold() != name:
        return f"{name.casefold()[:_LONGEST_FILE_NAME]}_{_hash(name)}"
    if name.casefold() in DEVICES:
        return f"{name}_"
    if len(name.encode()) <= _LONGEST_FILE_NAME:
        return name
    start = name.encode()[:_LONGEST_FILE_NAME].decode(errors="ignore")
    return f"{start}_{_hash(name)}"


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:8]


def class_name(words: Words, reserved: frozenset[str] = frozenset()) -> str:
    """A name in PascalCase; a reserved one gets an underscore at its end."""
    name = pascal(words).lstrip("_") or "Model"
    name = name if name.isidentifier() else f"N{name}"
    return f"{name}_" if name in reserved else name


_SIGNS = {
    "_": "underscore",
    "@": "at",
    "$": "dollar",
    "#": "hash",
    ".": "dot",
    "-": "dash",
    "+": "plus",
    "*": "star",
    "/": "slash",
    ":": "colon",
    "!": "bang",
    "%": "percent",
    "&": "and",
    "~": "tilde",
    "?": "question mark",
    "=": "equals",
}


def spelled_out(wire_name: str) -> Words:
    """The words of a name with its signs: what tells ``@id`` and ``_id`` from ``id``.

    An underscore counts only at the beginning or the end; inside it joins words.
    """
    core = wire_name.strip("_")
    start, _, end = wire_name.partition(core) if core else (wire_name, "", "")
    text = "".join(f" {_SIGNS[sign]} " if sign in _SIGNS and sign != "_" else sign for sign in core)
    ends = (" underscore " * len(part) for part in (start, end))
    return split_words(text.join(ends))


def free(wanted: str, taken: Container[str], numbered: Callable[[str, int], str]) -> str:
    """The wanted name, or the first numbered one that nothing is called."""
    given, number = wanted, 2
    while given in taken:
        given, number = numbered(wanted, number), number + 1
    return given
