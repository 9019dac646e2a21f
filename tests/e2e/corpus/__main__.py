"""``python -m e2e.corpus CORPUS``, as the Makefile calls it."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from e2e.corpus.index import documents
from e2e.corpus.outcomes import STEPS, Outcome, Step
from e2e.corpus.report import failing, report
from e2e.corpus.state import FOLDER, State
from e2e.corpus.workers import Plan, run_all


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the pending documents and report on all; 1 if one fails unexpectedly."""
    asked = _parser().parse_args(arguments)
    last: Step = "call" if asked.call else asked.step
    try:
        found = documents(asked.corpus, asked.only or ("*",))[asked.slice]
    except (OSError, ValueError) as error:
        print(f"corpus: {error}", file=sys.stderr)
        return 2
    state = State(asked.work / "results.jsonl", asked.corpus, fresh=asked.fresh)
    known = {one.path: state.known(one, last) for one in found}
    outcomes = {path: outcome for path, outcome in known.items() if outcome is not None}
    pending = [one for one in found if one.path not in outcomes]
    if len(pending) < len(found):
        print(f"{len(found) - len(pending)} documents are as the run before found them")
    start, plan = time.monotonic(), Plan(asked.corpus, asked.work, last, asked.processes)
    for done, (document, outcome) in enumerate(run_all(pending, plan), 1):
        state.add(last, outcome)
        outcomes[document.path] = outcome
        _show(f"{done}/{len(pending)} {time.monotonic() - start:.0f} s  {_told(outcome)}")
    text = report(found, outcomes, last)
    (asked.work / "report.txt").write_text(text + "\n", encoding="utf-8")
    print(f"\n{text}\n\nThis run took {time.monotonic() - start:.0f} s.")
    return 1 if failing(found, outcomes) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m e2e.corpus",
        description="Generate, import, type-check and call the SDK of every document of a corpus.",
    )
    parser.add_argument("corpus", type=Path, help="the folder with index.tsv and the documents")
    parser.add_argument(
        "--only", action="append", metavar="GLOB", help="documents with such a path; repeatable"
    )
    parser.add_argument(
        "--slice", type=_slice, default=slice(None), metavar="FROM:TO", help="these by size"
    )
    parser.add_argument(
        "--step", choices=STEPS, default="types", help="the last step to run (default: types)"
    )
    parser.add_argument("--call", action="store_true", help="call every method: --step call")
    parser.add_argument("--fresh", action="store_true", help="forget what earlier runs found")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="how many")
    parser.add_argument("--work", type=Path, default=FOLDER, help="where results and SDKs are kept")
    return parser


def _slice(text: str) -> slice:
    first, last = text.split(":")
    return slice(int(first or 0), int(last) if last else None)


def _told(outcome: Outcome) -> str:
    first = outcome.first_failure
    return f"{outcome.document}  {f'{first[0]}: {first[1].cause}' if first else 'passed'}"


def _show(line: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\x1b[K{line[:100]}", end="", file=sys.stderr, flush=True)
    else:
        print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
