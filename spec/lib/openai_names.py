"""The names of openai-python: import them from here, and nothing else has to change.

``OpenAI`` and ``AsyncOpenAI`` are our clients with ``beta``. Names that are the same in this
package, among them those of errors, handlers and types, are here as well. ``NOT_GIVEN`` is
``omit``, and ``OpenAIError`` the base of all errors. ``httpx2`` and types are loaded when one of
their names is asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Self

from .. import (
    APIConnectionError,
    APIError,
    APIResponseValidationError,
    APIStatusError,
    APITimeoutError,
    Assistants,
    AsyncAssistants,
    AsyncStream,
    AuthenticationError,
    BadRequestError,
    ConflictError,
    InternalServerError,
    NotFoundError,
    Omit,
    PermissionDeniedError,
    RateLimitError,
    SDKError,
    Stream,
    Timeout,
    UnprocessableEntityError,
    omit,
)

if TYPE_CHECKING:
    from httpx2 import AsyncClient as DefaultAsyncHttpxClient
    from httpx2 import Client as DefaultHttpxClient

    from .. import AsyncCursorPage, SyncCursorPage
    from ..types import AssistantFileDeleted as FileDeleteResponse
    from ..types import CodeInterpreterOutputLogsDelta as CodeInterpreterLogs
    from ..types import MessageCreationStepDetailsDelta as RunStepDeltaMessageDelta
    from ..types import MessageText as Text
    from ..types import MessageTextDelta as TextDelta
    from ..types import RequiredToolCall as RequiredActionFunctionToolCall
    from ..types import TextAnnotation as Annotation
    from ..types import TextAnnotationDelta as AnnotationDelta
    from ..types import ToolCallsStepDetailsDelta as ToolCallDeltaObject
    from .async_handlers import AsyncAssistantEventHandler
    from .handlers import AssistantEventHandler

__all__ = [
    "NOT_GIVEN",
    "APIConnectionError",
    "APIError",
    "APIResponseValidationError",
    "APIStatusError",
    "APITimeoutError",
    "Annotation",
    "AnnotationDelta",
    "AssistantEventHandler",
    "AssistantsError",
    "AsyncAssistantEventHandler",
    "AsyncClient",
    "AsyncCursorPage",
    "AsyncOpenAI",
    "AsyncStream",
    "AuthenticationError",
    "BadRequestError",
    "Client",
    "CodeInterpreterLogs",
    "ConflictError",
    "DefaultAsyncHttpxClient",
    "DefaultHttpxClient",
    "FileDeleteResponse",
    "InternalServerError",
    "NotFoundError",
    "NotGiven",
    "OpenAI",
    "OpenAIError",
    "PermissionDeniedError",
    "RateLimitError",
    "RequiredActionFunctionToolCall",
    "RunStepDeltaMessageDelta",
    "Stream",
    "SyncCursorPage",
    "Text",
    "TextDelta",
    "Timeout",
    "ToolCallDeltaObject",
    "UnprocessableEntityError",
    "types",
]

NotGiven = Omit
NOT_GIVEN = omit
AssistantsError = OpenAIError = SDKError

_ELSEWHERE = {
    "Annotation": ("..types", "TextAnnotation"),
    "AnnotationDelta": ("..types", "TextAnnotationDelta"),
    "AssistantEventHandler": (".handlers", "AssistantEventHandler"),
    "AsyncAssistantEventHandler": (".async_handlers", "AsyncAssistantEventHandler"),
    "AsyncCursorPage": ("..", "AsyncCursorPage"),
    "CodeInterpreterLogs": ("..types", "CodeInterpreterOutputLogsDelta"),
    "DefaultAsyncHttpxClient": ("httpx2", "AsyncClient"),
    "DefaultHttpxClient": ("httpx2", "Client"),
    "FileDeleteResponse": ("..types", "AssistantFileDeleted"),
    "RequiredActionFunctionToolCall": ("..types", "RequiredToolCall"),
    "RunStepDeltaMessageDelta": ("..types", "MessageCreationStepDetailsDelta"),
    "SyncCursorPage": ("..", "SyncCursorPage"),
    "Text": ("..types", "MessageText"),
    "TextDelta": ("..types", "MessageTextDelta"),
    "ToolCallDeltaObject": ("..types", "ToolCallsStepDetailsDelta"),
}


class OpenAI(Assistants):
    """The client, which has its resources below ``beta`` as well."""

    @property
    def beta(self) -> Self:
        """The client itself."""
        return self


class AsyncOpenAI(AsyncAssistants):
    """The async client, which has its resources below ``beta`` as well."""

    @property
    def beta(self) -> Self:
        """The client itself."""
        return self


Client, AsyncClient = OpenAI, AsyncOpenAI


class _Types:
    """The type names, also where a program says ``openai.types.beta.threads.Run``."""

    @property
    def beta(self) -> Self:
        """The same names."""
        return self

    threads = runs = beta

    def __getattr__(self, name: str) -> Any:
        return __getattr__(name)


types = _Types()


def __getattr__(name: str) -> Any:
    module, there = _ELSEWHERE.get(name, ("..types", name))
    if name not in _ELSEWHERE and name.startswith("_"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return getattr(import_module(module, __package__), there)
    except AttributeError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
