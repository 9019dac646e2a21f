"""Keywords that a method does not have. A wrong one would change nothing, so it is an error."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from types import FrameType
from typing import Any, NoReturn

__all__ = ["refuse_unknown"]


def refuse_unknown(
    given: Mapping[str, Any], known: Collection[str], method: str | None = None
) -> NoReturn:
    """Raise for the keywords that a method collected and does not know.

    Args:
        given: The mapping that collects the further keywords of a method, the very object.
        known: The further keywords that exist.
        method: The method, if it is not one of the calls under way that collects ``given``.

    Raises:
        TypeError: It names the method, the keyword, and the nearest one that exists.
    """
    unknown = [name for name in given if name not in known]
    frame = None if method else _collecting_frame(given)
    if frame is not None:
        method = f"{frame.f_code.co_qualname}()"
    names = [*_arguments(frame), *known] if frame else list(known)
    keywords = "keyword arguments" if len(unknown) > 1 else "an unexpected keyword argument"
    if len(unknown) > 1:
        keywords = f"unexpected {keywords}"
    shown = ", ".join(_with_nearest(name, names) for name in unknown)
    got = f"{method} got" if method else "Got"
    raise TypeError(f"{got} {keywords} {shown}")


def _with_nearest(name: str, names: list[str]) -> str:
    near = get_close_matches(name, names, 1)
    return f"{name!r} (did you mean {near[0]!r}?)" if near else repr(name)


def _collecting_frame(given: Mapping[str, Any]) -> FrameType | None:
    """The call that is under way whose ``**`` argument is this mapping."""
    frame: FrameType | None = sys._getframe(2)  # pyright: ignore[reportPrivateUsage]
    while frame is not None:
        code = frame.f_code
        if code.co_flags & inspect.CO_VARKEYWORDS:
            name = code.co_varnames[_count(frame) + bool(code.co_flags & inspect.CO_VARARGS)]
            if frame.f_locals.get(name) is given:
                return frame
        frame = frame.f_back
    return None


def _arguments(frame: FrameType) -> list[str]:
    return [name for name in frame.f_code.co_varnames[: _count(frame)] if name != "self"]


def _count(frame: FrameType) -> int:
    return frame.f_code.co_argcount + frame.f_code.co_kwonlyargcount
