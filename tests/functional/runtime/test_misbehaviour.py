"""A misbehaving server: no hang, no leaked connection, no lost data."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import httpx2
import pytest

from functional.runtime.misbehaving import (
    EVENTS,
    HEAD,
    Act,
    Connection,
    Misbehaving,
    answer,
    chunk,
    misbehaving,
    way_of,
)
from functional.runtime.sample import INFO, AsyncSample, RunEvent, Sample
from specloom.runtime import errors
from specloom.runtime.client.session import AsyncSession, SyncSession
from specloom.runtime.connections.transport import AsyncTransport, SyncTransport
from specloom.runtime.options import Timeout

RUN = b'{"id": "r1", "status": "queued", "name": "h\xc3\xa9llo \xe2\x9c\x93"}'
CREATED = b"event: run.created\ndata: " + RUN + b"\n\n"
DONE = b"data: [DONE]\n\n"
SOON = Timeout(connect=1, read=0.05, write=1, pool=1)


def sends(*pieces: bytes) -> Act:
    """Send this and continue."""

    def act(connection: Connection) -> None:
        for piece in pieces:
            connection.send(piece)

    return act


def sends_and_waits(data: bytes) -> Act:
    """Send this, then nothing more."""

    def act(connection: Connection) -> None:
        connection.send(data)
        connection.wait_for_client()

    return act


def sends_and_resets(data: bytes) -> Act:
    """Send this and cut the connection."""

    def act(connection: Connection) -> None:
        connection.send(data)
        connection.reset()

    return act


class Waits(list[float]):
    """Stands in for ``sleep``."""

    async def in_async(self, seconds: float) -> None:
        self.append(seconds)


def sample(server: Misbehaving, waits: Waits | None = None, **options: Any) -> Sample:
    client = Sample(INFO, credentials={"key": "k"}, base_url=server.base_url, **options)
    settings, transport = client.session.settings, SyncTransport(options.get("http_client"))
    noted = Waits() if waits is None else waits
    client._session = SyncSession(settings, transport, noted.append)
    return client


def async_sample(server: Misbehaving, waits: Waits | None = None, **options: Any) -> AsyncSample:
    client = AsyncSample(INFO, credentials={"key": "k"}, base_url=server.base_url, **options)
    noted = Waits() if waits is None else waits
    client._session = AsyncSession(client._session.settings, AsyncTransport(), noted.in_async)
    return client


def retrieve(client: Sample) -> object:
    return client.runs.retrieve("r")


def walk(client: Sample) -> object:
    with client.runs.stream("t") as stream:
        return list(stream)


def download_streamed(client: Sample) -> object:
    with client.runs.with_streaming_response.download("r") as response:
        return list(response.iter_bytes())


async def aretrieve(client: AsyncSample) -> object:
    return await client.runs.retrieve("r")


async def awalk(client: AsyncSample) -> object:
    async with await client.runs.stream("t") as stream:
        return [event async for event in stream]


async def adownload_streamed(client: AsyncSample) -> object:
    async with client.runs.with_streaming_response.download("r") as response:
        return [part async for part in response.iter_bytes()]


CALLS: dict[str, tuple[Callable[[Sample], object], Callable[[AsyncSample], Any]]] = {
    "call": (retrieve, aretrieve),
    "stream": (walk, awalk),
    "bytes": (download_streamed, adownload_streamed),
}

FAILURES: list[tuple[str, Act, str, type[errors.APIError]]] = [
    ("slow headers", sends_and_waits(b"HTTP/1.1 200"), "call", errors.APITimeoutError),
    ("no headers", sends_and_waits(b""), "stream", errors.APITimeoutError),
    ("slow body", sends_and_waits(answer(RUN)[:-9]), "call", errors.APITimeoutError),
    ("slow bytes", sends_and_waits(answer(RUN)[:-9]), "bytes", errors.APITimeoutError),
    ("slow stream", sends_and_waits(EVENTS + chunk(CREATED)), "stream", errors.APITimeoutError),
    ("reset at once", sends_and_resets(b""), "call", errors.APIConnectionError),
    ("reset in head", sends_and_resets(HEAD), "call", errors.APIConnectionError),
    ("reset in body", sends_and_resets(answer(RUN)[:-9]), "call", errors.APIConnectionError),
    ("reset in bytes", sends_and_resets(answer(RUN)[:-9]), "bytes", errors.APIConnectionError),
    (
        "reset in stream",
        sends_and_resets(EVENTS + chunk(CREATED)),
        "stream",
        errors.APIConnectionError,
    ),
    ("no HTTP", sends_and_resets(b"SSH-2.0-OpenSSH\r\n\r\n"), "call", errors.APIConnectionError),
    (
        "a length too great",
        sends_and_resets(HEAD + b"Content-Length: 999\r\n\r\n" + RUN),
        "call",
        errors.APIConnectionError,
    ),
    (
        "a length too small",
        sends(HEAD + b"Content-Length: 5\r\nConnection: close\r\n\r\n" + RUN),
        "call",
        errors.APIResponseValidationError,
    ),
    (
        "a length that is none",
        sends(HEAD + b"Content-Length: five\r\n\r\n" + RUN),
        "call",
        errors.APIConnectionError,
    ),
    (
        "gzip that is none",
        sends(answer(RUN, b"Content-Encoding: gzip")),
        "call",
        errors.APIConnectionError,
    ),
    (
        "gzip cut off",
        sends(answer(gzip.compress(RUN)[:-12], b"Content-Encoding: gzip")),
        "call",
        errors.APIError,
    ),
    (
        "gzip that is none, streamed",
        sends(answer(CREATED, b"Content-Encoding: gzip")),
        "bytes",
        errors.APIConnectionError,
    ),
    (
        "gzip that is none, as events",
        sends(EVENTS.replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n") + chunk(CREATED)),
        "stream",
        errors.APIConnectionError,
    ),
    (
        "a redirect to nowhere",
        sends(b"HTTP/1.1 302 Found\r\nLocation: http://[x\r\nContent-Length: 0\r\n\r\n"),
        "call",
        errors.APIStatusError,
    ),
    (
        "a wrong port in a redirect",
        sends(b"HTTP/1.1 302 Found\r\nLocation: http://a:99999/\r\nContent-Length: 0\r\n\r\n"),
        "call",
        errors.APIStatusError,
    ),
    ("JSON too deep", sends(answer(b"[" * 100_000)), "call", errors.APIResponseValidationError),
]


@pytest.mark.parametrize(
    ("act", "what", "kind"), [each[1:] for each in FAILURES], ids=[each[0] for each in FAILURES]
)
def test_every_failure_is_an_error_of_ours_and_frees_its_connection(
    act: Act, what: str, kind: type[errors.APIError]
) -> None:
    call, acall = CALLS[what]
    timeout = SOON if kind is errors.APITimeoutError else Timeout(read=10)

    async def main(server: Misbehaving) -> None:
        async with async_sample(server, timeout=timeout, max_retries=1) as client:
            with pytest.raises(kind):
                await acall(client)
            assert busy(client._session.transport) == []

    with misbehaving(act) as server:
        with sample(server, timeout=timeout, max_retries=1) as client:
            with pytest.raises(kind) as caught:
                call(client)
            assert isinstance(caught.value, errors.SDKError)
            assert busy(client._session.transport) == []
        assert server.wait_until_closed()
        asyncio.run(main(server))
        assert server.wait_until_closed()


def busy(transport: SyncTransport | AsyncTransport) -> list[Any]:
    """The connections of a client's pool that are neither idle nor closed."""
    way = way_of(transport)
    if transport._client is not None:
        pool = way._client._transport._pool
        return [each for each in pool.connections if not each.is_idle() and not each.is_closed()]
    return list(way._pool._connections.in_use)


