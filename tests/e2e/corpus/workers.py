"""Runs documents in separate processes, several at a time."""

from __future__ import annotations

import multiprocessing
import shutil
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from e2e.corpus.index import Document
from e2e.corpus.outcomes import STEPS, Failure, Outcome, Step, StepResult
from e2e.corpus.steps import run_steps

SECONDS = 240.0
"""The maximum time of a document."""


@dataclass(frozen=True)
class Plan:
    """What is run: where the documents are, where the work is done, and how far it goes."""

    corpus: Path
    work: Path
    last: Step
    processes: int = 2

    def folder(self, document: Document) -> Path:
        """Where the SDK of a document is written; it stays there if something is wrong with it."""
        return self.work / "sdks" / document.path.replace("/", "__")


@dataclass
class _Running:
    document: Document
    slot: int
    process: ForkServerProcess
    results: Connection
    deadline: float
    steps: list[StepResult] = field(default_factory=list)


def run_all(documents: Iterable[Document], plan: Plan) -> Iterator[tuple[Document, Outcome]]:
    """Run each document in its own process; yields the outcomes."""
    # A fork server has everything imported once, and is a process without threads to fork from.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["e2e.corpus.steps"])
    pending = list(reversed(list(documents)))
    running: list[_Running] = []
    try:
        while pending or running:
            free = sorted(set(range(plan.processes)) - {one.slot for one in running})
            running += [_start(context, pending.pop(), plan, slot) for slot in free[: len(pending)]]
            for one in _ended(running):
                running.remove(one)
                yield one.document, _outcome(one, plan)
    finally:
        for one in running:
            one.process.kill()


def _start(
    context: multiprocessing.context.ForkServerContext, document: Document, plan: Plan, slot: int
) -> _Running:
    folder = plan.folder(document)
    shutil.rmtree(folder, ignore_errors=True)
    ours, theirs = context.Pipe(duplex=False)
    arguments = (plan.corpus / document.path, folder, plan.work / f"types{slot}", plan.last, theirs)
    process = context.Process(target=_work, args=arguments, daemon=True)
    process.start()
    theirs.close()
    return _Running(document, slot, process, ours, time.monotonic() + SECONDS)


def _work(document: Path, folder: Path, types: Path, last: Step, results: Connection) -> None:
    for result in run_steps(document, folder, types, last):
        results.send(result)


def _ended(running: list[_Running]) -> Iterator[_Running]:
    """Receive results; returns the documents whose process has ended or must end."""
    soonest = min(one.deadline for one in running)
    wait([one.results for one in running], timeout=max(0.0, soonest - time.monotonic()))
    for one in list(running):
        if not _take(one):
            one.process.join()
            yield one
        elif time.monotonic() > one.deadline:
            one.process.kill()
            one.process.join()
            one.steps.append(_broken(one, "took too long", f"more than {SECONDS:.0f} s"))
            yield one


def _take(one: _Running) -> bool:
    """Whether there may be more results."""
    try:
        while one.results.poll():
            one.steps.append(one.results.recv())
    except EOFError:
        return False
    return True


def _broken(one: _Running, cause: str, error: str) -> StepResult:
    done = {result.step for result in one.steps}
    step = next(step for step in STEPS if step not in done)
    return StepResult(step, (Failure(cause, error),))


def _outcome(one: _Running, plan: Plan) -> Outcome:
    if one.process.exitcode not in (0, -9):
        one.steps.append(_broken(one, "process died", f"exit code {one.process.exitcode}"))
    outcome = Outcome(one.document.path, tuple(one.steps))
    if outcome.first_failure is None:
        shutil.rmtree(plan.folder(one.document), ignore_errors=True)
    return outcome
