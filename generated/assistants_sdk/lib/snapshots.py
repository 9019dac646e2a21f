"""What the events of a run add up to: the run, its messages and its steps, as they are by now.

Nothing here reads from the network.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Generic, TypeVar, cast

from pydantic_core import from_json, to_json

from .._runtime.decoding import decoder_for
from .._runtime.shapes import member
from ..types import (
    AssistantStreamEvent,
    Message,
    MessageDelta,
    MessageDeltaEvent,
    Run,
    RunStep,
    RunStepDelta,
)
from .merging import Growing

ObjectT = TypeVar("ObjectT", Message, RunStep)

# By the member ``object`` of an event's data: for events that are newer than this SDK.
_KINDS: Mapping[str, type[Any]] = {
    "thread.run": Run,
    "thread.message": Message,
    "thread.message.delta": MessageDelta,
    "thread.run.step": RunStep,
    "thread.run.step.delta": RunStepDelta,
}


class Snapshots:
    """Takes the events of a run, one by one.

    Attributes:
        run: The run, as the last event about it had it.
        messages: The messages that the run has begun.
        steps: The steps that the run has begun.
    """

    def __init__(self) -> None:
        self.run: Run | None = None
        self.messages = Begun(Message)
        self.steps = Begun(RunStep)

    def take(self, event: AssistantStreamEvent, text: bytes) -> None:
        """Add what an event tells; events about anything else are passed over.

        Args:
            event: The event.
            text: Its data as it came, JSON. That is what is kept of pieces: next to their models it
                is small, and makes nothing to do for Python's collector of garbage.
        """
        data = _data_of(event)
        if isinstance(data, MessageDelta):  # most are: to ask what something is not takes longer
            self.messages.add(data, text)
        elif isinstance(data, RunStepDelta):
            self.steps.add(data, text)
        elif isinstance(data, Run):
            self.run = data
        elif isinstance(data, Message):
            self.messages.put(data)
        elif isinstance(data, RunStep):
            self.steps.put(data)


class Begun(Generic[ObjectT]):
    """Objects of one kind, in the order in which they were begun."""

    def __init__(self, kind: type[ObjectT]) -> None:
        self._kind: type[ObjectT] = kind
        self._snapshots: dict[str, _Snapshot[ObjectT]] = {}
        self._current: _Snapshot[ObjectT] | None = None

    @property
    def current(self) -> ObjectT | None:
        """The object that the last event was about."""
        return self._current.value() if self._current is not None else None

    def all(self) -> list[ObjectT]:
        """Every object, as far as it has come."""
        return [snapshot.value() for snapshot in self._snapshots.values()]

    def put(self, whole: ObjectT) -> None:
        """Take an object as it is now; pieces that come later are added to it."""
        self._current = self._snapshots[whole.id] = _Snapshot(self._kind, whole)

    def add(self, delta: MessageDelta | RunStepDelta, text: bytes) -> None:
        """Add a piece, and its JSON, to its object, also where its beginning was missed."""
        found = self._snapshots.get(delta.id)
        if found is None:
            start = {"id": delta.id, "object": delta.object.removesuffix(".delta")}
            found = self._snapshots[delta.id] = _Snapshot(self._kind, _read_as(self._kind, start))
        self._current = found
        found.add(text)


class _Snapshot(Generic[ObjectT]):
    """An object that grows; pieces are only kept until somebody looks at it."""

    def __init__(self, kind: type[ObjectT], whole: ObjectT) -> None:
        self._kind: type[ObjectT] = kind
        self._value: ObjectT = whole
        self._growing: Growing | None = None
        self._pieces: list[bytes] = []

    def add(self, piece: bytes) -> None:
        self._pieces.append(piece)

    def value(self) -> ObjectT:
        if self._pieces:
            self._value = self._grown()
            self._pieces.clear()
        return self._value

    def _grown(self) -> ObjectT:
        growing = self._growing = self._growing or Growing(self._value.to_dict())
        for piece in self._pieces:
            delta = member(from_json(piece), "delta")
            if isinstance(delta, Mapping):
                growing.add(cast("Mapping[str, Any]", delta))
        return cast("ObjectT", _read_as(self._kind, growing.value()))


def texts_in(event: AssistantStreamEvent) -> Iterator[str]:
    """The text that an event adds to a message."""
    if isinstance(event, MessageDeltaEvent):
        for part in event.data.delta.content or ():
            if part.type == "text" and part.text is not None and part.text.value:
                yield part.text.value


def _data_of(event: AssistantStreamEvent) -> object:
    """What an event is about; of one that this SDK does not know, by what its data says it is."""
    if event.event != "UNKNOWN":
        return event.data
    data = member(event.raw, "data")
    kind = _KINDS.get(str(member(data, "object")))
    return _read_as(kind, data) if kind is not None else None


def _read_as(kind: Any, value: object) -> Any:
    """JSON values as a model, read like a response: what is missing or new breaks nothing."""
    return decoder_for(kind).decode(to_json(value), _pass_over)


def _pass_over(text: bytes, problems: tuple[str, ...]) -> None:
    """What is still missing of an object that grows is no broken contract."""
