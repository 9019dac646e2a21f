"""Bodies of every media type, and files from all sources."""

from __future__ import annotations

import asyncio
import io
import json
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from specloom.runtime.api.operation import Encoding, RequestBody
from specloom.runtime.models.base import Model
from specloom.runtime.request.bodies import encode
from specloom.runtime.request.uploads import StreamedBody


class Point(Model):
    x: int
    unset: str | None = None


def content(body: bytes | StreamedBody) -> bytes:
    return body if isinstance(body, bytes) else b"".join(body.in_sync())


def multipart(value: Any, **encoding: Encoding) -> list[Message]:
    body, content_type = encode(value, RequestBody("multipart/form-data", encoding=encoding))
    assert isinstance(body, StreamedBody)
    data = content(body)
    assert body.length in {None, len(data)}
    message = message_from_bytes(f"Content-Type: {content_type}\r\n\r\n".encode() + data)
    assert message.is_multipart()
    parts: Any = message.get_payload()
    return list(parts)


def facts(part: Message) -> tuple[Any, Any, str | None, bytes]:
    payload: Any = part.get_payload(decode=True)
    return (
        part.get_param("name", header="content-disposition"),
        part.get_filename(),
        part.get("content-type"),
        payload,
    )


def test_json_sends_models_anywhere_by_their_wire_names() -> None:
    value = {"point": Point(x=1), "list": [Point(x=2), ("a", None)]}
    assert encode(value, RequestBody("application/json")) == (
        b'{"point":{"x":1},"list":[{"x":2},["a",null]]}',
        "application/json",
    )
    assert encode(Point(x=1), RequestBody("application/vnd.test+json; v=1"))[0] == b'{"x":1}'


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(json_values)
def test_the_fast_encoder_equals_the_slow_one(value: Any) -> None:
    """The fast and the slow encoder give the same bytes."""
    short, _ = encode(value, RequestBody("application/json"))
    long, _ = encode([value, Point(x=1)], RequestBody("application/json"))
    assert long == b"[" + content(short) + b',{"x":1}]'
    assert json.loads(content(short)) == value


def test_a_value_that_holds_itself_ends() -> None:
    value: list[Any] = []
    value.append(value)
    with pytest.raises((TypeError, RecursionError)):
        encode(value, RequestBody("application/json"))


def test_what_has_no_json_form_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="object"):
        encode({"a": object()}, RequestBody("application/json"))


def test_json_lines() -> None:
    body, _ = encode([{"a": 1}, Point(x=2)], RequestBody("application/x-ndjson"))
    assert body == b'{"a":1}\n{"x":2}\n'


def test_forms() -> None:
    declared = RequestBody(
        "application/x-www-form-urlencoded",
        encoding={
            "ids": Encoding(style="form", explode=False),
            "deep": Encoding(style="deepObject", explode=True),
        },
    )
    value = {
        "text": "a b&c",
        "tags": ["x", "y"],
        "ids": [1, 2],
        "deep": {"k": "v"},
        "object": {"k": 1},
        "none": None,
    }
    body, content_type = encode(value, declared)
    assert content_type == "application/x-www-form-urlencoded"
    assert body == (b"text=a+b%26c&tags=x&tags=y&ids=1,2&deep%5Bk%5D=v&object=%7B%22k%22%3A1%7D")


def test_parts_of_every_kind(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(b"from disk")
    parts = multipart(
        {
            "bytes": b"raw",
            "path": path,
            "open": io.BytesIO(b"handle"),
            "named": ("x.json", b"{}"),
            "typed": ("x", io.BytesIO(b"y"), "text/csv"),
            "many": [b"1", ("two.png", b"2")],
            "text": "plain",
            "flag": True,
            "object": {"a": [1]},
            "none": None,
            "encoded": b"<x/>",
            "list": ["a", "b"],
        },
        encoded=Encoding(content_type="application/xml"),
    )
    assert [facts(part) for part in parts] == [
        ("bytes", "bytes", "application/octet-stream", b"raw"),
        ("path", "notes.txt", "text/plain", b"from disk"),
        ("open", "open", "application/octet-stream", b"handle"),
        ("named", "x.json", "application/json", b"{}"),
        ("typed", "x", "text/csv", b"y"),
        ("many", "many", "application/octet-stream", b"1"),
        ("many", "two.png", "image/png", b"2"),
        ("text", None, None, b"plain"),
        ("flag", None, None, b"true"),
        ("object", None, "application/json", b'{"a":[1]}'),
        ("encoded", "encoded", "application/xml", b"<x/>"),
        ("list", None, None, b"a"),
        ("list", None, None, b"b"),
    ]


def test_names_cannot_break_out_of_their_header() -> None:
    part = multipart({'a"\r\nX-Bad: 1': ('f"\r\nX-Bad: 1', b"")})[0]
    assert part["x-bad"] is None


@pytest.mark.parametrize("kind", ["bytes", "path", "handle", "text"])
def test_raw_bodies_can_be_read_again(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "blob.bin"
    path.write_bytes(b"blob")
    value: Any = {"bytes": b"blob", "path": path, "handle": io.BytesIO(b"blob"), "text": "blob"}[
        kind
    ]
    body, content_type = encode(value, RequestBody("application/octet-stream"))
    assert content_type == "application/octet-stream"
    assert [content(body), content(body)] == [b"blob", b"blob"]
    if isinstance(body, StreamedBody):
        assert (body.length, body.replayable) == (4, True)


class Pipe(io.RawIOBase):
    """Bytes that come once and cannot be sought."""

    def __init__(self) -> None:
        self.rest = [b"one", b"two"]

    def readable(self) -> bool:
        return True

    def read(self, _size: int = -1, /) -> bytes:
        return self.rest.pop(0) if self.rest else b""


@pytest.mark.parametrize("value", [Pipe(), iter([b"one", b"two"])])
def test_what_cannot_be_sought_is_sent_once(value: Any) -> None:
    body, _ = encode(value, RequestBody("application/octet-stream"))
    assert isinstance(body, StreamedBody)
    assert (body.length, body.replayable) == (None, False)

    async def collect() -> bytes:
        return b"".join([chunk async for chunk in body.in_async()])

    assert asyncio.run(collect()) == b"onetwo"


@pytest.mark.parametrize(
    ("media_type", "value"), [("multipart/form-data", [1]), ("application/octet-stream", 7)]
)
def test_the_wrong_shape_is_a_type_error(media_type: str, value: Any) -> None:
    with pytest.raises(TypeError):
        encode(value, RequestBody(media_type))
