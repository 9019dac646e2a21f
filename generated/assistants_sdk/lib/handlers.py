"""Handlers: classes whose methods are called for what happens in a run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .. import APITimeoutError, SDKError
from .handled_events import Callbacks
from .snapshots import texts_in

if TYPE_CHECKING:
    from ..streams import RunStream
    from ..types import (
        AssistantStreamEvent,
        ImageFile,
        Message,
        MessageDelta,
        MessageText,
        MessageTextDelta,
        Run,
        RunStep,
        RunStepDelta,
        ToolCall,
        ToolCallDelta,
    )

__all__ = ["AssistantEventHandler"]


class AssistantEventHandler:
    """Called for what happens in a run. Inherit from it, and override the methods you need.

    ```python
    from assistants_sdk import Assistants
    from assistants_sdk.lib.handlers import AssistantEventHandler
    from assistants_sdk.types import MessageText, MessageTextDelta


    class Printer(AssistantEventHandler):
        def on_text_delta(self, delta: MessageTextDelta, snapshot: MessageText) -> None:
            print(delta.value, end="")


    client = Assistants()
    with client.threads.runs.stream(
        thread_id="thread_abc123", assistant_id="asst_abc123", event_handler=Printer()
    ) as stream:
        stream.until_done()
    ```

    A handler reads one stream. It is an iterator of the events as well.
    """

    def __init__(self) -> None:
        self._stream: RunStream | None = None
        self._events: Iterator[AssistantStreamEvent] | None = None
        self._event: AssistantStreamEvent | None = None

    def begin(self, stream: RunStream) -> None:
        """Read a stream. Entering the `with` block calls this.

        Raises:
            SDKError: The handler has read another stream.
        """
        if self._stream is not None:
            raise SDKError("A handler reads one stream: make another one")
        self._stream, self._events = stream, self._handled(stream)

    def _followed(self) -> RunStream:
        if self._stream is None:
            raise SDKError("The stream of this handler has not begun: enter its `with` block")
        return self._stream

    def _handled(self, stream: RunStream) -> Iterator[AssistantStreamEvent]:
        callbacks = Callbacks()
        try:
            for event in stream:
                self._event = event
                self.on_event(event)
                message, step = stream.current_message_snapshot, stream.current_run_step_snapshot
                for name, arguments in callbacks.of(event, message, step):
                    getattr(self, name)(*arguments)
                yield event
        except APITimeoutError as error:
            self.on_timeout()
            self.on_exception(error)
            raise
        except Exception as error:
            self.on_exception(error)
            raise
        finally:
            self.on_end()

    def __iter__(self) -> Iterator[AssistantStreamEvent]:
        return self

    def __next__(self) -> AssistantStreamEvent:
        self._followed()
        assert self._events is not None
        return next(self._events)

    @property
    def text_deltas(self) -> Iterator[str]:
        """The text of the messages as it arrives."""
        return (text for event in self for text in texts_in(event))

    @property
    def current_event(self) -> AssistantStreamEvent | None:
        """The last event."""
        return self._event

    @property
    def current_run(self) -> Run | None:
        """The run in its last known state; ``None`` before the first run event."""
        return self._followed().current_run

    @property
    def current_message_snapshot(self) -> Message | None:
        """The message of the last message event, with everything received so far."""
        return self._followed().current_message_snapshot

    @property
    def current_run_step_snapshot(self) -> RunStep | None:
        """The run step of the last step event, with everything received so far."""
        return self._followed().current_run_step_snapshot

    def until_done(self) -> None:
        """Read the stream to its end."""
        for _ in self:
            pass
        self._followed().until_done()

    def get_final_run(self) -> Run:
        """Read to the end and return the final run."""
        self.until_done()
        return self._followed().get_final_run()

    def get_final_messages(self) -> list[Message]:
        """Read to the end and return the messages of the run, in order."""
        self.until_done()
        return self._followed().get_final_messages()

    def get_final_run_steps(self) -> list[RunStep]:
        """Read to the end and return the steps of the run, in order."""
        self.until_done()
        return self._followed().get_final_run_steps()

    def close(self) -> None:
        """Close the connection."""
        if self._stream is not None:
            self._stream.close()

    def on_event(self, event: AssistantStreamEvent) -> None:
        """Called for every event, before the other methods."""

    def on_end(self) -> None:
        """Called once, when the stream has ended or failed."""

    def on_timeout(self) -> None:
        """Called when the server has sent nothing for too long, before ``on_exception``."""

    def on_exception(self, exception: Exception) -> None:
        """Called when reading fails. The exception is raised afterwards."""

    def on_message_created(self, message: Message) -> None:
        """Called when a message begins."""

    def on_message_delta(self, delta: MessageDelta, snapshot: Message) -> None:
        """Called for a piece of a message."""

    def on_message_done(self, message: Message) -> None:
        """Called when a message is complete, or ends incomplete."""

    def on_text_created(self, text: MessageText) -> None:
        """Called when a text begins."""

    def on_text_delta(self, delta: MessageTextDelta, snapshot: MessageText) -> None:
        """Called for a piece of a text."""

    def on_text_done(self, text: MessageText) -> None:
        """Called when a text is complete."""

    def on_image_file_done(self, image_file: ImageFile) -> None:
        """Called when an image is complete."""

    def on_run_step_created(self, run_step: RunStep) -> None:
        """Called when a step begins."""

    def on_run_step_delta(self, delta: RunStepDelta, snapshot: RunStep) -> None:
        """Called for a piece of a step."""

    def on_run_step_done(self, run_step: RunStep) -> None:
        """Called at the end of a step, successful or not."""

    def on_tool_call_created(self, tool_call: ToolCall) -> None:
        """Called when a tool call begins."""

    def on_tool_call_delta(self, delta: ToolCallDelta, snapshot: ToolCall) -> None:
        """Called for a further piece of a tool call."""

    def on_tool_call_done(self, tool_call: ToolCall) -> None:
        """Called when a tool call is complete."""
