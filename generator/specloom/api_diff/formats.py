"""Formats a report as text, Markdown or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator

from specloom.api_diff.changes import Change
from specloom.api_diff.kinds import Bump
from specloom.api_diff.report import Report, Version
from specloom.docs.prose import code, line
from specloom.errors import Location, printable

FORMAT = 1
"""The version of the JSON format. It changes if a reader of the old format would break."""


def as_text(report: Report) -> str:
    """For a terminal: `file:line:column: code: subject`, the code before and after, the meaning."""
    if not report.changes:
        return f"{_same(report)}\n"
    blocks = ["\n".join(_block(place, change)) for place, change in report.placed()]
    return "\n\n".join([*blocks, _summary(report)]) + "\n"


def _same(report: Report) -> str:
    return f"{printable(report.old)} and {printable(report.new)} have the same surface."


def _block(place: Location, change: Change) -> Iterator[str]:
    mark = " [breaking]" if change.is_breaking else ""
    yield f"{printable(str(place))}: {change.code}: {printable(subject(change))}{mark}"
    if change.before:
        yield f"  - {printable(change.before)}"
    if change.after:
        yield f"  + {printable(change.after)}"
    yield f"  {printable(change.why)}"


def subject(change: Change) -> str:
    """The subject of a change: ``threads.runs.create (model)``."""
    return f"{change.address} ({change.member})" if change.member else change.address


def _summary(report: Report) -> str:
    breaking = f"{report.breaking} breaking" if report.breaking else "none breaking"
    return f"{_counted(len(report.changes))}, {breaking}. {version_text(report)}"


def _counted(count: int) -> str:
    return f"{count} change{'s' * (count != 1)}"


def version_text(report: Report) -> str:
    """The version step that the changes need, and the version of the new description."""
    version, bump = report.version, report.bump
    if bump is None:
        return ""
    before_one = f" (before 1.0.0: {version.step})" * (version.step != bump)
    step = f"The changes need a {bump} version step{before_one}"
    if version.asked is None:
        return f"{step}."
    return f"{step}: {version.old} → {version.asked}{_made(version)}."


def _made(version: Version) -> str:
    if version.is_enough:
        return f", and x-sdk.version is {version.new}" if version.new != version.asked else ""
    return f"; x-sdk.version is {version.new}"


_SECTIONS: dict[Bump, str] = {
    "major": "Breaking changes",
    "minor": "Additions and compatible changes",
    "patch": "Invisible to callers",
}


# The page that relative links start from. The texts of a report contain none.
_PAGE = "CHANGELOG.md"


def as_markdown(report: Report) -> str:
    """For a changelog: breaking changes first."""
    if not report.changes:
        return "No changes.\n"
    parts: list[str] = []
    for bump, title in _SECTIONS.items():
        entries = [_entry(change) for change in report.changes if change.bump == bump]
        if entries:
            parts.append(f"### {title}\n\n" + "\n".join(entries))
    return "\n\n".join(parts) + "\n"


def _entry(change: Change) -> str:
    member = f" ({code(change.member)})" if change.member else ""
    lines = [f"- {code(change.address)}{member}: {line(change.why, _PAGE)}"]
    lines += [f"  - before: {code(change.before)}"] * bool(change.before)
    lines += [f"  - after: {code(change.after)}"] * bool(change.after)
    return "\n".join(lines)


def as_json(report: Report) -> str:
    """For programs. docs/diff.md and ``diff.schema.json`` describe the format."""
    version = report.version
    document = {
        "format": FORMAT,
        "old": report.old,
        "new": report.new,
        "breaking": report.breaking > 0,
        "bump": report.bump,
        "version": {
            "old": version.old,
            "new": version.new,
            "asked": version.asked,
            "step": version.step,
        },
        "changes": [_plain(place, change) for place, change in report.placed()],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _plain(place: Location, change: Change) -> dict[str, object]:
    return {
        "code": change.code,
        "breaking": change.is_breaking,
        "bump": change.bump,
        "address": change.address,
        "member": change.member,
        "before": change.before,
        "after": change.after,
        "why": change.why,
        "file": place.file,
        "line": place.line,
        "column": place.column,
    }
