"""Waiting for the end of a run: every end state, hints, time, and servers that never end."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from functional.runtime.sample import INFO, Run
from specloom.runtime import errors
from specloom.runtime.api.content import Json
from specloom.runtime.api.operation import Operation, Poll, RequestBody
from specloom.runtime.client.session import AsyncSession, SyncSession
from specloom.runtime.connections.transport import AsyncTransport, SyncTransport
from specloom.runtime.options import RequestOptions
from specloom.runtime.settings import Settings, make_settings
from specloom.runtime.testing import FakeServer

ENDS = ("completed", "requires_action", "expired", "failed", "cancelled", "incomplete")
CREATE: Operation[Run] = Operation(
    id="createRun",
    method="POST",
    path="/threads/{thread_id}/runs",
    body=RequestBody("application/json", required=True),
    responses={"200": Json(lambda: Run)},
)
RETRIEVE: Operation[Run] = Operation(
    id="getRun",
    method="GET",
    path="/threads/{thread_id}/runs/{run_id}",
    responses={"200": Json(lambda: Run)},
)
POLL = Poll("status", until=ENDS, arguments={"run_id": "id"}, hint_header="x-poll-after-ms")
WRITE: RequestOptions = {
    "extra_headers": {"X-Extra": "1"},
    "extra_body": {"n": 1},
    "idempotency_key": "key",
}


class Clock:
    """A clock that advances only during sleeps."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        self.waits: list[float] = []
        monkeypatch.setattr(time, "monotonic", lambda: self.now)

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds

    async def sleep_async(self, seconds: float) -> None:
        self.sleep(seconds)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def server() -> FakeServer:
    return FakeServer()


def settings() -> Settings:
    return make_settings(INFO, {"key": "k"}, "http://test", 5.0, 2, None, None, False)


def session(server: FakeServer, clock: Clock) -> SyncSession:
    return SyncSession(settings(), SyncTransport(server.client()), clock.sleep)


def run(status: Any, **more: Any) -> dict[str, Any]:
    return {"id": "r1", "status": status, **more}


def script(server: FakeServer, *statuses: Any, **headers: str) -> None:
    server.answer("POST", "/threads/t1/runs", run("queued"), headers=headers)
    for status in statuses:
        server.answer("GET", "/threads/t1/runs/r1", run(status), headers=headers)


def create_and_poll(calls: SyncSession, **waiting: Any) -> Run:
    return calls.poll(
        CREATE, RETRIEVE, POLL, path={"thread_id": "t1"}, body={"a": 1}, options=WRITE, **waiting
    )


@pytest.mark.parametrize("end", ENDS)
def test_each_end_state_is_returned_unchanged(server: FakeServer, clock: Clock, end: str) -> None:
    script(server, "in_progress", end)
    ended = create_and_poll(session(server, clock))
    assert ended.to_dict() == run(end)
    assert clock.waits == [1.0, 1.0]
    sent = [(request.method, request.path) for request in server.requests]
    assert sent == [("POST", "/threads/t1/runs"), *[("GET", "/threads/t1/runs/r1")] * 2]


def test_what_has_ended_at_once_is_not_read_again(server: FakeServer, clock: Clock) -> None:
    server.answer("POST", "/threads/t1/runs", run("completed"))
    assert create_and_poll(session(server, clock)).status == "completed"
    assert clock.waits == []


def test_reading_again_takes_the_options_but_those_of_a_write(
    server: FakeServer, clock: Clock
) -> None:
    script(server, "completed")
    create_and_poll(session(server, clock))
    write, read = server.requests
    assert write.json == {"a": 1, "n": 1}
    assert write.headers["idempotency-key"] == "key"
    assert read.content == b""
    assert "idempotency-key" not in read.headers
    assert read.headers["x-extra"] == "1"


def test_only_waiting(server: FakeServer, clock: Clock) -> None:
    script(server, "invented", "completed")
    path = {"thread_id": "t1", "run_id": "r1"}
    assert session(server, clock).poll(RETRIEVE, RETRIEVE, POLL, path=path).status == "completed"
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("headers", "asked", "waits"),
    [
        ({"x-poll-after-ms": "2500"}, {}, [2.5]),
        ({"Retry-After": "3"}, {}, [3.0]),
        ({"x-poll-after-ms": "soon"}, {}, [1.0]),
        ({"x-poll-after-ms": "999999999"}, {}, [1.0]),
        ({"x-poll-after-ms": "2500"}, {"interval": 0.25}, [0.25]),
        ({}, {"interval": 7}, [7]),
        ({}, {"timeout": None}, [1.0]),
    ],
)
def test_how_long_to_wait(
    server: FakeServer,
    clock: Clock,
    headers: dict[str, str],
    asked: dict[str, Any],
    waits: list[float],
) -> None:
    script(server, "completed", **headers)
    create_and_poll(session(server, clock), **asked)
    assert clock.waits == waits


def test_time_is_over(server: FakeServer, clock: Clock) -> None:
    script(server, "in_progress", **{"x-request-id": "q"})
    with pytest.raises(errors.PollTimeoutError, match="status is still 'in_progress'") as caught:
        create_and_poll(session(server, clock), interval=2, timeout=5)
    assert clock.waits == [2, 2, 1]
    assert isinstance(caught.value.parsed, Run)
    assert caught.value.body == run("in_progress")
    assert (caught.value.status_code, caught.value.request_id) == (200, "q")


def test_the_description_may_limit_the_time(server: FakeServer, clock: Clock) -> None:
    script(server, "in_progress")
    limited = POLL._replace(timeout=3.0)
    with pytest.raises(errors.PollTimeoutError, match="3 seconds"):
        session(server, clock).poll(CREATE, RETRIEVE, limited, path={"thread_id": "t1"})


@pytest.mark.parametrize(
    ("answer", "missing"),
    [({"id": "r1"}, "status"), ({"id": "r1", "status": 1}, "status"), ({"status": "queued"}, "id")],
)
def test_a_result_that_cannot_be_waited_for_is_an_error(
    server: FakeServer, clock: Clock, answer: dict[str, Any], missing: str
) -> None:
    server.answer("POST", "/threads/t1/runs", answer)
    with pytest.raises(errors.APIResponseValidationError, match=f"no `{missing}`"):
        create_and_poll(session(server, clock))


def test_a_call_that_fails_ends_it(server: FakeServer, clock: Clock) -> None:
    script(server)
    server.answer("GET", "/threads/t1/runs/r1", {"message": "gone"}, status=404)
    with pytest.raises(errors.NotFoundError, match="gone"):
        create_and_poll(session(server, clock))


def test_a_raw_session_polls_for_the_value(server: FakeServer, clock: Clock) -> None:
    script(server, "completed")
    assert isinstance(create_and_poll(session(server, clock).raw()), Run)


def test_async_polls(server: FakeServer, clock: Clock) -> None:
    script(server, "in_progress", "completed")

    async def main() -> Run:
        transport = AsyncTransport(server.async_client())
        calls = AsyncSession(settings(), transport, clock.sleep_async)
        path = {"thread_id": "t1"}
        with pytest.raises(errors.PollTimeoutError):
            await calls.poll(CREATE, RETRIEVE, POLL, path=path, timeout=0)
        return await calls.poll(CREATE, RETRIEVE, POLL, path=path, interval=0.5)

    assert asyncio.run(main()).status == "completed"
    assert clock.waits == [0.5, 0.5]
