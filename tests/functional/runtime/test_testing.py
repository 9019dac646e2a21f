"""The fake server for tests of users."""

from __future__ import annotations

import asyncio

import httpx2
import pytest

from functional.runtime.sample import INFO, AsyncSample, Run, RunEvent, Sample
from specloom.runtime import errors
from specloom.runtime.testing import Answer, FakeServer, SentRequest, sse


def sample(server: FakeServer) -> Sample:
    client = server.client()
    return Sample(
        INFO, credentials={"key": "k"}, base_url="http://test/v1", http_client=client, max_retries=0
    )


def run(id_: str) -> Run:
    return Run(id=id_, status="done")


def test_answers_come_in_order_and_the_last_one_stays() -> None:
    server = FakeServer()
    server.answer("get", "/v1/runs/{run_id}", run("one"))
    server.answer("GET", "/v1/runs/{run_id}", {"id": "two", "status": "done"})
    server.answer("GET", "/v1/runs/exact", run("exact"))
    with sample(server) as client:
        ids = [client.runs.retrieve(name).id for name in ("a", "b", "exact", "c/d")]
    assert ids == ["one", "two", "exact", "two"]
    assert [request.path for request in server.requests] == [
        "/v1/runs/a",
        "/v1/runs/b",
        "/v1/runs/exact",
        "/v1/runs/c%2Fd",
    ]


def test_what_was_sent_can_be_looked_at() -> None:
    server = FakeServer()
    server.answer("POST", "/v1/threads/t/runs", run("r"), status=201, headers={"X-Request-Id": "q"})
    with sample(server) as client:
        made = client.runs.create("t", model="m", extra_query={"a": [1, 2]})
    assert getattr(made, "_request_id") == "q"  # noqa: B009
    sent = server.requests[0]
    assert (sent.method, sent.query, sent.json) == (
        "POST",
        (("a", "1"), ("a", "2")),
        {"model": "m"},
    )
    assert sent.headers["Authorization"] == "Bearer k"


def test_streams_failures_and_answers_that_depend() -> None:
    server = FakeServer()
    server.stream("POST", "/v1/threads/t/runs", [("run.created", run("r")), ("done", "[DONE]")])
    server.fail("GET", "/v1/runs/slow", httpx2.ReadTimeout("slow"))

    def echo(request: SentRequest) -> Answer:
        return Answer(b"log of " + request.path.encode(), headers={"Content-Type": "text/x"})

    server.respond("GET", "/v1/runs/{run_id}/log", echo)
    with sample(server) as client:
        with client.runs.stream("t") as stream:
            (event,) = stream
        assert isinstance(event, RunEvent)
        assert event.data.id == "r"
        with pytest.raises(errors.APITimeoutError, match="slow"):
            client.runs.retrieve("slow")
        log = client.runs.download("r")
    assert (log.read(), log.content_type) == (b"log of /v1/runs/r/log", "text/x")


def test_a_request_without_an_answer_fails_the_test() -> None:
    server = FakeServer()
    server.answer("GET", "/v1/runs", "text")
    with sample(server) as client, pytest.raises(AssertionError, match="No answer for GET /v1/x"):
        client.get("/x", cast_to=str)
    with sample(server) as client:
        assert client.get("/runs", cast_to=str) == "text"


def test_async_clients() -> None:
    server = FakeServer()
    server.answer("DELETE", "/v1/runs/r", None, status=204)
    server.answer("GET", "/v1/runs/r", run("r"))

    async def main() -> None:
        async with AsyncSample(
            INFO,
            credentials={"key": "k"},
            base_url="http://test/v1",
            http_client=server.async_client(),
        ) as client:
            await client.delete("/runs/r", cast_to=type(None))
            assert (await client.runs.retrieve("r")).id == "r"

    asyncio.run(main())
    assert [request.method for request in server.requests] == ["DELETE", "GET"]


def test_events_as_bytes() -> None:
    assert sse([("a", {"x": 1}), ("", "two\nlines")]) == (
        b'event: a\ndata: {"x":1}\n\ndata: two\ndata: lines\n\n'
    )
