"""The snapshot of a run, from its events: the run, its messages and its steps, as they are by now.

Nothing here reads from the network.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Generic, TypeVar

from pydantic_core import to_json

from .._runtime.models.decoding import decoder_for
from .._runtime.response.reading import plain_body
from .._runtime.values import is_mapping, member
from ..types import AssistantStreamEvent, Message, Run, RunStep, ThreadMessageDelta
from .merging import Growing

ObjectT = TypeVar("ObjectT", Run, Message, RunStep)

_DELTA = ".delta"
_MOST = 20_000
"""How many events are kept as text, which takes some megabytes. A shorter stream merges its events
when a snapshot is read."""


class Snapshots:
    """Takes the events of a run, one by one; merges them when they are read.

    Until then it keeps the text of each event. It is small compared with models, and Python's
    garbage collector does not have to visit it.
    """

    def __init__(self) -> None:
        self._texts: list[bytes] = []
        self._runs = Begun(Run)
        self._messages = Begun(Message)
        self._steps = Begun(RunStep)
        self._kinds: Mapping[str, Begun[Any]] = {
            "thread.run": self._runs,
            "thread.message": self._messages,
            "thread.run.step": self._steps,
        }

    def take(self, text: bytes) -> None:
        """Add an event; ``text`` is its data as received, in JSON."""
        self._texts.append(text)
        if len(self._texts) == _MOST:
            self._read()

    @property
    def run(self) -> Run | None:
        """The run, as the last event about it had it."""
        return self._up_to_date(self._runs).current

    @property
    def messages(self) -> Begun[Message]:
        """The messages that the run has begun."""
        return self._up_to_date(self._messages)

    @property
    def steps(self) -> Begun[RunStep]:
        """The steps that the run has begun."""
        return self._up_to_date(self._steps)

    def _up_to_date(self, begun: Begun[ObjectT]) -> Begun[ObjectT]:
        self._read()
        return begun

    def _read(self) -> None:
        """Merge the texts that are not merged yet; ``object`` says what one is."""
        for text in self._texts:
            data = plain_body(text)
            name = member(data, "object")
            if is_mapping(data) and isinstance(name, str):
                known = self._kinds.get(name.removesuffix(_DELTA))
                if known is not None and name.endswith(_DELTA):
                    known.add(data)
                elif known is not None:
                    known.put(data)
        self._texts.clear()


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

    def put(self, whole: Mapping[str, Any]) -> None:
        """Store an object; later pieces are added to it."""
        self._current = self._snapshots[str(whole.get("id"))] = _Snapshot(self._kind, whole)

    def add(self, delta: Mapping[str, Any]) -> None:
        """Add a piece to its object, also where its beginning was missed."""
        name = str(delta.get("id"))
        if name not in self._snapshots:
            self.put({"id": name, "object": delta["object"].removesuffix(_DELTA)})
        self._current = self._snapshots[name]
        self._current.add(delta.get("delta"))


class _Snapshot(Generic[ObjectT]):
    """An object that grows; its model is made when somebody looks at it."""

    def __init__(self, kind: type[ObjectT], whole: Mapping[str, Any]) -> None:
        self._kind: type[ObjectT] = kind
        self._whole = whole
        self._growing: Growing | None = None
        self._value: ObjectT | None = None

    def add(self, piece: object) -> None:
        if is_mapping(piece):
            self._growing = self._growing or Growing(self._whole)
            self._growing.add(piece)
            self._value = None

    def value(self) -> ObjectT:
        if self._value is None:
            text = to_json(self._whole if self._growing is None else self._growing.value())
            value: ObjectT = decoder_for(self._kind).decode(text, _pass_over)
            self._value = value
            return value
        return self._value


def _pass_over(text: bytes, problems: tuple[str, ...]) -> None:
    """An incomplete object may lack fields; this is not an error."""


def texts_in(event: AssistantStreamEvent) -> Iterator[str]:
    """The text that an event adds to a message."""
    if isinstance(event, ThreadMessageDelta):
        for part in event.data.delta.content or ():
            if part.type == "text" and part.text is not None and part.text.value:
                yield part.text.value
