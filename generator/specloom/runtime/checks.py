"""Checks of what a caller sets for a client or a call. No message shows a value that may be secret.

What is wrong is a ``ConfigurationError`` when it is set, not a failure of some later call.
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Coroutine
from typing import Any, TypeGuard
from urllib.parse import urlsplit

from .credentials import TokenSource
from .errors import ConfigurationError
from .options import Omit, Timeout
from .retries import Retries
from .values import is_tuple

__all__ = [
    "check_kind_of_middleware",
    "checked_credential",
    "checked_http_client",
    "checked_max_decompressed",
    "checked_max_retries",
    "checked_middleware",
    "checked_retries",
    "checked_timeout",
    "has_host",
    "is_header_text",
    "refuse_awaitable",
]

_PHASES = ("connect", "read", "write", "pool")


def checked_timeout(value: Any) -> Timeout | Omit:
    """A timeout in one form. ``omit``: the caller set none.

    Args:
        value: A ``Timeout``, an ``httpx2.Timeout``, seconds for each phase, a pair of seconds
            (to connect, and for all else), or seconds for each of the four phases in the order of
            ``Timeout``. ``None`` means no limit.
    """
    if isinstance(value, (Timeout, Omit)):
        return value
    if is_tuple(value) and len(value) == 2:
        return Timeout(value[1], connect=value[0])
    if is_tuple(value) and len(value) == len(_PHASES):
        return Timeout(**dict(zip(_PHASES, value, strict=True)))
    seconds: Any = value
    if all(hasattr(value, phase) for phase in _PHASES):  # httpx2 has a class of its own
        return Timeout(**{phase: getattr(value, phase) for phase in _PHASES})
    return Timeout(seconds)


def checked_max_retries(value: Any) -> int:
    """A number of retries."""
    return _checked_count("max_retries", value)


def checked_max_decompressed(value: Any) -> int:
    """A number of bytes."""
    return _checked_count("max_decompressed", value)


def _checked_count(name: str, value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise ConfigurationError(f"Expected {name} to be an int from 0 on, not {value!r}")


def checked_retries(value: Any) -> Retries | None:
    """A ``Retries``, or ``None`` for the defaults."""
    if value is None or isinstance(value, Retries):
        return value
    raise ConfigurationError(
        f"Expected retries to be a Retries, not {value!r}; max_retries is their number"
    )


def checked_middleware(values: Any) -> tuple[Any, ...]:
    """A list of middleware, as a tuple."""
    if _is_list(values) and all(callable(one) or hasattr(one, "attempt") for one in values):
        return tuple(values)
    raise ConfigurationError("Expected middleware to be a list of functions and observers")


def check_kind_of_middleware(middleware: tuple[Any, ...], *, is_async: bool) -> None:
    """Refuse functions that are not async in an async client, and async ones in a sync client."""
    for each in middleware:
        is_function = not hasattr(each, "attempt")
        if is_function and _is_async_function(each) is not is_async:
            kind, client = ("async", "an async") if is_async else ("sync", "a sync")
            name = getattr(each, "__qualname__", type(each).__qualname__)
            raise ConfigurationError(
                f"Expected {kind} functions as middleware of {client} client; {name} is not one"
            )


def _is_async_function(value: Any) -> bool:
    """Whether it is an async function, a partial of one, or an object that is called as one."""
    from inspect import iscoroutinefunction  # not loaded with the client

    return iscoroutinefunction(value) or iscoroutinefunction(type(value).__call__)


def _is_list(value: object) -> TypeGuard[list[Any] | tuple[Any, ...]]:
    return isinstance(value, (list, tuple))


def checked_credential(argument: str, value: Any) -> Any:
    """A credential: text to send in a header, a pair of user and password, or a function."""
    if isinstance(value, str) and not is_header_text(value):
        del value  # reports of errors may show the variables of frames
        raise ConfigurationError(
            f"Expected {argument} to be printable ASCII text without blanks at its ends"
        )
    if isinstance(value, (str, TokenSource)) or is_tuple(value) or callable(value):
        return value
    raise ConfigurationError(
        f"Expected {argument} to be text, a pair of user and password, or a function, "
        f"not {type(value).__name__}"
    )


def is_header_text(value: str) -> bool:
    """Whether text can be the value of a header (RFC 9110, 5.5) unchanged."""
    return value.isascii() and value.isprintable() and value.strip() == value


def refuse_awaitable(argument: str, returned: object) -> None:
    """Refuse what an async function returned to a sync client, where it would never run."""
    if isinstance(returned, Awaitable):
        if isinstance(returned, Coroutine):
            returned.close()
        raise ConfigurationError(f"Expected {argument} to be no async function in a sync client")


def checked_http_client(value: Any, class_name: str) -> Any:
    """An HTTP client of the caller's: of the class of ``httpx2`` of this name, or ``None``."""
    if value is None:
        return None
    library = sys.modules.get("httpx2")  # a client of it cannot exist unless it is loaded
    if library is not None and isinstance(value, getattr(library, class_name)):
        return value
    kind = f"{type(value).__module__}.{type(value).__qualname__}"
    raise ConfigurationError(f"Expected http_client to be an httpx2.{class_name}, not {kind}")


def has_host(url: str) -> bool:
    """Whether a URL has a host that can be looked up, and a port that can be used."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        if not host.isascii():
            host.encode("idna")
    except ValueError:  # also UnicodeError, for a label that is too long, empty or not a name
        return False
    labels = host.removesuffix(".").split(".")
    is_name = all(0 < len(label) < 64 for label in labels)
    return is_name and port != 0 and not any(each.isspace() for each in url)
