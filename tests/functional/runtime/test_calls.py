"""Calls over a real server: requests, results and failures."""

from __future__ import annotations

import asyncio
import copy
import logging
import pickle
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from functional.runtime.sample import INFO, AsyncSample, ErrorResponse, Run, Sample
from specloom.runtime import errors
from specloom.runtime.models.base import request_id_of
from specloom.runtime.options import omit
from support.loopback import Loopback, serving

RUN = {"id": "r1", "status": "queued", "new": [1, 2.5, None]}


def sample(server: Loopback, **options: Any) -> Sample:
    return Sample(INFO, credentials={"key": "secret"}, base_url=server.base_url, **options)


def test_a_call_sends_headers_and_reads_its_model(server: Loopback) -> None:
    server.answer(RUN, headers={"X-Request-Id": "req_1"})
    with sample(server) as client:
        run = client.runs.retrieve("a/b c")
    assert isinstance(run, Run)
    assert run.to_dict() == RUN
    assert getattr(run, "_request_id") == request_id_of(run) == "req_1"  # noqa: B009
    sent = server.last
    assert (sent.method, sent.path, sent.body) == ("GET", "/runs/a%2Fb%20c", b"")
    headers = {name.lower(): value for name, value in sent.headers.items()}
    assert headers["authorization"] == "Bearer secret"
    assert headers["user-agent"] == "sample_sdk/1.2.3"
    assert headers["sample-version"] == "1"
    assert headers["accept"] == "application/json"
    assert "content-type" not in headers
    assert "idempotency-key" not in headers


def test_only_given_values_are_sent(server: Loopback) -> None:
    server.answer(RUN)
    server.answer(RUN)
    with sample(server) as client:
        client.runs.create("t1")
        client.runs.create("t1", model="m", extra_body={"n": 1}, idempotency_key="k")
    first, second = server.received
    assert first.body == b"{}"
    assert second.json == {"model": "m", "n": 1}
    assert second.headers["idempotency-key"] == "k"
    assert len(first.headers["idempotency-key"]) == 32


def test_options_of_a_call_and_of_a_client(server: Loopback) -> None:
    for _ in range(2):
        server.answer(RUN)
    client = sample(server, default_headers={"X-One": "1"}, default_query={"v": "2"})
    changed = client.with_options(default_headers={"X-Two": "2"}, api_key="other")
    changed.runs.retrieve(
        "r", extra_headers={"x-one": omit, "X-Three": "3"}, extra_query={"q": [1, 2]}
    )
    client.runs.retrieve("r")
    client.close()
    one, two = server.received
    assert "x-one" not in one.headers
    assert (one.headers["x-two"], one.headers["x-three"]) == ("2", "3")
    assert one.headers["authorization"] == "Bearer other"
    assert one.query == [("v", "2"), ("q", "1"), ("q", "2")]
    assert "x-two" not in two.headers
    assert two.headers["authorization"] == "Bearer secret"


def test_a_copy_shares_connections_and_their_end(server: Loopback) -> None:
    client = sample(server)
    client.with_options(max_retries=0).close()
    with pytest.raises(errors.ConfigurationError, match="closed"):
        client.runs.retrieve("r")
    client.close()


def test_a_base_url_may_have_a_path_and_a_slash(server: Loopback) -> None:
    server.answer(RUN)
    with Sample(INFO, credentials={"key": "k"}, base_url=f"{server.base_url}/v1/") as client:
        client.runs.retrieve("r")
    assert server.last.path == "/v1/runs/r"


def test_endpoints_without_a_method(server: Loopback) -> None:
    server.answer([RUN])
    server.answer(b"hello", content_type="text/plain")
    server.answer(status=204)
    with sample(server) as client:
        runs = client.post("/any", cast_to=list[Run], body={"a": 1})
        text = client.get("any", cast_to=str)
        client.delete("/any", cast_to=type(None))
    assert [run.id for run in runs] == ["r1"]
    assert text == "hello"
    assert server.received[0].json == {"a": 1}


def test_bytes_come_whole_or_bit_by_bit(server: Loopback, tmp_path: Any) -> None:
    for _ in range(2):
        server.answer(b"abc" * 10, content_type="text/csv")
    with sample(server) as client:
        content = client.runs.download("r")
        with client.runs.with_streaming_response.download("r") as response:
            chunks = list(response.iter_bytes(7))
        assert response.is_closed
    content.write_to_file(tmp_path / "log")
    assert (tmp_path / "log").read_bytes() == content.read() == b"".join(chunks) == b"abc" * 10
    assert content.content_type == "text/csv"
    assert len(chunks) == 5


