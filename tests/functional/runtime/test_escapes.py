"""Failures of network, servers and addresses are in the error tree, for every transport."""

from __future__ import annotations

import asyncio
import errno
import ssl
import types
from collections.abc import Callable
from typing import Any

import h11
import httpx2
import pytest

from functional.runtime.sample import INFO, AsyncSample, Sample
from specloom.runtime import errors

LET_THROUGH: list[Exception] = [
    ssl.SSLError("bad record"),
    ssl.SSLCertVerificationError("expired"),
    h11.RemoteProtocolError("illegal chunk"),
    h11.LocalProtocolError("Too little data"),
    httpx2.InvalidURL("no host"),
    UnicodeError("label too long"),
    UnicodeEncodeError("idna", "a" * 64, 0, 64, "label too long"),
    OSError(errno.ENETUNREACH, "no network"),
    ConnectionResetError(104, "reset"),
    BrokenPipeError(32, "pipe"),
    TimeoutError("timed out"),
]


class Raises(httpx2.BaseTransport, httpx2.AsyncBaseTransport):
    """A transport of the caller's HTTP client that fails at once, or while the body is read."""

    def __init__(self, error: Exception, in_body: bool) -> None:
        self.error = error
        self.in_body = in_body

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        del request
        if not self.in_body:
            raise self.error
        return httpx2.Response(200, stream=FailingBody(self.error))

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        return self.handle_request(request)


class FailingBody(httpx2.SyncByteStream, httpx2.AsyncByteStream):
    def __init__(self, error: Exception) -> None:
        self.error = error

    def __iter__(self) -> Any:
        yield b"{"
        raise self.error

    async def __aiter__(self) -> Any:
        yield b"{"
        raise self.error


def call_sync(**options: Any) -> None:
    Sample(INFO, credentials={"key": "k"}, max_retries=0, **options).runs.retrieve("r")


def call_async(**options: Any) -> None:
    async def main() -> None:
        await AsyncSample(INFO, credentials={"key": "k"}, max_retries=0, **options).runs.retrieve(
            "r"
        )

    asyncio.run(main())


CALLS: list[tuple[Callable[..., None], type[Any]]] = [
    (call_sync, httpx2.Client),
    (call_async, httpx2.AsyncClient),
]


@pytest.mark.parametrize("error", LET_THROUGH, ids=repr)
@pytest.mark.parametrize(("call", "client"), CALLS)
@pytest.mark.parametrize("in_body", [False, True], ids=["at once", "in the body"])
def test_what_the_http_client_lets_through_is_a_connection_error(
    error: Exception, call: Callable[..., None], client: type[Any], in_body: bool
) -> None:
    sending = client(transport=Raises(error, in_body))
    with pytest.raises(errors.APIConnectionError) as caught:
        call(http_client=sending, base_url="http://127.0.0.1")
    assert caught.value.__cause__ is error
    assert isinstance(caught.value, errors.APITimeoutError) == isinstance(error, TimeoutError)


def test_an_assertion_of_httpx2_is_a_connection_error() -> None:
    asserts = types.FunctionType(compile("assert 0", "<h11>", "exec"), {"__name__": "h11._state"})
    own = httpx2.Client(transport=httpx2.MockTransport(lambda _: asserts()))
    with pytest.raises(errors.APIConnectionError):
        call_sync(http_client=own, base_url="http://127.0.0.1")


def test_an_assertion_of_the_callers_is_the_callers() -> None:
    def refuse(request: httpx2.Request) -> httpx2.Response:
        raise AssertionError(request.url.path)

    own = httpx2.Client(transport=httpx2.MockTransport(refuse))
    with pytest.raises(AssertionError, match="/runs/r"):
        call_sync(http_client=own, base_url="http://127.0.0.1")


@pytest.mark.parametrize("host", ["256.1.1.1", "127.0.0.01", "☃.invalid", "a\u00ad.invalid"])
@pytest.mark.parametrize(("call", "client"), CALLS)
@pytest.mark.parametrize("own", [False, True])
def test_an_invalid_host_is_an_sdk_error(
    host: str, call: Callable[..., None], client: type[Any], own: bool
) -> None:
    options = {"http_client": client()} if own else {}
    with pytest.raises(errors.SDKError):
        call(base_url=f"http://{host}", **options)
