"""Forms: one part for each file and each item, with the described names and types."""

from __future__ import annotations

import asyncio
import email
import email.policy
import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from support.generated import Sdk
from support.loopback import Loopback, Received
from support.typecheck import mypy_errors


class Part(NamedTuple):
    """A part of a form as it was sent."""

    name: str
    filename: str | None
    content_type: str | None
    content: bytes


def parts_of(request: Received) -> list[Part]:
    """The parts of a multipart request, read by the standard library."""
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    message = email.message_from_bytes(head + request.body, policy=email.policy.HTTP)
    parts = []
    for part in message.iter_parts():
        payload = part.get_payload(decode=True)
        assert isinstance(payload, bytes)
        parts.append(
            Part(
                str(part.get_param("name", header="content-disposition")),
                part.get_filename(),
                part["content-type"],
                payload,
            )
        )
    return parts


def test_one_part_for_each_file_and_item(sdk: Sdk, server: Loopback, tmp_path: Path) -> None:
    path = tmp_path / "c.jpg"
    path.write_bytes(b"on disk")
    server.answer({"ok": True})
    sdk.client(server.base_url).albums.create(
        photos=[b"raw", ("b.png", b"named"), path, ("d", io.BytesIO(b"typed"), "image/gif")],
        cover=b"cover",
        meta={"title": 'Say "hi"', "year": 2024},
        tags=["a", "b"],
        public=True,
    )
    assert parts_of(server.last) == [
        Part("photos", "photos", "application/octet-stream", b"raw"),
        Part("photos", "b.png", "image/png", b"named"),
        Part("photos", "c.jpg", "image/jpeg", b"on disk"),
        Part("photos", "d", "image/gif", b"typed"),
        Part("cover", "cover", "image/png", b"cover"),
        Part("meta", None, "application/json", b'{"title":"Say \\"hi\\"","year":2024}'),
        Part("tags", None, None, b"a"),
        Part("tags", None, None, b"b"),
        Part("public", None, None, b"true"),
    ]


def test_a_part_has_the_headers_that_have_one_value(sdk: Sdk, server: Loopback) -> None:
    server.answer({"ok": True})
    sdk.client(server.base_url).albums.create(photos=[b"p"], meta={}, cover=b"c")
    heads = [part.partition(b"\r\n\r\n")[0] for part in server.last.body.split(b"\r\n--")]
    (cover,) = [head for head in heads if b'name="cover"' in head]
    assert cover.endswith(b"Content-Type: image/png\r\nX-Kind: photo\r\nX-Level: 3")
    assert sum(b"X-Kind" in head for head in heads) == 1
    assert sdk.warnings == ("unused-field",)  # X-Free has no value to send


def test_what_was_not_given_is_no_part(sdk: Sdk, server: Loopback) -> None:
    server.answer({"ok": True})
    sdk.client(server.base_url).albums.create(photos=[], meta={})
    assert parts_of(server.last) == [Part("meta", None, "application/json", b"{}")]


class Chunks(io.RawIOBase):
    """A file of unknown length that records the largest read."""

    def __init__(self, chunks: list[bytes]) -> None:
        self.chunks = chunks
        self.largest = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        self.largest = max(self.largest, size)
        return self.chunks.pop(0) if self.chunks else b""


def test_uploads_are_streamed(sdk: Sdk, server: Loopback) -> None:
    file = Chunks([b"a" * 1000, b"b" * 1000])
    server.answer({"ok": True})
    sdk.client(server.base_url).albums.create(photos=[("big", file)], meta={})
    assert server.last.headers["transfer-encoding"] == "chunked"
    assert parts_of(server.last)[0].content == b"a" * 1000 + b"b" * 1000
    assert 0 < file.largest < 1_000_000


def test_async_client_sends_the_same(sdk: Sdk, server: Loopback) -> None:
    server.answer({"ok": True})

    async def create() -> None:
        async with sdk.async_client(server.base_url) as client:
            await client.albums.create(photos=[("a.txt", b"A")], meta={"year": 1}, tags=["t"])

    asyncio.run(create())
    assert parts_of(server.last) == [
        Part("photos", "a.txt", "text/plain", b"A"),
        Part("meta", None, "application/json", b'{"year":1}'),
        Part("tags", None, None, b"t"),
    ]


def test_url_encoded_form(sdk: Sdk, server: Loopback) -> None:
    server.answer({"ok": True})
    sdk.client(server.base_url).token.create(
        grant_type="a b&c", scopes=["x", "y"], claims={"a": 1}, joined=["p", "q"]
    )
    assert server.last.headers["content-type"] == "application/x-www-form-urlencoded"
    assert server.last.body == (
        b"grant_type=a+b%26c&scopes=x&scopes=y&claims=%7B%22a%22%3A1%7D&joined=p,q"
    )


@pytest.mark.parametrize("as_file", [bytes, io.BytesIO])
def test_binary_body_and_response(
    sdk: Sdk, server: Loopback, as_file: Callable[[bytes], Any]
) -> None:
    sent = bytes(range(256))
    server.answer(sent)
    result = sdk.client(server.base_url).raw.update(body=as_file(sent))
    assert server.last.body == sent
    assert server.last.headers["content-type"] == "application/octet-stream"
    assert result.content == sent


def test_a_file_goes_as_a_form_where_json_has_the_same_schema(sdk: Sdk, server: Loopback) -> None:
    server.answer({})
    sdk.client(server.base_url).avatar.update(image=b"\x89PNG", name="Ada")
    assert server.last.headers["content-type"].startswith("multipart/form-data")
    assert b"\r\n\r\n\x89PNG\r\n" in server.last.body


def test_text_body_and_response(sdk: Sdk, server: Loopback) -> None:
    client = sdk.client(server.base_url)
    server.answer("grün".encode(), content_type="text/plain; charset=utf-8")
    server.answer(b"", content_type="text/plain")
    assert client.note.update(body="grün") == "grün"
    assert server.last.body == "grün".encode()
    assert server.last.headers["content-type"] == "text/plain"
    assert client.note.update() == ""
    assert "content-type" not in server.last.headers


def test_a_kind_of_json_keeps_its_media_type(sdk: Sdk, server: Loopback) -> None:
    server.answer(status=204)
    result = sdk.client(server.base_url).patch_(body=[{"op": "add", "value": None}])
    assert result is None
    assert server.last.headers["content-type"] == "application/json-patch+json"
    assert server.last.body == b'[{"op":"add","value":null}]'


def test_the_sdk_type_checks(sdk: Sdk) -> None:
    snippet = """
        from pathlib import Path
        from typing import assert_type
        from uploads_sdk import Uploads

        def check(client: Uploads) -> None:
            client.albums.create(photos=[b"a", Path("p"), ("n", b"b"), ("n", b"b", "image/png")], meta={"year": 1})
            client.albums.create(photos=[1], meta={})  # type: ignore[list-item]
            client.albums.create(photos=[], meta={"yaer": 1})  # type: ignore[typeddict-unknown-key]
            assert_type(client.note.update(body="x"), str)
            assert_type(client.raw.update(body=b"x").content, bytes)
            client.patch_(body=[{"op": "add"}])
    """
    assert mypy_errors(sdk, snippet) == []


def test_a_decimal_is_a_number_in_a_json_part(sdk: Sdk, server: Loopback) -> None:
    server.answer({"ok": True})
    meta = {"title": Decimal("1.10"), "year": Decimal("2024")}
    sdk.client(server.base_url).albums.create(photos=[], meta=meta)
    assert [part.content for part in parts_of(server.last)] == [b'{"title":"1.10","year":2024}']
