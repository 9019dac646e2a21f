"""Clients without an HTTP client of the caller's: theirs are other ways, and nobody can tell."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import subprocess
import sys
import time
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import anyio
import httpx2
import pytest

from functional.runtime.misbehaving import Connection, answer, misbehaving
from functional.runtime.sample import INFO, AsyncSample, Sample
from specloom.runtime import connections, errors
from specloom.runtime.options import Timeout
from support.loopback import Loopback

RUN = {"id": "r1", "status": "done"}


def sample(server: Loopback, **options: Any) -> Sample:
    return Sample(INFO, credentials={"key": "k"}, base_url=server.base_url, **options)


def async_sample(server: Loopback) -> AsyncSample:
    return AsyncSample(INFO, credentials={"key": "k"}, base_url=server.base_url)


def both(server: Loopback, calls: int = 1) -> list[list[Any]]:
    """The raw responses of ``calls`` calls in a row, sync and async."""

    async def main() -> list[Any]:
        async with async_sample(server) as client:
            return [await client.runs.with_raw_response.retrieve("r") for _ in range(calls)]

    with sample(server) as client:
        sync = [client.runs.with_raw_response.retrieve("r") for _ in range(calls)]
    return [sync, asyncio.run(main())]


def test_a_request_is_the_same_through_a_client_of_the_callers(server: Loopback) -> None:
    for own in (None, httpx2.Client()):
        server.answer(RUN)
        server.answer(RUN)
        with sample(server, http_client=own) as client:
            client.runs.retrieve("r")
            client.runs.create("t", model="m", idempotency_key="one")
    one, two, other_one, other_two = server.received
    assert (one.path, two.path) == (other_one.path, other_two.path)
    assert two.body == other_two.body
    assert dict(one.headers) == dict(other_one.headers)
    assert dict(two.headers) == dict(other_two.headers)


def test_a_compressed_response_is_read(server: Loopback) -> None:
    for _ in range(2):
        body = gzip.compress(json.dumps(RUN).encode())
        headers = {"Content-Encoding": "gzip"}
        server.answer(body, headers=headers, content_type="application/json")
    for (response,) in both(server):
        assert response.parse().id == "r1"
        assert response.http_response.json() == RUN


def test_a_response_that_was_read_gives_what_httpx2_gives(server: Loopback) -> None:
    for _ in range(2):
        server.answer(RUN)
    for (response,) in both(server):
        raw = response.http_response
        assert raw.json() == RUN
        assert b"".join(raw.iter_bytes()) == raw.content == raw.text.encode()
        assert raw.num_bytes_downloaded == len(raw.content)
        assert raw.is_closed
        assert raw.is_stream_consumed
        assert raw.request.url.path == "/runs/r"
        assert timedelta(0) < raw.elapsed < timedelta(seconds=30)


def test_a_response_that_is_streamed_goes_through_the_iterators(server: Loopback) -> None:
    server.answer(RUN)
    with (
        sample(server) as client,
        client.runs.with_streaming_response.retrieve("r") as response,
    ):
        assert json.loads(b"".join(response.iter_bytes())) == RUN
        with pytest.raises(httpx2.ResponseNotRead):
            _ = response.http_response.content


def test_cookies_come_back(server: Loopback) -> None:
    for _ in range(2):
        server.answer(RUN, headers={"Set-Cookie": "sid=1; Path=/"})
        server.answer(RUN)
    both(server, calls=2)
    assert [each.headers.get("cookie") for each in server.received] == [None, "sid=1"] * 2


def test_an_error_of_the_network_tells_its_request(server: Loopback) -> None:
    address = server.base_url
    client = Sample(INFO, credentials={"key": "k"}, base_url="http://127.0.0.1:1", max_retries=0)
    with client, pytest.raises(errors.APIConnectionError) as caught:
        client.runs.retrieve("r")
    assert caught.value.request is not None
    assert str(caught.value.request.url) == "http://127.0.0.1:1/runs/r"
    assert address not in str(caught.value)


def test_the_log_of_httpx2_is_written_where_it_is_read(
    server: Loopback, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(2):
        server.answer(RUN)
    with sample(server) as client:
        client.runs.retrieve("r")
        assert not caplog.records
        caplog.set_level(logging.INFO, "httpx2")
        client.runs.retrieve("r")
    assert [record.name for record in caplog.records] == ["httpx2"]


CALLS = 40


def test_calls_at_once_keep_their_connections(server: Loopback) -> None:
    async def main() -> list[int]:
        async with async_sample(server) as client:
            counts = []
            for _ in range(3):
                calls = (client.runs.retrieve("r") for _ in range(CALLS))
                assert {run.id for run in await asyncio.gather(*calls)} == {"r1"}
                counts.append(kept(client))
            return counts

    for _ in range(3 * CALLS):
        server.answer(RUN)
    assert asyncio.run(main()) == [CALLS] * 3


def test_threads_keep_their_connections() -> None:
    def slow(connection: Connection) -> None:
        time.sleep(0.01)
        connection.send(answer(json.dumps(RUN).encode()))

    with (
        misbehaving(slow) as peer,
        Sample(INFO, credentials={"key": "k"}, base_url=peer.base_url) as client,
        ThreadPoolExecutor(8) as threads,
    ):
        runs = list(threads.map(client.runs.retrieve, ["r"] * 80))
        assert {run.id for run in runs} == {"r1"}
        assert 1 <= kept(client) == peer.peak <= 8


@pytest.mark.parametrize("is_async", [False, True])
def test_connections_that_are_idle_are_closed(
    server: Loopback, monkeypatch: pytest.MonkeyPatch, is_async: bool
) -> None:
    async def main() -> tuple[int, int]:
        async with async_sample(server) as client:
            await asyncio.gather(*(client.runs.retrieve("r") for _ in range(2)))
            before = kept(client)
            monkeypatch.setattr(connections, "_KEPT", 0.0)
            await client.runs.retrieve("r")
            return before, kept(client)

    def in_threads() -> tuple[int, int]:
        with sample(server) as client, client.runs.with_streaming_response.retrieve("r") as open_:
            client.runs.retrieve("r")
            open_.read()
            before = kept(client)
            monkeypatch.setattr(connections, "_KEPT", 0.0)
            client.runs.retrieve("r")
            return before, kept(client)

    for _ in range(3):
        server.answer(RUN)
    assert (asyncio.run(main()) if is_async else in_threads()) == (2, 0)


def test_calls_wait_where_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    def echo(connection: Connection) -> None:
        connection.send(answer(json.dumps(RUN).encode()))

    async def main(base_url: str) -> int:
        async with AsyncSample(INFO, credentials={"key": "k"}, base_url=base_url) as client:
            calls = (client.runs.retrieve("r") for _ in range(CALLS))
            return len(await asyncio.gather(*calls))

    monkeypatch.setattr(connections, "_MOST", 3)
    with misbehaving(echo) as peer:
        assert asyncio.run(main(peer.base_url)) == CALLS
        assert peer.peak <= 3


def test_who_waits_too_long_for_a_connection_is_told(
    server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    impatient = Timeout(pool=0.01)

    async def main() -> None:
        async with (
            async_sample(server) as client,
            client.runs.with_streaming_response.download("r"),
        ):
            with pytest.raises(errors.APITimeoutError, match="Too many connections"):
                await client.runs.retrieve("r", timeout=impatient, max_retries=0)

    monkeypatch.setattr(connections, "_MOST", 1)
    for _ in range(2):
        server.answer(RUN)
    with (
        sample(server) as client,
        client.runs.with_streaming_response.retrieve("r"),
        pytest.raises(errors.APITimeoutError, match="Too many connections"),
    ):
        client.runs.retrieve("r", timeout=impatient, max_retries=0)
    asyncio.run(main())


def test_a_scope_that_is_cancelled_frees_its_connection() -> None:
    def half(connection: Connection) -> None:
        connection.send(answer(json.dumps(RUN).encode())[:-5])
        connection.wait_for_client()

    async def main(base_url: str) -> int:
        async with AsyncSample(INFO, credentials={"key": "k"}, base_url=base_url) as client:
            with anyio.move_on_after(0.05):
                await client.runs.retrieve("r")
            with anyio.move_on_after(0.05):
                async with client.runs.with_streaming_response.download("r"):
                    await anyio.sleep(10)
            transport: Any = client._session.transport
            way = transport._way
            assert way._connections._room._value == connections._MOST
            return len(way._connections._kept.in_use)

    with misbehaving(half) as peer:
        assert asyncio.run(main(peer.base_url)) == 0
        assert peer.wait_until_closed()


def test_closing_the_client_ends_what_is_under_way() -> None:
    def half(connection: Connection) -> None:
        connection.send(answer(json.dumps(RUN).encode())[:-5])
        connection.wait_for_client()

    async def main(base_url: str) -> None:
        async with AsyncSample(INFO, credentials={"key": "k"}, base_url=base_url) as client:
            manager = client.runs.with_streaming_response.download("r")
            response = await manager.__aenter__()
        with pytest.raises(errors.APIConnectionError):
            await response.read()

    with misbehaving(half) as peer:
        with Sample(INFO, credentials={"key": "k"}, base_url=peer.base_url) as client:
            response = client.runs.with_streaming_response.retrieve("r").__enter__()
        with pytest.raises(errors.APIConnectionError):
            response.read()
        asyncio.run(main(peer.base_url))
        assert peer.wait_until_closed()


def test_the_user_of_a_url_is_sent_both_ways(server: Loopback) -> None:
    base_url = server.base_url.replace("://", "://me:s%40cret@")
    for own in (None, httpx2.Client()):
        server.answer(RUN)
        with Sample(INFO, credentials={"key": "k"}, base_url=base_url, http_client=own) as client:
            client.runs.retrieve("r")
    expected = "Basic " + b64encode(b"me:s@cret").decode()
    assert [each.headers["authorization"] for each in server.received] == [expected] * 2


def test_httpx2_is_not_loaded_by_a_call(server: Loopback) -> None:
    body = gzip.compress(json.dumps(RUN).encode())
    server.answer(RUN)
    server.answer(body, headers={"Content-Encoding": "gzip"}, content_type="application/json")
    program = f"""
import sys
from functional.runtime.misbehaving import Connection, answer, misbehaving
from functional.runtime.sample import INFO, Sample
with Sample(INFO, credentials={{"key": "k"}}, base_url={server.base_url!r}) as client:
    runs = [client.runs.retrieve("r") for _ in range(2)]
print([run.id for run in runs], "httpx2" in sys.modules)
"""
    tests = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tests, capture_output=True, text=True, check=True
    )
    assert done.stdout == "['r1', 'r1'] False\n"


def kept(client: Sample | AsyncSample) -> int:
    """How many idle connections a client has."""
    transport: Any = client._session.transport
    return len(transport._way._connections._kept.idle)
