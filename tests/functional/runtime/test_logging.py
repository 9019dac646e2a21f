"""The content of each log level, and the values that no log contains."""

from __future__ import annotations

import asyncio
import io
import logging
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from functional.runtime.sample import INFO as SAMPLE
from functional.runtime.sample import AsyncSample, Sample
from specloom.runtime import errors
from specloom.runtime.api.info import SdkInfo, SecurityScheme
from specloom.runtime.logs import configure
from support.loopback import Loopback

PACKAGE = SAMPLE.package
KEY, QUERY_KEY, COOKIE, LOGIN = "s3cret-bearer", "s3cret/query", "s3cret-cookie", "s3cret-login"
RUN = {"id": "r1", "status": "queued"}
INFO: SdkInfo = SAMPLE._replace(
    security_schemes={
        "key": SecurityScheme("bearer"),
        "query": SecurityScheme("apiKey", "query", "api_key", argument="query"),
        "cookie": SecurityScheme("apiKey", "cookie", "session", argument="cookie"),
        "login": SecurityScheme("basic", name="X-Login", argument="login"),
    },
    security=(("key", "query", "cookie", "login"),),
)
CREDENTIALS: dict[str, Any] = {
    "key": KEY,
    "query": lambda: QUERY_KEY,
    "cookie": COOKIE,
    "login": ("user", LOGIN),
}
SECRETS = (
    KEY,
    QUERY_KEY,
    "s3cret%2Fquery",
    COOKIE,
    LOGIN,
    "s3cret",
    "dXNlcjpzM2NyZXQ",  # the start of user and password in base64
)


@pytest.fixture
def output() -> Iterator[io.StringIO]:
    """Everything that is logged, as text; the root logger has all levels."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(1)
    yield text
    root.removeHandler(handler)
    root.setLevel(level)
    for name in (PACKAGE, f"{PACKAGE}.bodies"):
        logger = logging.getLogger(name)
        logger.setLevel(logging.NOTSET)
        logger.handlers.clear()


def sample(server: Loopback, **options: Any) -> Sample:
    url = server.base_url.replace("http://", "http://s3cret-user:s3cret-password@")
    return Sample(INFO, credentials=CREDENTIALS, base_url=f"{url}/v1", **options)


def script(server: Loopback) -> None:
    server.answer({"message": f"You sent {KEY}"}, 500, {"Retry-After": "0"})
    server.answer({**RUN, "echo": f"{KEY} {QUERY_KEY}"}, 200)


@pytest.mark.parametrize("level", ["", "info", "debug", "bodies"])
def test_no_secret_is_in_the_log(
    server: Loopback, output: io.StringIO, level: str, capsys: pytest.CaptureFixture[str]
) -> None:
    configure(PACKAGE, level)
    script(server)
    with sample(server, default_headers={"X-Own": "s3cret-own"}) as client:
        client.runs.create("t", model="visible-model", extra_query={"token": "s3cret-token"})

    async def main() -> None:
        script(server)
        async with AsyncSample(INFO, credentials=CREDENTIALS, base_url=server.base_url) as client:
            await client.post("/any", cast_to=dict[str, Any], body={"model": "visible-model"})

    asyncio.run(main())
    log = output.getvalue() + capsys.readouterr().err
    assert len(server.received) == 4
    assert QUERY_KEY in dict(server.last.query).values()
    assert "HTTP Request: POST" in log  # httpx2 wrote its own line
    assert [secret for secret in SECRETS if secret in log] == []
    assert ("visible-model" in log) == (level == "bodies")
    assert ("You sent ***" in log) == (level == "bodies")


def test_levels(server: Loopback, capsys: pytest.CaptureFixture[str], output: io.StringIO) -> None:
    def lines(level: str) -> list[str]:
        configure(PACKAGE, level)
        server.answer(RUN, headers={"x-request-id": "req_1", "Set-Cookie": "s3cret=1"})
        with sample(server, http_client=None) as client:
            client.runs.create("t")
        return capsys.readouterr().err.splitlines()

    url = f"{server.base_url}/v1/threads/t/runs"
    assert lines("nonsense") == []
    (info,) = lines("INFO")
    assert f"{PACKAGE} INFO POST {url}: 200 in 0." in info
    assert info.endswith(" s, request id req_1")
    sending, _, answer = lines("debug")
    assert f" DEBUG POST {url} with " in sending
    assert "accept: application/json" in sending
    assert "authorization: ***" in sending
    assert "set-cookie: ***" in answer
    assert "content-type: application/json" in answer
    bodies = [line for line in lines(" Bodies ") if f" {PACKAGE}.bodies DEBUG " in line]
    assert [line.partition(url)[2] for line in bodies] == [
        " sends {}",
        ' receives {"id": "r1", "status": "queued"}',
    ]
    assert output.getvalue()


def test_a_retry_is_logged(server: Loopback, capsys: pytest.CaptureFixture[str]) -> None:
    configure(PACKAGE, "info")
    script(server)
    with sample(server) as client:
        client.runs.create("t")
    logging.getLogger(PACKAGE).handlers.clear()
    assert ": status 500, again in 0.00 s" in capsys.readouterr().err


def test_binary_and_missing_bodies(
    server: Loopback, output: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    configure(PACKAGE, "bodies")
    server.answer(b"\0\1\2")
    server.answer(b"x" * 20_000, content_type="text/plain")
    server.answer(b"data: [DONE]\n\n", content_type="text/event-stream")
    with sample(server) as client:
        client.runs.download("r")
        client.runs.download("r")
        with client.runs.stream("t"):
            pass
    err = capsys.readouterr().err
    assert "receives 3 bytes" in err
    assert "receives " + "x" * 10_000 + "... (20000 bytes)\n" in err
    assert "receives a stream" in err
    assert output.getvalue()


def test_an_error_tells_no_secret(server: Loopback) -> None:
    server.answer({"message": "No"}, 401)
    with sample(server) as client, pytest.raises(errors.AuthenticationError) as caught:
        client.runs.retrieve("r")
    assert "s3cret" not in str(caught.value)
    assert "s3cret" not in repr(caught.value)


def test_the_log_of_httpx2_keeps_the_urls_of_others(server: Loopback, output: io.StringIO) -> None:
    import httpx2

    server.answer(RUN)
    with httpx2.Client() as client:
        client.get(f"{server.base_url}/others?visible=1")
    assert "/others?visible=1" in output.getvalue()


def test_nothing_is_written_unless_logging_is_set_up(server: Loopback) -> None:
    script = f"""if True:
        import sys
        sys.path[:0] = {sys.path!r}
        from functional.runtime.sample import INFO, Sample
        with Sample(INFO, credentials={{"key": "k"}}, base_url={server.base_url!r}) as client:
            client.runs.retrieve("r")
    """
    server.answer({"id": 7})
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")
