"""The results of statuses and media types."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from support.generated import Sdk
from support.loopback import Loopback
from support.typecheck import mypy_errors


@pytest.fixture
def client(sdk: Sdk, server: Loopback) -> Any:
    return sdk.client(server.base_url, max_retries=0)


def test_no_content_is_none(client: Any, server: Loopback) -> None:
    server.answer(status=204)
    assert client.empty.retrieve() is None


def test_text_in_its_charset(client: Any, server: Loopback) -> None:
    server.answer("größe".encode("latin-1"), content_type="text/plain; charset=latin-1")
    assert client.text.retrieve() == "größe"


def test_xml_is_raw_text(client: Any, server: Loopback) -> None:
    server.answer(b"<a>1</a>", content_type="application/xml")
    assert client.xml.retrieve() == "<a>1</a>"


def test_bytes_are_read_and_written(client: Any, server: Loopback, tmp_path: Path) -> None:
    server.answer(b"\x89PNG", content_type="image/png")
    content = client.bytes.retrieve()
    assert content.read() == b"\x89PNG"
    content.write_to_file(tmp_path / "a.png")
    assert (tmp_path / "a.png").read_bytes() == b"\x89PNG"


@pytest.mark.parametrize(
    ("method", "status", "content_type"),
    [
        ("vendor", 200, "application/vnd.answers.v2+json"),
        ("range", 201, "application/json"),
        ("range", 299, "application/json; charset=utf-8"),
        ("fallback", 200, "application/json"),
    ],
)
def test_json_by_any_name_and_status(
    sdk: Sdk, client: Any, server: Loopback, method: str, status: int, content_type: str
) -> None:
    server.answer({"a": 1}, status=status, content_type=content_type)
    answer = getattr(client, method).retrieve()
    assert type(answer) is sdk.types.Answer
    assert answer.to_dict() == {"a": 1}


def test_each_status_has_its_type(sdk: Sdk, client: Any, server: Loopback) -> None:
    server.answer({"a": 1})
    server.answer({"ticket": "t"}, status=202)
    server.answer(status=204)
    assert type(client.several.retrieve()) is sdk.types.Answer
    assert type(client.several.retrieve()) is sdk.types.Ticket
    assert client.several.retrieve() is None


def test_lines_are_a_stream(client: Any, server: Loopback) -> None:
    server.answer(b'{"a": 1}\n{"a": 2}\n', content_type="application/x-ndjson")
    with client.lines.retrieve() as lines:
        assert [line.a for line in lines] == [1, 2]


def test_a_problem_is_an_error_with_its_type(sdk: Sdk, client: Any, server: Loopback) -> None:
    body = {"title": "Gone for good", "since": 3}
    server.answer(body, status=404, content_type="application/problem+json")
    with pytest.raises(sdk.module.NotFoundError, match="Gone for good") as caught:
        client.problem.retrieve()
    assert caught.value.body == body
    assert caught.value.parsed.since == 3


@pytest.mark.parametrize("status", [301, 304])
def test_an_invalid_redirect_is_an_error(
    sdk: Sdk, client: Any, server: Loopback, status: int
) -> None:
    server.answer(status=status)
    with pytest.raises(sdk.module.APIStatusError) as caught:
        client.vendor.retrieve()
    assert caught.value.status_code == status


def test_types(sdk: Sdk) -> None:
    snippet = """
        from typing import assert_type
        from answers_sdk import Answers, Stream
        from answers_sdk.types import Answer, Ticket

        def check(client: Answers) -> None:
            assert_type(client.several.retrieve(), Answer | Ticket | None)
            assert_type(client.text.retrieve(), str)
            assert_type(client.lines.retrieve(), Stream[Answer])
    """
    assert mypy_errors(sdk, snippet) == []
