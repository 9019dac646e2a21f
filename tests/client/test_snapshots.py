"""However messages and run steps are split into pieces, the pieces add up to them."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from assistants_sdk.lib.merging import Growing
from assistants_sdk.lib.snapshots import Snapshots

Json = dict[str, Any]
TEXTS = st.text(max_size=8)
FILES = st.builds(lambda id_: {"file_id": id_}, TEXTS)


def annotation(kind: str, file: Json, mark: str, start: int) -> Json:
    """The annotation of a mark in a text."""
    return {"type": kind, "text": mark, kind: file, "start_index": start, "end_index": start + 1}


ANNOTATIONS = st.one_of(
    st.builds(annotation, st.just("file_path"), FILES, TEXTS, st.integers(0, 99)),
    st.builds(
        annotation,
        st.just("file_citation"),
        st.builds(lambda id_, quote: {"file_id": id_, "quote": quote}, TEXTS, TEXTS),
        TEXTS,
        st.integers(0, 99),
    ),
)
PARTS = st.one_of(
    st.builds(
        lambda value, marks: {"type": "text", "text": {"value": value, "annotations": marks}},
        TEXTS,
        st.lists(ANNOTATIONS, max_size=3),
    ),
    st.builds(lambda file: {"type": "image_file", "image_file": file}, FILES),
)
OUTPUTS = st.one_of(
    st.builds(lambda logs: {"type": "logs", "logs": logs}, TEXTS),
    st.builds(lambda file: {"type": "image", "image": file}, FILES),
)
CALLS = st.one_of(
    st.builds(
        lambda id_, name, arguments, output: {
            "id": id_,
            "type": "function",
            "function": {"name": name, "arguments": arguments, "output": output},
        },
        TEXTS,
        TEXTS,
        TEXTS,
        st.none() | TEXTS,
    ),
    st.builds(
        lambda id_, code, outputs: {
            "id": id_,
            "type": "code_interpreter",
            "code_interpreter": {"input": code, "outputs": outputs},
        },
        TEXTS,
        TEXTS,
        st.lists(OUTPUTS, max_size=3),
    ),
    st.builds(lambda id_: {"id": id_, "type": "retrieval", "retrieval": {}}, TEXTS),
)
# The texts that a server sends bit by bit; all others come whole.
GROWING = {"value", "arguments", "input", "logs"}


def pieces_of(entries: list[Json], data: st.DataObject) -> list[Json]:
    """Pieces of a list's entries: interleaved, but in order within each entry."""
    queues = [list(_entry_pieces(index, one, data)) for index, one in enumerate(entries)]
    mixed: list[Json] = []
    while queues := [queue for queue in queues if queue]:
        mixed.append(data.draw(st.sampled_from(queues)).pop(0))
    return mixed


def _entry_pieces(index: int, entry: Json, data: st.DataObject) -> Iterator[Json]:
    for piece in _object_pieces(entry, data):
        yield {"index": index, "type": entry["type"], **piece}


def _object_pieces(value: Json, data: st.DataObject) -> Iterator[Json]:
    yield {}  # an object may be announced before anything of it comes
    for key, inner in value.items():
        if key in GROWING:
            yield from ({key: text} for text in _texts(inner, data))
        elif isinstance(inner, list):
            yield from ({key: [piece]} for piece in pieces_of(inner, data))
        elif isinstance(inner, dict):
            yield from ({key: piece} for piece in _object_pieces(inner, data))
        else:
            yield {key: inner}


def _texts(text: str, data: st.DataObject) -> Iterator[str]:
    cuts = data.draw(st.lists(st.integers(0, len(text)), max_size=3))
    places = [0, *sorted(cuts), len(text)]
    return (text[start:end] for start, end in pairwise(places))


def message(content: list[Json]) -> Json:
    """A message as the server stores it."""
    empty = dict.fromkeys(
        ("incomplete_details", "completed_at", "incomplete_at", "assistant_id", "run_id")
    )
    return {
        **empty,
        **{"id": "msg_1", "object": "thread.message", "created_at": 1, "thread_id": "thread_1"},
        **{"status": "in_progress", "role": "assistant", "content": content},
        **{"file_ids": [], "metadata": {}, "seen": {"by": ["a later version"]}},
    }


def step(calls: list[Json]) -> Json:
    """A step as the server stores it."""
    ends = ("last_error", "expired_at", "cancelled_at", "failed_at", "completed_at", "usage")
    return {
        **dict.fromkeys(ends),
        **{"id": "step_1", "object": "thread.run.step", "created_at": 1, "run_id": "run_1"},
        **{"assistant_id": "asst_1", "thread_id": "thread_1", "type": "tool_calls"},
        **{"step_details": {"type": "tool_calls", "tool_calls": calls}},
        **{"status": "in_progress", "metadata": {}},
    }


