"""Methods that begin a run with a handler."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, Required, TypeVar, Unpack, cast, overload

from .. import Omit, RequestOptions, streams, types
from .openai_polls import accept_openai_calls

if TYPE_CHECKING:
    from ..resources.threads import AsyncThreads, Threads
    from ..resources.threads.runs import AsyncRuns, Runs
    from .async_handlers import AsyncAssistantEventHandler
    from .handlers import AssistantEventHandler

HandlerT = TypeVar("HandlerT", bound="AssistantEventHandler")
AsyncHandlerT = TypeVar("AsyncHandlerT", bound="AsyncAssistantEventHandler")


class CommonArguments(RequestOptions, total=False):
    """The arguments of every method that starts a run."""

    assistant_id: Required[str]
    model: types.ModelNameParam | Omit | None
    instructions: str | Omit | None
    tools: Sequence[types.AssistantToolParam] | Omit | None
    metadata: Mapping[str, str] | Omit | None
    temperature: float | Omit | None
    max_prompt_tokens: int | Omit | None
    max_completion_tokens: int | Omit | None
    truncation_strategy: types.TruncationStrategy | types.TruncationStrategyParam | Omit | None
    tool_choice: types.AssistantToolChoiceOptionParam | Omit | None
    response_format: types.AssistantResponseFormatOptionParam | Omit | None


class RunArguments(CommonArguments, total=False):
    """The arguments of ``runs.create``, apart from the thread."""

    additional_instructions: str | Omit | None
    additional_messages: Sequence[types.NewMessageParam] | Omit | None


class ThreadRunArguments(CommonArguments, total=False):
    """The arguments of ``threads.create_and_run``."""

    thread: types.NewThreadParam | Omit


class StreamManager(Generic[HandlerT]):
    """Begins a run when its ``with`` block is entered, which gives the handler."""

    def __init__(self, begin: Callable[[], streams.RunStream], handler: HandlerT) -> None:
        self._begin, self._handler = begin, handler

    def __enter__(self) -> HandlerT:
        self._handler.begin(self._begin())
        return self._handler

    def __exit__(self, *error: object) -> None:
        self._handler.close()


class AsyncStreamManager(Generic[AsyncHandlerT]):
    """Begins a run when its ``async with`` block is entered, which gives the handler."""

    def __init__(
        self, begin: Callable[[], Awaitable[streams.AsyncRunStream]], handler: AsyncHandlerT
    ) -> None:
        self._begin, self._handler = begin, handler

    async def __aenter__(self) -> AsyncHandlerT:
        self._handler.begin(await self._begin())
        return self._handler

    async def __aexit__(self, *error: object) -> None:
        await self._handler.close()


class RunsMixin:
    """Runs with a handler."""

    def __init_subclass__(cls) -> None:
        accept_openai_calls(cls, "poll", "create_and_poll", "submit_tool_outputs_and_poll")

    @overload
    def stream(
        self, thread_id: str, *, event_handler: None = None, **arguments: Unpack[RunArguments]
    ) -> StreamManager[AssistantEventHandler]: ...

    @overload
    def stream(
        self, thread_id: str, *, event_handler: HandlerT, **arguments: Unpack[RunArguments]
    ) -> StreamManager[HandlerT]: ...

    def stream(
        self, thread_id: str, *, event_handler: Any = None, **arguments: Unpack[RunArguments]
    ) -> StreamManager[Any]:
        """Begin a run, and call a handler for its events.

        Args:
            thread_id: Id of the thread.
            event_handler: Its methods are called for what happens; else a plain handler.
            arguments: Those of ``create``.
        """
        from .handlers import AssistantEventHandler  # loads pydantic

        own = cast("Runs", self)
        return StreamManager(
            lambda: own.create(thread_id, stream=True, **arguments),
            event_handler or AssistantEventHandler(),
        )

    create_and_stream = stream

    @overload
    def submit_tool_outputs_stream(
        self,
        run_id: str,
        *,
        thread_id: str,
        tool_outputs: Sequence[types.ToolOutputParam],
        event_handler: None = None,
        **options: Unpack[RequestOptions],
    ) -> StreamManager[AssistantEventHandler]: ...

    @overload
    def submit_tool_outputs_stream(
        self,
        run_id: str,
        *,
        thread_id: str,
        tool_outputs: Sequence[types.ToolOutputParam],
        event_handler: HandlerT,
        **options: Unpack[RequestOptions],
    ) -> StreamManager[HandlerT]: ...

    def submit_tool_outputs_stream(
        self,
        run_id: str,
        *,
        thread_id: str,
        tool_outputs: Sequence[types.ToolOutputParam],
        event_handler: Any = None,
        **options: Unpack[RequestOptions],
    ) -> StreamManager[Any]:
        """Submit the outputs of functions, and call a handler for what follows.

        Args:
            run_id: Id of the run.
            thread_id: Id of the thread.
            tool_outputs: What the functions returned.
            event_handler: Its methods are called for what happens; else a plain handler.
            options: Options of the call.
        """
        from .handlers import AssistantEventHandler  # loads pydantic

        own = cast("Runs", self)
        return StreamManager(
            lambda: own.submit_tool_outputs(
                run_id, thread_id=thread_id, tool_outputs=tool_outputs, stream=True, **options
            ),
            event_handler or AssistantEventHandler(),
        )


class ThreadsMixin:
    """Threads that begin with a run and a handler."""

    def __init_subclass__(cls) -> None:
        accept_openai_calls(cls, "create_and_run_poll")

    @overload
    def create_and_run_stream(
        self, *, event_handler: None = None, **arguments: Unpack[ThreadRunArguments]
    ) -> StreamManager[AssistantEventHandler]: ...

    @overload
    def create_and_run_stream(
        self, *, event_handler: HandlerT, **arguments: Unpack[ThreadRunArguments]
    ) -> StreamManager[HandlerT]: ...

    def create_and_run_stream(
        self, *, event_handler: Any = None, **arguments: Unpack[ThreadRunArguments]
    ) -> StreamManager[Any]:
        """Create a thread with a run, and call a handler for its events.

        Args:
            event_handler: Its methods are called for what happens; else a plain handler.
            arguments: Those of ``create_and_run``.
        """
        from .handlers import AssistantEventHandler  # loads pydantic

        own = cast("Threads", self)
        return StreamManager(
            lambda: own.create_and_run(stream=True, **arguments),
            event_handler or AssistantEventHandler(),
        )


class AsyncRunsMixin:
    """Runs with an async handler."""

    def __init_subclass__(cls) -> None:
        accept_openai_calls(cls, "poll", "create_and_poll", "submit_tool_outputs_and_poll")

    @overload
    def stream(
        self, thread_id: str, *, event_handler: None = None, **arguments: Unpack[RunArguments]
    ) -> AsyncStreamManager[AsyncAssistantEventHandler]: ...

    @overload
    def stream(
        self, thread_id: str, *, event_handler: AsyncHandlerT, **arguments: Unpack[RunArguments]
    ) -> AsyncStreamManager[AsyncHandlerT]: ...

    def stream(
        self, thread_id: str, *, event_handler: Any = None, **arguments: Unpack[RunArguments]
    ) -> AsyncStreamManager[Any]:
        """Begin a run, and call a handler for its events.

        Args:
            thread_id: Id of the thread.
            event_handler: Its methods are called for what happens; else a plain handler.
            arguments: Those of ``create``.
        """
        from .async_handlers import AsyncAssistantEventHandler  # loads pydantic

        own = cast("AsyncRuns", self)
        return AsyncStreamManager(
            lambda: own.create(thread_id, stream=True, **arguments),
            event_handler or AsyncAssistantEventHandler(),
        )

    create_and_stream = stream

    @overload
    def submit_tool_outputs_stream(
        self,
        run_id: str,
        *,
        thread_id: str,
        tool_outputs: Sequence[types.ToolOutputParam],
        event_handler: None = None,
        **options: Unpack[RequestOptions],
    ) -> AsyncStreamManager[AsyncAssistantEventHandler]: ...

    @overload
    def submit_tool_outputs_stream(
        self,
        run_id: str,
        *,
        thread_id: str,
        tool_outputs: Sequence[types.ToolOutputParam],
        event_handler: AsyncHandlerT,
        **options: Unpack[RequestOptions],
    ) -> AsyncStreamManager[AsyncHandlerT]: ...

    def submit_tool_outputs_stream(
        self,
        run_id: str,
        *,
        thread_id: str,
        tool_outputs: Sequence[types.ToolOutputParam],
        event_handler: Any = None,
        **options: Unpack[RequestOptions],
    ) -> AsyncStreamManager[Any]:
        """Submit the outputs of functions, and call a handler for what follows.

        Args:
            run_id: Id of the run.
            thread_id: Id of the thread.
            tool_outputs: What the functions returned.
            event_handler: Its methods are called for what happens; else a plain handler.
            options: Options of the call.
        """
        from .async_handlers import AsyncAssistantEventHandler  # loads pydantic

        own = cast("AsyncRuns", self)
        return AsyncStreamManager(
            lambda: own.submit_tool_outputs(
                run_id, thread_id=thread_id, tool_outputs=tool_outputs, stream=True, **options
            ),
            event_handler or AsyncAssistantEventHandler(),
        )


class AsyncThreadsMixin:
    """Threads that begin with a run and an async handler."""

    def __init_subclass__(cls) -> None:
        accept_openai_calls(cls, "create_and_run_poll")

    @overload
    def create_and_run_stream(
        self, *, event_handler: None = None, **arguments: Unpack[ThreadRunArguments]
    ) -> AsyncStreamManager[AsyncAssistantEventHandler]: ...

    @overload
    def create_and_run_stream(
        self, *, event_handler: AsyncHandlerT, **arguments: Unpack[ThreadRunArguments]
    ) -> AsyncStreamManager[AsyncHandlerT]: ...

    def create_and_run_stream(
        self, *, event_handler: Any = None, **arguments: Unpack[ThreadRunArguments]
    ) -> AsyncStreamManager[Any]:
        """Create a thread with a run, and call a handler for its events.

        Args:
            event_handler: Its methods are called for what happens; else a plain handler.
            arguments: Those of ``create_and_run``.
        """
        from .async_handlers import AsyncAssistantEventHandler  # loads pydantic

        own = cast("AsyncThreads", self)
        return AsyncStreamManager(
            lambda: own.create_and_run(stream=True, **arguments),
            event_handler or AsyncAssistantEventHandler(),
        )
