"""Faults of specloom itself: what was being made of which place when an exception was raised.

No input should raise one. Where one does, the command line says this in a line, instead of a
traceback that tells nothing to the author of a description.
"""

from __future__ import annotations

from types import TracebackType

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