def take(snapshots: Snapshots, data: Json) -> None:
    """Process an event's data like a stream."""
    snapshots.take(json.dumps(data).encode())


@settings(deadline=None, max_examples=60)
@given(st.data(), st.lists(PARTS, max_size=3))
def test_any_pieces_of_a_message_add_up_to_it(data: st.DataObject, content: list[Json]) -> None:
    snapshots = Snapshots()
    take(snapshots, message([]))
    for piece in pieces_of(content, data):
        delta = {"id": "msg_1", "object": "thread.message.delta", "delta": {"content": [piece]}}
        take(snapshots, delta)
    assert snapshots.messages.current is not None
    assert snapshots.messages.current.to_dict() == message(content)


@settings(deadline=None, max_examples=60)
@given(st.data(), st.lists(CALLS, max_size=3))
def test_any_pieces_of_a_run_step_add_up_to_it(data: st.DataObject, calls: list[Json]) -> None:
    snapshots = Snapshots()
    take(snapshots, step([]))
    for piece in pieces_of(calls, data):
        details = {"type": "tool_calls", "tool_calls": [piece]}
        delta = {
            **{"id": "step_1", "object": "thread.run.step.delta"},
            "delta": {"step_details": details},
        }
        take(snapshots, delta)
    assert snapshots.steps.current is not None
    assert snapshots.steps.current.to_dict() == step(calls)


def test_pieces_continue_existing_content() -> None:
    snapshots = Snapshots()
    there = [{"type": "text", "text": {"value": "Hel", "annotations": []}}]
    take(snapshots, message(there))
    piece = {"index": 0, "type": "text", "text": {"value": "lo"}}
    delta = {"id": "msg_1", "object": "thread.message.delta", "delta": {"content": [piece]}}
    take(snapshots, delta)
    assert snapshots.messages.current is not None
    assert snapshots.messages.current.to_dict()["content"] == [
        {"type": "text", "text": {"value": "Hello", "annotations": []}}
    ]


def test_an_object_that_came_whole_is_left_as_it_is() -> None:
    snapshots = Snapshots()
    whole = {**message([]), "metadata": {}, "later": [{"index": 7}, {"index": 3}, None, 1, 1]}
    take(snapshots, whole)
    assert snapshots.messages.current is not None
    assert snapshots.messages.current.to_dict() == whole


def test_what_is_no_part_of_a_run_is_passed_over() -> None:
    snapshots = Snapshots()
    take(snapshots, message([]))
    for data in ({"object": "thread", "id": "thread_1"}, {"object": None}, [1], "text", None):
        take(snapshots, data)
    snapshots.take(b"no JSON")
    take(snapshots, {"id": "msg_1", "object": "thread.message.delta", "delta": None})
    assert [each.id for each in snapshots.messages.all()] == ["msg_1"]
    assert snapshots.run is None
    assert snapshots.steps.all() == []


def test_entries_may_come_in_any_order_and_with_gaps() -> None:
    growing = Growing({"content": []})
    for index in (1_000_000_000, 7, 0):
        growing.add({"content": [{"index": index, "type": "text", "text": {"value": str(index)}}]})
    texts = [part["text"]["value"] for part in growing.value()["content"]]
    assert texts == ["0", "7", "1000000000"]


def test_events_without_an_index_are_identified_by_position() -> None:
    growing = Growing({})
    for value in ("a", "b"):
        growing.add({"content": [{"text": {"value": value}}, {"text": {"value": value.upper()}}]})
    texts = [part["text"]["value"] for part in growing.value()["content"]]
    assert texts == ["ab", "AB"]


def test_what_is_taken_in_is_not_changed() -> None:
    start: Json = {"content": [{"type": "text", "text": {"value": "a", "annotations": []}}]}
    piece: Json = {"content": [{"index": 0, "text": {"value": "b"}}], "more": {"deep": [1]}}
    growing = Growing(start)
    growing.add(piece)
    first = growing.value()
    growing.add(piece)
    assert start == {"content": [{"type": "text", "text": {"value": "a", "annotations": []}}]}
    assert piece == {"content": [{"index": 0, "text": {"value": "b"}}], "more": {"deep": [1]}}
    assert first["content"][0]["text"]["value"] == "ab"


def test_a_long_stream_takes_the_memory_of_its_result() -> None:
    snapshots = Snapshots()
    take(snapshots, message([]))
    piece = {"content": [{"index": 0, "type": "text", "text": {"value": "word "}}]}
    delta = {"id": "msg_1", "object": "thread.message.delta", "delta": piece}
    tracemalloc.start()
    for _ in range(40_000):  # 5 MB as texts of events
        take(snapshots, delta)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 1_000_000
    current = snapshots.messages.current
    assert current is not None
    assert current.content[0].text.value == "word " * 40_000
