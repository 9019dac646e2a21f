"""Retries over a real server; nothing sleeps, the waits are written down instead."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx2
import pytest

from functional.runtime.sample import INFO, Run
from specloom.runtime import errors
from specloom.runtime.api.operation import Json, Operation, RequestBody
from specloom.runtime.client.session import AsyncSession, SyncSession
from specloom.runtime.connections.transport import AsyncTransport, SyncTransport
from specloom.runtime.settings import make_settings
from support.loopback import Loopback

RUN = {"id": "r1", "status": "done"}
CREATE: Operation[Run] = Operation(
    id="createRun",
    method="POST",
    path="/runs",
    body=RequestBody("application/json"),
    responses={"200": Json(lambda: Run)},
)
UPLOAD: Operation[Run] = replace(CREATE, id="upload", body=RequestBody("application/octet-stream"))


class Waits(list[float]):
    """Stands in for ``sleep``."""

    async def in_async(self, seconds: float) -> None:
        self.append(seconds)


def session(
    base_url: str, waits: Waits, http_client: httpx2.Client | None = None, **options: Any
) -> SyncSession:
    settings = make_settings(INFO, {"key": "k"}, base_url, 5.0, 2, None, None, False)
    return SyncSession(replace(settings, **options), SyncTransport(http_client), waits.append)


def test_a_write_is_repeated_with_the_same_key(server: Loopback) -> None:
    server.answer(status=500)
    server.answer(status=429)
    server.answer(RUN)
    waits = Waits()
    calls = session(server.base_url, waits)
    raw: Any = calls.raw().call(CREATE, body={"a": 1})
    calls.transport.close()
    assert raw.retries_taken == 2
    assert [request.json for request in server.received] == [{"a": 1}] * 3
    assert len({request.headers["idempotency-key"] for request in server.received}) == 1
    assert 0.375 <= waits[0] <= 0.5
    assert 0.75 <= waits[1] <= 1.0


def test_the_last_error_is_raised(server: Loopback) -> None:
    for status in (408, 409, 503):
        server.answer({"message": f"s{status}"}, status)
    calls = session(server.base_url, Waits())
    with pytest.raises(errors.InternalServerError, match="s503") as caught:
        calls.call(CREATE)
    calls.transport.close()
    assert caught.value.retries_taken == 2


@pytest.mark.parametrize(
    ("status", "headers", "waits"),
    [
        (429, {"Retry-After": "7"}, [7.0]),
        (503, {"retry-after-ms": "1500", "Retry-After": "7"}, [1.5]),
        (400, {"x-should-retry": "true", "Retry-After": "1"}, [1.0]),
        (500, {"x-should-retry": "false"}, []),
        (404, {}, []),
    ],
)
def test_the_server_says_whether_and_when(
    server: Loopback, status: int, headers: dict[str, str], waits: list[float]
) -> None:
    server.answer(status=status, headers=headers)
    server.answer(RUN)
    waited = Waits()
    calls = session(server.base_url, waited)
    if waits:
        calls.call(CREATE)
    else:
        with pytest.raises(errors.APIStatusError):
            calls.call(CREATE)
    calls.transport.close()
    assert waited == waits


def test_connection_errors_and_timeouts_are_retried() -> None:
    failures: list[Exception] = [httpx2.ConnectError("refused"), httpx2.ReadTimeout("slow")]

    def answer(_: httpx2.Request) -> httpx2.Response:
        if failures:
            raise failures.pop(0)
        return httpx2.Response(200, json=RUN)

    waits = Waits()
    calls = session("http://x", waits, httpx2.Client(transport=httpx2.MockTransport(answer)))
    assert calls.call(CREATE).id == "r1"
    calls.transport.close()
    assert len(waits) == 2


def test_a_timeout_has_its_own_error_and_keeps_its_cause() -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ReadTimeout("slow", request=request)

    calls = session("http://x", Waits(), httpx2.Client(transport=httpx2.MockTransport(answer)))
    with pytest.raises(errors.APITimeoutError) as caught:
        calls.call(CREATE, options={"max_retries": 1})
    calls.transport.close()
    assert caught.value.retries_taken == 1
    assert isinstance(caught.value.__cause__, httpx2.ReadTimeout)


def test_timeouts_reach_the_network_layer() -> None:
    seen: list[Any] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request.extensions["timeout"])
        return httpx2.Response(200, json=RUN)

    def used(http_client_options: dict[str, Any], **options: Any) -> Any:
        client = httpx2.Client(transport=httpx2.MockTransport(answer), **http_client_options)
        calls = session("http://x", Waits(), client, **options)
        calls.call(CREATE)
        calls.transport.close()
        return seen[-1]

    from specloom.runtime.options import Timeout, omit

    assert used({}) == {"connect": 5.0, "read": 5.0, "write": 5.0, "pool": 5.0}
    assert used({}, timeout=omit)["read"] == 600
    assert used({"timeout": 9}, timeout=omit)["read"] == 9
    assert used({}, timeout=None)["read"] is None
    assert used({}, timeout=Timeout(read=1)) == {"connect": 5, "read": 1, "write": 600, "pool": 600}


def test_a_body_that_cannot_be_sent_again_is_not(server: Loopback) -> None:
    server.answer(status=500)
    calls = session(server.base_url, Waits())
    with pytest.raises(errors.InternalServerError):
        calls.call(UPLOAD, body=iter([b"one", b"two"]))
    calls.transport.close()
    assert [request.body for request in server.received] == [b"onetwo"]


def test_a_file_is_sent_again_from_where_it_stood(server: Loopback) -> None:
    server.answer(status=500)
    server.answer(RUN)
    file = io.BytesIO(b"skipped content")
    file.seek(8)
    calls = session(server.base_url, Waits())
    calls.call(UPLOAD, body=file)
    calls.transport.close()
    assert [request.body for request in server.received] == [b"content"] * 2
    assert server.last.headers["content-length"] == "7"


def test_a_broken_compression_is_a_connection_error(sends: Callable[[bytes], str]) -> None:
    url = sends(
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n"
        b"Connection: close\r\n\r\nnope"
    )
    waits = Waits()
    calls = session(url, waits)
    with pytest.raises(errors.APIConnectionError):
        calls.call(CREATE)
    calls.transport.close()
    assert len(waits) == 2


def test_async_retries(server: Loopback) -> None:
    server.answer(status=500)
    server.answer(RUN)
    waits = Waits()

    async def main() -> Run:
        settings = make_settings(INFO, {"key": "k"}, server.base_url, 5.0, 2, None, None, False)
        calls = AsyncSession(settings, AsyncTransport(), waits.in_async)
        run = await calls.call(UPLOAD, body=io.BytesIO(b"x"))
        await calls.transport.close()
        return run

    assert asyncio.run(main()).id == "r1"
    assert [request.body for request in server.received] == [b"x", b"x"]
    assert len(waits) == 1
