"""Servers, processes, event loops and signals disturb connections: no wrong result, no hang."""

from __future__ import annotations

import asyncio
import gc
import gzip
import json
import os
import signal
import socket
import threading
import time
import zlib
from collections.abc import Callable
from typing import Any

import httpcore2
import httpx2
import pytest

from functional.runtime.misbehaving import (
    EVENTS,
    HEAD,
    Connection,
    answer,
    chunk,
    misbehaving,
    pool_of,
)
from functional.runtime.sample import INFO, AsyncSample, Sample
from specloom.runtime import errors
from specloom.runtime.connections.pool import stream_of

CLIENTS: dict[str, Callable[[], Any]] = {"own pool": lambda: None, "httpx2": httpx2.Client}
both_clients = pytest.mark.parametrize("make", CLIENTS.values(), ids=CLIENTS)


def sample(base_url: str, **options: Any) -> Sample:
    return Sample(INFO, credentials={"key": "hunter2"}, base_url=base_url, **options)


def async_sample(base_url: str, **options: Any) -> AsyncSample:
    return AsyncSample(INFO, credentials={"key": "hunter2"}, base_url=base_url, **options)


def run(id_: str) -> bytes:
    return json.dumps({"id": id_, "status": "queued"}).encode()


def echo(connection: Connection) -> None:
    connection.send(answer(run(connection.target.rpartition(b"/")[2].decode())))


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
    from dataclasses import replace

    info = INFO if is_keyed else replace(INFO, idempotency_header=None)
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
    from dataclasses import replace

    info = replace(INFO, idempotency_header=None)
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


@both_clients
def test_closing_wakes_calls_in_other_threads(make: Callable[[], Any]) -> None:
    raised: list[BaseException] = []

    def silent(connection: Connection) -> None:
        connection.wait_for_client()

    with misbehaving(silent) as peer:
        client = sample(peer.base_url, http_client=make())

        def call() -> None:
            try:
                client.runs.retrieve("r")
            except errors.SDKError as error:
                raised.append(error)

        threads = [threading.Thread(target=call) for _ in range(3)]
        for each in threads:
            each.start()
        while len(peer.heads) < len(threads):
            time.sleep(0.005)
        started = time.monotonic()
        client.close()
        for each in threads:
            each.join(5)
        assert time.monotonic() - started < 2
        assert [isinstance(each, errors.APIConnectionError) for each in raised] == [True] * 3


@both_clients
def test_closing_ends_the_wait_for_a_retry(make: Callable[[], Any]) -> None:
    busy = b"HTTP/1.1 503 Busy\r\nRetry-After: 9\r\nContent-Length: 0\r\n\r\n"
    raised: list[BaseException] = []
    with misbehaving(lambda connection: connection.send(busy)) as peer:
        client = sample(peer.base_url, http_client=make())

        def call() -> None:
            with pytest.raises(errors.SDKError) as caught:
                client.runs.retrieve("r")
            raised.append(caught.value)

        thread = threading.Thread(target=call)
        thread.start()
        while not peer.heads:
            time.sleep(0.005)
        client.close()
        thread.join(5)
        assert len(raised) == 1


def test_closing_ends_the_wait_for_a_retry_in_an_event_loop() -> None:
    busy = b"HTTP/1.1 503 Busy\r\nRetry-After: 9\r\nContent-Length: 0\r\n\r\n"

    async def main(base_url: str) -> None:
        client = async_sample(base_url)
        call = asyncio.create_task(client.runs.retrieve("r"))
        while not peer.heads:
            await asyncio.sleep(0.005)
        await client.close()
        with pytest.raises(errors.SDKError, match="closed"):
            await asyncio.wait_for(call, 5)

    with misbehaving(lambda connection: connection.send(busy)) as peer:
        asyncio.run(main(peer.base_url))


def test_closing_ends_a_handshake() -> None:
    raised: list[BaseException] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        base_url = f"https://127.0.0.1:{listener.getsockname()[1]}"
        client = sample(base_url)

        def call() -> None:
            with pytest.raises(errors.APIConnectionError) as caught:
                client.runs.retrieve("r")
            raised.append(caught.value)

        async def main() -> None:
            other = async_sample(base_url)
            waiting = asyncio.create_task(other.runs.retrieve("r"))
            peer, _ = await asyncio.to_thread(listener.accept)
            with peer:
                await asyncio.to_thread(peer.recv, 1)
                await other.close()
                with pytest.raises(errors.APIConnectionError, match="The client was closed"):
                    await asyncio.wait_for(waiting, 2)

        thread = threading.Thread(target=call, daemon=True)
        thread.start()
        peer, _ = listener.accept()
        with peer:
            assert peer.recv(1)  # the handshake has begun, and gets no answer
            client.close()
            thread.join(2)
            assert len(raised) == 1
        asyncio.run(main())


def test_closing_ends_connecting_in_an_event_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        begun = asyncio.Event()

        async def connect(*_: Any) -> Any:
            begun.set()
            await asyncio.sleep(60)

        monkeypatch.setattr(httpcore2.AnyIOBackend, "connect_tcp", connect)
        client = async_sample("http://127.0.0.1:9")
        call = asyncio.create_task(client.runs.retrieve("r"))
        await begun.wait()
        await client.close()
        with pytest.raises(errors.APIConnectionError, match="The client was closed"):
            await asyncio.wait_for(call, 2)

    asyncio.run(main())


