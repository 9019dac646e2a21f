"""The async client in trio: calls, retries, pages, streams, deadlines and cancelled calls."""

from __future__ import annotations

import gc
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from functional.runtime.sample import INFO, AsyncSample
from specloom.runtime.errors import APITimeoutError, ConfigurationError
from specloom.runtime.options import Timeout
from support.loopback import Loopback

trio = pytest.importorskip("trio")

RUN = {"id": "r1", "status": "done"}
EVENTS = (
    b'event: text.delta\ndata: {"text": "a"}\n\n'
    b'event: text.delta\ndata: {"text": "b"}\n\ndata: [DONE]\n\n'
)


def client(server: Loopback) -> AsyncSample:
    return AsyncSample(INFO, credentials={"key": "k"}, base_url=server.base_url)


def run(server: Loopback, main: Callable[[AsyncSample], Awaitable[Any]]) -> Any:
    async def opened() -> Any:
        async with client(server) as api:
            return await main(api)

    return trio.run(opened)


def test_a_call_is_retried(server: Loopback) -> None:
    server.answer(status=503, headers={"retry-after-ms": "1"})
    server.answer(RUN)
    assert run(server, lambda api: api.runs.retrieve("r1")).id == "r1"


# What httpcore2 leaves half read is collected as garbage, of which trio warns.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_pages_and_streams(server: Loopback) -> None:
    server.answer({"data": [RUN], "has_more": True, "last_id": "r1"})
    server.answer({"data": [{**RUN, "id": "r2"}], "has_more": False})
    server.answer(EVENTS, content_type="text/event-stream")

    async def main(api: AsyncSample) -> tuple[list[str], list[str]]:
        ids = [run.id async for run in api.runs.list()]
        async with await api.runs.stream("t1") as stream:
            return ids, [event.data["text"] async for event in stream]

    assert run(server, main) == (["r1", "r2"], ["a", "b"])


def test_many_calls_at_once_and_one_that_is_cancelled(server: Loopback) -> None:
    found: list[str] = []

    async def main(api: AsyncSample) -> bool:
        async def one() -> None:
            found.append((await api.runs.retrieve("r1")).id)

        async with trio.open_nursery() as nursery:
            for _ in range(20):
                nursery.start_soon(one)
        with trio.move_on_after(0) as scope:
            await api.runs.retrieve("r1")
        await one()
        return bool(scope.cancelled_caught)

    for _ in range(22):
        server.answer(RUN)
    assert run(server, main)
    assert found == ["r1"] * 21


def test_deadlines_bound_the_wait_for_a_retry(server: Loopback) -> None:
    for _ in range(9):
        server.answer(status=503)
    with pytest.raises(APITimeoutError, match="in total"):
        run(server, lambda api: api.runs.retrieve("r1", timeout=Timeout(total=0)))


@pytest.mark.filterwarnings(  # the first run ends with its connection open
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
def test_a_client_serves_one_run_after_the_other(server: Loopback) -> None:
    api = client(server)
    for _ in range(2):
        server.answer(RUN)
        assert trio.run(api.runs.retrieve, "r1").id == "r1"
        gc.collect()
    trio.run(api.close)
    with pytest.raises(ConfigurationError, match="closed"):
        trio.run(api.runs.retrieve, "r1")
    del api
    gc.collect()
