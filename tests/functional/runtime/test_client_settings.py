"""A client checks its settings at once; they can be read and changed."""

from __future__ import annotations

import asyncio
import pickle
import sys
from math import inf, nan
from traceback import walk_tb
from typing import Any

import httpx2
import pytest

from functional.runtime.sample import INFO, AsyncSample, Sample
from specloom.runtime.errors import APIError, ConfigurationError
from specloom.runtime.options import DEFAULT_TIMEOUT, Timeout
from support.loopback import Loopback, serving

RUN = {"id": "r1", "status": "queued"}


def sample(base_url: str = "http://127.0.0.1:1", **options: Any) -> Sample:
    return Sample(INFO, **{"credentials": {"key": "k"}, "base_url": base_url, **options})


@pytest.mark.parametrize(
    ("given", "phases"),
    [
        (Timeout(0.3), (0.3, 0.3, 0.3, 0.3)),
        (Timeout(60.0, read=5.0), (60, 5, 60, 60)),
        (Timeout(read=5.0), (5, 5, 600, 600)),
        (Timeout(None, connect=1), (1, None, None, None)),
        (httpx2.Timeout(4.0, pool=1.0), (4, 4, 4, 1)),
        ((2, 30), (2, 30, 30, 30)),
        ((1, 2, 3, None), (1, 2, 3, None)),
        (7, (7, 7, 7, 7)),
        (None, (None, None, None, None)),
    ],
)
def test_forms_of_a_timeout(given: Any, phases: tuple[float | None, ...]) -> None:
    client = sample(timeout=given)
    assert tuple(client.timeout) == (*phases, None)
    assert client.with_options(timeout=given).timeout == Timeout._make((*phases, None))
    assert pickle.loads(pickle.dumps(client.timeout)) == client.timeout


@pytest.mark.parametrize("wrong", [-1, inf, nan, 1e10, "5", True, object(), (1, -2), (1, 2, 3)])
def test_wrong_timeouts_are_refused_when_given(wrong: Any, server: Loopback) -> None:
    client = sample(server.base_url)
    for give in (
        lambda: sample(timeout=wrong),
        lambda: client.with_options(timeout=wrong),
        lambda: setattr(client, "timeout", wrong),
        lambda: client.runs.retrieve("r1", timeout=wrong),
    ):
        with pytest.raises(ConfigurationError, match="timeout in seconds"):
            give()
    with pytest.raises(ConfigurationError):
        Timeout(read=-1)
    assert server.received == []


@pytest.mark.parametrize("wrong", [None, -1, 1.5, "2", True])
def test_wrong_retries_are_refused_when_given(wrong: Any, server: Loopback) -> None:
    client = sample(server.base_url)
    for give in (
        lambda: sample(max_retries=wrong),
        lambda: client.with_options(max_retries=wrong),
        lambda: client.runs.retrieve("r1", max_retries=wrong),
    ):
        with pytest.raises(ConfigurationError, match="max_retries"):
            give()
    assert server.received == []


@pytest.mark.parametrize("wrong", [None, -1, 1.5, "2", True])
def test_wrong_bounds_of_decompression_are_refused_when_given(wrong: Any) -> None:
    client = sample()
    with pytest.raises(ConfigurationError, match="max_decompressed"):
        client.max_decompressed = wrong
    assert client.max_decompressed == 1 << 30


@pytest.mark.parametrize("wrong", [{"X": 5}, {"X": None}, {"X": b"x"}, "x", [("X", "x")], 5])
def test_headers_other_than_text_are_type_errors(wrong: Any, server: Loopback) -> None:
    for give in (
        lambda: sample(server.base_url).runs.retrieve("r1", extra_headers=wrong),
        lambda: sample(server.base_url, default_headers=wrong).runs.retrieve("r1"),
    ):
        with pytest.raises(TypeError, match=r"Expected (text for the header|a mapping of headers)"):
            give()
    assert server.received == []


def test_wrong_http_clients_are_refused_when_given() -> None:
    wrongs: list[Any] = [httpx2.AsyncClient(), httpx2, "client", httpx2.Client]
    for wrong in wrongs:
        with pytest.raises(ConfigurationError, match=r"an httpx2\.Client, not"):
            sample(http_client=wrong)
        with pytest.raises(ConfigurationError, match=r"an httpx2\.Client, not"):
            sample().with_options(http_client=wrong)
    with pytest.raises(ConfigurationError, match=r"an httpx2\.AsyncClient, not"):
        AsyncSample(INFO, credentials={"key": "k"}, base_url="http://h", http_client=httpx2.Client())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "url",
    ["http://", "http://a b", "http://h:99999", "http://h:x", "http://[::1", "http://a..b", 5],
)
def test_wrong_servers_are_refused_when_given(url: Any) -> None:
    for give in (lambda: sample(url), lambda: setattr(sample(), "base_url", url)):
        with pytest.raises(ConfigurationError, match="base_url"):
            give()


