"""Failed token requests: retries, errors for all waiting calls, and no secret in the output."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import pickle
import time
import traceback
from concurrent.futures import ThreadPoolExecutor

import pytest

from functional.oauth.token_server import CLIENT, SECRET, TokenServer, client
from support.generated import Sdk
from support.loopback import Answer

ECHO = Answer({"error": "invalid_client", "error_description": f"not {SECRET}"}, 401)


def everything_of(error: BaseException) -> str:
    """Everything that a log of an error may contain."""
    texts = ["".join(traceback.format_exception(error)), repr(error), repr(vars(error))]
    for each in (error, error.__cause__, error.__context__):
        for held in (getattr(each, "request", None), getattr(each, "response", None)):
            texts.append(repr(held))
            texts.append(repr(getattr(held, "content", None)) + repr(getattr(held, "headers", "")))
    texts.append(repr(vars(pickle.loads(pickle.dumps(error)))))
    return "\n".join(texts)


def test_a_failed_token_call_shows_no_secret(
    sdk: Sdk, tokens: TokenServer, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("orders_sdk", "orders_sdk.bodies"):
        caplog.set_level(logging.DEBUG, name)
    tokens.failures = [ECHO, ECHO]
    post = sdk.module.ClientCredentials("me", SECRET, authentication="post")

    async def main() -> None:
        async with sdk.async_client(tokens.base_url, api_key=post) as api:
            await api.orders.retrieve("o1")

    for call in (lambda: client(sdk, tokens).orders.retrieve("o1"), lambda: asyncio.run(main())):
        with pytest.raises(sdk.module.TokenError, match=r"failed with 401: not \*\*\*") as caught:
            call()
        error = caught.value
        assert (error.status_code, error.code) == (401, "invalid_client")
        shown = everything_of(error)
        assert SECRET not in shown
        assert "s3cr3t" not in shown
    client(sdk, tokens).orders.retrieve("o1")
    assert tokens.received
    for secret in ("s3cr3t", "t3"):
        assert f" {secret}" not in caplog.text
        assert f'"{secret}"' not in caplog.text
    assert base64.b64encode(b"me:s3cr3t").decode()[:8] not in caplog.text


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Answer({"access_token": ""}), "answered 200 without an access_token"),
        (Answer(b"<html>"), "not JSON|without an access_token"),
        (Answer([1]), "without an access_token"),
        (Answer({"access_token": "t", "token_type": "mac"}), "no bearer token"),
        (Answer(None, 302, {"Location": "/elsewhere"}), "answered 302 without"),
        (Answer(None, 307, {"Location": "http://127.0.0.1:9/"}), "answered 307 without"),
        (Answer(b"oops", 400), "failed with 400"),
    ],
)
def test_bad_answers_of_the_endpoint(
    sdk: Sdk, tokens: TokenServer, answer: Answer, told: str
) -> None:
    tokens.failures = [answer]
    with pytest.raises(sdk.module.TokenError, match=told):
        client(sdk, tokens, max_retries=0).orders.retrieve("o1")
    assert tokens.received == []


def test_a_busy_endpoint_is_retried_and_one_that_is_down_is_an_error(
    sdk: Sdk, tokens: TokenServer
) -> None:
    quick = sdk.module.Retries(first_delay=0.01)
    tokens.failures = [Answer(None, 503), Answer(None, 429, {"Retry-After": "0"})]
    assert client(sdk, tokens, retries=quick).orders.retrieve("o1").id == "o1"
    source = sdk.module.ClientCredentials(**CLIENT, token_url="http://127.0.0.1:1/token")
    with pytest.raises(sdk.module.TokenError, match="token endpoint failed: Connection") as caught:
        client(sdk, tokens, api_key=source, retries=quick).orders.retrieve("o1")
    assert caught.value.retries_taken == 2
    assert "s3cr3t" not in everything_of(caught.value)


def test_who_waited_gets_the_same_failure(sdk: Sdk, tokens: TokenServer) -> None:
    tokens.delay = 0.3
    tokens.failures = [ECHO] * 8
    api = client(sdk, tokens)

    def call(_: int) -> str:
        with pytest.raises(sdk.module.TokenError) as caught:
            api.orders.retrieve("o1")
        return str(caught.value)

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(call, range(8)))) == 1
    assert len(tokens.forms) == 1
    tokens.failures.clear()
    assert api.orders.retrieve("o1").id == "o1"


def test_a_cancelled_task_leaves_the_way_free(sdk: Sdk, tokens: TokenServer) -> None:
    tokens.delay = 0.3

    async def main() -> None:
        async with sdk.async_client(tokens.base_url, **CLIENT) as api:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(api.orders.retrieve("o1"), 0.05)
            assert (await api.orders.retrieve("o1")).id == "o1"

    asyncio.run(main())


def test_who_waited_for_a_provider_gets_the_same_failure(sdk: Sdk, tokens: TokenServer) -> None:
    made: list[int] = []

    def log_in() -> str:
        made.append(1)
        time.sleep(0.3)
        raise KeyError("no login")

    api = client(sdk, tokens, api_key=sdk.module.TokenProvider(log_in))

    def call(_: int) -> None:
        with pytest.raises(KeyError, match="no login"):
            api.orders.retrieve("o1")

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(call, range(8)))
    assert len(made) == 1


def test_an_answer_that_nests_too_deep_is_a_token_error(sdk: Sdk, tokens: TokenServer) -> None:
    for status in (200, 400):
        tokens.failures = [Answer(b"[" * 100_000 + b"]" * 100_000, status)]
        with pytest.raises(sdk.module.TokenError):
            client(sdk, tokens).orders.retrieve("o1")


@pytest.mark.parametrize("secret", ['quo"te', "sl/ash", "bäume"])
def test_a_secret_that_json_escapes_is_not_shown(
    sdk: Sdk, tokens: TokenServer, secret: str
) -> None:
    body = json.dumps({"error": "no", "echo": {"sent": [f"x {secret}"]}}).replace("/", "\\/")
    tokens.failures = [Answer(body.encode(), 401)]
    with pytest.raises(sdk.module.TokenError) as caught:
        client(sdk, tokens, client_secret=secret).orders.retrieve("o1")
    assert secret not in str(caught.value.body)
    assert secret not in str(caught.value.response.json())
    assert "x ***" in str(caught.value.body)