def test_no_value_is_none(server: Loopback) -> None:
    server.answer(status=204)
    with sample(server) as client:
        assert client.runs.delete("r") is None  # type: ignore[func-returns-value]


def test_raw_responses(server: Loopback) -> None:
    server.answer(RUN, headers={"x-request-id": "req_9", "X-Left": "4"})
    with sample(server) as client:
        raw = client.runs.with_raw_response.retrieve("r")
    assert raw.parse().id == "r1"
    assert (raw.status_code, raw.headers["x-left"], raw.request_id) == (200, "4", "req_9")
    assert (raw.retries_taken, raw.is_closed, raw.http_request.method) == (0, True, "GET")
    assert raw.elapsed.total_seconds() > 0


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, errors.BadRequestError),
        (401, errors.AuthenticationError),
        (403, errors.PermissionDeniedError),
        (404, errors.NotFoundError),
        (409, errors.ConflictError),
        (418, errors.APIStatusError),
        (422, errors.UnprocessableEntityError),
        (429, errors.RateLimitError),
        (503, errors.InternalServerError),
    ],
)
def test_an_error_status_is_an_error(server: Loopback, status: int, kind: type[Exception]) -> None:
    body = {"error": {"message": "No such run", "code": "gone", "param": "id", "type": "bad"}}
    server.answer(body, status, headers={"x-request-id": "req_2"})
    with sample(server, max_retries=0) as client, pytest.raises(errors.APIStatusError) as caught:
        client.runs.retrieve("r")
    error = caught.value
    assert type(error) is kind
    assert str(error) == f"{status}: No such run (request id req_2)"
    assert (error.message, error.code, error.param, error.type) == (
        "No such run",
        "gone",
        "id",
        "bad",
    )
    assert (error.status_code, error.body, error.request_id) == (status, body, "req_2")
    assert isinstance(error.parsed, ErrorResponse) == (status < 500)
    for twin in (copy.copy(error), pickle.loads(pickle.dumps(error))):
        assert str(twin) == str(error)
        assert twin.body == body
        assert (twin.code, twin.response.status_code) == ("gone", status)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"<h1>Bad gateway</h1>", "<h1>Bad gateway</h1>"),
        (b"", "Not Found"),
        ({"title": "Gone", "detail": "It was deleted", "type": "about:blank"}, "It was deleted"),
        ({"error": "nope"}, "nope"),
        ([1], "[1]"),
        ({"name": ["Is not blank"]}, '{"name": ["Is not blank"]}'),
        ({"error": True}, '{"error": true}'),
        ({}, "Not Found"),
    ],
)
def test_any_error_body_makes_a_message(server: Loopback, body: Any, message: str) -> None:
    server.answer(body, 404)
    with sample(server) as client, pytest.raises(errors.NotFoundError) as caught:
        client.runs.retrieve("r")
    assert caught.value.message == message


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"id": "r1"', b"[]"])
def test_a_body_that_cannot_be_read_is_an_error_of_ours(server: Loopback, body: bytes) -> None:
    server.answer(body, content_type="application/json")
    with sample(server) as client, pytest.raises(errors.APIResponseValidationError) as caught:
        client.runs.retrieve("r")
    assert caught.value.status_code == 200


def test_a_broken_contract_is_read_and_warned_of_once(
    server: Loopback, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "sample_sdk")
    for _ in range(3):
        server.answer({"id": 7})
    with sample(server) as client:
        runs = [client.runs.retrieve("r") for _ in range(2)]
        assert runs[0].status is None
        assert runs[0].to_dict() == {"id": 7}
        with pytest.raises(
            errors.APIResponseValidationError, match=r"id: string_type, status: missing"
        ):
            client.runs.retrieve("r", strict=True)
    lines = [record.getMessage() for record in caplog.records if record.name == "sample_sdk"]
    assert [line for line in lines if "as described" in line] == [
        "The response of getRun is not as described: id: string_type",
        "The response of getRun is not as described: status: missing",
    ]


