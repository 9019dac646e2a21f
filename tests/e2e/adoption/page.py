"""``docs/adoption.md``: the result for each SDK."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from specloom.adoption.proving.inside.specloom_alias import SUPPLIED

_HEAD = """\
# SDKs that were taken over

`make adoption` takes over SDKs that their vendors publish, by exact pins, and
[proves](adopt.md#prove-it) that code for the old SDK works with the new one. Percentages are of
what the old SDK and the description both have, and of the tests that the old SDK passes itself on
the same mock server.

- *calls*: each method with the arguments that it needs, and with all of them; equal if method,
  path, query, headers and body are.
- *answers*: calls that also return the same values.
- *tests*: the old SDK's `tests/api_resources`, in strict mode, with the clients of httpx, without
  those that call methods which the description lacks. "cut" says that the time for an SDK was over
  before all of its tests had run; the average leaves such tests out.

| SDK | operations in both | names kept | calls equal | answers equal | tests passed |
| --- | --- | --- | --- | --- | --- |
"""
_STAINFUL = """\

stainful 0.6.0 also reads Stainless's configuration. From the public one of lumaai and the same
description it generates all 14 methods with their old names. Its class is `Lumaai` instead of
`LumaAI`, and the argument for the key is `api_key` instead of `auth_token`, so that no call of the
old README runs unchanged. The public configuration of opencode names 25 methods and is older than
the description. stainful stops at a method that the description lacks, and where a parameter of the
path has another name. Without these 14 it generates 11 methods with their old names. specloom takes
19 names from the same file and lists the 6 methods that the description lacks. No public
configuration of the other six was found.
"""
_MOST = 6


@dataclass(frozen=True)
class Outcome:
    """An SDK; ``report`` is its ``adoption.json``, or None with a ``reason``."""

    pin: str
    report: Mapping[str, Any] | None
    reason: str

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> Outcome:
        """An outcome as the run wrote it."""
        return cls(value["pin"], value["report"], value["reason"])


def page_of(outcomes: Sequence[Outcome]) -> str:
    """The page."""
    rows = [f"| {' | '.join(_row(one))} |\n" for one in outcomes]
    return _HEAD + "".join(
        [*rows, *_average(outcomes), _STAINFUL, *map(_reasons, outcomes), _supplied()]
    )


def _row(one: Outcome) -> Iterator[str]:
    yield one.pin.replace("==", " ")
    if one.report is None:
        yield f"no result: {one.reason.replace('|', ' ')}"
        yield from [""] * 4
        return
    operations, proof = one.report["operations"], one.report["proof"]
    yield f"{operations['common']} of {operations['old']}"
    yield _share(operations["named"], operations["common"])
    yield _share(proof["same_requests"], proof["calls"])
    yield _share(proof["same_answers"], proof["calls"])
    cut = f"; cut: {_plain(proof['tests_cut'])}" if proof["tests_cut"] else ""
    yield _share(proof["tests_kept"], proof["tests"]) + cut


def _share(count: int | None, of: int | None) -> str:
    return f"{count} of {of} ({100 * count / of:.1f} %)" if count is not None and of else "none"


def _average(outcomes: Sequence[Outcome]) -> Iterator[str]:
    proofs = [one.report["proof"] for one in outcomes if one.report]
    pairs = (("calls", "same_requests"), ("calls", "same_answers"), ("tests", "tests_kept"))
    means = []
    for of, count in pairs:
        counted = [one for one in proofs if one[of] and not (of == "tests" and one["tests_cut"])]
        shares = [one[count] / one[of] for one in counted]
        means.append(f"{100 * sum(shares) / len(shares):.1f} %" if shares else "none")
    yield f"| average | | | {' | '.join(means)} |\n"


def _reasons(one: Outcome) -> str:
    """The causes of failures, the most frequent first."""
    if one.report is None:
        return ""
    lines = []
    for kind in ("wire", "answer", "test"):
        texts = [
            _plain(each["detail"]) for each in one.report["differences"] if each["kind"] == kind
        ]
        for text, count in Counter(texts).most_common(_MOST):
            lines.append(f"- {kind}, {count}: `{text}`\n")
    return (
        f"\n## {one.pin.replace('==', ' ')}\n\n{''.join(lines) or 'Nothing failed.'}".rstrip()
        + "\n"
    )


def _plain(text: str) -> str:
    """A cause without names of this machine or of one test, as one line."""
    text = re.sub(r"\S*/(?=[\w.]+\.py)", "", text)
    text = re.sub(r"\.py:\d+", ".py", text)
    return text.replace("`", "'")[:160]


def _supplied() -> str:
    lines = "".join(f"- {one}\n" for one in SUPPLIED)
    return f"\n## What the proof supplies to the tests\n\n{lines}"
