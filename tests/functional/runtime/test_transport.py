"""The caller's HTTP client, proxies, TLS, timeouts of each phase, and targets of credentials."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from traceback import format_exception
from typing import Any

import httpx2
import pytest

from functional.runtime.misbehaving import EVENTS, Connection, answer, misbehaving
from functional.runtime.sample import INFO, AsyncSample, Sample
from specloom.runtime import errors
from specloom.runtime.api.operation import Operation, RequestBody
from specloom.runtime.connections import certificates
from specloom.runtime.options import Timeout, omit
from support.loopback import Loopback

RUN = b'{"id": "r1", "status": "queued"}'
CERTIFICATE = Path(__file__).parent / "localhost.pem"  # made for this test; nothing trusts it
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def sample(base_url: str, **options: Any) -> Sample:
    given: dict[str, Any] = {"credentials": {"key": "k"}, "max_retries": 0, **options}
    return Sample(INFO, base_url=base_url, **given)


def sends_run(connection: Connection) -> None:
    connection.send(answer(RUN))


def test_proxies_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> str:
        async with AsyncSample(
            INFO, credentials={"key": "k"}, base_url="http://api.invalid"
        ) as client:
            return (await client.runs.retrieve("r")).id

    with misbehaving(sends_run) as proxy, misbehaving(sends_run) as direct:
        monkeypatch.setenv("HTTP_PROXY", proxy.base_url)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        with sample("http://api.invalid") as client:
            assert client.runs.retrieve("r").id == "r1"
        assert asyncio.run(main()) == "r1"
        with sample(direct.base_url) as client:
            client.runs.retrieve("r")
        lines = [head.split(b"\r\n")[0] for head in proxy.heads]
        assert lines == [b"GET http://api.invalid/runs/r HTTP/1.1"] * 2
        assert len(direct.heads) == 1


@pytest.mark.parametrize("proxy", ["nonsense://u:hush@x:1", "http://u:hush@h:port", "u:hush"])
def test_a_proxy_that_cannot_be_used(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        async with AsyncSample(INFO, credentials={"key": "k"}, base_url="http://a.b") as client:
            await client.runs.retrieve("r")

    monkeypatch.setenv("HTTP_PROXY", proxy)
    with sample("http://a.b") as client:
        for call in (lambda: client.runs.retrieve("r"), lambda: asyncio.run(main())):
            with pytest.raises(errors.ConfigurationError, match=r"in HTTP_PROXY$") as caught:
                call()
            assert "hush" not in "".join(format_exception(caught.value))


def test_a_proxy_of_the_callers_client() -> None:
    with misbehaving(sends_run) as proxy:
        own = httpx2.Client(proxy=proxy.base_url)
        with sample("http://api.invalid", http_client=own) as client:
            assert client.runs.retrieve("r").id == "r1"


@contextmanager
def serving_tls() -> Generator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(RUN)

        def log_message(self, format: str, *args: Any) -> None:
            """Keep the test's output clean."""

    class Server(HTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            """Ignore a client that does not trust the certificate."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    server = Server(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"https://localhost:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_certificates_are_checked_and_can_be_trusted() -> None:
    with serving_tls() as url:
        with (
            sample(url) as client,
            pytest.raises(errors.APIConnectionError, match="CERTIFICATE_VERIFY_FAILED"),
        ):
            client.runs.retrieve("r")
        trusting = httpx2.Client(verify=ssl.create_default_context(cafile=str(CERTIFICATE)))
        with sample(url, http_client=trusting) as client:
            assert client.runs.retrieve("r").id == "r1"


@pytest.fixture
def certificates_from(monkeypatch: pytest.MonkeyPatch) -> Generator[Callable[[Path], None]]:
    """Make a new client read its certificates from a file; restore the environment afterwards."""

    def find_in(file: Path) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        certificates.certificates.cache_clear()

    yield find_in
    certificates.certificates.cache_clear()


def retrieved(base_url: str) -> str:
    """The id of a run, fetched by a sync client."""
    with sample(base_url) as client:
        return client.runs.retrieve("r").id


def retrieved_async(base_url: str) -> str:
    """The same by an async client."""

    async def main() -> str:
        options: dict[str, Any] = {"credentials": {"key": "k"}, "max_retries": 0}
        async with AsyncSample(INFO, base_url=base_url, **options) as client:
            return (await client.runs.retrieve("r")).id

    return asyncio.run(main())


@pytest.mark.parametrize("retrieve", [retrieved, retrieved_async])
def test_certificates_are_not_read_for_http(
    retrieve: Callable[[str], str],
    server: Loopback,
    certificates_from: Callable[[Path], None],
    tmp_path: Path,
) -> None:
    certificates_from(tmp_path / "missing.pem")
    server.answer({"id": "r1", "status": "done"})
    assert retrieve(server.base_url) == "r1"
    with pytest.raises(errors.ConfigurationError, match="certificates cannot be read"):
        retrieve("https://localhost:1")


@pytest.mark.parametrize("retrieve", [retrieved, retrieved_async])
def test_certificates_are_read_for_https_also_after_a_redirect(
    retrieve: Callable[[str], str], server: Loopback, certificates_from: Callable[[Path], None]
) -> None:
    certificates_from(CERTIFICATE)
    with serving_tls() as url:
        assert retrieve(url) == "r1"
        server.answer(status=307, headers={"Location": f"{url}/runs/r"})
        assert retrieve(server.base_url) == "r1"


def test_event_hooks_and_authentication_of_the_callers_client(server: Loopback) -> None:
    seen: list[tuple[str, int]] = []

    def sign(request: httpx2.Request) -> None:
        request.headers["X-Signature"] = str(len(request.content))

    def note(response: httpx2.Response) -> None:
        seen.append((response.request.url.path, response.status_code))

    own = httpx2.Client(event_hooks={"request": [sign], "response": [note]})
    server.answer({"id": "r1", "status": "done"})
    with sample(server.base_url, http_client=own) as client:
        client.runs.create("t", model="m")
    assert seen == [("/threads/t/runs", 200)]
    assert server.last.headers["x-signature"] == str(len(b'{"model":"m"}'))


def test_a_callers_error_in_a_hook_is_the_callers(server: Loopback) -> None:
    def refuse(request: httpx2.Request) -> None:
        raise PermissionError(request.url.path)

    own = httpx2.Client(event_hooks={"request": [refuse]})
    with (
        sample(server.base_url, http_client=own) as client,
        pytest.raises(PermissionError, match="/runs/r"),
    ):
        client.runs.retrieve("r")


def test_waiting_for_a_free_connection_is_limited() -> None:
    def stream(connection: Connection) -> None:
        connection.send(EVENTS)
        connection.wait_for_client()

    one = httpx2.Client(limits=httpx2.Limits(max_connections=1))
    with (
        misbehaving(stream) as server,
        sample(server.base_url, http_client=one) as client,
        client.runs.stream("t"),
        pytest.raises(errors.APITimeoutError),
    ):
        client.runs.retrieve("r", timeout=Timeout(pool=0.01))


def test_sending_is_limited() -> None:
    upload: Operation[None] = Operation(
        id="upload", method="PUT", path="/", body=RequestBody("application/octet-stream")
    )
    release = threading.Event()

    def endless() -> Any:
        while not release.is_set():
            yield bytes(1 << 20)

    def never_read(_: Connection) -> None:
        release.wait(10)

    with misbehaving(never_read) as server, sample(server.base_url) as client:
        with pytest.raises(errors.APITimeoutError):
            client.session.call(upload, body=endless(), options={"timeout": Timeout(write=0.05)})
        release.set()


def test_a_key_is_asked_for_once_for_each_call(server: Loopback) -> None:
    keys = iter(("one", "two"))
    server.answer(status=500, headers={"Retry-After": "0"})
    for _ in range(2):
        server.answer({"id": "r1", "status": "done"})
    with sample(server.base_url, credentials={"key": lambda: next(keys)}, max_retries=1) as client:
        client.runs.retrieve("r")
        client.runs.retrieve("r")
    sent = [request.headers["authorization"] for request in server.received]
    assert sent == ["Bearer one", "Bearer one", "Bearer two"]


def test_a_call_may_have_credentials_of_its_own_or_none(server: Loopback) -> None:
    def never() -> str:
        raise AssertionError("the client's key is not needed")

    for _ in range(3):
        server.answer({"id": "r1", "status": "done"})
    with sample(server.base_url) as client:
        client.runs.retrieve("r", extra_headers={"Authorization": "Basic xyz"})
        client.runs.retrieve("r", extra_headers={"authorization": omit})
        anonymous: Operation[Any] = Operation(id="a", method="GET", path="/a", security=())
        client.with_options(api_key=never).session.call(anonymous)
    sent = [request.headers.get("authorization") for request in server.received]
    assert sent == ["Basic xyz", None, None]


def test_no_kind_of_credential_goes_to_another_host(server: Loopback) -> None:
    from specloom.runtime.api.info import SecurityScheme
    from support.loopback import serving

    info = INFO._replace(
        security_schemes={
            "key": SecurityScheme("bearer"),
            "header": SecurityScheme("apiKey", "header", "X-Key", argument="header"),
            "query": SecurityScheme("apiKey", "query", "key", argument="query"),
            "cookie": SecurityScheme("apiKey", "cookie", "session", argument="cookie"),
        },
        security=(("key", "header", "query", "cookie"),),
    )
    names = ("key", "header", "query", "cookie")
    credentials = {name: f"s3cret-{name}" for name in names}
    with serving() as elsewhere:
        location = elsewhere.base_url.replace("127.0.0.1", "localhost") + "/x"
        own = httpx2.Client(
            headers={"X-Gateway": "s3cret"},
            cookies={"c": "s3cret"},
            params={"p": "s3cret"},
            auth=("u", "s3cret"),
        )
        server.answer(status=307, headers={"Location": location, "Set-Cookie": "sid=s3cret"})
        elsewhere.answer({"id": "r1", "status": "done"})
        with Sample(
            info, credentials=credentials, base_url=server.base_url, http_client=own
        ) as client:
            client.runs.create(
                "t", model="m", extra_headers={"X-Mine": "s3cret"}, extra_query={"q": "s3cret"}
            )
    first, away = server.last, elsewhere.last
    assert dict(first.query) == {"key": "s3cret-query", "q": "s3cret", "p": "s3cret"}
    assert away.json == {"model": "m"}
    assert "s3cret" not in repr((away.path, away.raw_query, dict(away.headers)))
    assert set(away.headers) <= {
        "host", "accept", "accept-encoding", "user-agent", "content-type", "content-length"
    }  # fmt: skip
