"""Clients without the caller's HTTP client use another transport with the same behaviour."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import subprocess
import sys
import zlib
from base64 import b64encode
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from functional.runtime.misbehaving import pool_of
from functional.runtime.sample import INFO, AsyncSample, Sample
from specloom.runtime import errors
from support.loopback import Loopback

RUN = {"id": "r1", "status": "done"}


def sample(server: Loopback, **options: Any) -> Sample:
    return Sample(INFO, credentials={"key": "k"}, base_url=server.base_url, **options)


def async_sample(server: Loopback) -> AsyncSample:
    return AsyncSample(INFO, credentials={"key": "k"}, base_url=server.base_url)


def both(server: Loopback, calls: int = 1) -> list[list[Any]]:
    """The raw responses of ``calls`` calls in a row, sync and async."""

    async def main() -> list[Any]:
        async with async_sample(server) as client:
            return [await client.runs.with_raw_response.retrieve("r") for _ in range(calls)]

    with sample(server) as client:
        sync = [client.runs.with_raw_response.retrieve("r") for _ in range(calls)]
    return [sync, asyncio.run(main())]


def test_a_request_is_the_same_through_a_client_of_the_callers(server: Loopback) -> None:
    for own in (None, httpx2.Client()):
        server.answer(RUN)
        server.answer(RUN)
        with sample(server, http_client=own) as client:
            client.runs.retrieve("r")
            client.runs.create("t", model="m", idempotency_key="one")
    one, two, other_one, other_two = server.received
    assert (one.path, two.path) == (other_one.path, other_two.path)
    assert two.body == other_two.body
    assert dict(one.headers) == dict(other_one.headers)
    assert dict(two.headers) == dict(other_two.headers)


def test_a_compressed_response_is_read(server: Loopback) -> None:
    for _ in range(2):
        body = gzip.compress(json.dumps(RUN).encode())
        headers = {"Content-Encoding": "gzip"}
        server.answer(body, headers=headers, content_type="application/json")
    for (response,) in both(server):
        assert response.parse().id == "r1"
        assert response.http_response.json() == RUN


def test_a_read_response_equals_that_of_httpx2(server: Loopback) -> None:
    for _ in range(2):
        server.answer(RUN)
    for (response,) in both(server):
        raw = response.http_response
        assert raw.json() == RUN
        assert b"".join(raw.iter_bytes()) == raw.content == raw.text.encode()
        assert raw.num_bytes_downloaded == len(raw.content)
        assert raw.is_closed
        assert raw.is_stream_consumed
        assert raw.request.url.path == "/runs/r"
        assert timedelta(0) < raw.elapsed < timedelta(seconds=30)


def test_a_response_that_is_streamed_goes_through_the_iterators(server: Loopback) -> None:
    server.answer(RUN)
    with (
        sample(server) as client,
        client.runs.with_streaming_response.retrieve("r") as response,
    ):
        assert json.loads(b"".join(response.iter_bytes())) == RUN
        with pytest.raises(httpx2.ResponseNotRead):
            _ = response.http_response.content


def test_cookies_come_back(server: Loopback) -> None:
    for _ in range(2):
        server.answer(RUN, headers={"Set-Cookie": "sid=1; Path=/"})
        server.answer(RUN)
    both(server, calls=2)
    assert [each.headers.get("cookie") for each in server.received] == [None, "sid=1"] * 2


def test_an_error_of_the_network_tells_its_request(server: Loopback) -> None:
    address = server.base_url
    client = Sample(INFO, credentials={"key": "k"}, base_url="http://127.0.0.1:1", max_retries=0)
    with client, pytest.raises(errors.APIConnectionError) as caught:
        client.runs.retrieve("r")
    assert caught.value.request is not None
    assert str(caught.value.request.url) == "http://127.0.0.1:1/runs/r"
    assert address not in str(caught.value)


def test_the_log_of_httpx2_is_written_where_it_is_read(
    server: Loopback, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(2):
        server.answer(RUN)
    with sample(server) as client:
        client.runs.retrieve("r")
        assert not caplog.records
        caplog.set_level(logging.INFO, "httpx2")
        client.runs.retrieve("r")
    assert [record.name for record in caplog.records] == ["httpx2"]


def test_the_user_of_a_url_is_sent_both_ways(server: Loopback) -> None:
    base_url = server.base_url.replace("://", "://me:s%40cret@")
    for own in (None, httpx2.Client()):
        server.answer(RUN)
        with Sample(INFO, credentials={"key": "k"}, base_url=base_url, http_client=own) as client:
            client.runs.retrieve("r")
    expected = "Basic " + b64encode(b"me:s@cret").decode()
    assert [each.headers["authorization"] for each in server.received] == [expected] * 2


def test_httpx2_is_not_loaded_by_a_call(server: Loopback) -> None:
    body = gzip.compress(json.dumps(RUN).encode())
    server.answer(RUN)
    server.answer(body, headers={"Content-Encoding": "gzip"}, content_type="application/json")
    program = f"""
