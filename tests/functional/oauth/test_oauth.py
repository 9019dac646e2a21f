"""OAuth 2 access tokens: fetched once, renewed in time, and no secret shown when that fails."""

from __future__ import annotations

import asyncio
import base64
import importlib
import json
import logging
import pickle
import re
import threading
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs

import httpx2
import pytest

from support.generated import Sdk
from support.loopback import Answer, Loopback, Received, serving
from support.typecheck import mypy_errors

SECRET = "s3cr3t/of+mine"
CLIENT = {"client_id": "me", "client_secret": SECRET}


class TokenServer(Loopback):
    """Gives tokens, and answers who has one that is still good."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, str]] = []
        self.requests: list[Received] = []
        self.life: Any = 3600
        self.delay = 0.0
        self.refused: set[str] = set()
        self.failures: list[Answer] = []
        self.token: dict[str, Any] = {"token_type": "Bearer"}
        self._count = threading.Lock()

    def take(self, received: Received) -> Answer:
        if received.path in ("/token", "/refresh"):
            return self._token(received)
        with self._count:
            self.received.append(received)
        bearer = received.headers.get("authorization", "")
        if not bearer.startswith("Bearer t") or bearer.removeprefix("Bearer ") in self.refused:
            return Answer({"error": {"message": "no"}}, 401)
        return Answer({"id": "o1"})

    def _token(self, received: Received) -> Answer:
        time.sleep(self.delay)
        with self._count:
            form = parse_qs(received.body.decode(), keep_blank_values=True)
            self.forms.append({name: values[0] for name, values in form.items()})
            self.requests.append(received)
            if self.failures:
                return self.failures.pop(0)
            token = {"access_token": f"t{len(self.forms)}", "expires_in": self.life}
            return Answer(token | self.token)


@pytest.fixture
def tokens() -> Iterator[TokenServer]:
    server = TokenServer()
    with serving(server):
        yield server


def client(sdk: Sdk, server: TokenServer, **options: Any) -> Any:
    return sdk.client(server.base_url, **({**CLIENT, **options}))


def bearers(server: TokenServer) -> list[str]:
    return [each.headers["authorization"] for each in server.received]


def test_a_token_is_fetched_once_and_sent(sdk: Sdk, tokens: TokenServer) -> None:
    orders = client(sdk, tokens, scopes=["read", "write"], default_headers={"X-Mine": "1"}).orders
    for _ in range(3):
        assert orders.retrieve("o1").id == "o1"
    assert tokens.forms == [
        {
            "audience": "https://orders.example.com",
            "grant_type": "client_credentials",
            "scope": "read write",
        }
    ]
    assert bearers(tokens) == ["Bearer t1"] * 3
    request = tokens.requests[0]
    pair = base64.b64decode(request.headers["authorization"].removeprefix("Basic ")).decode()
    assert pair == "me:s3cr3t%2Fof%2Bmine"
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert "x-mine" not in request.headers
    assert "idempotency-key" not in request.headers


def test_id_and_secret_in_the_form(sdk: Sdk, tokens: TokenServer) -> None:
    source = sdk.module.ClientCredentials("me", SECRET, authentication="post")
    client(sdk, tokens, api_key=source).orders.retrieve("o1")
    assert tokens.forms[0]["client_id"] == "me"
    assert tokens.forms[0]["client_secret"] == SECRET
    assert "authorization" not in tokens.requests[0].headers


def test_the_environment_has_id_and_secret(
    sdk: Sdk, tokens: TokenServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    configuration = sdk.module.ConfigurationError
    with pytest.raises(configuration, match="api_key or client_id and client_secret"):
        sdk.client(tokens.base_url)
    with pytest.raises(configuration, match="client_secret, or set ORDERS_CLIENT_SECRET in"):
        sdk.client(tokens.base_url, client_id="me")
    monkeypatch.setenv("ORDERS_CLIENT_ID", "me")
    with pytest.raises(configuration, match="api_key or client_id"):
        sdk.client(tokens.base_url)
    assert sdk.client(tokens.base_url, api_key="t0").orders.retrieve("o1").id == "o1"
    monkeypatch.setenv("ORDERS_CLIENT_SECRET", SECRET)
    sdk.client(tokens.base_url).orders.retrieve("o1")
    sdk.client(tokens.base_url, api_key="t0").orders.retrieve("o1")
    assert bearers(tokens) == ["Bearer t0", "Bearer t1", "Bearer t0"]


def test_threads_wait_for_one_token(sdk: Sdk, tokens: TokenServer) -> None:
    tokens.delay = 0.2
    api = client(sdk, tokens)
    copy = api.with_options(max_retries=0)
    with ThreadPoolExecutor(16) as threads:
        calls = [threads.submit((api, copy)[n % 2].orders.retrieve, "o1") for n in range(32)]
        assert {each.result().id for each in calls} == {"o1"}
    assert len(tokens.forms) == 1


def test_tasks_loops_and_threads_share_one_token(sdk: Sdk, tokens: TokenServer) -> None:
    tokens.delay = 0.2
    source = sdk.module.ClientCredentials(**CLIENT)

    async def main() -> None:
        async with sdk.async_client(tokens.base_url, api_key=source) as api:
            await asyncio.gather(*(api.orders.retrieve("o1") for _ in range(20)))

    sync = client(sdk, tokens, api_key=source)
    with ThreadPoolExecutor(3) as threads:
        each = [threads.submit(asyncio.run, main()) for _ in range(2)]
        each.append(threads.submit(sync.orders.retrieve, "o1"))
        for one in each:
            one.result()
    assert len(tokens.forms) == 1
    assert len(tokens.received) == 41


def test_a_token_is_renewed_before_it_ends(sdk: Sdk, tokens: TokenServer) -> None:
    tokens.life = "1"  # some servers send text
    orders = client(sdk, tokens).orders
    orders.retrieve("o1")
    orders.retrieve("o1")
    time.sleep(0.85)
    orders.retrieve("o1")
    assert bearers(tokens) == ["Bearer t1", "Bearer t1", "Bearer t2"]


@pytest.mark.parametrize("life", [None, "soon", 1e400, {}])
def test_a_token_whose_end_is_not_known_is_used_until_it_is_refused(
    sdk: Sdk, tokens: TokenServer, life: Any
) -> None:
    tokens.life = life
    api = client(sdk, tokens)
    api.orders.retrieve("o1")
    api.orders.retrieve("o1")
    assert len(tokens.forms) == 1


def test_a_refused_token_is_replaced_once(sdk: Sdk, tokens: TokenServer) -> None:
    api = client(sdk, tokens, max_retries=0)
    api.orders.retrieve("o1")
    tokens.refused |= {"t1"}
    raw = api.orders.with_raw_response.create(note="n")
    assert (raw.parse().id, raw.retries_taken) == ("o1", 0)
    assert [each.body for each in tokens.received[1:]] == [b'{"note":"n"}'] * 2
    tokens.refused |= {"t2", "t3"}
    with pytest.raises(sdk.module.AuthenticationError, match="no"):
        api.orders.retrieve("o1")
    assert len(tokens.forms) == 3
    assert bearers(tokens)[-2:] == ["Bearer t2", "Bearer t3"]


def test_many_refused_calls_fetch_one_new_token(sdk: Sdk, tokens: TokenServer) -> None:
    api = client(sdk, tokens)
    api.orders.retrieve("o1")
    tokens.refused |= {"t1"}
    tokens.delay = 0.1
    with ThreadPoolExecutor(16) as threads:
        list(threads.map(api.orders.retrieve, ["o1"] * 16))
    assert len(tokens.forms) == 2

    async def main() -> None:
        source = sdk.module.ClientCredentials(**CLIENT)
        async with sdk.async_client(tokens.base_url, api_key=source) as other:
            await other.orders.retrieve("o1")
            tokens.refused |= {"t3"}
            await asyncio.gather(*(other.orders.retrieve("o1") for _ in range(16)))

    asyncio.run(main())
    assert len(tokens.forms) == 4


def test_a_header_of_the_callers_is_not_replaced(sdk: Sdk, tokens: TokenServer) -> None:
    with pytest.raises(sdk.module.AuthenticationError):
        client(sdk, tokens).orders.retrieve("o1", extra_headers={"Authorization": "Bearer mine"})
    assert len(tokens.received) == 1


ECHO = Answer({"error": "invalid_client", "error_description": f"not {SECRET}"}, 401)


def everything_of(error: BaseException) -> str:
    """All that a log of an error may show."""
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


def test_the_total_time_holds_for_the_token_as_well(sdk: Sdk, tokens: TokenServer) -> None:
    tokens.delay = 0.6
    api = client(sdk, tokens)
    hasty = api.with_options(timeout=sdk.module.Timeout(total=0.2))
    with ThreadPoolExecutor(2) as threads:
        started = time.monotonic()
        failing = threads.submit(hasty.orders.retrieve, "o1")
        time.sleep(0.05)
        waiting = threads.submit(api.orders.retrieve, "o1")
        with pytest.raises(sdk.module.APITimeoutError, match=r"longer than 0\.2 s in total"):
            failing.result()
        assert time.monotonic() - started < 0.55
        assert waiting.result().id == "o1"  # one that is in a hurry fails alone

    async def main() -> None:
        timeout = sdk.module.Timeout(total=0.2)
        async with sdk.async_client(tokens.base_url, timeout=timeout, **CLIENT) as other:
            with pytest.raises(sdk.module.APITimeoutError, match=r"longer than 0\.2 s in total"):
                await other.orders.retrieve("o1")

    asyncio.run(main())


def test_a_token_and_its_call_share_the_total_time(sdk: Sdk, tokens: TokenServer) -> None:
    """The token takes most of it; the server refuses that token, and another one is too late."""
    tokens.delay = 0.3
    tokens.refused |= {"t1"}
    api = client(sdk, tokens, timeout=sdk.module.Timeout(total=0.5))
    started = time.monotonic()
    with pytest.raises(sdk.module.APITimeoutError, match=r"longer than 0\.5 s in total"):
        api.orders.retrieve("o1")
    assert time.monotonic() - started < 0.75


@pytest.mark.parametrize("life", [0, "0", 0.0])
def test_a_token_without_a_life_serves_those_who_waited_for_it(
    sdk: Sdk, tokens: TokenServer, life: Any
) -> None:
    tokens.life, tokens.delay = life, 0.1
    api = client(sdk, tokens)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(api.orders.retrieve, ["o1"] * 8))
    assert len(tokens.forms) == 1
    api.orders.retrieve("o1")
    assert len(tokens.forms) == 2


def test_a_provider_that_calls_its_own_client_is_refused_at_once(
    sdk: Sdk, tokens: TokenServer
) -> None:
    apis: list[Any] = []
    source = sdk.module.TokenProvider(lambda: apis[0].orders.retrieve("o1").id)
    apis.append(client(sdk, tokens, api_key=source))
    with pytest.raises(sdk.module.ConfigurationError, match="let it use another client"):
        apis[0].orders.retrieve("o1")
    apis[0] = client(sdk, tokens, api_key="t1")
    other = client(sdk, tokens, api_key=source)
    with pytest.raises(sdk.module.AuthenticationError):  # o1 is a text, and no token
        other.orders.retrieve("o1")

    async def main() -> None:
        async def fetch() -> str:
            order = await asyncio.create_task(mine.orders.retrieve("o1"))
            return str(order.id)

        own = sdk.module.TokenProvider(fetch)
        async with sdk.async_client(tokens.base_url, api_key=own) as mine:
            with pytest.raises(sdk.module.ConfigurationError, match="let it use another client"):
                await mine.orders.retrieve("o1")

    asyncio.run(main())


def test_new_tokens_are_told_to_async_functions(sdk: Sdk, tokens: TokenServer) -> None:
    stored: list[Any] = []

    async def store(token: Any) -> None:
        await asyncio.sleep(0)
        stored.append(token.refresh_token)

    tokens.token["refresh_token"] = "second"

    async def main() -> None:
        source = sdk.module.RefreshToken("first", on_token=store)
        async with sdk.async_client(tokens.base_url, api_key=source) as api:
            await api.orders.retrieve("o1")

    asyncio.run(main())
    assert stored == ["second"]
    source = sdk.module.RefreshToken("second", on_token=store)
    with pytest.raises(sdk.module.ConfigurationError, match="Expected on_token to be no async"):
        client(sdk, tokens, api_key=source).orders.retrieve("o1")
    assert client(sdk, tokens, api_key=source).orders.retrieve("o1").id == "o1"


def test_what_an_endpoint_echoes_of_the_request_is_masked(sdk: Sdk, tokens: TokenServer) -> None:
    pair = base64.b64encode(b"me:s3cr3t%2Fof%2Bmine").decode()
    for told in (f"Basic {pair}", "client_secret=s3cr3t%2Fof%2Bmine"):
        tokens.failures = [Answer({"error": "bad", "error_description": told}, 400)]
        with pytest.raises(sdk.module.TokenError) as caught:
            client(sdk, tokens).orders.retrieve("o1")
        shown = everything_of(caught.value)
        assert pair not in shown
        assert "s3cr3t" not in shown


def test_a_life_that_a_provider_tells_as_text(sdk: Sdk, tokens: TokenServer) -> None:
    source = sdk.module.TokenProvider(lambda: sdk.module.Token("t1", expires_in="3600"))
    api = client(sdk, tokens, api_key=source)
    api.orders.retrieve("o1")
    assert api.orders.retrieve("o1").id == "o1"


def test_refresh_tokens_and_their_rotation(sdk: Sdk, tokens: TokenServer) -> None:
    stored: list[Any] = []
    source = sdk.module.RefreshToken("first", client_id="app", on_token=stored.append)
    api = client(sdk, tokens, api_key=source)
    tokens.token["refresh_token"] = "second"
    api.orders.retrieve("o1")
    tokens.refused |= {"t1"}
    del tokens.token["refresh_token"]
    api.orders.retrieve("o1")
    tokens.refused |= {"t2"}
    api.orders.retrieve("o1")
    assert [each.path for each in tokens.requests] == ["/refresh"] * 3
    assert tokens.forms == [
        {"grant_type": "refresh_token", "refresh_token": each, "client_id": "app"}
        for each in ("first", "second", "second")
    ]
    assert [each.refresh_token for each in stored] == ["second", None, None]
    assert "t1" not in repr(stored)
    assert "first" not in repr(source)


def test_a_provider_does_the_login(sdk: Sdk, tokens: TokenServer) -> None:
    made: list[str] = []

    def log_in() -> Any:
        made.append(f"t{len(made)}")
        time.sleep(0.1)
        return sdk.module.Token(made[-1], expires_in=3600)

    async def log_in_later() -> str:
        await asyncio.sleep(0.1)
        made.append("t9")
        return made[-1]

    api = client(sdk, tokens, api_key=sdk.module.TokenProvider(log_in))
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(api.orders.retrieve, ["o1"] * 8))
    tokens.refused |= {"t0"}
    api.orders.retrieve("o1")
    assert made == ["t0", "t1"]

    async def main() -> None:
        source = sdk.module.TokenProvider(log_in_later)
        async with sdk.async_client(tokens.base_url, api_key=source) as other:
            await asyncio.gather(*(other.orders.retrieve("o1") for _ in range(8)))

    asyncio.run(main())
    assert made == ["t0", "t1", "t9"]
    assert tokens.forms == []


@pytest.mark.parametrize("wrong", [None, 5, "", ("t", 3)])
def test_what_a_provider_may_not_return(sdk: Sdk, tokens: TokenServer, wrong: Any) -> None:
    async def later() -> str:
        return "t1"

    for fetch in (lambda: wrong, later):
        api = client(sdk, tokens, api_key=sdk.module.TokenProvider(fetch))
        with pytest.raises(sdk.module.ConfigurationError, match="Expected fetch to"):
            api.orders.retrieve("o1")


def test_wrong_sources_are_refused(sdk: Sdk) -> None:
    shop = sdk.module
    for make in (
        lambda: shop.ClientCredentials("", "x"),
        lambda: shop.ClientCredentials("x", None),
        lambda: shop.ClientCredentials("x", "y", scopes="read"),
        lambda: shop.ClientCredentials("x", "y", authentication="none"),
        lambda: shop.RefreshToken(""),
        lambda: shop.TokenProvider("t1"),
    ):
        with pytest.raises(shop.ConfigurationError, match="Expected"):
            make()


def test_a_fake_server_and_other_http_clients_see_the_token_call(sdk: Sdk) -> None:
    seen: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request.url.path)
        body = {"access_token": "t1"} if request.url.path == "/token" else {"id": "o1"}
        return httpx2.Response(200, json=body)

    http_client = httpx2.Client(transport=httpx2.MockTransport(answer))
    api = sdk.client("https://orders.test/v1", http_client=http_client, **CLIENT)
    api.orders.retrieve("o1")
    assert seen == ["/token", "/v1/orders/o1"]


def test_the_fake_server_gives_tokens_that_expire(sdk: Sdk) -> None:
    testing = importlib.import_module(f"{sdk.package}.testing")
    server = testing.FakeServer.from_description()
    http_client = server.client()
    api = sdk.client("https://orders.test/v1", http_client=http_client, **CLIENT)
    server.fault("expired_token")
    assert api.orders.retrieve("o1").id
    assert [each.path for each in server.requests] == ["/token", "/v1/orders/o1"] * 2
    sent = [each.headers["authorization"] for each in server.requests[1::2]]
    assert sent == ["Bearer token-1", "Bearer token-2"]
    server.fault("server_error", path="/token", times=2)
    source = sdk.module.ClientCredentials(**CLIENT)
    other = sdk.client("https://x.test", api_key=source, http_client=server.client(), max_retries=0)
    with pytest.raises(sdk.module.TokenError, match="failed with 500"):
        other.orders.retrieve("o1")


def test_the_examples_of_the_guide_run(sdk: Sdk) -> None:
    page = sdk.source("docs/guides/authentication.md")
    names: dict[str, Any] = {}
    blocks = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    for block in blocks:
        exec(block, names)
    assert len(blocks) == 5
    assert "- `write`: To place orders." in page
    assert names["client"].api_key.__class__.__name__ == "RefreshToken"


def test_types(sdk: Sdk) -> None:
    assert not mypy_errors(
        sdk,
        """
        from orders_sdk import AsyncOrders, ClientCredentials, Orders, RefreshToken, Token, TokenProvider

        async def log_in() -> Token:
            return Token("t", expires_in=60)

        Orders(client_id="me", client_secret="s", scopes=["read"])
        Orders(api_key=ClientCredentials("me", "s", authentication="post"))
        Orders(api_key=RefreshToken("r", client_id="me", on_token=print))
        Orders(api_key=TokenProvider(lambda: "t")).with_options(api_key=TokenProvider(lambda: "t"))
        AsyncOrders(api_key=TokenProvider(log_in))
        """,
    )


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


def test_no_old_token_counts_as_new_while_one_is_replaced(sdk: Sdk) -> None:
    seen: list[str | None] = []

    class Watched(sdk.module.TokenProvider):  # type: ignore[misc, name-defined]
        def __setattr__(self, name: str, value: object) -> None:
            super().__setattr__(name, value)
            if "_renewal" in vars(self):
                seen.append(self.valid())

    source = Watched(lambda: "unused")
    source.keep(sdk.module.Token("old", 0))
    seen.clear()
    source.keep(sdk.module.Token("new", 3600))
    assert "old" not in seen
    assert seen[-1] == "new"


@pytest.mark.parametrize("life", [10**400, "1" * 400])
def test_a_life_that_is_no_float_is_not_known(sdk: Sdk, tokens: TokenServer, life: Any) -> None:
    tokens.life = life
    assert client(sdk, tokens).orders.retrieve("o1").id == "o1"


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