@pytest.mark.parametrize("key", ["secret ", "sec\nret", "secrét", "\tsecret", 5])
def test_unusable_keys_are_refused_and_not_shown(key: Any, server: Loopback) -> None:
    client = sample(server.base_url)
    for give in (
        lambda: sample(credentials={"key": key}),
        lambda: client.with_options(api_key=key),
        lambda: setattr(client, "api_key", key),
        lambda: sample(server.base_url, credentials={"key": lambda: key}).runs.retrieve("r"),
        lambda: client.runs.retrieve("r", extra_headers={"Authorization": "secret\n"}),
    ):
        with pytest.raises((ConfigurationError, ValueError)) as caught:
            give()
        assert "sec" not in f"{caught.value}{caught.value!r}"
    assert server.received == []


def test_settings_are_read_and_changed(server: Loopback) -> None:
    for _ in range(3):
        server.answer(RUN)
    client = sample()
    runs, raw = client.runs, client.runs.with_raw_response
    assert (client.api_key, client.max_retries, client.timeout) == ("k", 2, DEFAULT_TIMEOUT)
    client.api_key, client.base_url, client.max_retries = "new", server.base_url + "/", 0
    client.timeout = 3
    assert (client.api_key, client.base_url, client.max_retries) == ("new", server.base_url, 0)
    assert client.timeout == Timeout(3)
    runs.retrieve("r1")
    raw.retrieve("r1")
    assert [each.headers["Authorization"] for each in server.received] == ["Bearer new"] * 2
    unneeded = "specloom.runtime.client_arguments"
    sys.modules.pop(unneeded, None)
    copy = client.copy(api_key="other")
    assert unneeded not in sys.modules
    copy.runs.retrieve("r1")
    assert (server.last.headers["Authorization"], client.api_key) == ("Bearer other", "new")
    client.close()


def test_a_copy_with_another_http_client_has_its_own_connections(server: Loopback) -> None:
    server.answer(RUN)
    client = sample(server.base_url)
    own = httpx2.Client(headers={"X-Own": "1"})
    copy = client.with_options(http_client=own)
    client.close()
    assert (client.is_closed, copy.is_closed) == (True, False)
    copy.runs.retrieve("r1")
    assert server.last.headers["X-Own"] == "1"
    copy.close()
    assert (own.is_closed, copy.is_closed) == (True, True)


def test_async_clients_have_the_same() -> None:
    async def main() -> None:
        with serving() as server:
            server.answer(RUN)
            async with AsyncSample(INFO, credentials={"key": "k"}, base_url="http://x") as client:
                client.api_key, client.base_url = "new", server.base_url
                assert (client.is_closed, client.max_retries) == (False, 2)
                await client.copy(timeout=(1, 2)).runs.retrieve("r1")
                assert server.last.headers["Authorization"] == "Bearer new"
            assert client.is_closed

    asyncio.run(main())


def test_no_representation_holds_a_secret() -> None:
    client = sample(credentials={"key": "hunter2"}, default_headers={"X": "hunter2"})
    assert "hunter2" not in repr(client) + repr(vars(client)["_session"].settings)


def test_no_local_variable_of_ours_shows_the_key(server: Loopback) -> None:
    server.answer({"error": {"message": "no"}}, 400)
    given: Any = {"credentials": {"key": lambda: "hunter2"}, "max_retries": 0}
    client = sample(server.base_url, **given)
    refused = sample("http://127.0.0.1:1", **given)
    frames = 0
    for call in (
        lambda: client.runs.retrieve("r1"),
        lambda: client.runs.create("t1", model=float("nan")),  # type: ignore[arg-type]
        lambda: refused.runs.retrieve("r1"),
        lambda: sample(credentials={"key": "hunter2 "}),
        lambda: sample(credentials={"key": "hunter2"}, max_retries=-1),
        lambda: sample(server.base_url, credentials={"key": lambda: "hunter2 "}).runs.retrieve("r"),
    ):
        with pytest.raises((APIError, ConfigurationError, ValueError)) as caught:
            call()
        for frame, _ in walk_tb(caught.value.__traceback__):
            if frame.f_globals["__name__"].startswith("specloom.runtime."):
                frames += 1
                assert "hunter2" not in repr(frame.f_locals), frame.f_code.co_qualname
    assert frames > 10
    client.close()
    refused.close()
