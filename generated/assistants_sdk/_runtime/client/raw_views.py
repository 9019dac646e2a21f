"""``with_raw_response`` and ``with_streaming_response``: methods that return the response.

Such a view is a resource whose session returns responses instead of values (``session.raw``). The
functions here say so to type checkers, and open a ``with`` block for responses that are read later.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from ..response.raw import (
    AsyncResponseManager,
    AsyncStreamedResponse,
    RawResponse,
    ResponseManager,
    StreamedResponse,
)

__all__ = ["to_async_raw", "to_async_streamed", "to_raw", "to_streamed"]

ResultT = TypeVar("ResultT")
P = ParamSpec("P")


def to_raw(method: Callable[P, ResultT]) -> Callable[P, RawResponse[ResultT]]:
    """A method that returns the whole response instead of its value."""
    return cast(Callable[P, RawResponse[ResultT]], method)


def to_async_raw(
    method: Callable[P, Awaitable[ResultT]],
) -> Callable[P, Coroutine[Any, Any, RawResponse[ResultT]]]:
    """An async method that returns the whole response instead of its value."""

    @wraps(method)
    def call(*args: P.args, **kwargs: P.kwargs) -> Coroutine[Any, Any, RawResponse[ResultT]]:
        # The method is called here, not when it is awaited, so that a deprecation warning points
        # at the caller's line.
        return _raw(method(*args, **kwargs))

    return call


async def _raw(answer: Awaitable[ResultT]) -> RawResponse[ResultT]:
    return cast(RawResponse[ResultT], await answer)


def to_streamed(method: Callable[P, ResultT]) -> Callable[P, ResponseManager[ResultT]]:
    """A method that opens a ``with`` block of the response, whose body is not read yet."""
    send = cast(Callable[P, StreamedResponse[ResultT]], method)

    @wraps(method)
    def call(*args: P.args, **kwargs: P.kwargs) -> ResponseManager[ResultT]:
        return ResponseManager(lambda: send(*args, **kwargs))

    return call


def to_async_streamed(
    method: Callable[P, Awaitable[ResultT]],
) -> Callable[P, AsyncResponseManager[ResultT]]:
    """As ``to_streamed``, for ``async with``."""
    send = cast(Callable[P, Awaitable[AsyncStreamedResponse[ResultT]]], method)

    @wraps(method)
    def call(*args: P.args, **kwargs: P.kwargs) -> AsyncResponseManager[ResultT]:
        return AsyncResponseManager(lambda: send(*args, **kwargs))

    return call
