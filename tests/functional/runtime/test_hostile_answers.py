"""Compressed, broken and delayed answers: a right result, or an error without a secret."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from functional.runtime.hostile_samples import (
    both_clients,
    run,
    sample,
)
from functional.runtime.misbehaving import (
    HEAD,
    Connection,
    answer,
    misbehaving,
)
from specloom.runtime import errors

BODY = run("x" * 50)
MEMBERS = gzip.compress(BODY[:20]) + gzip.compress(BODY[20:])
READ = {
    "members": (b"gzip", MEMBERS),
    "padded": (b"gzip", MEMBERS + b"\0" * 512),
    "x-gzip": (b"x-gzip", MEMBERS),
    "capitals": (b"GZIP", MEMBERS),
    "twice": (b"gzip, gzip", gzip.compress(MEMBERS)),
    "deflate": (b"deflate", zlib.compress(BODY)),
    "bare deflate": (b"deflate", zlib.compress(BODY)[2:-4]),
}
BROKEN = {
    "cut": (b"gzip", gzip.compress(BODY)[:-12]),
    "cut in the second": (b"gzip", MEMBERS[:-9]),
    "checksum": (b"gzip", MEMBERS[:-8] + b"\0\0\0\0" + MEMBERS[-4:]),
    "no gzip": (b"gzip", BODY),
    "cut deflate": (b"deflate", zlib.compress(BODY)[:-6]),
}


def coded(coding: bytes, body: bytes) -> Callable[[Connection], None]:
    return lambda connection: connection.send(answer(body, b"Content-Encoding: " + coding))


@both_clients
@pytest.mark.parametrize("case", [*READ, *BROKEN])
def test_compressed_bodies(case: str, make: Callable[[], Any]) -> None:
    coding, body = (READ | BROKEN)[case]
    with (
        misbehaving(coded(coding, body)) as peer,
        sample(peer.base_url, max_retries=0, http_client=make()) as client,
    ):
        if case in READ:
            assert client.runs.retrieve("r").id == "x" * 50
            with client.runs.with_streaming_response.download("r") as response:
                assert b"".join(response.iter_bytes()) == BODY
            return
        with pytest.raises(errors.APIConnectionError):
            client.runs.retrieve("r")
        with (
            client.runs.with_streaming_response.download("r") as response,
            pytest.raises(errors.APIConnectionError),
        ):
            b"".join(response.iter_bytes())


@both_clients
def test_decompression_has_a_bound(make: Callable[[], Any]) -> None:
    with (
        misbehaving(coded(b"gzip", gzip.compress(BODY * 100))) as peer,
        sample(peer.base_url, max_retries=0, http_client=make()) as client,
    ):
        assert client.max_decompressed == 1 << 30
        client.max_decompressed = 5000
        with pytest.raises(errors.APIConnectionError, match="more than 5000 bytes"):
            client.runs.download("r")
        client.max_decompressed = 100_000
        assert client.runs.download("r").content == BODY * 100


def test_a_wait_beyond_the_bound_is_raised_at_once() -> None:
    busy = b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 600\r\nContent-Length: 0\r\n\r\n"
    with misbehaving(lambda connection: connection.send(busy)) as peer:
        with sample(peer.base_url) as client, pytest.raises(errors.RateLimitError) as caught:
            client.runs.retrieve("r")
        assert caught.value.retry_after == 600
        assert "the server asks to wait 600 s" in str(caught.value)
        assert len(peer.heads) == 1


def test_a_pickled_error_holds_no_credential() -> None:
    import pickle

    missing = b"HTTP/1.1 404 Not Found\r\nSet-Cookie: a=hunter2\r\nContent-Length: 2\r\n\r\n{}"
    with (
        misbehaving(lambda connection: connection.send(missing)) as peer,
        sample(peer.base_url) as client,
        pytest.raises(errors.NotFoundError) as caught,
    ):
        client.runs.retrieve("r", extra_query={"key": "hunter2"})
    text = pickle.dumps(caught.value)
    assert b"hunter2" not in text
    copy = pickle.loads(text)
    assert (type(copy), str(copy), copy.status_code) == (
        errors.NotFoundError,
        "404: Not Found",
        404,
    )
    assert "hunter2" not in repr(caught.value) + str(caught.value)


def test_what_is_no_http_is_in_the_tree() -> None:
    for garbage in (
        b"\0\1\2\r\n\r\n",
        b"HTTP/9.9 abc\r\n\r\n",
        HEAD + b"Content-Length: x\r\n\r\n",
    ):
        with (
            misbehaving(lambda connection, sent=garbage: connection.send(sent)) as peer,
            sample(peer.base_url, max_retries=0) as client,
        ):
            with pytest.raises(errors.APIConnectionError) as caught:
                client.runs.retrieve("r")
            assert caught.value.__cause__ is not None
