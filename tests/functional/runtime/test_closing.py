"""Closing a client ends the calls of other threads and tasks."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

import httpcore2
import pytest

from functional.runtime.hostile_samples import async_sample, both_clients, echo, sample
from functional.runtime.misbehaving import Connection, misbehaving
from specloom.runtime import errors


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
