"""One table classifies media types; the Content-Type of a response selects its reading."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from support.generated import Sdk
from support.loopback import Loopback
from support.typecheck import mypy_errors

PARTS = b"--b\r\nContent-Type: application/json\r\n\r\n%b\r\n--b\r\n\r\n%b\r\n--b--\r\n"


@pytest.fixture
def client(sdk: Sdk, server: Loopback) -> Any:
    return sdk.client(server.base_url, max_retries=0)


def read(client: Any, server: Loopback, body: bytes, content_type: str) -> Any:
    server.answer(body, content_type=content_type)
    return client.reports.list()


def test_the_media_type_of_the_answer_decides(sdk: Sdk, client: Any, server: Loopback) -> None:
    assert read(client, server, b'{"total": 1}', "application/json") == sdk.types.Report(total=1)
    second = read(client, server, b'{"totals": [1]}', "application/vnd.reports.v2+json")
    assert second == sdk.types.ReportV2(totals=[1])
    assert read(client, server, b"total\n1\n", "text/csv; charset=utf-8") == "total\n1\n"
    assert read(client, server, b"%PDF\xff", "application/pdf").content == b"%PDF\xff"


def test_every_described_type_is_asked_for_and_json_preferred(
    client: Any, server: Loopback
) -> None:
    read(client, server, b'{"total": 1}', "application/json")
    accepted = [one.partition(";") for one in server.last.headers["accept"].split(", ")]
    assert [(one, quality) for one, _, quality in accepted] == [
        ("application/json", ""),
        ("application/vnd.reports.v2+json", ""),
        ("text/csv", "q=0.9"),
        ("application/pdf", "q=0.9"),
    ]


def test_an_error_is_read_by_its_media_type(sdk: Sdk, client: Any, server: Loopback) -> None:
    server.answer({"title": "no"}, status=400, content_type="application/problem+json")
    server.answer(b"<h1>no</h1>", status=502, content_type="text/html")
    with pytest.raises(sdk.module.BadRequestError) as caught:
        client.reports.list()
    assert caught.value.parsed == sdk.types.Problem(title="no")
    with pytest.raises(sdk.module.InternalServerError) as caught:
        client.reports.list()
    assert caught.value.parsed is None


@pytest.mark.parametrize("content_type", ["application/json", "text/json", "text/plain"])
def test_one_schema_is_one_type(sdk: Sdk, client: Any, server: Loopback, content_type: str) -> None:
    server.answer(b'{"total": 2}', content_type=content_type)
    assert client.reports.write(total=2) == sdk.types.Report(total=2)
    assert server.last.headers["content-type"] == "application/json"
    assert server.last.headers["accept"].startswith("application/json, ")
    assert "application/xml;q=0.9" in server.last.headers["accept"]


def test_a_form_that_cannot_be_read_is_an_error(sdk: Sdk, client: Any, server: Loopback) -> None:
    server.answer(b"<total>2</total>", content_type="application/xml")
    with pytest.raises(sdk.module.APIResponseValidationError, match="application/xml"):
        client.reports.write(total=2)


def test_equal_inline_schemas_make_one_type(sdk: Sdk, client: Any, server: Loopback) -> None:
    server.answer({"made": 1}, status=201, content_type="application/hal+json")
    assert type(client.reports.write(total=1)).__name__ == "ReportWriteResponse"
    assert not hasattr(sdk.types, "WriteResponse2")


def test_text_beside_json_is_not_decoded(client: Any, server: Loopback) -> None:
    for body, content_type in ((b'"a"', "application/json"), (b'"a"', "text/plain")):
        server.answer(body, content_type=content_type)
        assert client.words.retrieve() == ("a" if "json" in content_type else '"a"')


def test_text_is_sent_in_its_charset(client: Any, server: Loopback) -> None:
    server.answer(b"3", content_type="text/plain")
    assert client.words.count(body="h\u00fc!") == 3
    assert server.last.body == b"h\xfc!"
    with pytest.raises(ValueError, match="iso-8859-1"):
        client.words.count(body="\u20ac")


def test_scalars_and_bytes_are_sent_as_they_are(client: Any, server: Loopback) -> None:
    server.answer(status=204)
    client.numbers.update(body=1.5)
    assert (server.last.body, server.last.headers["content-type"]) == (b"1.5", "text/plain")
    answers = [
        ("image/png", b"\x89", b"\x89"),
        ("text/plain", b"a", "a"),
        ("text/json", b"[1]", [1]),
    ]
    for content_type, body, value in answers:
        server.answer(body, content_type=content_type)
        result = client.anything.update(body=("a.png", b"\x89"))
        assert getattr(result, "content", result) == value
        assert server.last.headers["content-type"] == "image/png"


@pytest.mark.parametrize(
    ("body", "sent"),
    [
        (("a.png", b"\x89"), "image/png"),
        (("a", b"\x89", "image/webp"), "image/webp"),
        (b"\x89", "application/octet-stream"),
    ],
)
def test_who_gives_bytes_chooses_in_a_range(
    client: Any, server: Loopback, body: Any, sent: str
) -> None:
    server.answer(status=204)
    client.images.update(body=body)
    assert (server.last.headers["content-type"], server.last.body) == (sent, b"\x89")


@pytest.mark.parametrize(("name", "sent"), [("a.jpg", "image/jpeg"), ("a", "image/png")])
def test_who_gives_bytes_chooses_of_several(
    client: Any, server: Loopback, name: str, sent: str
) -> None:
    server.answer(status=204)
    client.pictures.update(body=(name, b"\xff"))
    assert server.last.headers["content-type"] == sent


def test_bytes_or_events_by_the_answer(sdk: Sdk, client: Any, server: Loopback) -> None:
    server.answer(b"ID3", content_type="audio/mpeg")
    assert client.speech.create(text="a").content == b"ID3"
    assert "text/event-stream" in server.last.headers["accept"]
    server.answer(b'data: {"audio": "a"}\n\ndata: [DONE]\n\n', content_type="text/event-stream")
    with client.speech.create(text="a") as events:
        assert list(events) == [sdk.types.Sound(audio="a")]
    server.answer(b"ID3", content_type="audio/mpeg")
    assert client.speech.with_raw_response.create(text="a").parse().content == b"ID3"


def test_bytes_or_events_async(sdk: Sdk, server: Loopback) -> None:
    async def speak() -> list[Any]:
        async with sdk.async_client(server.base_url) as client:
            events = await client.speech.create(text="a")
            return [each async for each in events]

    server.answer(b'data: {"audio": "a"}\n\n', content_type="text/event-stream")
    assert asyncio.run(speak()) == [sdk.types.Sound(audio="a")]


@pytest.mark.parametrize(
    ("resource", "content_type", "body"),
    [
        ("logs", "application/x-jsonlines", b'{"n":1}\r\n\r\n{"n":2}'),
        ("logs", "application/json-seq", b'\x1e{"n":\n1}\n\x1e{"n":2}\n'),
        ("sequences", "application/geo+json-seq", b'\x1e{"n":1}\n\x1e\x1e{"n":2}\n'),
        ("sequences", "application/ndjson", b'{"n":1}\n{"n":2}\n'),
        ("parts", "multipart/mixed; boundary=b", PARTS % (b'{"n":1}', b'{"n":2}')),
        ("parts", 'multipart/mixed; boundary="b"', PARTS % (b'{"n":1}', b'{"n":2}')),
    ],
)
def test_values_in_a_row(
    sdk: Sdk, client: Any, server: Loopback, resource: str, content_type: str, body: bytes
) -> None:
    server.answer(body, content_type=content_type)
    with getattr(client, resource).retrieve() as lines:
        assert list(lines) == [sdk.types.Line(n=1), sdk.types.Line(n=2)]


def test_lines_that_are_described_as_bytes_are_bytes(client: Any, server: Loopback) -> None:
    server.answer(b"{}\n{}\n", content_type="application/x-jsonl")
    assert client.archives.retrieve().content == b"{}\n{}\n"


def test_a_text_that_is_cut_off_raises(sdk: Sdk, client: Any, server: Loopback) -> None:
    server.answer(b'\x1e{"n":1}\n\x1e{"n":', content_type="application/json-seq")
    with client.sequences.retrieve() as lines:
        assert next(lines).n == 1
        with pytest.raises(sdk.module.APIError):
            next(lines)


def test_values_are_sent_in_a_row(client: Any, server: Loopback) -> None:
    for _ in range(2):
        server.answer(status=204)
    client.logs.write(body=[{"n": 1}, {"n": 2}])
    assert server.last.body == b'{"n":1}\n{"n":2}\n'
    client.sequences.write(body=[{"n": 1}, {"n": 2}])
    assert server.last.body == b'\x1e{"n":1}\n\x1e{"n":2}\n'


def sent_parts(server: Loopback) -> list[bytes]:
    boundary = server.last.headers["content-type"].partition("boundary=")[2].encode()
    return server.last.body.split(b"--" + boundary)[1:-1]


def test_parts_of_an_array_by_their_position(client: Any, server: Loopback) -> None:
    server.answer(status=204)
    client.parts.write(body=[{"n": 1}, ("a.jpg", b"\xff")])
    assert server.last.headers["content-type"].startswith("multipart/mixed; boundary=")
    assert sent_parts(server) == [
        b'\r\nContent-Type: application/json\r\n\r\n{"n":1}\r\n',
        b'\r\nContent-Disposition: attachment; filename="a.jpg"\r\n'
        b"Content-Type: image/jpeg\r\n\r\n\xff\r\n",
    ]


def test_several_media_types_of_a_part_are_a_choice(client: Any, server: Loopback) -> None:
    server.answer(status=204)
    client.forms.create(file=b"\x89", note="h\u00fc", line={"n": 1})
    file, note, line = sent_parts(server)
    assert b"Content-Type: application/octet-stream\r\n\r\n\x89" in file
    assert b"Content-Type: text/plain; charset=iso-8859-1\r\n\r\nh\xfc" in note
    assert b'Content-Type: application/vnd.line+json\r\n\r\n{"n":1}' in line
    server.answer(status=204)
    client.forms.create(file=("a.jpg", b"\xff"))
    assert b"Content-Type: image/jpeg" in sent_parts(server)[0]


def test_a_described_redirection_is_returned(sdk: Sdk, client: Any, server: Loopback) -> None:
    server.answer(status=302, headers={"Location": "/there", "X-Left": "3"})
    moved = client.moved.retrieve()
    assert (moved.status_code, moved.location) == (302, f"{server.base_url}/there")
    assert moved.headers["x-left"] == "3"
    server.answer(status=304, headers={"ETag": '"a"'})
    assert client.conditional.retrieve(if_none_match='"a"').headers["etag"] == '"a"'
    server.answer({"n": 1})
    assert client.conditional.retrieve() == sdk.types.Line(n=1)


def test_the_redirect_of_a_download_is_followed(client: Any, server: Loopback) -> None:
    server.answer(status=302, headers={"Location": "/there"})
    server.answer(b"PK")
    assert client.download().content == b"PK"


def test_a_query_string_is_written_as_its_encoding_says(client: Any, server: Loopback) -> None:
    server.answer(status=204)
    client.found.retrieve(tags=["a", "b"], point={"x": 1}, file="a/b")
    assert server.last.raw_query == "tags=a%7Cb&point=%7B%22x%22%3A1%7D&file=a/b"


def test_types(sdk: Sdk) -> None:
    snippet = """
        from typing import assert_type
        from media_sdk import AsyncMedia, AsyncStream, Media, Stream, types
        from media_sdk._runtime.response.reading import BinaryContent, Redirection

        def check(client: Media) -> None:
            report = client.reports.list()
            assert_type(report, types.Report | types.ReportV2 | str | BinaryContent)
            assert_type(client.reports.write(total=1), types.Report | types.ReportWriteResponse)
            assert_type(client.words.retrieve(), str)
            assert_type(client.words.count(body="a"), int)
            assert_type(client.speech.create(text="a"), BinaryContent | Stream[types.Sound])
            assert_type(client.sequences.retrieve(), Stream[types.Line])
            client.logs.write(body=[{"n": 1}])
            assert_type(client.moved.retrieve(), Redirection)
            assert_type(client.conditional.retrieve(), types.Line | Redirection)
            assert_type(client.download(), BinaryContent)

        async def check_async(client: AsyncMedia) -> None:
            sound = await client.speech.create(text="a")
            assert_type(sound, BinaryContent | AsyncStream[types.Sound])
    """
    assert mypy_errors(sdk, snippet) == []
