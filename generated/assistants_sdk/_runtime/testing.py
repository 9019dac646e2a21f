"""A server for your own tests. It gives the answers that you script, without a network.

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
path that is sent, with that of the base URL. ``{name}`` in it stands for any segment. Answers to
one method and path are given in the order of the script, and the last one is repeated.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from threading import Lock
from typing import Any, NamedTuple, TypeAlias

import httpx2

from .models.base import encode_json

__all__ = ["Answer", "FakeServer", "SentRequest", "sse"]


class SentRequest(NamedTuple):
    """A request that the client sent.

    Attributes:
        method: The HTTP method in capitals.
        path: The path, still percent-encoded.
        query: Names and values in their order.
        headers: The headers. Their names are case-insensitive.
        content: The body.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: httpx2.Headers
    content: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.content)


class Answer(NamedTuple):
    """A response.

    Attributes:
        body: Bytes or text as they are, ``None`` for none, or a JSON value or a model.
        status: The HTTP status.
        headers: Its headers. The body decides the ``content-type`` if there is none.
    """

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = {}


Script: TypeAlias = Answer | Exception | Callable[[SentRequest], Answer]


class FakeServer(httpx2.BaseTransport, httpx2.AsyncBaseTransport):
    """Answers requests as scripted. The text of this module shows how.

    Attributes:
        requests: All requests in order, also those without an answer.
    """

    def __init__(self) -> None:
        self.requests: list[SentRequest] = []
        self._scripts: dict[tuple[str, str], list[Script]] = {}
        self._lock = Lock()

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
        sent = SentRequest(
            request.method,
            request.url.raw_path.decode().partition("?")[0],
            tuple(request.url.params.multi_items()),
            request.headers,
            request.content,
        )
        script = self._take(sent)
        if isinstance(script, Exception):
            raise script
        return _response(script if isinstance(script, Answer) else script(sent))

    def _take(self, sent: SentRequest) -> Script:
        with self._lock:
            self.requests.append(sent)
            exact_first = sorted(self._scripts.items(), key=lambda item: "{" in item[0][1])
            for (method, path), scripts in exact_first:
                if method == sent.method.upper() and _matches(path, sent.path):
                    return scripts.pop(0) if len(scripts) > 1 else scripts[0]
        known = ", ".join(f"{method} {path}" for method, path in self._scripts) or "nothing"
        raise AssertionError(f"No answer for {sent.method} {sent.path}; scripted is {known}")


def sse(events: Iterable[tuple[str, Any]]) -> bytes:
    """Server-sent events as bytes, from names and data. Data is text, a JSON value or a model.

    If the API ends its streams with an event, such as ``("done", "[DONE]")``, that must come last.
    """
    return b"".join(_event(name, data) for name, data in events)


def _event(name: str, data: Any) -> bytes:
    text = data if isinstance(data, str) else encode_json(data).decode()
    lines = [f"event: {name}"] if name else []
    lines += [f"data: {line}" for line in text.split("\n")]
    return ("\n".join(lines) + "\n\n").encode()


def _response(answer: Answer) -> httpx2.Response:
    content, content_type = _content(answer.body)
    headers = httpx2.Headers({"content-type": content_type} if content_type else None)
    headers.update(answer.headers)
    return httpx2.Response(answer.status, headers=headers, content=content)


def _content(body: Any) -> tuple[bytes, str | None]:
    match body:
        case None:
            return b"", None
        case bytes():
            return body, "application/octet-stream"
        case str():
            return body.encode(), "text/plain; charset=utf-8"
        case _:
            return encode_json(body), "application/json"


def _matches(template: str, path: str) -> bool:
    parts = re.split(r"\{[^{}]*\}", template)
    return re.fullmatch("[^/]+".join(map(re.escape, parts)), path) is not None
