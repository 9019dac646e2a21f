"""The outcomes of a run as a table, with failures and counts of causes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from e2e.corpus.index import Document, Group
from e2e.corpus.outcomes import STEPS, Outcome, Step

_GROUPS: tuple[Group, ...] = ("real, valid", "edge, valid", "invalid")


def report(documents: Sequence[Document], outcomes: Mapping[str, Outcome], last: Step) -> str:
    """The report of a run up to the step ``last``."""
    parts = [_table(documents, outcomes, last), _counts(outcomes.values()), _causes(outcomes)]
    return "\n\n".join(part for part in (*parts, _list(documents, outcomes)) if part)


def failing(documents: Iterable[Document], outcomes: Mapping[str, Outcome]) -> list[Document]:
    """The documents that did not do what they should: a valid one passes every step; an invalid
    one is refused with a place, or its SDK imports and type-checks (what it says to a server is
    anyone's guess).
    """
    return [
        document
        for document in documents
        if document.path in outcomes and _fails(document, outcomes[document.path])
    ]


def _fails(document: Document, outcome: Outcome) -> bool:
    first = outcome.first_failure
    if first is None or document.is_valid:
        return first is not None
    return not outcome.is_refused and first[0] != "call"


def _table(documents: Sequence[Document], outcomes: Mapping[str, Outcome], last: Step) -> str:
    lines = [f"{'step':<10}" + "".join(f"{group:>34}" for group in _GROUPS)]
    for step in STEPS:
        cells = [
            _cell([one for one in documents if one.group == group], outcomes, step)
            for group in _GROUPS
        ]
        asked = STEPS.index(step) <= STEPS.index(last)
        shown = "".join(f"{cell:>34}" for cell in cells) if asked else "  not asked for"
        lines.append(f"{step:<10}{shown}")
    total = sum(outcome.first_failure is None for outcome in outcomes.values())
    refused = sum(outcome.is_refused for outcome in outcomes.values())
    lines.append(
        f"{len(documents)} documents: {total} passed, {refused} refused with a place,"
        f" {len(outcomes) - total - refused} failed, {len(documents) - len(outcomes)} not run"
    )
    return "\n".join(lines)


def _cell(documents: Sequence[Document], outcomes: Mapping[str, Outcome], step: Step) -> str:
    results = [
        outcomes[one.path].result(step) if one.path in outcomes else None for one in documents
    ]
    ran = [result for result in results if result is not None]
    passed = sum(not result.failures for result in ran)
    told = f"{passed} of {len(documents)}"
    not_run = len(documents) - len(ran)
    return f"{told}, {not_run} not run" if not_run else told


def _counts(outcomes: Iterable[Outcome]) -> str:
    """The total counts of each step, and its seconds."""
    total: Counter[str] = Counter()
    seconds = dict.fromkeys(STEPS, 0.0)
    for outcome in outcomes:
        for result in outcome.steps:
            total.update(result.counts)
            seconds[result.step] += result.seconds
    told = [f"  {count:>9,}  {what}" for what, count in sorted(total.items())]
    times = ", ".join(f"{step} {seconds[step]:.0f} s" for step in STEPS if seconds[step])
    return "\n".join(["Counted:", *told, f"  seconds of work: {times}"])


def _causes(outcomes: Mapping[str, Outcome]) -> str:
    """For each cause, the number of documents and of failures."""
    documents: Counter[tuple[Step, str]] = Counter()
    times: Counter[tuple[Step, str]] = Counter()
    for outcome in outcomes.values():
        found = [(one.step, failure.cause) for one in outcome.steps for failure in one.failures]
        times.update(found)
        documents.update(set(found))
    if not documents:
        return ""
    lines = ["Causes:  documents    times"]
    for (step, cause), count in documents.most_common():
        lines.append(f"  {count:>15} {times[step, cause]:>8}  {step}: {cause}")
    return "\n".join(lines)


def _list(documents: Sequence[Document], outcomes: Mapping[str, Outcome]) -> str:
    return "\n".join(_listed(documents, outcomes))


def _listed(documents: Sequence[Document], outcomes: Mapping[str, Outcome]) -> Iterator[str]:
    should_pass = {one.path for one in failing(documents, outcomes)}
    for title, is_expected in (("As may be:", True), ("Failures:", False)):
        lines = []
        for document in sorted(documents, key=lambda one: one.path):
            outcome = outcomes.get(document.path)
            first = outcome.first_failure if outcome else None
            if first is not None and is_expected == (document.path not in should_pass):
                valid = "" if document.is_valid else " (called invalid)"
                lines.append(f"  {document.path}{valid}\n      {first[0]}: {first[1]}")
        if lines:
            yield title
            yield from lines
