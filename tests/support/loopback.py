"""An HTTP server on the loopback interface with scripted responses."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from httpx2 import Headers


@dataclass(frozen=True)
class Received:
    """A request. ``path`` is percent-encoded; names of headers ignore case."""

    method: str
    path: str
    raw_query: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def query(self) -> list[tuple[str, str]]:
        """Names and values in the order they came."""
        return parse_qsl(self.raw_query, keep_blank_values=True)

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass
class Answer:
    """The server's next response: JSON unless it is bytes; None for no body."""

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str | None = None

    def encoded(self) -> tuple[bytes, str | None]:
        """Body and content type as they are sent."""
        if self.body is None:
            return b"", self.content_type
        if isinstance(self.body, bytes):
            return self.body, self.content_type or "application/octet-stream"
        return json.dumps(self.body).encode(), self.content_type or "application/json"


class Loopback:
    """The server's address, its requests, and its scripted responses in order."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.base_url = ""
        self._answers: list[Answer] = []
        self._lock = threading.Lock()

    def answer(
        self,
        body: Any = None,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        content_type: str | None = None,
    ) -> None:
        """Add an answer to the script."""
        self._answers.append(Answer(body, status, headers or {}, content_type))

    @property
    def last(self) -> Received:
        """The last request."""
        return self.received[-1]

    def take(self, received: Received) -> Answer:
        """Record a request and return the next response; an extra call gets a 599."""
        with self._lock:
            self.received.append(received)
            if not self._answers:
                return Answer({"error": {"message": "the test scripted no more answers"}}, 599)
            return self._answers.pop(0)


@contextmanager
def serving(loopback: Loopback | None = None) -> Iterator[Loopback]:
    """A server that lives as long as the block."""
    script = loopback or Loopback()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # head and body are two writes; nobody should wait 40 ms

        def _handle(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length) if length else self._chunked()
            answer = script.take(
                Received(
                    self.command, parts.path, parts.query, Headers(list(self.headers.items())), body
                )
            )
            content, content_type = answer.encoded()
            self.send_response(answer.status)
            if content_type is not None:
                self.send_header("Content-Type", content_type)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def _chunked(self) -> bytes:
            if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
                return b""
            parts = []
            while size := int(self.rfile.readline().strip() or b"0", 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)

        def __getattr__(self, name: str) -> Any:
            if name.startswith("do_"):  # any method there is
                return self._handle
            raise AttributeError(name)

        def log_message(self, format: str, *args: Any) -> None:
            """Keep the test's output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    script.base_url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield script
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
