"""The credentials that a client accepts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias, TypeVar

__all__ = ["AsyncCredential", "Credential", "Hidden", "Parts", "TokenSource"]

ValueT = TypeVar("ValueT")


class TokenSource:
    """Gives OAuth 2 access tokens, and renews them. See ``tokens`` for the kinds of it."""


class Hidden(dict[str, ValueT]):
    """A dict whose ``repr``, which reports of errors show, has no values."""

    def __repr__(self) -> str:
        return f"<hidden values of {', '.join(self)}>"


Credential: TypeAlias = str | tuple[str, str] | Callable[[], str] | TokenSource
"""A key or token, a pair of user and password, a function that returns a key, or a source."""

AsyncCredential: TypeAlias = Credential | Callable[[], Awaitable[str]]
"""A ``Credential``, or an async function that returns a key."""

Parts: TypeAlias = tuple[str | None, str | None]
"""A user and a password, where the environment may hold either."""