def test_a_failed_attempt_is_made_good_by_the_next() -> None:
    acts = (sends_and_resets(b""), sends_and_resets(answer(RUN)[:-9]), sends(answer(RUN)))
    waits = Waits()
    with misbehaving(*acts) as server, sample(server, waits) as client:
        assert client.runs.retrieve("r").to_dict() == json.loads(RUN)
        assert len(server.heads) == 3
        assert len(waits) == 2


def test_a_characters_half_at_the_end_of_a_chunk() -> None:
    cuts = [CREATED.index(b"\xa9"), CREATED.index(b"\x9c"), CREATED.index(b"\x93")]
    edges = [0, *cuts, len(CREATED)]
    pieces = [CREATED[start:end] for start, end in pairwise(edges)]
    stream = sends(EVENTS, *map(chunk, pieces), chunk(DONE), b"0\r\n\r\n")
    with misbehaving(stream) as server, sample(server) as client:
        with client.runs.stream("t") as events:
            (event,) = events
        assert isinstance(event, RunEvent)
        assert event.data.to_dict() == json.loads(RUN)
        with client.runs.with_streaming_response.download("r") as response:
            text = "".join(response.iter_text())
        assert "h\u00e9llo \u2713" in text


def test_gzip_is_undone_for_every_reader() -> None:
    packed = sends(answer(gzip.compress(RUN), b"Content-Encoding: gzip"))
    with misbehaving(packed) as server, sample(server) as client:
        assert client.runs.retrieve("r").to_dict() == json.loads(RUN)
        assert client.runs.download("r").read() == RUN
        assert download_streamed(client) == [RUN]


