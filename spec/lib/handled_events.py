"""Which callbacks of a handler an event of a run leads to. Nothing here reads from the network."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from ..types import (
    AssistantStreamEvent,
    Message,
    MessageCompletedEvent,
    MessageDelta,
    MessageIncompleteEvent,
    RunCancelledEvent,
    RunCompletedEvent,
    RunExpiredEvent,
    RunFailedEvent,
    RunRequiresActionEvent,
    RunStep,
    RunStepCancelledEvent,
    RunStepCompletedEvent,
    RunStepDelta,
    RunStepExpiredEvent,
    RunStepFailedEvent,
)

Callback: TypeAlias = tuple[str, tuple[Any, ...]]
"""The name of a method and its arguments."""

_MESSAGE_ENDS = (MessageCompletedEvent, MessageIncompleteEvent)
_STEP_ENDS = (RunStepCompletedEvent, RunStepFailedEvent, RunStepCancelledEvent, RunStepExpiredEvent)
# A run that waits for functions leaves its step open, though the calls are complete.
_RUN_ENDS = (
    RunRequiresActionEvent,
    RunCompletedEvent,
    RunFailedEvent,
    RunCancelledEvent,
    RunExpiredEvent,
)


class Callbacks:
    """The callbacks of one stream, event by event.

    A part of a message, or a call of a tool, is done when the next one begins, its owner is done,
    or the run has ended or waits. Callbacks for a part precede those for the whole.
    """

    def __init__(self) -> None:
        self._part: tuple[int, Any] | None = None
        self._call: tuple[int, Any] | None = None

    def of(
        self, event: AssistantStreamEvent, message: Message | None, step: RunStep | None
    ) -> Iterator[Callback]:
        """The callbacks of an event, in their order.

        Args:
            event: The event.
            message: The message of the last message event, with everything received so far.
            step: The run step of the last step event, likewise.
        """
        if event.event == "thread.message.created":
            yield "on_message_created", (event.data,)
        elif event.event == "thread.message.delta" and message is not None:
            yield from self._parts(event.data.delta, message)
            yield "on_message_delta", (event.data.delta, message)
        elif isinstance(event, _MESSAGE_ENDS):
            yield from self._part_done(event.data)
            yield "on_message_done", (event.data,)
        elif event.event == "thread.run.step.created":
            yield "on_run_step_created", (event.data,)
        elif event.event == "thread.run.step.delta" and step is not None:
            yield from self._calls(event.data.delta, step)
            yield "on_run_step_delta", (event.data.delta, step)
        elif isinstance(event, _STEP_ENDS):
            yield from self._call_done(event.data)
            yield "on_run_step_done", (event.data,)
        elif isinstance(event, _RUN_ENDS):
            yield from self._call_done(step)

    def _parts(self, delta: MessageDelta, message: Message) -> Iterator[Callback]:
        for piece in delta.content or ():
            index = getattr(piece, "index", None)
            part = _at(message.content, index)
            if index is None or part is None:
                continue
            if self._part is None or self._part[0] != index:
                yield from self._part_done(message)
                if part.type == "text":
                    yield "on_text_created", (part.text,)
            self._part = (index, part)
            if piece.type == "text" and piece.text is not None and part.type == "text":
                yield "on_text_delta", (piece.text, part.text)

    def _part_done(self, message: Any) -> Iterator[Callback]:
        if self._part is None:
            return
        index, known = self._part
        part = _at(message.content, index) or known
        self._part = None
        if part.type == "text":
            yield "on_text_done", (part.text,)
        elif part.type == "image_file":
            yield "on_image_file_done", (part.image_file,)

    def _calls(self, delta: RunStepDelta, step: RunStep) -> Iterator[Callback]:
        details = delta.step_details
        if details is None or details.type != "tool_calls":
            return
        for piece in details.tool_calls or ():
            index = getattr(piece, "index", None)
            call = _at(_calls_of(step), index)
            if index is None or call is None:
                continue
            if self._call is None or self._call[0] != index:
                yield from self._call_done(step)
                yield "on_tool_call_created", (call,)
            else:
                yield "on_tool_call_delta", (piece, call)
            self._call = (index, call)

    def _call_done(self, step: Any) -> Iterator[Callback]:
        if self._call is None:
            return
        index, known = self._call
        self._call = None
        yield "on_tool_call_done", (_at(_calls_of(step), index) or known,)


def _calls_of(step: RunStep | None) -> list[Any]:
    details = step.step_details if step is not None else None
    return list(details.tool_calls) if details and details.type == "tool_calls" else []


def _at(entries: list[Any], index: int | None) -> Any:
    return entries[index] if index is not None and 0 <= index < len(entries) else None
