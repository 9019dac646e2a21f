"""A server for your own tests, without a network. It gives the answers that you script.

```python
from the_sdk import Client
from the_sdk.testing import FakeServer

server = FakeServer()
server.answer("GET", "/runs/run_1", {"id": "run_1", "status": "queued"})
server.answer("GET", "/runs/run_1", {"id": "run_1", "status": "completed"})
client = Client(api_key="test", base_url="http://test", http_client=server.client())

assert wait_for_run(client, "run_1").status == "completed"   # your code
assert [request.path for request in server.requests] == ["/runs/run_1", "/runs/run_1"]
```

For the async client pass ``server.async_client()``. Everything else of the client is real: what it
sends, how it reads, and its retries (``max_retries=0`` makes a failure final). A path is the whole
path that is sent, with that of the base URL. ``{name}`` in it matches any segment. Answers to
one method and path are given in the order of the script, and the last one is repeated.

``FakeServer.from_description()`` also answers every operation that the API describes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from threading import Lock
from typing import TYPE_CHECKING, Any, Self

import httpx2

from .fake.answers import Answer, Script, SentRequest, matches, response_of, sent_request, sse
from .fake.faults import Fault, FaultKind, Faults, refused, with_body_fault

if TYPE_CHECKING:
    from .fake.described import Described

__all__ = ["Answer", "FakeServer", "FaultKind", "SentRequest", "sse"]


class FakeServer(httpx2.BaseTransport, httpx2.AsyncBaseTransport):
    """Answers requests as scripted. The text of this module shows how.

    Attributes:
        requests: All requests in order, also those without an answer.
    """

    def __init__(self) -> None:
        self.requests: list[SentRequest] = []
        self._scripts: dict[tuple[str, str], list[Script]] = {}
        self._faults = Faults()
        self._described: Described | None = None
        self._lock = Lock()

    @classmethod
    def from_description(cls, *, seed: int = 0) -> Self:
        """A server that answers every operation of the API.

        An answer is the first example of the description, or else a value of the schema. Lists end
        after one page, and reading a job that one waits for finds it ended. A token endpoint of
        OAuth 2 gives tokens. What you script comes first.

        Args:
            seed: Chooses the values. The same seed gives the same answers to the same calls.
        """
        from .fake.described import Described, read_description  # loaded on demand

        server = cls()
        server._described = Described(read_description(), seed)
        server._faults = Faults(server._described.credentials)
        return server

    def prefer(
        self, operation: str, *, example: str | None = None, status: int | None = None
    ) -> None:
        """Choose among the answers that the description has for an operation.

        Args:
            operation: Its operationId.
            example: The name of an example.
            status: The status of the answer, such as 404.

        Raises:
            ValueError: The description has no such operation or example.
        """
        if self._described is None:
            raise ValueError("only a server from FakeServer.from_description() has such answers")
        self._described.prefer(operation, example, status)

    def fault(
        self,
        kind: FaultKind,
        *,
        method: str | None = None,
        path: str | None = None,
        times: int = 1,
        retry_after: float = 1,
        seconds: float = 1,
        after: int | None = None,
    ) -> None:
        """Let the next request fail, before any answer is looked for.

        Args:
            kind: ``rate_limit``: 429 with ``Retry-After``. ``server_error``: 500.
                ``cut_stream``: the connection ends in the middle of the body. ``slow_body``: the
                body pauses in its middle; if the pause is longer than the read timeout of the
                client, it times out at once. ``expired_token``: 401 until the client sends another
                credential.
            method: Only requests of this HTTP method.
            path: Only requests of this path, as ``answer`` takes it.
            times: How many requests fail.
            retry_after: Seconds in the header ``Retry-After``.
            seconds: How long the body pauses.
            after: How many bytes of the body arrive before it pauses or ends, else half of them.

        Raises:
            ValueError: There is no such kind.
        """
        given = (method.upper() if method else None, path, times, retry_after, seconds, after)
        with self._lock:
            self._faults.add(Fault(kind, *given))

    def answer(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Script an answer. ``body``, ``status`` and ``headers`` are those of ``Answer``."""
        self._add(method, path, Answer(body, status, headers or {}))

    def stream(self, method: str, path: str, events: Iterable[tuple[str, Any]]) -> None:
        """Script an answer of server-sent events. See ``sse``."""
        self._add(method, path, Answer(sse(events), headers={"content-type": "text/event-stream"}))

    def fail(self, method: str, path: str, error: Exception) -> None:
        """Script a failure: an exception of ``httpx2``, such as ``httpx2.ReadTimeout("slow")``."""
        self._add(method, path, error)

    def respond(self, method: str, path: str, make: Callable[[SentRequest], Answer]) -> None:
        """Script answers that depend on the request."""
        self._add(method, path, make)

    def _add(self, method: str, path: str, script: Script) -> None:
        self._scripts.setdefault((method.upper(), path), []).append(script)

    def client(self, **options: Any) -> httpx2.Client:
        """An HTTP client that talks to this server. ``options`` are those of ``httpx2.Client``."""
        return httpx2.Client(transport=self, **options)

    def async_client(self, **options: Any) -> httpx2.AsyncClient:
        """As ``client``, for an async client."""
        return httpx2.AsyncClient(transport=self, **options)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer a request. ``httpx2`` calls this.

        Raises:
            AssertionError: No answer is scripted for it.
        """
        request.read()
        return self._answer(request)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer a request of an async client. ``httpx2`` calls this."""
        await request.aread()
        return self._answer(request)

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        sent = sent_request(request)
        with self._lock:
            self.requests.append(sent)
            fault = self._faults.take(sent)
            refusal = fault.refusal() if fault is not None else None
            script = self._refused(*refusal) if refusal is not None else self._take(sent)
        if isinstance(script, Exception):
            raise script
        response = response_of(script if isinstance(script, Answer) else script(sent))
        if fault is None or refusal is not None:
            return response
        return with_body_fault(response, fault, request)

    def _refused(self, status: int, headers: dict[str, str]) -> Answer:
        body = self._described.error(status) if self._described is not None else None
        return refused(status, headers, body)

    def _take(self, sent: SentRequest) -> Script:
        exact_first = sorted(self._scripts.items(), key=lambda item: "{" in item[0][1])
        for (method, path), scripts in exact_first:
            if method == sent.method.upper() and matches(path, sent.path):
                return scripts.pop(0) if len(scripts) > 1 else scripts[0]
        answer = self._described.answer(sent) if self._described is not None else None
        if answer is not None:
            return answer
        known = ", ".join(f"{method} {path}" for method, path in self._scripts) or "nothing"
        raise AssertionError(f"No answer for {sent.method} {sent.path}; scripted is {known}")
