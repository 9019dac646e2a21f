"""What a long run is at, on one line of a terminal that is gone again when the run ends."""

from __future__ import annotations

import shutil
from threading import Event, Thread
from types import TracebackType
from typing import Protocol, TextIO

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
