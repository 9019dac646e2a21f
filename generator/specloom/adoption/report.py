"""The report of an adoption: ADOPTION.md for people, adoption.json for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

from specloom.adoption.surface import KINDS, Comparison, Difference, OldSdk, Proof
from specloom.scaffold.overlay_text import one_line

_MOST = 200
"""Differences of one kind that ADOPTION.md lists; adoption.json has all of them."""


def as_markdown(sdk: OldSdk, comparison: Comparison, proof: Proof | None) -> str:
    """The report as a page."""
    lines = [*_summary(sdk, comparison, proof), *_differences(comparison)]
    lines += [*_unread(sdk), *_internals(sdk), ""]
    return "\n".join(lines)


def _summary(sdk: OldSdk, one: Comparison, proof: Proof | None) -> Iterator[str]:
    yield f"# Adoption of {_line(sdk.package)} {_line(sdk.version)}".rstrip()
    yield ""
    yield f"Layout: {sdk.layout}. Percentages are of the operations that the old SDK and the"
    yield "description both have."
    yield ""
    yield "| | |"
    yield "| --- | --- |"
    yield f"| methods of the old SDK | {len(sdk.methods)} |"
    yield f"| operations in both | {one.common} |"
    yield f"| names kept | {_of(one.named, one.common)} |"
    yield f"| names and path arguments kept | {_of(one.addressed, one.common)} |"
    yield f"| no difference in calls | {_of(one.equal, one.common)} |"
    yield from _proof(proof) if proof else ()
    waived = len(one.differences) - len(one.open)
    yield f"| differences | {len(one.open)} open, {waived} waived |"
    yield f"| not read | {len(sdk.unread)} |"


def _proof(proof: Proof) -> Iterator[str]:
    yield f"| calls with the same requests | {_of(proof.same_requests, proof.calls)} |"
    yield f"| calls with the same answers | {_of(proof.same_answers, proof.calls)} |"
    if proof.tests is not None and proof.kept is not None:
        yield f"| tests of the old SDK | {_of(proof.kept, proof.tests, ' that it passes')} |"
    if proof.left_out:
        yield f"| its tests of methods that the description lacks | {proof.left_out}, not counted |"
    if proof.cut:
        yield f"| not all tests have run | {_line(proof.cut)} |"


def _of(count: int, total: int, of_what: str = "") -> str:
    share = f"{100 * count / total:.1f} %" if total else "none"
    return f"{count} of {total}{of_what} ({share})"


def _differences(one: Comparison) -> Iterator[str]:
    for kind, meaning in KINDS.items():
        found = [each for each in one.differences if each.kind == kind]
        if found:
            yield f"\n## {kind}: {len(found)}\n\n{meaning}\n"
            yield from map(_item, found[:_MOST])
            if len(found) > _MOST:
                yield f"- … and {len(found) - _MOST} more in adoption.json"


def _item(one: Difference) -> str:
    waived = f" (waived by `{_line(one.waived)}`)" if one.waived else ""
    return f"- `{_line(one.subject)}`: {_line(one.detail)}; {_line(str(one.place))}{waived}"


def _unread(sdk: OldSdk) -> Iterator[str]:
    if sdk.unread:
        yield f"\n## Not read: {len(sdk.unread)}\n"
        yield "Parts of the old SDK that specloom does not read. Compare them by hand.\n"
        yield from (f"- {_line(str(one.place))}: {_line(one.reason)}" for one in sdk.unread)


def _internals(sdk: OldSdk) -> Iterator[str]:
    if sdk.internals:
        yield f"\n## Internals: {sum(map(len, sdk.internals.values()))}\n"
        yield "Names of the old SDK's own modules that the new SDK lacks. Only programs that import"
        yield "them notice.\n"
        for module, names in sdk.internals.items():
            yield f"- `{_line(f'{sdk.package}.{module}')}`: {_line(', '.join(names))}"


def _line(text: str) -> str:
    """A text of the old SDK on one line, without Markdown markup."""
    return one_line(text).replace("<", "&lt;").replace("|", "\\|")


def as_json(sdk: OldSdk, comparison: Comparison, proof: Proof | None) -> str:
    """The report as JSON."""
    value: dict[str, object] = {
        "old": {"package": sdk.package, "version": sdk.version, "layout": sdk.layout},
        "operations": {
            "old": len(sdk.methods),
            "common": comparison.common,
            "named": comparison.named,
            "addressed": comparison.addressed,
            "equal": comparison.equal,
        },
        "proof": _proof_value(proof) if proof else None,
        "differences": [
            {
                "kind": one.kind,
                "subject": one.subject,
                "detail": one.detail,
                **asdict(one.place),
                "waived": one.waived or None,
            }
            for one in comparison.differences
        ],
        "unread": [{**asdict(one.place), "reason": one.reason} for one in sdk.unread],
        "internals": {module: list(names) for module, names in sdk.internals.items()},
    }
    return f"{json.dumps(value, indent=2, ensure_ascii=False)}\n"


def _proof_value(proof: Proof) -> dict[str, object]:
    return {
        "calls": proof.calls,
        "same_requests": proof.same_requests,
        "same_answers": proof.same_answers,
        "tests": proof.tests,
        "tests_kept": proof.kept,
        "tests_left_out": proof.left_out,
        "tests_cut": proof.cut or None,
    }
