"""Additional methods of run streams, sync and async."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from functools import cached_property

from .. import AsyncStream, SDKError, Stream
from ..types import AssistantStreamEvent, Message, Run, RunStep
from .snapshots import Snapshots, texts_in


class _Followed:
    """Snapshots of the received part of a run."""

    _failure: Exception | None = None

    @cached_property
    def _snapshots(self) -> Snapshots:
        return Snapshots()

    @property
    def current_run(self) -> Run | None:
        """The run in its last known state; ``None`` before the first run event."""
        return self._snapshots.run

    @property
    def current_message_snapshot(self) -> Message | None:
        """The message of the last message event, with everything received so far."""
        return self._snapshots.messages.current

    @property
    def current_run_step_snapshot(self) -> RunStep | None:
        """The run step of the last step event, with everything received so far."""
        return self._snapshots.steps.current

    def _listener(self) -> Callable[[bytes], object]:
        return self._snapshots.take

    def _raise_failure(self) -> None:
        """Raise the error of the stream again: a failed stream must not look complete."""
        if self._failure is not None:
            raise self._failure

    def _final_run(self) -> Run:
        run = self._snapshots.run
        if run is None:
            raise SDKError("The stream has ended and told of no run")
        return run


class RunStreamMixin(_Followed, Stream[AssistantStreamEvent]):
    """A stream that assembles the parts of a run.

    ```python
    from assistants_sdk import Assistants

    client = Assistants()
    with client.threads.runs.create(
        "thread_abc123", assistant_id="asst_abc123", stream=True
    ) as stream:
        for text in stream.text_deltas():
            print(text, end="")
        run = stream.get_final_run()
    print(run.status)
    for message in stream.get_final_messages():
        print(message.id, len(message.content))
    ```

    The snapshots are always up to date, whether you iterate over the events or call these methods.
    A run that waits for the output of your functions also ends its stream, with the status
    `requires_action`. Call `submit_tool_outputs` with `stream=True` to get the next stream. If the
    stream reports an error or is interrupted, every method that reads to the end raises that error.
    The snapshots then hold everything received before.
    """

    def _read(self) -> Iterator[AssistantStreamEvent]:
        try:
            yield from super()._read()
        except Exception as error:
            self._failure = error
            raise

    def text_deltas(self) -> Iterator[str]:
        """Yield the text of the messages as it arrives."""
        for event in self:
            yield from texts_in(event)

    def until_done(self) -> None:
        """Read the stream to its end."""
        for _ in self:
            pass
        self._raise_failure()

    def get_final_run(self) -> Run:
        """Read to the end and return the final run."""
        self.until_done()
        return self._final_run()

    def get_final_messages(self) -> list[Message]:
        """Read to the end and return the messages of the run, in order."""
        self.until_done()
        return self._snapshots.messages.all()

    def get_final_run_steps(self) -> list[RunStep]:
        """Read to the end and return the steps of the run, in order."""
        self.until_done()
        return self._snapshots.steps.all()


class AsyncRunStreamMixin(_Followed, AsyncStream[AssistantStreamEvent]):
    """The async ``RunStreamMixin``."""

    async def _read(self) -> AsyncIterator[AssistantStreamEvent]:
        try:
            async for event in super()._read():
                yield event
        except Exception as error:
            self._failure = error
            raise

    async def text_deltas(self) -> AsyncIterator[str]:
        """Yield the text of the messages as it arrives."""
        async for event in self:
            for text in texts_in(event):
                yield text

    async def until_done(self) -> None:
        """Read the stream to its end."""
        async for _ in self:
            pass
        self._raise_failure()

    async def get_final_run(self) -> Run:
        """Read to the end and return the final run."""
        await self.until_done()
        return self._final_run()

    async def get_final_messages(self) -> list[Message]:
        """Read to the end and return the messages of the run, in order."""
        await self.until_done()
        return self._snapshots.messages.all()

    async def get_final_run_steps(self) -> list[RunStep]:
        """Read to the end and return the steps of the run, in order."""
        await self.until_done()
        return self._snapshots.steps.all()