def test_who_connects_while_the_client_is_closed_sends_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with misbehaving(echo) as peer:
        client, connect = sample(peer.base_url), httpcore2.SyncBackend.connect_tcp
        other, connect_async = async_sample(peer.base_url), httpcore2.AnyIOBackend.connect_tcp

        def closing(*arguments: Any) -> Any:
            client.close()
            return connect(*arguments)

        async def closing_async(*arguments: Any) -> Any:
            await other.close()
            return await connect_async(*arguments)

        monkeypatch.setattr(httpcore2.SyncBackend, "connect_tcp", closing)
        monkeypatch.setattr(httpcore2.AnyIOBackend, "connect_tcp", closing_async)
        with pytest.raises(errors.APIConnectionError, match="closed"):
            client.runs.retrieve("r")
        with pytest.raises(errors.APIConnectionError, match="closed"):
            asyncio.run(other.runs.retrieve("r"))
        assert peer.heads == []


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


BODY = run("x" * 50)
MEMBERS = gzip.compress(BODY[:20]) + gzip.compress(BODY[20:])
READ = {
    "members": (b"gzip", MEMBERS),
    "padded": (b"gzip", MEMBERS + b"\0" * 512),
    "x-gzip": (b"x-gzip", MEMBERS),
    "capitals": (b"GZIP", MEMBERS),
    "twice": (b"gzip, gzip", gzip.compress(MEMBERS)),
    "deflate": (b"deflate", zlib.compress(BODY)),
    "bare deflate": (b"deflate", zlib.compress(BODY)[2:-4]),
}
BROKEN = {
    "cut": (b"gzip", gzip.compress(BODY)[:-12]),
    "cut in the second": (b"gzip", MEMBERS[:-9]),
    "checksum": (b"gzip", MEMBERS[:-8] + b"\0\0\0\0" + MEMBERS[-4:]),
    "no gzip": (b"gzip", BODY),
    "cut deflate": (b"deflate", zlib.compress(BODY)[:-6]),
}


def coded(coding: bytes, body: bytes) -> Callable[[Connection], None]:
    return lambda connection: connection.send(answer(body, b"Content-Encoding: " + coding))


@both_clients
@pytest.mark.parametrize("case", [*READ, *BROKEN])
def test_compressed_bodies(case: str, make: Callable[[], Any]) -> None:
    coding, body = (READ | BROKEN)[case]
    with (
        misbehaving(coded(coding, body)) as peer,
        sample(peer.base_url, max_retries=0, http_client=make()) as client,
    ):
        if case in READ:
            assert client.runs.retrieve("r").id == "x" * 50
            with client.runs.with_streaming_response.download("r") as response:
                assert b"".join(response.iter_bytes()) == BODY
            return
        with pytest.raises(errors.APIConnectionError):
            client.runs.retrieve("r")
        with (
            client.runs.with_streaming_response.download("r") as response,
            pytest.raises(errors.APIConnectionError),
        ):
            b"".join(response.iter_bytes())


@both_clients
def test_decompression_has_a_bound(make: Callable[[], Any]) -> None:
    with (
        misbehaving(coded(b"gzip", gzip.compress(BODY * 100))) as peer,
        sample(peer.base_url, max_retries=0, http_client=make()) as client,
    ):
        assert client.max_decompressed == 1 << 30
        client.max_decompressed = 5000
        with pytest.raises(errors.APIConnectionError, match="more than 5000 bytes"):
            client.runs.download("r")
        client.max_decompressed = 100_000
        assert client.runs.download("r").content == BODY * 100


def test_a_wait_beyond_the_bound_is_raised_at_once() -> None:
    busy = b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 600\r\nContent-Length: 0\r\n\r\n"
    with misbehaving(lambda connection: connection.send(busy)) as peer:
        with sample(peer.base_url) as client, pytest.raises(errors.RateLimitError) as caught:
            client.runs.retrieve("r")
        assert caught.value.retry_after == 600
        assert "the server asks to wait 600 s" in str(caught.value)
        assert len(peer.heads) == 1


def test_a_pickled_error_holds_no_credential() -> None:
    import pickle

    missing = b"HTTP/1.1 404 Not Found\r\nSet-Cookie: a=hunter2\r\nContent-Length: 2\r\n\r\n{}"
    with (
        misbehaving(lambda connection: connection.send(missing)) as peer,
        sample(peer.base_url) as client,
        pytest.raises(errors.NotFoundError) as caught,
    ):
        client.runs.retrieve("r", extra_query={"key": "hunter2"})
    text = pickle.dumps(caught.value)
    assert b"hunter2" not in text
    copy = pickle.loads(text)
    assert (type(copy), str(copy), copy.status_code) == (
        errors.NotFoundError,
        "404: Not Found",
        404,
    )
    assert "hunter2" not in repr(caught.value) + str(caught.value)


def test_what_is_no_http_is_in_the_tree() -> None:
    for garbage in (
        b"\0\1\2\r\n\r\n",
        b"HTTP/9.9 abc\r\n\r\n",
        HEAD + b"Content-Length: x\r\n\r\n",
    ):
        with (
            misbehaving(lambda connection, sent=garbage: connection.send(sent)) as peer,
            sample(peer.base_url, max_retries=0) as client,
        ):
            with pytest.raises(errors.APIConnectionError) as caught:
                client.runs.retrieve("r")
            assert caught.value.__cause__ is not None