def test_a_storm_of_429_ends_in_the_answer_or_in_the_error() -> None:
    storm = sends(b"HTTP/1.1 429 Slow\r\nRetry-After: 1\r\nContent-Length: 2\r\n\r\n{}")
    waits = Waits()
    with misbehaving(*[storm] * 30, sends(answer(RUN))) as server:
        with sample(server, waits, max_retries=9) as client:
            for _ in range(3):
                with pytest.raises(errors.RateLimitError) as caught:
                    client.runs.retrieve("r")
                assert caught.value.retries_taken == 9
            assert client.runs.retrieve("r").id == "r1"
            assert server.peak == 1  # every answer was read, so one connection did it all
        assert waits == [1.0] * 27


def test_a_thousand_calls_at_once_on_one_client() -> None:
    def echo(connection: Connection) -> None:
        connection.send(answer(RUN.replace(b"r1", connection.target.rpartition(b"/")[2])))

    limits = httpx2.Limits(max_connections=100)

    async def main() -> None:
        own = httpx2.AsyncClient(limits=limits)
        async with AsyncSample(
            INFO, credentials={"key": "k"}, base_url=server.base_url, http_client=own
        ) as client:
            runs = await asyncio.gather(*(client.runs.retrieve(f"r{n}") for n in range(1000)))
            assert [run.id for run in runs] == [f"r{n}" for n in range(1000)]
            assert busy(client._session.transport) == []

    with misbehaving(echo) as server:
        asyncio.run(main())
        assert len(server.heads) == 1000
        assert server.peak <= 100
        assert server.wait_until_closed()


def test_cancelling_a_call_or_a_stream_frees_its_connection() -> None:
    async def cancelled(task: asyncio.Task[Any], started: Callable[[], bool]) -> None:
        while not started():
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    async def main() -> None:
        async with async_sample(server) as client:
            seen = asyncio.Event()

            async def read() -> None:
                async with await client.runs.stream("t") as stream:
                    async for _ in stream:
                        seen.set()

            await cancelled(asyncio.create_task(read()), seen.is_set)
            waiting = asyncio.create_task(client.runs.retrieve("r"))
            await cancelled(waiting, lambda: len(server.heads) == 2)
            assert busy(client._session.transport) == []
            assert (await client.runs.retrieve("r")).id == "r1"

    acts = (sends_and_waits(EVENTS + chunk(CREATED)), sends_and_waits(HEAD), sends(answer(RUN)))
    with misbehaving(*acts) as server:
        asyncio.run(main())
        assert server.wait_until_closed()


def test_a_stream_that_was_left_is_over() -> None:
    with misbehaving(sends(EVENTS, *[chunk(CREATED)] * 3)) as server, sample(server) as client:
        with client.runs.stream("t") as stream:
            assert next(stream).event == "run.created"
        assert server.wait_until_closed()
        rest: list[Any] = []
        with pytest.raises(errors.APIConnectionError):
            rest.extend(stream)
        stream.close()


def test_an_error_in_the_middle_of_a_block_frees_the_connection() -> None:
    def leave(client: Sample) -> None:
        with client.runs.stream("t") as stream:
            next(stream)
            raise KeyError("the caller's own")

    with misbehaving(sends(EVENTS, chunk(CREATED))) as server, sample(server) as client:
        with pytest.raises(KeyError):
            leave(client)
        assert server.wait_until_closed()


def test_redirects_leave_no_connection_behind() -> None:
    moved = b"HTTP/1.1 307 Moved\r\nLocation: /else\r\nContent-Length: 9\r\n\r\n"
    acts = (sends_and_waits(moved), sends(moved + b"over here"), sends(answer(RUN)))
    with misbehaving(*acts) as server:
        with sample(server) as client:
            assert client.runs.create("t", model="m").id == "r1"
            assert busy(client._session.transport) == []
        assert [head.split(b" ")[1] for head in server.heads[1:]] == [b"/else", b"/else"]
        assert server.wait_until_closed()


def test_use_after_close_and_closing_twice() -> None:
    async def main(server: Misbehaving) -> None:
        client = async_sample(server)
        await client.runs.retrieve("r")
        await client.close()
        await client.close()
        with pytest.raises(errors.ConfigurationError, match="closed"):
            await client.runs.retrieve("r")

    with misbehaving(sends(answer(RUN))) as server:
        client = sample(server)
        client.close()
        client.close()
        with pytest.raises(errors.ConfigurationError, match="closed"):
            client.runs.retrieve("r")
        assert server.heads == []
        own = httpx2.Client()
        with sample(server, http_client=own) as shared:
            shared.runs.retrieve("r")
            own.close()
            with pytest.raises(errors.ConfigurationError, match="closed"):
                shared.runs.retrieve("r")
        asyncio.run(main(server))
        assert server.wait_until_closed()