import sys
from functional.runtime.sample import INFO, Sample
with Sample(INFO, credentials={{"key": "k"}}, base_url={server.base_url!r}) as client:
    runs = [client.runs.retrieve("r") for _ in range(2)]
print([run.id for run in runs], "httpx2" in sys.modules)
"""
    tests = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tests, capture_output=True, text=True, check=True
    )
    assert done.stdout == "['r1', 'r1'] False\n"


def test_closing_an_async_response_as_a_sync_one_is_refused_and_does_no_harm(
    server: Loopback,
) -> None:
    async def main() -> None:
        async with async_sample(server) as client:
            async with client.runs.with_streaming_response.download("r") as response:
                for wrong in (response.http_response.close, response.http_response.read):
                    with pytest.raises(RuntimeError):
                        wrong()
                assert json.loads(await response.read()) == RUN
            assert not pool_of(client)._connections.in_use

    server.answer(RUN)
    asyncio.run(main())


def test_a_log_that_fails_keeps_no_connection(
    server: Loopback, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> bool:
        raise OSError("the disk is full")

    logger = logging.getLogger("httpx2")
    caplog.set_level(logging.INFO, "httpx2")
    monkeypatch.setattr(logger, "filters", [fail])
    server.answer(RUN)
    with sample(server) as client:
        with pytest.raises(OSError, match="the disk is full"):
            client.runs.retrieve("r")
        assert not pool_of(client)._connections.in_use


def test_a_url_that_is_too_long_is_refused_both_ways(server: Loopback) -> None:
    for own in (None, httpx2.Client()):
        with (
            sample(server, http_client=own) as client,
            pytest.raises(errors.APIConnectionError, match="URL too long"),
        ):
            client.runs.retrieve("r", extra_query={"ids": "1" * 70_000})
    assert not server.received


CODED = {
    "several members": (gzip.compress(b'{"id": "r1"') + gzip.compress(b"}"), "gzip"),
    "more behind it": (gzip.compress(b'{"id": "r1"}') + b"more", "gzip"),
    "cut off": (gzip.compress(b'{"id": "r1"}')[:-6], "gzip"),
    "twice": (gzip.compress(gzip.compress(b'{"id": "r1"}')), "gzip, gzip"),
    "in capitals": (gzip.compress(b'{"id": "r1"}'), "GZIP"),
    "deflate": (zlib.compress(b'{"id": "r1"}'), "deflate"),
    "none": (b'{"id": "r1"}', "identity"),
    "unheard of": (b'{"id": "r1"}', "unheard-of"),
    "no gzip": (b"no gzip", "gzip"),
    "empty": (b"", "gzip"),
}


@pytest.mark.parametrize(("body", "coding"), CODED.values(), ids=CODED)
def test_codings_are_undone_as_by_a_client_of_the_callers(
    server: Loopback, body: bytes, coding: str
) -> None:
    def told(own: httpx2.Client | None) -> object:
        server.answer(body, headers={"Content-Encoding": coding}, content_type="application/json")
        with sample(server, http_client=own) as client:
            try:
                response = client.runs.with_raw_response.retrieve("r", max_retries=0)
            except errors.APIConnectionError as error:
                return str(error)
            return response.content, response.http_response.content

    assert told(None) == told(httpx2.Client())


def test_a_body_that_cannot_be_decoded_leaves_the_rest_of_the_response(server: Loopback) -> None:
    server.answer(b"no gzip", headers={"Content-Encoding": "gzip", "X-Own": "1"})
    with sample(server) as client:
        with (
            client.runs.with_streaming_response.retrieve("r") as response,
            pytest.raises(errors.APIConnectionError),
        ):
            response.read()
        assert response.headers["x-own"] == "1"
        assert response.is_closed
        assert response.http_request.method == "GET"


@pytest.mark.parametrize(
    "headers", [{"Cookie": "a=b"}, {"Transfer-Encoding": "chunked"}, {"Content-Length": "13"}]
)
def test_headers_of_the_callers_are_sent_the_same_both_ways(
    server: Loopback, headers: dict[str, str]
) -> None:
    for own in (None, httpx2.Client()):
        server.answer(RUN, headers={"Set-Cookie": "sid=1; Path=/"})
        server.answer(RUN)
        with sample(server, http_client=own) as client:
            client.runs.retrieve("r")
            client.runs.create("t", model="m", idempotency_key="one", extra_headers=headers)
    assert dict(server.received[1].headers) == dict(server.received[3].headers)


def test_a_url_whose_user_is_empty_keeps_the_credential(server: Loopback) -> None:
    server.answer(RUN)
    base_url = server.base_url.replace("://", "://:@")
    with Sample(INFO, credentials={"key": "k"}, base_url=base_url) as client:
        client.runs.retrieve("r")
    assert "Basic" not in server.last.headers["authorization"]
