"""What specloom is doing: shown while it runs, and said of an exception that no input should raise.

`Progress` shows the current step on one line of a terminal, and removes it when the run ends.
`Making` notes on an exception what was being made of which place. The command line prints that in
one line, instead of a traceback that tells nothing to the author of a description.
"""

from __future__ import annotations

import shutil
from threading import Event, Thread
from types import TracebackType
from typing import Protocol, TextIO

from specloom.errors import Locator

_MAKING = "_specloom_making"


class Making:
    """A block that notes on an exception that leaves it what was being made, of which place.

    The innermost block wins. Nothing happens on the good path.
    """

    __slots__ = ("_pointer", "_what")

    def __init__(self, what: str, pointer: str = "") -> None:
        self._what = what
        self._pointer = pointer

    def __enter__(self) -> None:
        """Nothing is to be prepared."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Note the place, unless a block inside has done so."""
        if isinstance(error, Exception) and not hasattr(error, _MAKING):
            setattr(error, _MAKING, (self._what, self._pointer))


class Located:
    """A block whose exceptions get places of files instead of pointers."""

    __slots__ = ("_locator",)

    def __init__(self, locator: Locator) -> None:
        self._locator = locator

    def __enter__(self) -> None:
        """Nothing is to be prepared."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Turn the pointer that `Making` has noted into file, line and column."""
        what, pointer = getattr(error, _MAKING, ("", ""))
        if "#" in pointer:
            setattr(error, _MAKING, (what, str(self._locator.locate(pointer))))


def made_when(error: BaseException) -> str:
    """What was being made of which place when `error` was raised, in words; empty if unknown."""
    what, place = getattr(error, _MAKING, ("", ""))
    return f"{what} of {place}" if place else what


_PATIENCE = 1.0
"""Seconds that a run may take before anything is shown: most are over by then."""

_STEP = 0.1
"""Seconds between two looks at what the run is at."""

_ERASED = "\r\x1b[2K"


class Tell(Protocol):
    """Takes what is being done, in a few words."""

    def __call__(self, doing: str, /) -> None: ...


def tell_nobody(_doing: str, /) -> None:
    """For where nobody watches."""


class Progress:
    """Shows on a terminal what it was told last; the work itself is not slowed by it.

    A thread draws, since a single stage may be what takes long.
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
