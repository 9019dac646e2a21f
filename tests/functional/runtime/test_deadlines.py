"""A call ends at its total timeout, whatever the server does."""

from __future__ import annotations

import asyncio
import pickle
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import httpx2
import pytest
from anyio import run as run_in

from functional.runtime.sample import INFO, AsyncSample, Sample
from specloom.runtime.errors import (
    APIConnectionError,
    APITimeoutError,
    ConfigurationError,
    InternalServerError,
    RateLimitError,
)
from specloom.runtime.options import Timeout
from specloom.runtime.retries import Retries
from support.loopback import Loopback

RUN = {"id": "r1", "status": "done"}
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
TOTAL = 0.3
SLACK = 0.6  # the machine may be busy; without a deadline each case takes 5 s at least


class Slow:
    """A server that sends some bytes for each request, then single bytes."""

    def __init__(self, first: bytes, *, drip: bool = True) -> None:
        self._first, self._drip = first, drip
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._stopped = threading.Event()
        self.base_url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.requests = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while not self._stopped.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            try:
                connection.recv(65536)
                self.requests += 1
                connection.sendall(self._first)
                while not self._stopped.wait(0.05):
                    if self._drip:
                        connection.sendall(b" ")
            except OSError:
                return

    def stop(self) -> None:
        self._stopped.set()
        self._listener.close()


@pytest.fixture
def slow() -> Iterator[Callable[..., Slow]]:
    with ExitStack() as stack:

        def make(first: bytes, **options: Any) -> Slow:
            server = Slow(first, **options)
            stack.callback(server.stop)
            return server

        yield make


def client(base_url: str, **options: Any) -> Sample:
    return Sample(INFO, **{"credentials": {"key": "k"}, "base_url": base_url, **options})


def async_client(base_url: str, **options: Any) -> AsyncSample:
    return AsyncSample(INFO, **{"credentials": {"key": "k"}, "base_url": base_url, **options})


@pytest.fixture(params=["asyncio", "trio"])
def backend(request: pytest.FixtureRequest) -> str:
    """An event loop that has loaded the modules of a first call."""
    name = str(request.param)
    if name == "trio":
        pytest.importorskip("trio")

    async def main() -> None:
        async with async_client("http://127.0.0.1:1", max_retries=0) as api:
            with pytest.raises(APIConnectionError):
                await api.runs.retrieve("r1")

    run_in(main, backend=name)
    return name


def assert_in_time(started: float) -> None:
    assert TOTAL * 0.8 <= time.monotonic() - started < TOTAL + SLACK


CASES = [
    ("no answer", b"", False),
    ("a head of single bytes", b"HTTP/1.1 200 OK\r\nX-Long: ", True),
    ("a body of single bytes", HEAD, True),
]


@pytest.mark.parametrize(("name", "first", "drip"), CASES, ids=lambda value: str(value)[:24])
def test_a_slow_server_does_not_prolong_a_call(
    slow: Callable[..., Slow], name: str, first: bytes, drip: bool
) -> None:
    server = slow(first, drip=drip)
    with client(server.base_url, timeout=Timeout(5.0, total=TOTAL)) as api:
        started = time.monotonic()
        with pytest.raises(APITimeoutError, match=r"longer than 0\.3 s in total") as caught:
            api.runs.retrieve("r1")
        assert_in_time(started)
    assert caught.value.request is not None
    assert server.requests == 1, name
    assert "k" not in str(pickle.loads(pickle.dumps(caught.value)).request.headers)


@pytest.mark.parametrize(("name", "first", "drip"), CASES, ids=lambda value: str(value)[:24])
def test_the_same_in_an_event_loop(
    slow: Callable[..., Slow], backend: str, name: str, first: bytes, drip: bool
) -> None:
    server = slow(first, drip=drip)

    async def main() -> None:
        async with async_client(server.base_url, timeout=Timeout(5.0, total=TOTAL)) as api:
            started = time.monotonic()
            with pytest.raises(APITimeoutError, match=r"longer than 0\.3 s in total"):
                await api.runs.retrieve("r1")
            assert_in_time(started)

    run_in(main, backend=backend)
    assert server.requests == 1, name


