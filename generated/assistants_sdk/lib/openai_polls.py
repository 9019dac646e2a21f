"""Calls of methods that wait, as openai-python has them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from .._runtime.deprecation import warn
from .._runtime.options import Omit, omit

MethodT = TypeVar("MethodT", bound=Callable[..., Any])


def accept_openai_calls(resource: type, *names: str) -> None:
    """Let the methods of a class take ``poll_interval_ms``, and a thread by position, which warns.

    The type checker knows ``poll_interval`` and keywords only.
    """
    for name in names:
        method = vars(resource).get(name)
        if method is not None:
            setattr(resource, name, _accepting(method))


def _accepting(method: MethodT) -> MethodT:
    @wraps(method)
    def call(self: Any, *ids: Any, poll_interval_ms: float | Omit = omit, **given: Any) -> Any:
        if len(ids) == 2 and "thread_id" not in given:
            warn(f"{method.__name__}(run_id, thread_id) is deprecated: give thread_id by its name")
            given["thread_id"] = ids[1]
            ids = ids[:1]
        if not isinstance(poll_interval_ms, Omit):
            given.setdefault("poll_interval", poll_interval_ms / 1000)
        return method(self, *ids, **given)

    return call  # type: ignore[return-value]
