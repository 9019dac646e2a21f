"""Polling methods: they read a run until it ends, and return it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from assistants_sdk import Assistants, AsyncAssistants, PollTimeoutError
from assistants_sdk.resources.threads.runs import Runs
from support.described import document
from support.loopback import Loopback, serving

ENDS = ["completed", "requires_action", "expired", "failed", "cancelled", "incomplete"]
AT_ONCE = {"openai-poll-after-ms": "0"}


def run(status: str) -> dict[str, Any]:
    """The described example of a run, in a state."""
    examples = document()["components"]["examples"].values()
    run = next(one["value"] for one in examples if _object(one) == "thread.run")
    return {**run, "id": "run_1", "thread_id": "thread_1", "status": status}


def _object(example: dict[str, Any]) -> object:
    value = example.get("value")
    return value.get("object") if isinstance(value, dict) else None


def script(server: Loopback, *states: str) -> None:
    for state in states:
        server.answer(run(state), headers=AT_ONCE)


@pytest.fixture
def server() -> Iterator[Loopback]:
    with serving() as loopback:
        yield loopback


@pytest.fixture
def client(server: Loopback) -> Iterator[Assistants]:
    with Assistants(api_key="sk-test", base_url=server.base_url) as made:
        yield made


def sent(server: Loopback) -> list[tuple[str, str]]:
    return [(request.method, request.path) for request in server.received]


@pytest.mark.parametrize("end", ENDS)
def test_every_end_state_is_returned_unchanged(
    client: Assistants, server: Loopback, end: str
) -> None:
    script(server, "queued", "in_progress", end)
    done = client.threads.runs.create_and_poll("thread_1", assistant_id="asst_1")
    assert done.status == end
    assert (
        sent(server)
        == [("POST", "/threads/thread_1/runs")] + [("GET", "/threads/thread_1/runs/run_1")] * 2
    )
    assert server.received[0].json == {"assistant_id": "asst_1"}
    assert server.last.headers["openai-beta"] == "assistants=v1"


def test_what_has_ended_is_not_read_again(client: Assistants, server: Loopback) -> None:
    script(server, "completed")
    client.threads.runs.create_and_poll("thread_1", assistant_id="asst_1")
    assert len(server.received) == 1


def test_poll_only_reads(client: Assistants, server: Loopback) -> None:
    script(server, "in_progress", "completed")
    assert client.threads.runs.poll("run_1", thread_id="thread_1").status == "completed"
    assert sent(server) == [("GET", "/threads/thread_1/runs/run_1")] * 2


def test_submitting_continues_the_same_run(client: Assistants, server: Loopback) -> None:
    script(server, "queued", "completed")
    outputs = [{"tool_call_id": "call_1", "output": "42"}]
    client.threads.runs.submit_tool_outputs_and_poll(
        "run_1",
        thread_id="thread_1",
        tool_outputs=[{"tool_call_id": "call_1", "output": "42"}],
    )
    assert server.received[0].json == {"tool_outputs": outputs}
    assert sent(server)[1] == ("GET", "/threads/thread_1/runs/run_1")


def test_a_new_thread_is_named_by_the_run(client: Assistants, server: Loopback) -> None:
    script(server, "queued", "completed")
    client.threads.create_and_run_poll(assistant_id="asst_1")
    assert sent(server) == [
        ("POST", "/threads/runs"),
        ("GET", "/threads/thread_1/runs/run_1"),
    ]


def test_the_timeout_is_an_error_with_the_run_so_far(client: Assistants, server: Loopback) -> None:
    script(server, "queued", "in_progress")
    with pytest.raises(PollTimeoutError) as caught:
        client.threads.runs.create_and_poll("thread_1", assistant_id="asst_1", poll_timeout=0)
    assert caught.value.parsed.status in ("queued", "in_progress")


def test_async(server: Loopback) -> None:
    script(server, "queued", "completed")

    async def check() -> None:
        async with AsyncAssistants(api_key="sk-test", base_url=server.base_url) as client:
            done = await client.threads.runs.create_and_poll("thread_1", assistant_id="asst_1")
            assert done.status == "completed"

    asyncio.run(check())
    assert len(server.received) == 2


def test_only_the_first_call_has_the_described_result() -> None:
    assert "Returns:" in (Runs.create.__doc__ or "")
    assert "return the last result." in (Runs.create_and_poll.__doc__ or "")
    assert "Returns:" not in (Runs.create_and_poll.__doc__ or "")
