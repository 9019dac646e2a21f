"""Processes that share a large piece of work, part by part, where there is more than one processor.

A worker is a new interpreter: nothing is inherited, and what goes there and comes back is copied.
That is worth it only for much work that needs few words, so the caller says how much there is.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

PartT = TypeVar("PartT")
ResultT = TypeVar("ResultT")

_MOST = 8
"""More processes than these cost memory, and gain little: not all of the work is shared."""


class Workers:
    """Up to ``count`` processes; they start with the first work that is worth it."""

    def __init__(self, count: int = 1) -> None:
        self.count = count
        self._pool: ProcessPoolExecutor | None = None

    def map(
        self, work: Callable[[PartT], ResultT], parts: Sequence[PartT], *, is_much: bool
    ) -> Iterator[ResultT]:
        """What ``work``, a function of a module, makes of every part, in the order of the parts.

        All is done here if it is not much, and what is left if the workers die.
        """
        done = 0
        if is_much and self.count > 1 and len(parts) > 1:
            for result in self._shared(work, parts):
                yield result
                done += 1
        yield from map(work, islice(parts, done, None))

    def _shared(
        self, work: Callable[[PartT], ResultT], parts: Sequence[PartT]
    ) -> Iterator[ResultT]:
        # Imported here: few descriptions are so large.
        from concurrent.futures import ProcessPoolExecutor
        from concurrent.futures.process import BrokenProcessPool
        from multiprocessing import get_context

        try:
            if self._pool is None:
                # Not forked: a thread may be drawing what the run is at.
                context = get_context("spawn")
                self._pool = ProcessPoolExecutor(self.count, context, _leave_interrupts)
            yield from self._pool.map(work, parts)
        except (BrokenProcessPool, OSError):
            self.count = 1

    def close(self) -> None:
        """End the processes; work that was begun is not waited for."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)


def _leave_interrupts() -> None:
    """Ctrl-C is for the process that started the workers: it ends them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def one_for_each_processor() -> Generator[Workers]:
    """As many as there are processors for this process."""
    workers = Workers(min(_MOST, _processors()))
    try:
        yield workers
    finally:
        workers.close()


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
