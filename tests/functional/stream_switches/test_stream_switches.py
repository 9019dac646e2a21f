"""Calls request or decline a stream, and ``[DONE]`` ends it."""

from __future__ import annotations

from typing import Any

import pytest

from support.generated import Sdk
from support.loopback import Loopback
from support.typecheck import mypy_errors

EVENTS = "text/event-stream"
WORDS = b'data: {"word": "a"}\n\ndata: {"word": "b"}\n\ndata: [DONE]\n\n: late\n\n'


@pytest.fixture
def client(sdk: Sdk, server: Loopback) -> Any:
    return sdk.client(server.base_url, max_retries=0)


def words(stream: Any) -> list[str]:
    with stream:
        return [each.word for each in stream]


@pytest.mark.parametrize("given", [{}, {"stream": False}])
def test_a_stream_by_default_is_declined(
    sdk: Sdk, client: Any, server: Loopback, given: dict[str, bool]
) -> None:
    server.answer({"text": "a b"})
    assert client.generate(prompt="p", **given) == sdk.types.Text(text="a b")
    assert server.last.json == {"prompt": "p", "stream": False}
    assert server.last.headers["accept"] == "application/json"


def test_the_stream_is_asked_for_by_its_media_type(client: Any, server: Loopback) -> None:
    server.answer(b'{"word": "a"}\n{"word": "b"}\n', content_type="application/x-ndjson")
    assert words(client.generate(prompt="p", stream=True)) == ["a", "b"]
    assert server.last.json == {"prompt": "p", "stream": True}
    assert server.last.headers["accept"] == "application/x-ndjson, application/json"


def test_a_switch_in_the_query(sdk: Sdk, client: Any, server: Loopback) -> None:
    server.answer({"text": "a b"})
    assert client.listen.retrieve() == sdk.types.Text(text="a b")
    assert server.last.query == []
    server.answer(WORDS, content_type=EVENTS)
    assert words(client.listen.retrieve(stream=True)) == ["a", "b"]
    assert server.last.query == [("stream", "true")]
    assert server.last.headers["accept"].startswith(EVENTS)


def test_a_switch_in_a_variant_of_the_body(sdk: Sdk, client: Any, server: Loopback) -> None:
    server.answer({"text": "a b"})
    assert client.chat.create(body={"prompt": "p"}) == sdk.types.Text(text="a b")
    assert server.last.headers["accept"] == "application/json"
    server.answer(WORDS, content_type=EVENTS)
    assert words(client.chat.create(body={"prompt": "p", "stream": True})) == ["a", "b"]
    assert server.last.headers["accept"].startswith(EVENTS)


def test_bytes_or_a_stream_by_a_switch(client: Any, server: Loopback) -> None:
    server.answer(b"RIFF", content_type="audio/wav")
    assert client.say.create(text="a").content == b"RIFF"
    server.answer(b'data: {"word": "a"}\n\ndata: [DONE]\n\n', content_type=EVENTS)
    with client.say.create(text="a", stream=True) as events:
        assert [event.data.word for event in events] == ["a"]


def test_a_stream_needs_its_described_end(sdk: Sdk, client: Any, server: Loopback) -> None:
    for call in (lambda: client.say.create(text="a", stream=True), client.ended.retrieve):
        server.answer(b'data: {"word": "a"}\n\n', content_type=EVENTS)
        with pytest.raises(sdk.module.APIConnectionError), call() as events:
            list(events)


def test_another_end_is_the_only_one(client: Any, server: Loopback) -> None:
    server.answer(b'data: {"word": "a"}\n\ndata: END\n\ndata: [DONE]\n\n', content_type=EVENTS)
    assert words(client.ended.retrieve()) == ["a"]


def test_unnamed_events_are_identified_by_their_data(
    sdk: Sdk, client: Any, server: Loopback
) -> None:
    body = b'data: {"word": "a"}\n\nid: 7\ndata: {"count": 2}\n\ndata: [DONE]\n\n'
    server.answer(body, content_type=EVENTS)
    with client.feed.retrieve() as events:
        word, count = events
    assert word == sdk.types.WordEvent(data=sdk.types.Word(word="a"))
    assert type(count) is sdk.types.CountEvent
    assert (count.id, count.data.count) == ("7", 2)


def test_an_unrequested_stream_is_an_error(sdk: Sdk, client: Any, server: Loopback) -> None:
    server.answer(b'{"word": "a"}\n{"word": "b"}\n', content_type="application/x-ndjson")
    with pytest.raises(sdk.module.APIResponseValidationError, match="application/x-ndjson"):
        client.generate(prompt="p")


def test_the_readme_shows_the_data(sdk: Sdk) -> None:
    assert "print(event)" in sdk.source("README.md")
    assert "print(event.data)" in sdk.source("docs/resources/say.md")


def test_types(sdk: Sdk) -> None:
    snippet = """
        from typing import assert_type
        from talk_sdk import Stream, Talk, types

        def check(client: Talk, either: bool) -> None:
            assert_type(client.generate(prompt="p"), types.Text)
            assert_type(client.generate(prompt="p", stream=True), Stream[types.Word])
            assert_type(client.listen.retrieve(stream=True), Stream[types.Word])
            assert_type(client.listen.retrieve(stream=either), types.Text | Stream[types.Word])
            assert_type(client.chat.create(body={"prompt": "p"}), types.Text)
            assert_type(client.chat.create(body={"prompt": "p", "stream": True}), Stream[types.Word])
            with client.say.create(text="a", stream=True) as events:
                assert_type(events, Stream[types.WordEvent])
    """
    assert mypy_errors(sdk, snippet) == []
