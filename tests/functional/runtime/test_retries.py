"""Retries over a real server; waits are recorded instead of slept."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest

from functional.runtime.sample import INFO, Run
from specloom.runtime import errors
from specloom.runtime.api.content import Json
from specloom.runtime.api.operation import Operation, RequestBody
from specloom.runtime.client.session import AsyncSession, SyncSession
from specloom.runtime.connections.transport import AsyncTransport, SyncTransport
from specloom.runtime.retries import Retries, Retry, RetryBudget
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
UPLOAD: Operation[Run] = CREATE._replace(id="upload", body=RequestBody("application/octet-stream"))


class Waits(list[float]):
    """Stands in for ``sleep``."""

    async def in_async(self, seconds: float) -> None:
        self.append(seconds)


def session(
    base_url: str, waits: Waits, http_client: httpx2.Client | None = None, **options: Any
) -> SyncSession:
    settings = make_settings(INFO, {"key": "k"}, base_url, 5.0, 2, None, None, False)
    return SyncSession(settings.changed(**options), SyncTransport(http_client), waits.append)


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


def test_statuses_and_methods_of_the_caller(server: Loopback) -> None:
    for status in (500, 429, 409):
        server.answer(status=status)
    server.answer(RUN)
    waits = Waits()
    calls = session(server.base_url, waits, retries=Retries(statuses={429}, methods={"POST"}))
    with pytest.raises(errors.InternalServerError):
        calls.call(CREATE)
    with pytest.raises(errors.ConflictError) as caught:
        calls.call(CREATE)
    assert (caught.value.retries_taken, len(waits)) == (1, 1)
    server.answer(status=429)
    get_only: Any = {"retries": Retries(methods={"get"})}
    server.received.clear()
    calls.call(CREATE, options=get_only)
    with pytest.raises(errors.RateLimitError):
        calls.call(CREATE, options=get_only)
    calls.transport.close()
    assert len(server.received) == 2


def test_a_server_may_ask_for_as_long_as_the_caller_allows(server: Loopback) -> None:
    for _ in range(2):
        server.answer(status=503, headers={"Retry-After": "300"})
        server.answer(RUN)
    waits = Waits()
    calls = session(server.base_url, waits, retries=Retries(max_server_delay=600))
    assert calls.call(CREATE).id == "r1"
    with pytest.raises(errors.InternalServerError, match="asks to wait 300 s"):
        calls.call(CREATE, options={"retries": Retries()})
    calls.transport.close()
    assert waits == [300.0]


def test_timeouts_are_not_retried_where_the_caller_says_so() -> None:
    sent: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        sent.append(request)
        raise (httpx2.ReadTimeout if len(sent) == 2 else httpx2.ConnectError)("failed")

    http_client = httpx2.Client(transport=httpx2.MockTransport(answer))
    calls = session("http://x", Waits(), http_client, retries=Retries(timeouts=False))
    with pytest.raises(errors.APITimeoutError):
        calls.call(CREATE)
    calls.transport.close()
    assert len(sent) == 2


def test_calls_share_a_budget(server: Loopback) -> None:
    for _ in range(7):
        server.answer(status=503)
    server.answer(RUN)
    budget = RetryBudget(3, refill=1)
    calls = session(server.base_url, Waits(), retries=Retries(budget=budget))
    copy = calls.with_settings(calls.settings.changed(max_retries=5))
    for each in (calls, copy, calls):
        with pytest.raises(errors.InternalServerError):
            each.call(CREATE)
    assert len(server.received) == 3 + 2 + 1
    assert budget.left == 0
    with pytest.raises(errors.InternalServerError):
        calls.call(CREATE)
    calls.call(CREATE)
    calls.transport.close()
    assert budget.left == 1


def test_many_threads_take_no_more_than_a_budget_has(server: Loopback) -> None:
    for _ in range(60):
        server.answer(status=503)
    calls = session(server.base_url, Waits(), retries=Retries(budget=RetryBudget(10)))

    def fail(_: int) -> None:
        with pytest.raises(errors.InternalServerError):
            calls.call(CREATE)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(fail, range(20)))
    calls.transport.close()
    assert len(server.received) == 20 + 10


def test_the_callback_is_called_before_each_wait(server: Loopback) -> None:
    server.answer({"message": "busy"}, 429, {"Retry-After": "7", "x-request-id": "q1"})
    server.answer(status=500)
    server.answer(RUN)
    events: list[Any] = []
    calls = session(server.base_url, Waits(), retries=Retries(on_retry=events.append))
    calls._sleep = events.append
    calls.call(CREATE)
    calls.transport.close()
    first, wait, second, _ = events
    assert (first.operation, first.number, first.delay, wait) == ("createRun", 1, 7.0, 7.0)
    assert isinstance(first.error, errors.RateLimitError)
    assert (first.error.message, first.error.request_id) == ("busy", "q1")
    assert (second.number, second.error.status_code, second.error.retries_taken) == (2, 500, 1)


def test_what_the_callback_raises_ends_the_call(server: Loopback) -> None:
    server.answer(status=500)

    def stop(retry: Retry) -> None:
        raise KeyError(retry.number)

    async def wrong(_: Retry) -> None:
        raise AssertionError

    calls = session(server.base_url, Waits(), retries=Retries(on_retry=stop))
    with pytest.raises(KeyError):
        calls.call(CREATE)
    server.answer(status=500)
    with pytest.raises(errors.ConfigurationError, match="no async function in a sync client"):
        calls.call(CREATE, options={"retries": Retries(on_retry=wrong)})
    calls.transport.close()


def test_an_async_callback_is_awaited() -> None:
    failures: list[Exception] = [httpx2.ConnectError("refused"), httpx2.ReadTimeout("slow")]
    seen: list[Retry] = []

    def answer(_: httpx2.Request) -> httpx2.Response:
        if failures:
            raise failures.pop(0)
        return httpx2.Response(200, json=RUN)

    async def note(retry: Retry) -> None:
        await asyncio.sleep(0)
        seen.append(retry)

    async def main() -> None:
        settings = make_settings(INFO, {"key": "k"}, "http://x", retries=Retries(on_retry=note))
        transport = AsyncTransport(httpx2.AsyncClient(transport=httpx2.MockTransport(answer)))
        calls = AsyncSession(settings, transport, Waits().in_async)
        await calls.call(CREATE)
        await calls.transport.close()

    asyncio.run(main())
    kinds = [type(retry.error) for retry in seen]
    assert kinds == [errors.APIConnectionError, errors.APITimeoutError]


@pytest.mark.parametrize("wrong", [3, True, "2", {"statuses": [429]}])
def test_invalid_numbers_of_retries(wrong: Any) -> None:
    with pytest.raises(errors.ConfigurationError, match="max_retries is their number"):
        make_settings(INFO, {"key": "k"}, "http://x", retries=wrong)
