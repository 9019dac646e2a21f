"""One operation with JSON or events: the switch in the body decides, also for the types."""

from __future__ import annotations

import asyncio

import pytest

from support.generated import Sdk
from support.loopback import Loopback
from support.typecheck import mypy_errors

EVENTS = (
    b'event: chat.started\ndata: {"id": "c1"}\n\n'
    b'event: chat.text\ndata: {"text": "Hi"}\n\n'
    b'event: chat.moved\ndata: {"to": "c2"}\n\n'
)


def stream(server: Loopback, content: bytes, content_type: str = "text/event-stream") -> None:
    server.answer(content, content_type=content_type)


@pytest.mark.parametrize("given", [{}, {"stream": False}])
def test_without_the_switch_it_is_json(sdk: Sdk, server: Loopback, given: dict[str, bool]) -> None:
    server.answer({"id": "c1"})
    chat = sdk.client(server.base_url).chats.create(text="Hello", **given)
    assert isinstance(chat, sdk.types.Chat)
    assert server.last.json == {"text": "Hello", **given}
    assert server.last.headers["accept"] == "application/json"


def test_with_the_switch_it_is_a_stream_of_typed_events(sdk: Sdk, server: Loopback) -> None:
    stream(server, EVENTS)
    with sdk.client(server.base_url).chats.create(text="Hello", stream=True) as events:
        assert isinstance(events, sdk.module.Stream)
        started, text, moved = events
    assert server.last.json == {"text": "Hello", "stream": True}
    assert server.last.headers["accept"].startswith("text/event-stream")
    assert isinstance(started.data, sdk.types.Chat)
    assert (started.event, started.data.id) == ("chat.started", "c1")
    assert isinstance(text.data, sdk.types.Text)
    assert text.data.text == "Hi"
    assert isinstance(moved, sdk.types.UnknownEvent)
    assert moved.raw == {"event": "chat.moved", "data": {"to": "c2"}}


def test_leaving_the_block_closes_the_stream(sdk: Sdk, server: Loopback) -> None:
    stream(server, EVENTS)
    with sdk.client(server.base_url).chats.create(text="Hello", stream=True) as events:
        assert next(events).event == "chat.started"
        assert not events.response.is_closed
    assert events.response.is_closed


def test_async_stream_closes_too(sdk: Sdk, server: Loopback) -> None:
    stream(server, EVENTS)

    async def read() -> tuple[list[str], bool]:
        async with sdk.async_client(server.base_url) as client:
            async with await client.chats.create(text="Hello", stream=True) as events:
                names = [event.event async for event in events]
            return names, events.response.is_closed

    assert asyncio.run(read()) == (["chat.started", "chat.text", "UNKNOWN"], True)


def test_an_operation_that_only_streams_needs_no_switch(sdk: Sdk, server: Loopback) -> None:
    stream(server, EVENTS)
    with sdk.client(server.base_url).chats.watch() as events:
        assert [event.event for event in events] == ["chat.started", "chat.text", "UNKNOWN"]


def test_lines_of_json_are_a_stream(sdk: Sdk, server: Loopback) -> None:
    stream(server, b'{"id": "c1"}\n{"id": "c2"}\n', "application/jsonl")
    with sdk.client(server.base_url).chats.export() as chats:
        assert [chat.id for chat in chats] == ["c1", "c2"]


def test_an_extension_says_what_the_description_cannot(sdk: Sdk, server: Loopback) -> None:
    stream(server, b'data: {"delta": "H"}\n\ndata: {"delta": "i"}\n\ndata: [DONE]\n\n')
    client = sdk.client(server.base_url)
    with client.completions.complete(prompt="p", partial=True) as chunks:
        assert [chunk.delta for chunk in chunks] == ["H", "i"]
    assert server.last.json == {"prompt": "p", "partial": True}
    server.answer({"text": "Hi"})
    assert client.completions.complete(prompt="p").text == "Hi"


def test_overloads_give_each_call_its_type(sdk: Sdk) -> None:
    snippet = """
        from typing import assert_type
        from chat_sdk import AsyncChat, Chat, AsyncStream, Stream, types

        def check(client: Chat, either: bool) -> None:
            assert_type(client.chats.create(text="t"), types.Chat)
            assert_type(client.chats.create(text="t", stream=False), types.Chat)
            with client.chats.create(text="t", stream=True) as events:
                for event in events:
                    if event.event == "chat.text":
                        assert_type(event.data, types.Text)
                    elif event.event == "chat.started":
                        assert_type(event.data, types.Chat)
                    else:
                        assert_type(event, types.UnknownEvent)
            whole = client.completions.complete(prompt="p", partial=None)
            assert_type(whole, types.Text)
            any_kind = client.completions.complete(prompt="p", partial=either)
            assert_type(any_kind, types.Text | Stream[types.Chunk])
            assert_type(client.chats.export(), Stream[types.Chat])

        async def check_async(client: AsyncChat) -> None:
            assert_type(await client.chats.create(text="t"), types.Chat)
            assert_type(await client.completions.complete(prompt="p", partial=True), AsyncStream[types.Chunk])
    """
    assert mypy_errors(sdk, snippet) == []