def test_credentials_stay_on_their_host(server: Loopback) -> None:
    with serving() as elsewhere:
        url = elsewhere.base_url.replace("127.0.0.1", "localhost") + "/runs/r"
        server.answer(status=302, headers={"Location": url})
        elsewhere.answer(RUN)
        with sample(server, default_headers={"X-Secret": "s"}) as client:
            run = client.runs.retrieve("r", extra_query={"key": "secret"})
    assert run.id == "r1"
    headers = {name.lower() for name in elsewhere.last.headers}
    assert not headers & {"authorization", "x-secret", "cookie"}
    assert elsewhere.last.raw_query == ""


def test_redirects_on_the_host_keep_method_and_body(server: Loopback) -> None:
    server.answer(status=307, headers={"Location": "/moved"})
    server.answer(status=303, headers={"Location": "/result"})
    server.answer(RUN)
    with sample(server) as client:
        client.runs.create("t", model="m")
    _, moved, result = server.received
    assert (moved.method, moved.path, moved.json) == ("POST", "/moved", {"model": "m"})
    assert (result.method, result.path, result.body) == ("GET", "/result", b"")
    assert result.headers["authorization"] == "Bearer secret"


def test_endless_redirects_end(server: Loopback) -> None:
    for _ in range(21):
        server.answer(status=302, headers={"Location": "/again"})
    with sample(server) as client, pytest.raises(errors.APIStatusError) as caught:
        client.runs.retrieve("r")
    assert caught.value.status_code == 302
    assert len(server.received) == 21


def test_the_callers_own_http_client(server: Loopback) -> None:
    seen: list[str] = []

    def note(request: httpx2.Request) -> None:
        seen.append(request.method)

    own = httpx2.Client(
        headers={"X-Gateway": "g", "User-Agent": "own"},
        params={"tenant": "t"},
        event_hooks={"request": [note]},
        follow_redirects=True,
    )
    server.answer(status=302, headers={"Location": "/runs/x"})
    server.answer(RUN)
    with sample(server, http_client=own) as client:
        client.runs.retrieve("r")
    assert own.is_closed
    assert seen == ["GET", "GET"]
    assert server.received[0].headers["x-gateway"] == "g"
    assert server.received[0].headers["user-agent"] == "sample_sdk/1.2.3"
    assert server.received[0].query == [("tenant", "t")]


def test_a_truncated_body_is_a_connection_error(sends: Callable[[bytes], str]) -> None:
    url = sends(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
    with (
        Sample(INFO, credentials={"key": "k"}, base_url=url, max_retries=0) as client,
        pytest.raises(errors.APIConnectionError) as caught,
    ):
        client.runs.retrieve("r")
    assert isinstance(caught.value.__cause__, httpx2.HTTPError)


def test_no_server_is_a_connection_error() -> None:
    with serving() as gone:
        pass
    with (
        Sample(INFO, credentials={"key": "k"}, base_url=gone.base_url, max_retries=0) as client,
        pytest.raises(errors.APIConnectionError) as caught,
    ):
        client.runs.retrieve("r")
    assert caught.value.request is not None
    assert pickle.loads(pickle.dumps(caught.value)).message == caught.value.message


def test_async_calls(server: Loopback) -> None:
    server.answer(RUN)
    server.answer(RUN, headers={"x-request-id": "q"})
    server.answer(b"xyz", content_type="application/octet-stream")

    async def key() -> str:
        return "rotating"

    async def main() -> None:
        async with AsyncSample(INFO, credentials={"key": key}, base_url=server.base_url) as client:
            run = await client.runs.retrieve("r")
            assert run.to_dict() == RUN
            raw = await client.runs.with_raw_response.retrieve("r")
            assert (raw.request_id, raw.parse().id) == ("q", "r1")
            async with client.runs.with_streaming_response.download("r") as response:
                assert await response.read() == b"xyz"
                assert (await response.parse()).read() == b"xyz"
            copied = client.with_options(max_retries=0)
        with pytest.raises(errors.ConfigurationError):
            await copied.runs.retrieve("r")

    asyncio.run(main())
    assert server.received[0].headers["authorization"] == "Bearer rotating"


def test_many_threads_share_a_client(server: Loopback) -> None:
    from concurrent.futures import ThreadPoolExecutor

    for _ in range(40):
        server.answer(RUN)
    with sample(server) as client, ThreadPoolExecutor(8) as pool:
        runs = list(pool.map(client.runs.retrieve, ["r"] * 40))
    assert {run.id for run in runs} == {"r1"}
    assert len(server.received) == 40
