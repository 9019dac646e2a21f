"""The SDK's own connections: kept, limited, given out in order, and never lost."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import anyio
import httpcore2
import pytest

from functional.runtime.misbehaving import Connection, answer, misbehaving, pool_of
from functional.runtime.sample import INFO, AsyncSample, Sample
from specloom.runtime import errors
from specloom.runtime.connections import pool as connections
from specloom.runtime.options import Timeout
from support.loopback import Loopback

RUN = {"id": "r1", "status": "done"}


def sample(server: Loopback, **options: Any) -> Sample:
    return Sample(INFO, credentials={"key": "k"}, base_url=server.base_url, **options)


def async_sample(server: Loopback) -> AsyncSample:
    return AsyncSample(INFO, credentials={"key": "k"}, base_url=server.base_url)


CALLS = 40


def test_calls_at_once_keep_their_connections() -> None:
    together = threading.Barrier(CALLS)

    def answer_when_all_are_there(connection: Connection) -> None:
        together.wait(timeout=10)
        connection.send(answer(json.dumps(RUN).encode()))

    async def main(base_url: str) -> list[int]:
        async with AsyncSample(INFO, credentials={"key": "k"}, base_url=base_url) as client:
            counts = []
            for _ in range(3):
                calls = (client.runs.retrieve("r") for _ in range(CALLS))
                assert {run.id for run in await asyncio.gather(*calls)} == {"r1"}
                counts.append(kept(client))
            return counts

    with misbehaving(answer_when_all_are_there) as peer:
        assert asyncio.run(main(peer.base_url)) == [CALLS] * 3
        assert peer.peak == CALLS


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
            monkeypatch.setattr(connections, "_IDLE_SECONDS", 0.0)
            await client.runs.retrieve("r")
            return before, kept(client)

    def in_threads() -> tuple[int, int]:
        with sample(server) as client, client.runs.with_streaming_response.retrieve("r") as open_:
            client.runs.retrieve("r")
            open_.read()
            before = kept(client)
            monkeypatch.setattr(connections, "_IDLE_SECONDS", 0.0)
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

    monkeypatch.setattr(connections, "_MAX_IN_USE", 3)
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

    monkeypatch.setattr(connections, "_MAX_IN_USE", 1)
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
            pool = pool_of(client)
            assert pool._room._value == connections._MAX_IN_USE
            return len(pool._connections.in_use)

    with misbehaving(half) as peer:
        assert asyncio.run(main(peer.base_url)) == 0
        assert peer.wait_until_closed()


def test_closing_the_client_ends_running_calls() -> None:
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


def test_there_are_only_so_many_idle_ones(
    server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> int:
        async with async_sample(server) as client:
            await asyncio.gather(*(client.runs.retrieve("r") for _ in range(CALLS)))
            return kept(client)

    monkeypatch.setattr(connections, "_MAX_IDLE", 3)
    for _ in range(CALLS):
        server.answer(RUN)
    assert asyncio.run(main()) == 3


ORIGIN = httpcore2.Origin(b"http", b"localhost", 1)
PATIENT = Timeout(pool=5)  # only a test that fails waits so long


def test_threads_wait_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "_MAX_IN_USE", 1)
    pool, order = connections.ConnectionPool(), []

    def take() -> None:
        connection = pool.take(ORIGIN, PATIENT)
        order.append("first")
        pool.give_back(connection)

    held = pool.take(ORIGIN, PATIENT)
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(take)
        while not pool._waiting:
            time.sleep(0.001)
        pool.give_back(held)
        pool.give_back(pool.take(ORIGIN, PATIENT))
        order.append("second")
        waiting.result()
    assert order == ["first", "second"]


def test_who_waits_is_told_when_all_are_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "_MAX_IN_USE", 1)

    async def main() -> None:
        pool = connections.AsyncConnectionPool()
        await pool.take(ORIGIN, PATIENT)
        waiting = [asyncio.create_task(pool.take(ORIGIN, PATIENT)) for _ in range(2)]
        await asyncio.sleep(0)
        await pool.close()
        for each in waiting:
            with pytest.raises(errors.ConfigurationError, match="closed"):
                await each

    pool = connections.ConnectionPool()
    held = pool.take(ORIGIN, PATIENT)
    with ThreadPoolExecutor(2) as threads:
        waiting = [threads.submit(pool.take, ORIGIN, Timeout(pool=None)) for _ in range(2)]
        while len(pool._waiting) < 2:
            time.sleep(0.001)
        pool.close()
        try:
            for each in waiting:
                with pytest.raises(errors.ConfigurationError, match="closed"):
                    each.result(timeout=5)
        finally:
            pool.give_back(held)  # wakes who was not told, so that a test that fails ends
    asyncio.run(main())


def test_one_that_is_given_back_twice_is_kept_once(server: Loopback) -> None:
    server.answer(RUN)
    with sample(server) as client:
        client.runs.retrieve("r")
        pool = pool_of(client)
        connection, _ = pool._connections.idle[0]
        pool.give_back(connection)
        assert kept(client) == 1


def test_a_cancelled_call_returns_its_connection() -> None:
    """Cancels at each await in turn, including the one that closes idle connections."""

    def echo(connection: Connection) -> None:
        connection.send(answer(json.dumps(RUN).encode()))

    async def main(base_url: str) -> None:
        async with AsyncSample(INFO, credentials={"key": "k"}, base_url=base_url) as client:
            for turns in range(40):
                await asyncio.gather(*(client.runs.retrieve("r") for _ in range(2)))
                pool = pool_of(client)
                for connection, _ in pool._connections.idle:
                    connection._connection._expire_at = 0.0
                call = asyncio.create_task(client.runs.retrieve("r"))
                for _ in range(turns):
                    await asyncio.sleep(0)
                call.cancel()
                with suppress(asyncio.CancelledError):
                    await call
                assert not pool._connections.in_use
                assert pool._room._value == connections._MAX_IN_USE

    with misbehaving(echo) as peer:
        asyncio.run(main(peer.base_url))
        assert peer.wait_until_closed()


def test_a_cancelled_close_returns_the_connection(
    server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = asyncio.Event()

    async def hang(_: object) -> None:
        begun.set()
        await asyncio.sleep(60)

    async def main() -> None:
        async with async_sample(server) as client:
            manager = client.runs.with_streaming_response.download("r")
            response = await manager.__aenter__()
            with monkeypatch.context() as patched:
                patched.setattr(httpcore2.Response, "aclose", hang)
                closing = asyncio.create_task(response.close())
                await begun.wait()
                closing.cancel()
                with suppress(asyncio.CancelledError):
                    await closing
            assert not pool_of(client)._connections.in_use
            assert pool_of(client)._room._value == connections._MAX_IN_USE

    server.answer(RUN)
    asyncio.run(main())


def kept(client: Sample | AsyncSample) -> int:
    """How many idle connections a client has."""
    return len(pool_of(client)._connections.idle)


def test_each_call_sends_its_own_headers(server: Loopback) -> None:
    keys = iter(["one", "one", "two"])
    server.answer(RUN)
    server.answer(RUN)
    server.answer(RUN)
    with Sample(INFO, credentials={"key": lambda: next(keys)}, base_url=server.base_url) as client:
        client.runs.retrieve("r")
        client.runs.retrieve("r", extra_headers={"X-Mine": "1"})
        client.runs.retrieve("r")
    sent = [(each.headers["authorization"], each.headers.get("x-mine")) for each in server.received]
    assert sent == [("Bearer one", None), ("Bearer one", "1"), ("Bearer two", None)]


@pytest.mark.parametrize("field", [("content-length", "x"), ("transfer-encoding", "gzip")])
def test_a_header_that_breaks_http_is_not_sent(server: Loopback, field: tuple[str, str]) -> None:
    async def retrieve() -> None:
        async with async_sample(server) as client:
            await client.runs.retrieve("r", extra_headers=dict([field]))

    with sample(server) as client, pytest.raises(errors.APIConnectionError) as caught:
        client.runs.retrieve("r", extra_headers=dict([field]))
    assert type(caught.value.__cause__).__name__ == "LocalProtocolError"
    with pytest.raises(errors.APIConnectionError):
        asyncio.run(retrieve())
    assert server.received == []
