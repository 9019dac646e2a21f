"""Bodies that pydantic-core refuses but that can be read: nothing in them is lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from functional.runtime.misbehaving import EVENTS, chunk
from functional.runtime.sample import INFO, Sample
from specloom.runtime import errors

RUN: dict[str, Any] = {"id": "r1", "status": "dóne", "more": ["€", {"x": None}]}
TEXT = json.dumps(RUN, ensure_ascii=False)
Sends = Callable[[bytes], str]


def answer(body: bytes, media_type: str = "application/json", status: int = 200) -> bytes:
    head = f"HTTP/1.1 {status} X\r\nContent-Type: {media_type}\r\nContent-Length: {len(body)}"
    return head.encode() + b"\r\n\r\n" + body


def client(base_url: str) -> Sample:
    return Sample(INFO, credentials={"key": "k"}, base_url=base_url, max_retries=0)


def retrieve(base_url: str) -> Any:
    with client(base_url) as own:
        return own.runs.retrieve("r")


def nested(levels: int) -> dict[str, Any]:
    value: Any = 1
    for level in range(levels):
        value = [value] if level % 2 else {"a": value}
    return {"id": "r1", "status": "done", "deep": value}


@pytest.mark.parametrize(
    ("encoding", "charset"),
    [
        ("utf-8-sig", ""),
        ("utf-16", ""),
        ("utf-16-le", ""),
        ("utf-16-be", "; charset=utf-16be"),
        ("utf-32", ""),
        ("cp1252", "; charset=windows-1252"),
        ("iso8859-15", '; charset="ISO-8859-15"'),
        ("utf-8", "; charset=latin-1"),
        ("utf-8", "; charset=none-of-these"),
    ],
)
def test_json_is_read_in_other_encodings(sends: Sends, encoding: str, charset: str) -> None:
    body = TEXT.encode(encoding)
    run = retrieve(sends(answer(body, "application/json" + charset)))
    assert run.to_dict() == RUN
    error = json.dumps({"error": {"message": "n€in"}}, ensure_ascii=False).encode(encoding)
    with pytest.raises(errors.BadRequestError, match="400: n€in"):
        retrieve(sends(answer(error, "application/json" + charset, 400)))


@pytest.mark.parametrize(
    "value",
    [
        {**RUN, "id": "\ud800"},
        {**RUN, "more": ["a\udfffb", "😀"]},
        {**RUN, "\udc00": {"\ud900": 1}},
        {"status": "broken", "more": "\ud800"},
        nested(199),
        nested(300),
        nested(400),
    ],
    ids=["value", "more", "key", "broken", "199", "300", "400"],
)
def test_lone_surrogates_and_deep_nesting_are_read(sends: Sends, value: dict[str, Any]) -> None:
    run = retrieve(sends(answer(json.dumps(value).encode())))
    assert run.to_dict() == value
    assert json.loads(run.to_json()) == value


@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b'{"id": "\\ud800"', b'{"id": "\xff"}', b"\xff\xfe"]
)
def test_what_is_no_json_is_an_error(sends: Sends, body: bytes) -> None:
    with pytest.raises(errors.APIResponseValidationError):
        retrieve(sends(answer(body)))


def test_a_reset_content_has_no_value(sends: Sends) -> None:
    base_url = sends(b"HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n")
    assert retrieve(base_url) is None


@pytest.mark.parametrize("empty", [b"data:\n\n", b"data\n\n", b"data: \n\n", b"data:  \n\n"])
def test_empty_events_are_skipped(sends: Sends, empty: bytes) -> None:
    run = b'event: run.created\ndata: {"id": "\\ud800", "status": "s"}\n\n'
    events = b"event: run.created\n" + empty + run + b"data: [DONE]\n\n"
    base_url = sends(EVENTS + chunk(events) + b"0\r\n\r\n")
    with client(base_url) as own, own.runs.stream("t") as stream:
        assert [event.data.id for event in stream] == ["\ud800"]
