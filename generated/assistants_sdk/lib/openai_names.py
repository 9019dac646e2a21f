"""Names of openai-python that are called otherwise here: import them from here, and nothing else
has to change.

``NOT_GIVEN`` is ``omit``, and ``AssistantsError`` the base of all errors. ``httpx2`` is loaded when
one of its names is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import Omit, SDKError, omit

if TYPE_CHECKING:
    from httpx2 import AsyncClient as DefaultAsyncHttpxClient
    from httpx2 import Client as DefaultHttpxClient

    from ..types import MessageText as Text
    from ..types import MessageTextDelta as TextDelta

__all__ = [
    "NOT_GIVEN",
    "AssistantsError",
    "DefaultAsyncHttpxClient",
    "DefaultHttpxClient",
    "NotGiven",
    "Text",
    "TextDelta",
]

NotGiven = Omit
NOT_GIVEN = omit
AssistantsError = SDKError

_TYPES = {"Text": "MessageText", "TextDelta": "MessageTextDelta"}
_HTTPX2 = {"DefaultHttpxClient": "Client", "DefaultAsyncHttpxClient": "AsyncClient"}


def __getattr__(name: str) -> Any:
    if name in _TYPES:
        from .. import types

        return getattr(types, _TYPES[name])
    if name in _HTTPX2:
        import httpx2

        return getattr(httpx2, _HTTPX2[name])
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
