"""Compares annotations of two versions the way a type checker does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from specloom.api_diff.annotation import Alternatives, Fit, renamed, vocabulary
from specloom.api_diff.view import Surface
from specloom.sdk.code import Alternative, Annotation

Verdict = Literal["same", "respelled", "widened", "narrowed", "retyped"]


class Meanings(NamedTuple):
    """What the names on both sides mean; ``names`` maps old types to new names of theirs, ``types``
    are those of the new side.
    """

    names: Mapping[str, str]
    forth: Fit
    back: Fit
    types: frozenset[str]

    def old(self, annotation: Annotation) -> Alternatives:
        """The alternatives of an old annotation, with the new names."""
        return renamed(annotation.alternatives, self.names)

    def verdict(self, before: Annotation, after: Annotation) -> Verdict:
        """The kind of change of an annotation. A renamed type is no change."""
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
        """The alternatives that only the old annotation has."""
        return self.forth.misfits(self.old(before), after.alternatives)

    def come(self, before: Annotation, after: Annotation) -> list[Alternative]:
        """The alternatives that only the new annotation has."""
        return self.back.misfits(after.alternatives, self.old(before))


def meanings_of(old: Surface, new: Surface, names: Mapping[str, str]) -> Meanings:
    """The meanings of the names of two surfaces; ``names`` are those of types that have another."""
    before, after = vocabulary(old, names), vocabulary(new, {})
    types = frozenset(one.address for one in new.types)
    return Meanings(names, Fit(before, after), Fit(after, before), types)
