"""Clients that the SDK makes itself: their requests pass the client by, and nobody can tell."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from functional.runtime.sample import INFO, AsyncSample, Sample
from specloom.runtime import errors, lanes
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


CALLS = 4 * lanes._WIDTH


def test_many_calls_at_once_share_a_few_pools(server: Loopback) -> None:
    async def main() -> list[int]:
        async with async_sample(server) as client:
            counts = []
            for _ in range(3):
                calls = (client.runs.retrieve("r") for _ in range(CALLS))
                assert {run.id for run in await asyncio.gather(*calls)} == {"r1"}
                counts.append(len(kept(client)))
                assert not [lane for lane in kept(client) if lane.taken]
            return counts

    for _ in range(3 * CALLS):
        server.answer(RUN)
    assert asyncio.run(main()) == [4, 4, 4]


def test_pools_that_are_idle_are_closed(server: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> list[int]:
        async with async_sample(server) as client:
            await asyncio.gather(*(client.runs.retrieve("r") for _ in range(CALLS)))
            monkeypatch.setattr(lanes, "_KEPT", 0.0)
            counts = []
            for _ in range(4):
                await client.runs.retrieve("r")
                counts.append(len(kept(client)))
            return counts

    for _ in range(CALLS + 4):
        server.answer(RUN)
    assert asyncio.run(main()) == [3, 2, 1, 1]


def test_calls_wait_where_all_pools_are_full(
    server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "_MOST", 2)

    async def main() -> tuple[int, int]:
        async with async_sample(server) as client:
            await asyncio.gather(*(client.runs.retrieve("r") for _ in range(CALLS)))
            return len(kept(client)), len(await results(client))

    async def results(client: AsyncSample) -> list[Any]:
        return await asyncio.gather(*(client.runs.retrieve("r") for _ in range(CALLS)))

    for _ in range(2 * CALLS):
        server.answer(RUN)
    assert asyncio.run(main()) == (2, CALLS)


def kept(client: AsyncSample) -> list[Any]:
    """The lanes of a client."""
    transport: Any = client._session.transport
    found: list[Any] = transport._direct._transport._lanes
    return found
