"""What a client can be given to authorise its calls."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

__all__ = ["AsyncCredential", "Credential", "TokenSource"]


class TokenSource:
    """Gives OAuth 2 access tokens, and renews them. See ``tokens`` for the kinds of it."""


Credential: TypeAlias = str | tuple[str, str] | Callable[[], str] | TokenSource
"""A key or token, a pair of user and password, a function that returns a key, or a source."""

AsyncCredential: TypeAlias = Credential | Callable[[], Awaitable[str]]
"""A ``Credential``, or an async function that returns a key."""
