"""Compares the event stream decoder with a simple reading of the whole text."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from specloom.runtime.streaming.sse import LineSplitter, ServerSentEvent, SseDecoder


def cut(data: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[start:end] for start, end in pairwise(edges)]


def decoded(chunks: list[bytes]) -> list[ServerSentEvent]:
    decoder = SseDecoder()
    return [event for chunk in chunks for event in decoder.feed(chunk)]


def plain_reading(data: bytes) -> list[ServerSentEvent]:
    """The standard's algorithm over the whole text at once."""
    text = data.decode("utf-8", errors="replace").removeprefix("\ufeff")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    events: list[ServerSentEvent] = []
    buffer, name, last_id, retry = "", "", "", None
    for line in text.split("\n")[:-1]:
        if line == "":
            if buffer:
                data_text = buffer.removesuffix("\n")
                events.append(
                    ServerSentEvent(name or "message", data_text.encode(), last_id, retry)
                )
            buffer, name, retry = "", "", None
        elif not line.startswith(":"):
            field, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if field == "event":
                name = value
            elif field == "data":
                buffer += value + "\n"
            elif field == "id" and "\0" not in value:
                last_id = value
            elif field == "retry" and value.isascii() and value.isdigit():
                retry = int(value)
    return events


line = st.one_of(
    st.just(""),
    st.builds(
        "{}{}{}".format,
        st.sampled_from(["data", "event", "id", "retry", "other", "", "data "]),
        st.sampled_from(["", ":", ": ", ":  "]),
        st.text("aé✓😀:0 \0\ufeff", max_size=4),
    ),
)
stream = st.lists(st.tuples(line, st.sampled_from(["\n", "\r", "\r\n"])), max_size=12).map(
    lambda lines: "".join(text + end for text, end in lines)
)


@given(stream, st.booleans(), st.lists(st.integers(0, 200), max_size=8))
def test_any_cut_of_any_stream_reads_as_the_standard_says(
    text: str, bom: bool, places: list[int]
) -> None:
    data = (("\ufeff" if bom else "") + text).encode()
    assert decoded(cut(data, places)) == plain_reading(data)


@given(st.lists(st.sampled_from([b"a", b"\r", b"\n", b"\xe2\x9c\x93"]), max_size=20))
def test_lines_byte_by_byte_are_lines_at_once(pieces: list[bytes]) -> None:
    data = b"".join(pieces)
    splitter = LineSplitter()
    lines = [each for byte in data for each in splitter.feed(bytes([byte]))]
    assert [*lines, splitter.rest()][: len(data.splitlines())] == data.splitlines()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"data: a\ndata: b\n\n", [ServerSentEvent("message", b"a\nb")]),
        (b"data\n\n", [ServerSentEvent("message", b"")]),
        (b"event: x\n\n", []),
        (b"data: never ended\n", []),
        (b"id: 1\nretry: 9\ndata: a\n\ndata: b\n\n",
         [ServerSentEvent("message", b"a", "1", 9), ServerSentEvent("message", b"b", "1")]),
        (b"retry: soon\ndata: a\n\n", [ServerSentEvent("message", b"a")]),
    ],
)  # fmt: skip
def test_the_rules_one_by_one(data: bytes, expected: list[ServerSentEvent]) -> None:
    assert decoded([data]) == expected


def test_a_huge_event_in_small_chunks() -> None:
    payload = json.dumps({"text": "x" * 1_000_000}).encode()
    data = b"data: " + payload + b"\n\n"
    chunks = [data[start : start + 1000] for start in range(0, len(data), 1000)]
    assert decoded(chunks) == [ServerSentEvent("message", payload)]
