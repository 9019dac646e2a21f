"""What streams of runs can do besides giving their events, sync and async."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from functools import cached_property

from .. import AsyncStream, SDKError, Stream
from ..types import AssistantStreamEvent, Message, Run, RunStep
from .snapshots import Snapshots, texts_in


class _Followed:
    """What has come of a run so far."""

    _failure: Exception | None = None

    @cached_property
    def _snapshots(self) -> Snapshots:
        return Snapshots()

    @property
    def current_run(self) -> Run | None:
        """The run, as the last event about it had it; ``None`` before the first one."""
        return self._snapshots.run

    @property
    def current_message_snapshot(self) -> Message | None:
        """The message that the last event about one was about, with all that has come of it."""
        return self._snapshots.messages.current

    @property
    def current_run_step_snapshot(self) -> RunStep | None:
        """The run step that the last event about one was about, with all that has come of it."""
        return self._snapshots.steps.current

    def _listener(self) -> Callable[[bytes], object]:
        return self._snapshots.take

    def _raise_failure(self) -> None:
        """A stream that has failed once is not at its end the next time it is asked."""
        if self._failure is not None:
            raise self._failure

    def _final_run(self) -> Run:
        run = self._snapshots.run
        if run is None:
            raise SDKError("The stream has ended and told of no run")
        return run


class RunStreamMixin(_Followed, Stream[AssistantStreamEvent]):
    """The stream of a run puts together what comes in pieces.

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

    However the events are read, one by one or by these methods, the snapshots keep up with them. A
    run that waits for the output of your functions ends its stream as well: its status is
    `requires_action` then, and `submit_tool_outputs` with `stream=True` gives the next stream. A
    stream that reports an error or is cut off raises that error from every method that reads to the
    end; what has come before is in the snapshots.
    """

    def _read(self) -> Iterator[AssistantStreamEvent]:
        try:
            yield from super()._read()
        except Exception as error:
            self._failure = error
            raise

    def text_deltas(self) -> Iterator[str]:
        """The text of the messages, piece by piece as it is written."""
        for event in self:
            yield from texts_in(event)

    def until_done(self) -> None:
        """Read the stream to its end; at once if it has ended already."""
        for _ in self:
            pass
        self._raise_failure()

    def get_final_run(self) -> Run:
        """Read to the end; the run as it is then."""
        self.until_done()
        return self._final_run()

    def get_final_messages(self) -> list[Message]:
        """Read to the end; the messages that the run wrote, in the order it began them."""
        self.until_done()
        return self._snapshots.messages.all()

    def get_final_run_steps(self) -> list[RunStep]:
        """Read to the end; the steps that the run took, in the order it began them."""
        self.until_done()
        return self._snapshots.steps.all()


class AsyncRunStreamMixin(_Followed, AsyncStream[AssistantStreamEvent]):
    """As ``RunStreamMixin``, with ``await`` and ``async for``."""

    async def _read(self) -> AsyncIterator[AssistantStreamEvent]:
        try:
            async for event in super()._read():
                yield event
        except Exception as error:
            self._failure = error
            raise

    async def text_deltas(self) -> AsyncIterator[str]:
        """The text of the messages, piece by piece as it is written."""
        async for event in self:
            for text in texts_in(event):
                yield text

    async def until_done(self) -> None:
        """Read the stream to its end; at once if it has ended already."""
        async for _ in self:
            pass
        self._raise_failure()

    async def get_final_run(self) -> Run:
        """Read to the end; the run as it is then."""
        await self.until_done()
        return self._final_run()

    async def get_final_messages(self) -> list[Message]:
        """Read to the end; the messages that the run wrote, in the order it began them."""
        await self.until_done()
        return self._snapshots.messages.all()

    async def get_final_run_steps(self) -> list[RunStep]:
        """Read to the end; the steps that the run took, in the order it began them."""
        await self.until_done()
        return self._snapshots.steps.all()
