"""Annotations as type checkers take them: which values stand where which type is wanted.

An annotation is read from its text into the alternatives of a union. What is one class or another
is a matter of names; lists and dicts that are read are invariant, as Python's type system has them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from specloom.api_diff.view import Surface


@dataclass(frozen=True, slots=True)
class Part:
    """One alternative: a class and its arguments, or a single value, whose ``kind`` is its type."""

    name: str
    inner: tuple[tuple[Part, ...], ...] = ()
    kind: str = ""


Parts = tuple[Part, ...]

# What a value of a type also is. PEP 484 "The numeric tower"; a datetime is a date.
_ALSO = {"bool": ("int", "float"), "int": ("float",), "datetime": ("date",)}
# Whose arguments may be narrower than what is wanted.
_COVARIANT = frozenset(("Sequence", "Mapping"))
_JSON_OBJECT = Part("Mapping", ((Part("str"),), (Part("object"),)))


@lru_cache(maxsize=8192)
def parts_of(text: str) -> Parts:
    """The alternatives of an annotation, each once."""
    return tuple(dict.fromkeys(_parts(ast.parse(text, mode="eval").body)))


def _parts(node: ast.expr) -> Iterator[Part]:
    # The left side of a long union is as deep as it has members.
    members: list[ast.expr] = []
    while isinstance(node, ast.BinOp):
        members.append(node.right)
        node = node.left
    for member in (node, *reversed(members)):
        if isinstance(member, ast.BinOp):
            yield from _parts(member)
        elif isinstance(member, ast.Subscript):
            yield from _subscripted(member)
        else:
            yield Part(ast.unparse(member))


def _subscripted(node: ast.Subscript) -> Iterator[Part]:
    name = ast.unparse(node.value)
    inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    if name == "Literal":
        for value in inner:
            yield Part(ast.unparse(value), kind=type(ast.literal_eval(value)).__name__)
    else:
        yield Part(name, tuple(tuple(dict.fromkeys(_parts(one))) for one in inner))


def renamed(parts: Parts, names: Mapping[str, str]) -> Parts:
    """The same with other names for types."""
    if not names:
        return parts
    return tuple(
        Part(
            part.name if part.kind else names.get(part.name, part.name),
            tuple(renamed(inner, names) for inner in part.inner),
            part.kind,
        )
        for part in parts
    )


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What names mean on one side: definitions of aliases, what classes inherit, and which names
    are TypedDicts.
    """

    aliases: Mapping[str, Parts]
    bases: Mapping[str, Parts]
    dicts: frozenset[str]


def vocabulary(surface: Surface, names: Mapping[str, str]) -> Vocabulary:
    """The names of a surface, those in ``names`` under their other name."""
    aliases = {
        names.get(one.address, one.address): renamed(parts_of(one.definition), names)
        for one in surface.types
        if one.definition
    }
    bases = {name: renamed(parts_of(base), names) for name, base in surface.bases}
    dicts = {names.get(one.address, one.address) for one in surface.types if one.kind == "dict"}
    return Vocabulary(aliases, bases, frozenset(dicts))


# Which side asks, what for, and what is wanted there.
_Question = tuple[int, Part, Parts]


class Fit:
    """Whether values of types on one side can stand where types of the other are wanted."""

    def __init__(
        self, given: Vocabulary, wanted: Vocabulary, assumed: set[_Question] | None = None
    ) -> None:
        """``assumed``: what is being asked already, so that recursive aliases come to an end."""
        self._given = given
        self._wanted = wanted
        self._assumed = assumed if assumed is not None else set[_Question]()

    def fits(self, given: Parts, wanted: Parts) -> bool:
        """Whether every alternative that is given is one of those that are wanted."""
        return not self.misfits(given, wanted)

    def misfits(self, given: Parts, wanted: Parts) -> list[Part]:
        """The alternatives that are given and not wanted."""
        offered = tuple(_all(wanted, self._wanted))
        return [part for part in given if not self._part_fits(part, offered)]

    def _part_fits(self, part: Part, wanted: Parts) -> bool:
        if any(self._is(part, one) for one in wanted):
            return True
        if part.kind:
            return False
        meant = self._given.aliases.get(part.name) or self._given.bases.get(part.name)
        if meant is None:
            return False
        # An alias that mentions itself fits if nothing that it mentions does not.
        question = (id(self._given), part, wanted)
        if question in self._assumed:
            return True
        self._assumed.add(question)
        holds = all(self._part_fits(one, wanted) for one in meant)
        self._assumed.discard(question)
        return holds

    def _is(self, part: Part, wanted: Part) -> bool:
        if wanted.name == "object" and not wanted.kind:
            return True
        if part.kind and not wanted.kind:
            return wanted.name in (part.kind, *_ALSO.get(part.kind, ()))
        if part.name in self._given.dicts and wanted == _JSON_OBJECT:
            return True
        if part.name != wanted.name:
            return not part.kind and wanted.name in _ALSO.get(part.name, ())
        if part.kind != wanted.kind or len(part.inner) != len(wanted.inner):
            return False
        pairs = zip(part.inner, wanted.inner, strict=True)
        return all(self._inner_fits(part.name, one, other) for one, other in pairs)

    def _inner_fits(self, name: str, given: Parts, wanted: Parts) -> bool:
        if not self.fits(given, wanted):
            return False
        if name in _COVARIANT:
            return True
        return Fit(self._wanted, self._given, self._assumed).fits(wanted, given)


def _all(parts: Parts, names: Vocabulary) -> Iterator[Part]:
    """The alternatives and, for aliases, also those that they stand for."""
    seen: set[Part] = set()
    pending = list(reversed(parts))
    while pending:
        part = pending.pop()
        if part in seen:
            continue
        seen.add(part)
        yield part
        if not part.kind:
            pending.extend(reversed(names.aliases.get(part.name, ())))
