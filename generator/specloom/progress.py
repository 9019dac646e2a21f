"""Shows the current step on a terminal, and adds it to unexpected exceptions.

`Progress` shows the current step on one line of a terminal, and removes it when the run ends.
`making` adds the current step and place to an exception. The command line prints both in one line,
because a traceback does not help the author of a description.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from types import TracebackType
from typing import TextIO

from specloom.errors import Locator

_MAKING = "_specloom_making"


@contextmanager
def making(what: str, pointer: str = "") -> Iterator[None]:
    """A block that adds its step and its place to exceptions. The innermost block wins."""
    try:
        yield
    except Exception as error:
        if not hasattr(error, _MAKING):
            setattr(error, _MAKING, (what, pointer))
        raise


@contextmanager
def located(locator: Locator) -> Iterator[None]:
    """A block that replaces the pointer in exceptions by the place in a file."""
    try:
        yield
    except Exception as error:
        what, pointer = getattr(error, _MAKING, ("", ""))
        if "#" in pointer:
            setattr(error, _MAKING, (what, str(locator.locate(pointer))))
        raise


def made_when(error: BaseException) -> str:
    """The step and the place at which `error` was raised, as text; empty if unknown."""
    what, place = getattr(error, _MAKING, ("", ""))
    return f"{what} of {place}" if place else what


_PATIENCE = 1.0
"""Seconds until progress is shown: most runs are shorter."""

_STEP = 0.1
"""Seconds between two updates."""

_ERASED = "\r\x1b[2K"


Tell = Callable[[str], None]
"""Receives the current step as a short text."""


def tell_nobody(_doing: str, /) -> None:
    """Ignores the step."""


class Progress:
    """Shows the current step on a terminal without slowing the work.

    A thread draws, because a single stage may take long.
    """

    def __init__(self, stream: TextIO, *, patience: float = _PATIENCE) -> None:
        self._stream = stream
        self._patience = patience
        self._doing = ""
        self._over = Event()
        self._thread = Thread(target=self._draw, daemon=True)

    def __call__(self, doing: str, /) -> None:
        self._doing = doing

    def __enter__(self) -> Progress:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def _draw(self) -> None:
        if self._over.wait(self._patience):
            return
        shown = ""
        try:
            while True:
                if self._doing != shown:
                    shown = self._doing
                    width = shutil.get_terminal_size().columns - 1
                    self._put(f"{_ERASED}{shown[:width]}")
                if self._over.wait(_STEP):
                    return
        finally:
            self._put(_ERASED)

    def _put(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()
