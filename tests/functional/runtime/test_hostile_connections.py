"""Servers, processes, event loops and signals disturb connections: no wrong result, no hang."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import threading
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from functional.runtime.hostile_samples import (
    async_sample,
    both_clients,
    echo,
    run,
    sample,
)
from functional.runtime.misbehaving import (
    EVENTS,
    Connection,
    answer,
    chunk,
    misbehaving,
    pool_of,
)
from functional.runtime.sample import INFO, AsyncSample, Sample
from specloom.runtime import errors
from specloom.runtime.connections.pool import stream_of


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
def test_a_forked_process_has_connections_of_its_own() -> None:
    def wrong(client: Sample, who: str) -> int:
        ids = [f"{who}-{number}" for number in range(30)]
        return sum(client.runs.retrieve(each).id != each for each in ids)

    with misbehaving(echo) as peer, sample(peer.base_url, max_retries=0) as client:
        assert client.runs.retrieve("first").id == "first"
        children = []
        for name in ("a", "b"):
            child = os.fork()
            if child == 0:
                code = 1
                try:
                    code = min(wrong(client, name), 100)
                finally:
                    os._exit(code)
            children.append(child)
        assert wrong(client, "parent") == 0
        assert [os.waitstatus_to_exitcode(os.waitpid(each, 0)[1]) for each in children] == [0, 0]


@pytest.mark.filterwarnings(  # the first loop was closed with its connections open
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
def test_a_second_event_loop_has_connections_of_its_own() -> None:
    with misbehaving(echo) as peer:
        client = async_sample(peer.base_url, max_retries=0)

        async def several(client: AsyncSample) -> list[str]:
            return [found.id for found in await asyncio.gather(*map(client.runs.retrieve, "abc"))]

        for _ in range(3):
            assert asyncio.run(several(client)) == ["a", "b", "c"]
        del client
        gc.collect()


@pytest.mark.filterwarnings(  # loops end with their connections open
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
def test_event_loops_of_several_threads_share_a_client_but_no_connection() -> None:
    wrong: list[object] = []

    async def several(client: AsyncSample, name: str) -> None:
        for turn in range(20):
            ids = [f"{name}-{turn}-{number}" for number in range(2)]
            found = await asyncio.gather(*map(client.runs.retrieve, ids))
            wrong.extend(one.id for one, id_ in zip(found, ids, strict=True) if one.id != id_)

    with misbehaving(echo) as peer:
        client = async_sample(peer.base_url, max_retries=0)

        def run_loop(name: str) -> None:
            asyncio.run(several(client, name))

        threads = [threading.Thread(target=run_loop, args=[name]) for name in "abc"]
        for each in threads:
            each.start()
        for each in threads:
            each.join(20)
        assert len(peer.heads) == 120
        assert wrong == []
        assert peer.peak <= 6  # each loop uses its two connections again
        asyncio.run(client.close())
        gc.collect()


@both_clients
def test_surplus_bytes_answer_no_later_call(make: Callable[[], Any]) -> None:
    # What comes after the next request has gone cannot be told from its answer.
    has_come = threading.Semaphore(0)

    def twice(connection: Connection) -> None:
        echo(connection)
        connection.send(answer(run("surplus")))
        has_come.release()

    def in_one_piece(connection: Connection) -> None:
        id_ = connection.target.rpartition(b"/")[2].decode()
        connection.send(answer(run(id_)) + answer(run("surplus")))
        has_come.release()

    async def main(base_url: str) -> None:
        own = httpx2.AsyncClient() if make() else None
        async with async_sample(base_url, max_retries=0, http_client=own) as client:
            for id_ in ("a", "b", "c"):
                assert (await client.runs.retrieve(id_)).id == id_
                has_come.acquire()

    for act in (twice, in_one_piece):
        with (
            misbehaving(act) as peer,
            sample(peer.base_url, max_retries=0, http_client=make()) as client,
        ):
            for id_ in ("a", "b", "c"):
                assert client.runs.retrieve(id_).id == id_
                has_come.acquire()
        with misbehaving(act) as peer:
            asyncio.run(main(peer.base_url))


def after_the_request(connection: Connection) -> None:
    """Answers, and closes the connection when it is used again."""
    echo(connection)
    connection.read_request()
    connection.reset()


@both_clients
def test_a_dropped_connection_is_replaced_once_where_that_is_safe(make: Callable[[], Any]) -> None:
    with (
        misbehaving(after_the_request, echo) as peer,
        sample(peer.base_url, max_retries=0, http_client=make()) as client,
    ):
        client.runs.retrieve("a")
        assert client.runs.retrieve("b").id == "b"

    async def main(base_url: str) -> None:
        own = httpx2.AsyncClient() if make() else None
        async with async_sample(base_url, max_retries=0, http_client=own) as client:
            await client.runs.retrieve("a")
            assert (await client.runs.retrieve("b")).id == "b"

    with misbehaving(after_the_request, echo) as peer:
        asyncio.run(main(peer.base_url))


@pytest.mark.parametrize("is_keyed", [True, False])
def test_a_dropped_post_is_sent_again_only_under_a_key(is_keyed: bool) -> None:

    info = INFO if is_keyed else INFO._replace(idempotency_header=None)
    with misbehaving(after_the_request, echo) as peer:
        client = Sample(info, credentials={"key": "k"}, base_url=peer.base_url, max_retries=0)
        with client:
            client.runs.retrieve("a")
            if is_keyed:
                assert client.runs.create("runs").id == "runs"
            else:
                with pytest.raises(errors.APIConnectionError):
                    client.runs.create("runs")


def test_an_unwritten_post_is_sent_again() -> None:

    info = INFO._replace(idempotency_header=None)
    with misbehaving(echo) as peer:
        client = Sample(info, credentials={"key": "k"}, base_url=peer.base_url, max_retries=0)
        with client:
            client.runs.retrieve("a")
            (connection, _), *_ = pool_of(client)._connections.idle
            stream = stream_of(connection)
            assert stream is not None
            stream._stream.close()  # as if the server's reset came after the last look
            connection.has_expired = lambda: False
            assert client.runs.create("runs").id == "runs"
        assert len(peer.heads) == 2


def test_unread_streams_return_their_connections() -> None:
    def stream(connection: Connection) -> None:
        connection.send(EVENTS + chunk(b'event: run.created\ndata: {"id": "r"}\n\n'))
        connection.wait_for_client()

    async def main(base_url: str) -> int:
        async with async_sample(base_url) as client:
            for _ in range(5):
                await client.runs.stream("t")
            gc.collect()
            for _ in range(100):
                await asyncio.sleep(0.01)
                if not in_use(client):
                    break
            return in_use(client)

    with misbehaving(stream) as peer:
        with sample(peer.base_url) as client:
            for _ in range(5):
                client.runs.stream("t")
            gc.collect()
            assert in_use(client) == 0
            assert peer.wait_until_closed()
        assert asyncio.run(main(peer.base_url)) == 0
        assert peer.wait_until_closed()


def in_use(client: Any) -> int:
    return len(pool_of(client)._connections.in_use)


class InterruptError(Exception):
    """Raised by the signal handler."""


SEEDS = int(os.environ.get("HOSTILE_SEEDS", "1"))


@pytest.mark.filterwarnings(  # an exception that hits in between leaves a socket to the collector
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="the system has no timers")
@pytest.mark.parametrize("seed", range(SEEDS))
def test_exceptions_of_signal_handlers_take_no_lock_with_them(seed: int) -> None:
    def interrupt(*_: object) -> None:
        raise InterruptError

    before = signal.signal(signal.SIGALRM, interrupt)
    count = 0
    with misbehaving(echo) as peer:
        client = sample(peer.base_url, max_retries=0, timeout=5)
        client.runs.retrieve("warm")
        try:
            for number in range(200):
                try:
                    signal.setitimer(signal.ITIMER_REAL, 0.0001 + (number * 7 + seed) % 40 / 20000)
                    for _ in range(20):
                        client.runs.retrieve("r")
                    signal.setitimer(signal.ITIMER_REAL, 0)
                except (InterruptError, errors.APIConnectionError):
                    count += 1
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
        found: list[str] = []
        thread = threading.Thread(
            target=lambda: found.append(client.runs.retrieve("last").id), daemon=True
        )
        thread.start()
        thread.join(10)
        assert found == ["last"]
        gc.collect()
        assert in_use(client) == 0
        client.close()
    assert count > 50
