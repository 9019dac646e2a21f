"""Deprecation warnings, at the line of the caller.

The standard filters decide about them. By default a warning is shown once for each place in the
user's own program, so that none is missed and no loop floods the output.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast
from warnings import warn_explicit

from .options import omit

__all__ = ["DeprecatedField", "deprecated", "deprecated_arguments", "warn"]


if TYPE_CHECKING:
    from typing_extensions import deprecated
else:
    # Type checkers see the decorator of PEP 702. At run time that one would point at the SDK when a
    # method is called through ``with_raw_response``; this one points at the caller outside of it.
    def deprecated(message):
        """Mark a function as deprecated. Calling it warns; an async one warns before the await."""

        def mark(function):
            @wraps(function)
            def call(*args, **kwargs):
                warn(message)
                return function(*args, **kwargs)

            call.__deprecated__ = message
            return call

        return mark


FunctionT = TypeVar("FunctionT", bound=Callable[..., Any])
_SDK = __name__.rpartition("._")[0]
_IMPORT_SYSTEM = "importlib._bootstrap"


def deprecated_arguments(**messages: str) -> Callable[[FunctionT], FunctionT]:
    """Mark keyword arguments as deprecated. A call that gives one warns with its message."""

    def mark(function: FunctionT) -> FunctionT:
        @wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            for name, message in messages.items():
                if kwargs.get(name, omit) is not omit:
                    warn(message)
            return function(*args, **kwargs)

        return cast(FunctionT, call)

    return mark


class DeprecatedField:
    """The descriptor of a model's field. Reading it from an object warns and returns its value.

    Code that reads or writes an object as a whole uses its ``__dict__`` and does not warn.
    """

    def __init__(self, name: str, message: str) -> None:
        self._name = name
        self._message = message

    def __get__(self, instance: object, owner: type) -> Any:
        if instance is None:
            raise AttributeError(self._name)  # pydantic asks for a default, but there is none
        warn(self._message)
        try:
            return vars(instance)[self._name]
        except KeyError:
            raise AttributeError(self._name) from None

    def __set__(self, instance: object, value: Any) -> None:
        vars(instance)[self._name] = value


def warn(message: str) -> None:
    """Emit a ``DeprecationWarning`` at the line outside of the SDK that called into it."""
    frame = sys._getframe(1)  # pyright: ignore[reportPrivateUsage]
    while frame.f_back is not None and _is_ours(frame.f_globals.get("__name__", "")):
        frame = frame.f_back
    module = frame.f_globals.get("__name__", "")
    if module == _IMPORT_SYSTEM:
        return  # ``from x import name`` looks a name up twice; the second time is the statement's
    registry = frame.f_globals.setdefault("__warningregistry__", {})
    code = frame.f_code
    warn_explicit(message, DeprecationWarning, code.co_filename, frame.f_lineno, module, registry)


def _is_ours(module: str) -> bool:
    return module == _SDK or module.startswith(f"{_SDK}.")
