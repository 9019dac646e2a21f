"""Middleware sees and changes each request and its response; OpenTelemetry is a middleware."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Any

import httpx2
import pytest

from functional.runtime.sample import INFO, AsyncSample, Sample
from specloom.runtime import errors
from specloom.runtime.api.content import Json
from specloom.runtime.api.operation import Operation, RequestBody
from specloom.runtime.client.session import AsyncSession, SyncSession
from specloom.runtime.connections.transport import AsyncTransport, SyncTransport
from specloom.runtime.middleware import AsyncSend, Attempt, Send
from specloom.runtime.options import Timeout
from specloom.runtime.retries import Retries
from specloom.runtime.settings import make_settings
from specloom.runtime.telemetry import OpenTelemetry
from support.loopback import Loopback, serving

RUN = {"id": "r1", "status": "done"}
QUICK = Retries(first_delay=0.01)


def client(base_url: str, *middleware: Any, **options: Any) -> Sample:
    given = {"credentials": {"key": "k"}, "base_url": base_url, "retries": QUICK, **options}
    return Sample(INFO, middleware=list(middleware), **given)


def in_async(
    base_url: str, *middleware: Any, use: Callable[[AsyncSample], Awaitable[Any]], **options: Any
) -> Any:
    async def main() -> Any:
        given = {"credentials": {"key": "k"}, "base_url": base_url, "retries": QUICK, **options}
        async with AsyncSample(INFO, middleware=list(middleware), **given) as api:
            return await use(api)

    return asyncio.run(main())


def sign(attempt: Attempt, send: Send) -> httpx2.Response:
    attempt.headers["X-Digest"] = hashlib.sha256(attempt.body or b"").hexdigest()
    response = send(attempt)
    response.headers["x-request-id"] = "changed"
    return response


async def sign_async(attempt: Attempt, send: AsyncSend) -> httpx2.Response:
    attempt.headers["X-Digest"] = hashlib.sha256(attempt.body or b"").hexdigest()
    response = await send(attempt)
    response.headers["x-request-id"] = "changed"
    return response


def test_each_attempt_is_seen_and_changed(server: Loopback) -> None:
    for _ in range(2):
        server.answer(status=503)
        server.answer(RUN)
    with client(server.base_url, sign) as api:
        raw = api.runs.with_raw_response.retrieve("r1")
        assert (raw.parse().id, raw.request_id, raw.retries_taken) == ("r1", "changed", 1)

    async def use(api: AsyncSample) -> Any:
        return await api.runs.with_raw_response.retrieve("r1")

    raw = in_async(server.base_url, sign_async, use=use)
    assert (raw.parse().id, raw.request_id, raw.retries_taken) == ("r1", "changed", 1)
    empty = hashlib.sha256(b"").hexdigest()
    assert [each.headers["x-digest"] for each in server.received] == [empty] * 4


def test_the_first_is_the_outermost_and_knows_what_is_sent_again(server: Loopback) -> None:
    server.answer(None, 307, {"Location": f"{server.base_url}/runs/r2"})
    server.answer(status=500)
    server.answer(RUN)
    seen: list[tuple[str, str, int, str]] = []

    def named(name: str) -> Callable[[Attempt, Send], httpx2.Response]:
        def middleware(attempt: Attempt, send: Send) -> httpx2.Response:
            path = httpx2.URL(attempt.url).path
            seen.append((name, attempt.operation, attempt.resend_count, path))
            return send(attempt)

        return middleware

    with client(server.base_url, named("a"), named("b")) as api:
        api.runs.retrieve("r1")
    expected = [(0, "/runs/r1"), (1, "/runs/r2"), (2, "/runs/r2")]
    assert [each[0] for each in seen] == ["a", "b"] * 3
    assert [each[2:] for each in seen[::2]] == expected
    assert len({each[1] for each in seen}) == 1


def test_a_body_is_replaced(server: Loopback) -> None:
    server.answer(RUN)

    def replace(attempt: Attempt, send: Send) -> httpx2.Response:
        assert attempt.body == b'{"n":1}'
        attempt.body = b'{"n":22222}'
        return send(attempt)

    with client(server.base_url, replace) as api:
        api.post("/runs", cast_to=dict, body={"n": 1})
    assert server.last.json == {"n": 22222}


def test_a_middleware_may_answer_itself(server: Loopback) -> None:
    def cached(_: Attempt, __: Send) -> httpx2.Response:
        return httpx2.Response(200, json=RUN)

    def refused(_: Attempt, __: Send) -> httpx2.Response:
        return httpx2.Response(404, json={"error": {"message": "none"}})

    with client(server.base_url, cached) as api:
        assert api.runs.retrieve("r1").id == "r1"
        with pytest.raises(errors.NotFoundError, match="none") as caught:
            api.with_options(middleware=[refused]).runs.retrieve("r1")
    assert caught.value.request is not None
    assert server.received == []


def test_a_response_is_replaced_and_its_connection_is_free_again(server: Loopback) -> None:
    for _ in range(3):
        server.answer({"data": RUN})

    def unwrap(attempt: Attempt, send: Send) -> httpx2.Response:
        response = send(attempt)
        response.read()
        return httpx2.Response(response.status_code, json=response.json()["data"])

    with client(server.base_url, unwrap) as api:
        for _ in range(3):
            assert api.runs.retrieve("r1").id == "r1"
        chosen: Any = api.session.transport._chosen
        assert len(chosen._pool._connections.in_use) == 0


def test_failures_are_seen_and_still_retried(server: Loopback) -> None:
    seen: list[type[Exception]] = []

    def watch(attempt: Attempt, send: Send) -> httpx2.Response:
        try:
            return send(attempt)
        except errors.APIConnectionError as error:
            seen.append(type(error))
            raise

    with (
        client("http://127.0.0.1:1", watch, max_retries=1) as api,
        pytest.raises(errors.APIConnectionError, match="refused") as caught,
    ):
        api.runs.retrieve("r1")
    assert (caught.value.retries_taken, seen) == (1, [errors.APIConnectionError] * 2)
    with (
        client(server.base_url, watch, timeout=Timeout(total=0)) as api,
        pytest.raises(errors.APITimeoutError, match="in total"),
    ):
        api.runs.retrieve("r1")


def test_what_a_middleware_raises_ends_the_call(server: Loopback) -> None:
    for _ in range(4):
        server.answer(RUN)

    def fail(attempt: Attempt, send: Send) -> httpx2.Response:
        send(attempt)
        raise KeyError("mine")

    async def fail_async(attempt: Attempt, send: AsyncSend) -> httpx2.Response:
        await send(attempt)
        raise KeyError("mine")

    with client(server.base_url, fail) as api:
        for _ in range(2):
            with pytest.raises(KeyError, match="mine"):
                api.runs.retrieve("r1")
        chosen: Any = api.session.transport._chosen
        assert len(chosen._pool._connections.in_use) == 0

    async def use(api: AsyncSample) -> None:
        for _ in range(2):
            with pytest.raises(KeyError, match="mine"):
                await api.runs.retrieve("r1")

    in_async(server.base_url, fail_async, use=use)
    assert len(server.received) == 4


@pytest.mark.parametrize("wrong", [None, [3], "sign", sign])
def test_wrong_middleware_is_refused(wrong: Any) -> None:
    with pytest.raises(errors.ConfigurationError, match="Expected middleware to be a list"):
        Sample(INFO, credentials={"key": "k"}, base_url="http://h", middleware=wrong)


class Signer:
    """Middleware as an object."""

    async def __call__(self, attempt: Attempt, send: AsyncSend) -> httpx2.Response:
        return await sign_async(attempt, send)


@pytest.mark.parametrize("wrong", [sign_async, partial(sign_async), Signer(), Signer().__call__])
def test_async_functions_are_refused_by_sync_clients_and_the_other_way(
    server: Loopback, wrong: Any
) -> None:
    own: Any = Sample(INFO, credentials={"key": "k"}, base_url="http://h")
    for make in (lambda: client("http://h", wrong), lambda: own.with_options(middleware=[wrong])):
        with pytest.raises(errors.ConfigurationError, match="Expected sync functions as middlew"):
            make()
    server.answer(RUN)

    async def use(api: AsyncSample) -> Any:
        for other in (sign, partial(sign), lambda attempt, send: send(attempt)):
            given: Any = [other]
            with pytest.raises(errors.ConfigurationError, match="Expected async functions as mid"):
                api.with_options(middleware=given)
        return await api.runs.with_raw_response.retrieve("r1")

    assert in_async(server.base_url, wrong, use=use).request_id == "changed"


def test_a_middleware_returns_a_response(server: Loopback) -> None:
    wrong: Any

    def hidden(attempt: Any, send: Any) -> Any:
        return sign_async(attempt, send)

    for wrong, told in ((lambda *_: None, "not NoneType"), (hidden, "no async function")):
        with (
            client(server.base_url, wrong) as api,
            pytest.raises(errors.ConfigurationError, match=told),
        ):
            api.runs.retrieve("r1")


@pytest.fixture
def spans() -> Any:
    pytest.importorskip("opentelemetry.sdk", reason="opentelemetry-sdk is not installed")
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    return exporter, provider


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_span_for_the_call_and_below_it_one_for_each_attempt(
    server: Loopback, spans: Any, kind: str
) -> None:
    server.answer({"message": "busy s3cret"}, 503)
    server.answer(RUN)
    exporter, provider = spans
    telemetry = OpenTelemetry(provider)
    options: dict[str, Any] = {"extra_query": {"token": "s3cret"}}
    if kind == "sync":
        with client(server.base_url, telemetry) as api:
            api.runs.retrieve("r1", **options)
    else:
        in_async(server.base_url, telemetry, use=lambda api: api.runs.retrieve("r1", **options))
    first, second, call = exporter.get_finished_spans()
    assert (call.name, call.kind.name, call.parent, dict(call.attributes)) == (
        call.name,
        "INTERNAL",
        None,
        {},
    )
    assert call.name == "getRun"
    port = int(server.base_url.rpartition(":")[2])
    common = {
        "http.request.method": "GET",
        "server.address": "127.0.0.1",
        "server.port": port,
        "url.full": f"{server.base_url}/runs/r1",
        "network.protocol.version": "1.1",
    }
    assert dict(first.attributes) == {
        **common,
        "http.response.status_code": 503,
        "error.type": "503",
    }
    assert dict(second.attributes) == {
        **common,
        "http.request.resend_count": 1,
        "http.response.status_code": 200,
    }
    assert [first.status.status_code.name, second.status.status_code.name] == ["ERROR", "UNSET"]
    for span in (first, second):
        assert (span.name, span.kind.name) == ("GET", "CLIENT")
        assert span.parent.span_id == call.context.span_id
        assert "s3cret" not in span.to_json()
    traced = [each.headers["traceparent"].split("-")[2] for each in server.received]
    assert traced == [f"{each.context.span_id:016x}" for each in (first, second)]


def test_spans_of_failures_tell_their_kind_and_no_more(server: Loopback, spans: Any) -> None:
    exporter, provider = spans
    with (
        client("http://127.0.0.1:1", OpenTelemetry(provider), max_retries=1) as api,
        pytest.raises(errors.APIConnectionError),
    ):
        api.runs.retrieve("r1")
    server.answer({"error": {"message": "no s3cret"}}, 404)
    with (
        client(server.base_url, OpenTelemetry(provider)) as api,
        pytest.raises(errors.NotFoundError),
    ):
        api.runs.retrieve("r1")
    found = [(each.name, each.attributes["error.type"]) for each in exporter.get_finished_spans()]
    failed = "APIConnectionError"
    assert found == [
        ("GET", failed),
        ("GET", failed),
        ("getRun", failed),
        ("GET", "404"),
        ("getRun", "404"),
    ]
    assert all(not each.events for each in exporter.get_finished_spans())
    assert "s3cret" not in "".join(each.to_json() for each in exporter.get_finished_spans())


def test_the_trace_context_is_not_sent_to_another_host(server: Loopback, spans: Any) -> None:
    with serving() as other:
        elsewhere = other.base_url.replace("127.0.0.1", "localhost")
        server.answer(None, 307, {"Location": f"{elsewhere}/runs/r1"})
        other.answer(RUN)
        with client(server.base_url, OpenTelemetry(spans[1])) as api:
            api.runs.retrieve("r1")
    assert "traceparent" in server.last.headers
    assert "traceparent" not in other.last.headers


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "opentelemetry.trace", None)
    with pytest.raises(errors.ConfigurationError, match="extra otel"):
        OpenTelemetry()


UPLOAD: Operation[Any] = Operation(
    id="upload",
    method="POST",
    path="/files",
    body=RequestBody("application/octet-stream", required=True),
    responses={"200": Json(lambda: dict)},
)


def test_a_middleware_that_sends_twice_sends_no_empty_body(server: Loopback) -> None:
    def again(attempt: Attempt, send: Send) -> httpx2.Response:
        response = send(attempt)
        return send(attempt) if response.status_code == 503 else response

    async def again_async(attempt: Attempt, send: AsyncSend) -> httpx2.Response:
        response = await send(attempt)
        return await send(attempt) if response.status_code == 503 else response

    async def once() -> AsyncIterator[bytes]:
        yield b"data"

    async def use(body: object) -> None:
        settings = make_settings(INFO, {"key": "k"}, server.base_url, middleware=[again_async])
        calls = AsyncSession(settings, AsyncTransport(), None)
        try:
            await calls.call(UPLOAD, body=body)
        finally:
            await calls.transport.close()

    settings = make_settings(INFO, {"key": "k"}, server.base_url, middleware=[again])
    calls = SyncSession(settings, SyncTransport(), lambda _: None)
    for send in (
        lambda: calls.call(UPLOAD, body=iter([b"data"])),
        lambda: asyncio.run(use(iter([b"data"]))),
        lambda: asyncio.run(use(once())),
    ):
        server.answer(status=503)
        with pytest.raises(errors.ConfigurationError, match="cannot be sent again"):
            send()
    for send in (
        lambda: calls.call(UPLOAD, body=[b"data"]),
        lambda: asyncio.run(use([b"data"])),
    ):
        server.answer(status=503)
        server.answer(RUN)
        send()
    calls.transport.close()
    assert [each.body for each in server.received] == [b"data"] * 7
