"""Streams over a real server: complete, invalid and interrupted."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from functional.runtime.sample import (
    INFO,
    AsyncSample,
    Run,
    RunEvent,
    Sample,
    TextEvent,
    UnknownRunStreamEvent,
)
from specloom.runtime import errors
from specloom.runtime.api.content import Events, JsonLines
from specloom.runtime.api.operation import Operation
from specloom.runtime.models.base import Model
from support.loopback import Loopback

SSE = "text/event-stream"
CREATED = b'event: run.created\ndata: {"id": "r1", "status": "queued", "x": 1}\n\n'
DELTA = 'event: text.delta\ndata: {"value": "héllo ✓"}\n\n'.encode()
DONE = b"event: done\ndata: [DONE]\n\n"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n"


def chunked(*chunks: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(each), each) for each in chunks) + end


def sample(base_url: str) -> Sample:
    return Sample(INFO, credentials={"key": "k"}, base_url=base_url)


def test_events_are_typed_by_their_name(server: Loopback) -> None:
    unknown = b'event: run.new\ndata: {"a": 1}\n\n'
    server.answer(CREATED + b": ping\n\n" + DELTA + unknown + DONE + DELTA, content_type=SSE)
    with sample(server.base_url) as client, client.runs.stream("t") as stream:
        created, delta, new = list(stream)
    assert isinstance(created, RunEvent)
    assert isinstance(created.data, Run)
    assert created.to_dict()["data"] == {"id": "r1", "status": "queued", "x": 1}
    assert isinstance(delta, TextEvent)
    assert delta.data == {"value": "héllo ✓"}
    assert isinstance(new, UnknownRunStreamEvent)
    assert new.raw == {"event": "run.new", "data": {"a": 1}}
    assert stream.response.is_closed
    assert server.last.headers["accept"] == f"{SSE}, application/json"


def test_broken_data_is_kept_in_events_whose_class_was_used_before(server: Loopback) -> None:
    RunEvent(event="run.done", data=Run(id="r", status="done"))
    server.answer(b'event: run.done\ndata: {"id": 5, "status": null}\n\n' + DONE, content_type=SSE)
    with sample(server.base_url) as client, client.runs.stream("t") as stream:
        (event,) = stream
    assert isinstance(event, RunEvent)
    assert event.to_dict() == {"event": "run.done", "data": {"id": 5, "status": None}}


def test_every_byte_may_come_alone(sends: Callable[[bytes], str]) -> None:
    body = CREATED + DELTA.replace(b"\n", b"\r\n") + DONE
    pieces = [body[index : index + 1] for index in range(len(body))]
    url = sends(HEAD + b"\r\n" + chunked(*pieces))
    with sample(url) as client, client.runs.stream("t") as stream:
        assert [event.event for event in stream] == ["run.created", "text.delta"]


def test_compressed_streams(server: Loopback) -> None:
    server.answer(
        gzip.compress(CREATED + DONE), headers={"Content-Encoding": "gzip"}, content_type=SSE
    )
    with sample(server.base_url) as client, client.runs.stream("t") as stream:
        assert len(list(stream)) == 1


@pytest.mark.parametrize(
    "reported",
    [
        b'event: error\ndata: {"error": {"message": "Boom", "code": "c", "type": "t"}}\n\n',
        b'event: error\ndata: {"message": "Boom", "code": "c", "type": "t"}\n\n',
        b'data: {"error": {"message": "Boom", "code": "c", "type": "t"}}\n\n',
    ],
)
def test_an_error_event_is_raised_after_earlier_events(server: Loopback, reported: bytes) -> None:
    server.answer(CREATED + reported + DONE, content_type=SSE, headers={"x-request-id": "q"})
    seen: list[Any] = []
    with (
        sample(server.base_url) as client,
        client.runs.stream("t") as stream,
        pytest.raises(errors.APIError) as caught,
    ):
        seen.extend(event for event in iter(stream.__next__, None))
    error = caught.value
    assert (error.message, error.code, error.type, error.request_id) == ("Boom", "c", "t", "q")
    assert stream.response.is_closed


def test_an_error_event_may_be_plain_text(server: Loopback) -> None:
    server.answer(b"event: error\ndata: overloaded\n\n", content_type=SSE)
    with (
        sample(server.base_url) as client,
        client.runs.stream("t") as stream,
        pytest.raises(errors.APIError, match="overloaded"),
    ):
        next(stream)


@pytest.mark.parametrize("tail", [b"", b"event: run.created\ndata: {"])
def test_a_stream_without_an_end_marker_is_interrupted(server: Loopback, tail: bytes) -> None:
    server.answer(CREATED + tail, content_type=SSE)
    with sample(server.base_url) as client, client.runs.stream("t") as stream:
        assert next(stream).event == "run.created"
        with pytest.raises(errors.APIConnectionError, match="cut off"):
            next(stream)


def test_a_reset_in_the_middle_is_a_connection_error(sends: Callable[[bytes], str]) -> None:
    url = sends(HEAD + b"\r\n" + chunked(CREATED, end=b"40\r\nevent"))
    with sample(url) as client, client.runs.stream("t") as stream:
        assert next(stream).event == "run.created"
        with pytest.raises(errors.APIConnectionError) as caught:
            next(stream)
    assert caught.value.__cause__ is not None


def test_an_error_status_is_raised_before_there_is_a_stream(server: Loopback) -> None:
    server.answer({"error": {"message": "No"}}, 400)
    with sample(server.base_url) as client, pytest.raises(errors.BadRequestError, match="No"):
        client.runs.stream("t")


def test_a_json_document_is_not_a_stream(server: Loopback) -> None:
    server.answer({"id": "r1"})
    with (
        sample(server.base_url) as client,
        client.runs.stream("t") as stream,
        pytest.raises(errors.APIResponseValidationError, match="application/json"),
    ):
        next(stream)


def test_events_without_an_envelope_and_lines(server: Loopback) -> None:
    plain: Operation[None, Run] = Operation(
        id="watch", method="GET", path="/watch", stream=Events(lambda: Run)
    )
    lines: Operation[None, Run] = plain._replace(id="lines", stream=JsonLines(lambda: Run))
    run = b'{"id": "r", "status": "done"}'
    server.answer(b"data: " + run + b"\n\ndata: " + run + b"\n\n", content_type=SSE)
    server.answer(run + b"\r\n\n" + run, content_type="application/jsonl")
    server.answer(run + b"\n" + run[:9], content_type="application/jsonl")
    with sample(server.base_url) as client:
        session = client.session
        assert [each.id for each in session.stream(plain)] == ["r", "r"]
        assert [each.id for each in session.stream(lines)] == ["r", "r"]
        with pytest.raises(errors.APIResponseValidationError):
            list(session.stream(lines))


class Tick(Model):
    """An event whose schema has all fields of an event."""

    event: str
    data: int
    id: str | None = None
    retry: int | None = None


def test_an_envelope_has_the_id_and_the_time_to_wait(server: Loopback) -> None:
    ticks: Operation[None, Tick] = Operation(
        id="tick", method="GET", path="/tick", stream=Events(lambda: Tick, envelope=True)
    )
    first, rest = b"event: tick\ndata: 1\n\n", b"id: t2\nretry: 500\ndata: 2\n\ndata: 3\n\n"
    server.answer(first + rest, content_type=SSE)
    with sample(server.base_url) as client:
        told = [each.to_dict() for each in client.session.stream(ticks)]
    assert told == [
        {"event": "tick", "data": 1},
        {"event": "message", "data": 2, "id": "t2", "retry": 500},
        {"event": "message", "data": 3, "id": "t2"},  # an id stays until there is another
    ]


def test_an_invalid_wait_in_milliseconds_is_ignored(server: Loopback) -> None:
    plain: Operation[None, Run] = Operation(
        id="watch", method="GET", path="/watch", stream=Events(lambda: Run)
    )
    run = b'data: {"id": "r", "status": "done"}\n\n'
    server.answer(b"retry: " + b"9" * 5000 + b"\n" + run, content_type=SSE)
    with sample(server.base_url) as client:
        assert [each.id for each in client.session.stream(plain)] == ["r"]


def test_reading_the_response_of_a_stream_is_refused_and_leaves_the_stream(
    server: Loopback,
) -> None:
    server.answer(CREATED * 2 + DONE, content_type=SSE)
    with sample(server.base_url) as client, client.runs.stream("t") as stream:
        next(stream)
        with pytest.raises(httpx2.StreamConsumed):
            stream.response.read()
        assert not stream.response.is_closed
        assert isinstance(next(stream), RunEvent)


def test_leaving_the_block_closes_the_connection(server: Loopback) -> None:
    server.answer(CREATED * 3 + DONE, content_type=SSE)
    with sample(server.base_url) as client:
        with client.runs.stream("t") as stream:
            next(stream)
        assert stream.response.is_closed


def test_async_streams(server: Loopback) -> None:
    server.answer(CREATED + DELTA + DONE, content_type=SSE)
    server.answer(CREATED, content_type=SSE)

    async def main() -> None:
        async with AsyncSample(INFO, credentials={"key": "k"}, base_url=server.base_url) as client:
            async with await client.runs.stream("t") as stream:
                assert [event.event async for event in stream] == ["run.created", "text.delta"]
            async with await client.runs.stream("t") as stream:
                await anext(stream)
                with pytest.raises(errors.APIConnectionError):
                    await anext(stream)
            assert stream.response.is_closed

    asyncio.run(main())


def test_cancelling_in_the_middle_of_a_stream_frees_the_connection(
    sends: Callable[[bytes], str],
) -> None:
    url = sends(HEAD + b"\r\n" + chunked(CREATED, end=b""))

    async def main() -> None:
        async with AsyncSample(INFO, credentials={"key": "k"}, base_url=url) as client:
            stream = await client.runs.stream("t")
            arrived = asyncio.Event()

            async def read() -> None:
                async with stream:
                    async for _ in stream:
                        arrived.set()
                        await asyncio.get_running_loop().create_future()

            task = asyncio.create_task(read())
            await arrived.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert stream.response.is_closed

    asyncio.run(main())