def test_an_http_client_of_the_callers_is_bound_as_well(slow: Callable[..., Slow]) -> None:
    for first, drip in ((b"", False), (HEAD, True)):
        server = slow(first, drip=drip)
        with client(server.base_url, http_client=httpx2.Client()) as api:
            started = time.monotonic()
            with pytest.raises(APITimeoutError, match="in total"):
                api.runs.retrieve("r1", timeout=Timeout(5.0, total=TOTAL))
            assert_in_time(started)


def test_a_wait_that_would_end_after_the_deadline_is_not_begun(server: Loopback) -> None:
    server.answer({"message": "busy"}, 429, {"Retry-After": "60"})
    with client(server.base_url, timeout=Timeout(total=30)) as api:
        started = time.monotonic()
        with pytest.raises(RateLimitError, match="busy") as caught:
            api.runs.retrieve("r1")
    assert time.monotonic() - started < 5
    assert caught.value.retries_taken == 0
    hurried = client("http://127.0.0.1:1", timeout=Timeout(total=0.2))
    with hurried as api, pytest.raises(APIConnectionError) as failed:
        api.runs.retrieve("r1", max_retries=50)
    assert failed.value.retries_taken == 0


def test_attempts_share_the_time(server: Loopback) -> None:
    for _ in range(20):
        server.answer(status=503)
    quick = Retries(first_delay=0.3, max_delay=0.3, jitter=0)
    with client(server.base_url, timeout=Timeout(total=1.05), retries=quick) as api:
        started = time.monotonic()
        with pytest.raises(InternalServerError) as caught:
            api.runs.retrieve("r1", max_retries=50)
    assert time.monotonic() - started < 1.05 + SLACK
    assert 1 <= caught.value.retries_taken <= 3


def test_no_time_at_all(server: Loopback) -> None:
    async def main() -> None:
        async with async_client(server.base_url) as api:
            await api.runs.retrieve("r1", timeout=Timeout(total=0))

    for call in (
        lambda: client(server.base_url).runs.retrieve("r1", timeout=Timeout(total=0)),
        lambda: asyncio.run(main()),
    ):
        with pytest.raises(APITimeoutError, match="longer than 0 s in total"):
            call()
    assert server.received == []


def test_a_body_that_is_streamed_may_take_longer(slow: Callable[..., Slow]) -> None:
    options: dict[str, Any] = {"timeout": Timeout(5.0, total=TOTAL)}

    async def main() -> None:
        async with async_client(slow(HEAD).base_url, **options) as api:
            end = time.monotonic() + 2 * TOTAL
            async with api.runs.with_streaming_response.download("r1") as response:
                async for _ in response.iter_bytes():
                    if time.monotonic() > end:
                        return

    asyncio.run(main())
    for http_client in (None, httpx2.Client()):
        with client(slow(HEAD).base_url, http_client=http_client, **options) as api:
            end = time.monotonic() + 2 * TOTAL
            with api.runs.with_streaming_response.download("r1") as response:
                for _ in response.iter_bytes():
                    if time.monotonic() > end:
                        break


def test_each_call_of_a_poll_and_each_page_has_its_own_time(server: Loopback) -> None:
    for _ in range(4):
        server.answer({"data": [RUN], "has_more": True, "last_id": f"r{_}"})
    server.answer({"data": [], "has_more": False})
    with client(server.base_url, timeout=Timeout(total=0.5)) as api:
        for _ in api.runs.list():
            time.sleep(0.2)
    assert len(server.received) == 5


@pytest.mark.parametrize("wrong", [-1, "30", True, float("inf")])
def test_wrong_totals_are_refused(wrong: Any) -> None:
    with pytest.raises(ConfigurationError, match="timeout in seconds"):
        Timeout(total=wrong)


def test_the_total_is_kept_by_copies_and_pickles() -> None:
    timeout = Timeout(10, total=30)
    assert (timeout.total, Timeout(10).total) == (30, None)
    assert pickle.loads(pickle.dumps(timeout)) == timeout
    api = client("http://127.0.0.1:1", timeout=timeout)
    assert api.timeout == api.with_options(max_retries=1).timeout == timeout
