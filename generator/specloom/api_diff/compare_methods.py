"""Compares methods: calls, arguments, results and errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from specloom.api_diff.annotation import Meanings
from specloom.api_diff.changes import Change, deprecation
from specloom.api_diff.pairs import argument_pairs, method_pairs, template
from specloom.api_diff.view import Argument, Call, Failure, Method, called, returning, typed
from specloom.sdk.code import NONE


class MethodComparison:
    """Compares methods.

    ``meanings`` resolves the types in their signatures, ``former`` lists former names that still
    work.
    """

    def __init__(self, meanings: Meanings, former: Mapping[str, str]) -> None:
        self._meanings = meanings
        self._former = former

    def changes(self, old: tuple[Method, ...], new: tuple[Method, ...]) -> Iterator[Change]:
        """The changes of the methods."""
        pairs = method_pairs(old, new)
        for method in pairs.removed:
            detail = "It was deprecated." if method.deprecated else ""
            yield Change(
                "method-removed",
                method.address,
                before=called(method),
                detail=detail,
                pointer=method.pointer,
                is_gone=True,
            )
        for method in pairs.added:
            yield Change(
                "method-added", method.address, after=called(method), pointer=method.pointer
            )
        for before, after in pairs.both:
            yield from self._method(before, after)

    def _method(self, old: Method, new: Method) -> Iterator[Change]:
        base = Change("", new.address, pointer=new.pointer)
        if old.address != new.address:
            texts = (called(old), called(new))
            works = self._former.get(old.address) == new.address
            code = "method-renamed-with-alias" if works else "method-renamed"
            yield replace(base, code=code, before=texts[0], after=texts[1])
        if old.waits:
            return  # it has the arguments, the result and the errors of the plain method
        if (old.http_method, template(old.path)) != (new.http_method, template(new.path)):
            before, after = f"{old.http_method} {old.path}", f"{new.http_method} {new.path}"
            yield replace(base, code="endpoint-changed", before=before, after=after)
        if old.deprecated != new.deprecated:
            yield replace(base, code=deprecation(new.deprecated), after=called(new))
        yield from self._calls(old, new)
        yield from self._failures(old, new)
        if changed := _documented_otherwise(old, new):
            detail = f"Changed: {', '.join(changed)}."
            yield replace(base, code="documentation-changed", detail=detail)

    def _calls(self, old: Method, new: Method) -> Iterator[Change]:
        """The ways to call a method. A change of all of them is reported once."""
        ways = {one.when: one for one in new.calls}
        reported: set[tuple[str, str]] = set()
        for before in old.calls:
            after = ways.pop(before.when, None)
            if after is None:
                text = called(old, before)
                yield Change("call-removed", new.address, before.when, text, pointer=new.pointer)
                continue
            found = [*self._arguments(old, new, before, after), *self._result(new, before, after)]
            yield from (one for one in found if (one.code, one.member) not in reported)
            reported |= {(one.code, one.member) for one in found}
        for after in ways.values():
            text = called(new, after)
            yield Change("call-added", new.address, after.when, after=text, pointer=new.pointer)

    def _result(self, new: Method, before: Call, after: Call) -> Iterator[Change]:
        verdict = self._meanings.verdict(before.returns, after.returns)
        if verdict != "same":
            yield Change(
                f"return-{verdict}",
                new.address,
                after.when,
                before=returning(new, replace(after, returns=before.returns)),
                after=returning(new, after),
                detail=self._what_came(before, after) if verdict == "widened" else "",
                pointer=new.pointer,
            )

    def _what_came(self, before: Call, after: Call) -> str:
        new = " or ".join(one.text for one in self._meanings.come(before.returns, after.returns))
        return f"It can now be {new}."

    def _arguments(self, old: Method, new: Method, before: Call, after: Call) -> Iterator[Change]:
        pairs = argument_pairs(old, new, before, after)
        for one in pairs.removed:
            texts = (called(old, before, show=one.name), called(new, after))
            yield Change("argument-removed", new.address, one.name, *texts, pointer=new.pointer)
        for one in pairs.added:
            code = "required-argument-added" if one.required else "argument-added"
            texts = (called(old, before), called(new, after, show=one.name))
            pointer = one.pointer or new.pointer
            yield Change(code, new.address, one.name, *texts, pointer=pointer)
        for first, second in pairs.both:
            yield from self._argument((old, before, first), (new, after, second))

    def _argument(
        self, old: tuple[Method, Call, Argument], new: tuple[Method, Call, Argument]
    ) -> Iterator[Change]:
        (old_method, before, first), (new_method, after, second) = old, new
        texts = (
            called(old_method, before, show=first.name),
            called(new_method, after, show=second.name),
        )
        base = Change(
            "",
            new_method.address,
            second.name,
            *texts,
            pointer=second.pointer or new_method.pointer,
        )
        if first.name != second.name:
            yield replace(base, code="argument-renamed")
        if first.positional != second.positional:
            yield replace(base, code="argument-moved")
        if first.required != second.required:
            yield self._requirement(base, old, new)
        verdict = self._meanings.verdict(first.annotation, second.annotation)
        if verdict != "same":
            yield replace(
                base,
                code=f"argument-{verdict}",
                before=typed(old_method, before, first),
                after=typed(new_method, after, second),
                detail=self._what_went(first, second) if verdict == "narrowed" else "",
            )
        if _is_sent_otherwise(first, second):
            sent = [f"{one.location} {one.wire_name!r}" for one in (first, second)]
            yield replace(base, code="argument-sent-otherwise", before=sent[0], after=sent[1])
        if first.deprecated != second.deprecated:
            yield replace(base, code=deprecation(second.deprecated), before="")

    def _requirement(
        self,
        base: Change,
        old: tuple[Method, Call, Argument],
        new: tuple[Method, Call, Argument],
    ) -> Change:
        """An argument becomes required or optional: one call shows it, the other omits it."""
        if new[2].required:
            return replace(base, code="argument-now-required", before=called(old[0], old[1]))
        return replace(base, code="argument-now-optional", after=called(new[0], new[1]))

    def _what_went(self, before: Argument, after: Argument) -> str:
        gone = self._meanings.gone(before.annotation, after.annotation)
        return f"It no longer accepts {' or '.join(one.text for one in gone)}."

    def _failures(self, old: Method, new: Method) -> Iterator[Change]:
        before = {one.status: one for one in old.failures}
        after = {one.status: one for one in new.failures}
        base = Change("", new.address, pointer=new.pointer)
        for status in sorted(before.keys() | after.keys()):
            first, second = before.get(status), after.get(status)
            change = replace(base, member=status, before=_raised(first), after=_raised(second))
            if second is None:
                yield replace(change, code="error-removed")
            elif first is None:
                yield replace(change, code="error-added")
            elif self._meanings.verdict(first.body, second.body) not in ("same", "respelled"):
                yield replace(change, code="error-retyped")


def _raised(failure: Failure | None) -> str:
    if failure is None:
        return ""
    body = "" if failure.body == NONE else f"  # error.parsed: {failure.body.text}"
    return f"except {failure.error}{body}"


def _is_sent_otherwise(old: Argument, new: Argument) -> bool:
    if old.location == new.location == "path":
        return False  # a name within a path template is never sent
    return (old.location, old.wire_name) != (new.location, new.wire_name)


def _documented_otherwise(old: Method, new: Method) -> list[str]:
    """The changed descriptions of the method and its arguments."""
    found = ["the method"] if old.description != new.description else []
    before, after = (
        {one.name: one.description for call in reversed(method.calls) for one in call.arguments}
        for method in (old, new)
    )
    return found + [name for name in after if name in before and before[name] != after[name]]
