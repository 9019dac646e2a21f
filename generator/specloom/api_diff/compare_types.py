"""Compares types: members, values and variants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from specloom.api_diff.annotation import Meanings
from specloom.api_diff.changes import Change, deprecation
from specloom.api_diff.pairs import Pairs, pairs
from specloom.api_diff.view import Member, TypeEntry, member_text
from specloom.sdk.code import Alternative


class TypeComparison:
    """Compares types.

    ``meanings`` resolves their names on both sides, ``former`` lists former names that still work.
    """

    def __init__(self, meanings: Meanings, former: Mapping[str, str]) -> None:
        self._meanings = meanings
        self._former = former

    def changes(self, types: Pairs[TypeEntry]) -> Iterator[Change]:
        """The changes of the types."""
        for one in types.removed:
            place = one.pointer
            yield Change(
                "type-removed", one.address, before=one.address, pointer=place, is_gone=True
            )
        for one in types.added:
            yield Change("type-added", one.address, after=one.address, pointer=one.pointer)
        for before, after in types.both:
            yield from self._type(before, after)

    def _type(self, old: TypeEntry, new: TypeEntry) -> Iterator[Change]:
        base = Change("", new.address, pointer=new.pointer)
        if old.name != new.name:
            works = self._former.get(old.address) == new.address
            code = "type-renamed-with-alias" if works else "type-renamed"
            yield replace(base, code=code, before=old.address, after=new.address)
        if old.kind != new.kind:
            before, after = f"{old.kind} {old.address}", f"{new.kind} {new.address}"
            yield replace(base, code="type-replaced", before=before, after=after)
            return
        if new.kind == "enum":
            yield from self._values(old, new, base)
        elif new.kind == "alias":
            yield from self._alias(old, new, base)
        else:
            yield from self._members(old, new)
        if old.deprecated != new.deprecated:
            yield replace(base, code=deprecation(new.deprecated), after=new.address)
        if changed := _documented_otherwise(old, new):
            detail = f"Changed: {', '.join(changed)}."
            yield replace(base, code="documentation-changed", detail=detail)

    def _values(self, old: TypeEntry, new: TypeEntry, base: Change) -> Iterator[Change]:
        before, after = old.definition.alternatives, new.definition.alternatives
        for alternative in before:
            if alternative not in after:
                text = _value(old, alternative)
                yield replace(base, code="value-removed", member=alternative.name, before=text)
        for alternative in after:
            if alternative not in before:
                # If values beyond the known ones are possible, code must expect them.
                is_open = new.is_open or not new.is_read
                code = "value-added" if is_open else "type-widened"
                text = _value(new, alternative)
                yield replace(base, code=code, member=alternative.name, after=text)

    def _alias(self, old: TypeEntry, new: TypeEntry, base: Change) -> Iterator[Change]:
        gone = self._meanings.gone(old.definition, new.definition)
        come = self._meanings.come(old.definition, new.definition)
        whole = replace(base, before=_defined(old), after=_defined(new))
        if not gone and not come:
            if self._meanings.verdict(old.definition, new.definition) != "same":
                yield replace(whole, code="type-respelled")
            return
        if len(gone) == len(old.definition.alternatives):
            yield replace(whole, code="type-retyped")
            return
        for alternative in gone:
            text = f"{old.address}: {alternative.text}"
            yield replace(base, code="variant-removed", member=alternative.text, before=text)
        for alternative in come:
            is_known = new.is_open and alternative.name in self._meanings.types
            is_expected = is_known or not new.is_read
            code = "variant-added" if is_expected else "type-widened"
            text = f"{new.address}: {alternative.text}"
            yield replace(base, code=code, member=alternative.text, after=text)

    def _members(self, old: TypeEntry, new: TypeEntry) -> Iterator[Change]:
        found = pairs(
            old.members, new.members, lambda one: one.wire_name or None, lambda one: one.name
        )
        slot = "key" if new.kind == "dict" else "attribute"
        for one in found.removed:
            text = member_text(old, one)
            yield Change(f"{slot}-removed", new.address, one.name, text, pointer=new.pointer)
        for one in found.added:
            is_needed = slot == "key" and one.required
            code = "required-key-added" if is_needed else f"{slot}-added"
            text = member_text(new, one)
            yield Change(code, new.address, one.name, after=text, pointer=one.pointer)
        for before, after in found.both:
            yield from self._member(slot, (old, before), (new, after))

    def _member(
        self, slot: str, old: tuple[TypeEntry, Member], new: tuple[TypeEntry, Member]
    ) -> Iterator[Change]:
        (_, before), (entry, after) = old, new
        texts = (member_text(*old), member_text(*new))
        base = Change("", entry.address, after.name, *texts, pointer=after.pointer)
        if slot == "attribute" and before.name != after.name:
            yield replace(base, code="attribute-renamed")
        if slot == "key" and before.required != after.required:
            code = "key-now-required" if after.required else "key-now-optional"
            yield replace(base, code=code)
        verdict = self._meanings.verdict(before.annotation, after.annotation)
        if verdict != "same":
            yield replace(
                base, code=f"{slot}-{verdict}", detail=self._detail(slot, verdict, before, after)
            )
        if before.deprecated != after.deprecated:
            yield replace(base, code=deprecation(after.deprecated), before="")

    def _detail(self, slot: str, verdict: str, before: Member, after: Member) -> str:
        texts = (before.annotation, after.annotation)
        if slot == "attribute" and verdict == "widened":
            come = " or ".join(one.text for one in self._meanings.come(*texts))
            return f"It can now be {come}."
        if slot == "key" and verdict == "narrowed":
            gone = " or ".join(one.text for one in self._meanings.gone(*texts))
            return f"It no longer accepts {gone}."
        return ""


def _value(entry: TypeEntry, alternative: Alternative) -> str:
    return f"{entry.address}: {alternative.name}"


def _defined(entry: TypeEntry) -> str:
    return f"{entry.address} = {entry.definition.text}"


def _documented_otherwise(old: TypeEntry, new: TypeEntry) -> list[str]:
    """The changed descriptions of the type and its members."""
    found = ["the type"] if old.description != new.description else []
    before = {one.wire_name: one.description for one in old.members}
    return found + [
        one.name
        for one in new.members
        if before.get(one.wire_name, one.description) != one.description
    ]
