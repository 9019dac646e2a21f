"""Annotations, compared as type checkers do: whether one type can be assigned to another.

Classes are compared by name. Lists and dicts in results are invariant, as in Python's type system.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from specloom.api_diff.view import Surface
from specloom.sdk.code import Alternative, Annotation

Alternatives = tuple[Alternative, ...]

# Wider types of a type: PEP 484, "The numeric tower"; a datetime is a date.
_ALSO = {"bool": ("int", "float"), "int": ("float",), "datetime": ("date",)}
# Types that are covariant in their arguments.
_COVARIANT = frozenset(("Sequence", "Mapping"))
_JSON_OBJECT = Alternative("Mapping", ((Alternative("str"),), (Alternative("object"),)))


def renamed(alternatives: Alternatives, names: Mapping[str, str]) -> Alternatives:
    """The alternatives with renamed types."""
    if not names:
        return alternatives
    return tuple(
        Alternative(
            alternative.name if alternative.kind else names.get(alternative.name, alternative.name),
            tuple(renamed(inner, names) for inner in alternative.inner),
            alternative.kind,
        )
        for alternative in alternatives
    )


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The names of one side: definitions of aliases, bases of classes, and the names of
    TypedDicts.
    """

    aliases: Mapping[str, Alternatives]
    bases: Mapping[str, Alternatives]
    dicts: frozenset[str]


def vocabulary(surface: Surface, names: Mapping[str, str]) -> Vocabulary:
    """The names of a surface, those in ``names`` under their other name."""
    aliases = {
        names.get(one.address, one.address): renamed(one.definition.alternatives, names)
        for one in surface.types
        if one.definition.alternatives
    }
    bases = {name: renamed(base.alternatives, names) for name, base in surface.bases}
    dicts = {names.get(one.address, one.address) for one in surface.types if one.kind == "dict"}
    return Vocabulary(aliases, bases, frozenset(dicts))


# The side that asks, the given alternative, and the wanted ones.
_Question = tuple[int, Alternative, Alternatives]


class Fit:
    """Whether types of one side are assignable to types of the other."""

    def __init__(
        self, given: Vocabulary, wanted: Vocabulary, assumed: set[_Question] | None = None
    ) -> None:
        """``assumed`` holds the questions in progress, so that recursive aliases end."""
        self._given = given
        self._wanted = wanted
        self._assumed = assumed if assumed is not None else set[_Question]()

    def fits(self, given: Alternatives, wanted: Alternatives) -> bool:
        """Whether every given alternative is assignable to a wanted one."""
        return not self.misfits(given, wanted)

    def misfits(self, given: Alternatives, wanted: Alternatives) -> list[Alternative]:
        """The given alternatives that are not assignable."""
        offered = tuple(_all(wanted, self._wanted))
        return [one for one in given if not self._one_fits(one, offered)]

    def _one_fits(self, given: Alternative, wanted: Alternatives) -> bool:
        if any(self._is(given, one) for one in wanted):
            return True
        if given.kind:
            return False
        definition = self._given.aliases.get(given.name) or self._given.bases.get(given.name)
        if definition is None:
            return False
        # A recursive alias fits unless one of its alternatives does not.
        question = (id(self._given), given, wanted)
        if question in self._assumed:
            return True
        self._assumed.add(question)
        holds = all(self._one_fits(one, wanted) for one in definition)
        self._assumed.discard(question)
        return holds

    def _is(self, given: Alternative, wanted: Alternative) -> bool:
        if wanted.name == "object" and not wanted.kind:
            return True
        if given.kind and not wanted.kind:
            return wanted.name in (given.kind, *_ALSO.get(given.kind, ()))
        if given.name in self._given.dicts and wanted == _JSON_OBJECT:
            return True
        if given.name != wanted.name:
            return not given.kind and wanted.name in _ALSO.get(given.name, ())
        if given.kind != wanted.kind or len(given.inner) != len(wanted.inner):
            return False
        pairs = zip(given.inner, wanted.inner, strict=True)
        return all(self._inner_fits(given.name, one, other) for one, other in pairs)

    def _inner_fits(self, name: str, given: Alternatives, wanted: Alternatives) -> bool:
        if not self.fits(given, wanted):
            return False
        if name in _COVARIANT:
            return True
        return Fit(self._wanted, self._given, self._assumed).fits(wanted, given)


def _all(alternatives: Alternatives, names: Vocabulary) -> Iterator[Alternative]:
    """The alternatives, and those of their aliases."""
    seen: set[Alternative] = set()
    pending = list(reversed(alternatives))
    while pending:
        alternative = pending.pop()
        if alternative in seen:
            continue
        seen.add(alternative)
        yield alternative
        if not alternative.kind:
            pending.extend(reversed(names.aliases.get(alternative.name, ())))


Verdict = Literal["same", "respelled", "widened", "narrowed", "retyped"]


class Meanings(NamedTuple):
    """The names of both sides. ``names`` maps renamed types, old to new; ``types`` are the types of
    the new side.
    """

    names: Mapping[str, str]
    forth: Fit
    back: Fit
    types: frozenset[str]

    def old(self, annotation: Annotation) -> Alternatives:
        """The alternatives of an old annotation, with the new names."""
        return renamed(annotation.alternatives, self.names)

    def verdict(self, before: Annotation, after: Annotation) -> Verdict:
        """The kind of change of an annotation. A renamed type is not a change."""
        old, new = self.old(before), after.alternatives
        if set(old) == set(new):
            return "same"
        is_wider, is_narrower = self.forth.fits(old, new), self.back.fits(new, old)
        if is_wider and is_narrower:
            return "respelled"
        if is_wider:
            return "widened"
        return "narrowed" if is_narrower else "retyped"

    def gone(self, before: Annotation, after: Annotation) -> list[Alternative]:
        """The alternatives of the old annotation only."""
        return self.forth.misfits(self.old(before), after.alternatives)

    def come(self, before: Annotation, after: Annotation) -> list[Alternative]:
        """The alternatives of the new annotation only."""
        return self.back.misfits(after.alternatives, self.old(before))


def meanings_of(old: Surface, new: Surface, names: Mapping[str, str]) -> Meanings:
    """The meanings of the names of two surfaces; ``names`` maps renamed types, old to new."""
    before, after = vocabulary(old, names), vocabulary(new, {})
    types = frozenset(one.address for one in new.types)
    return Meanings(names, Fit(before, after), Fit(after, before), types)
