"""A mock server of the description: ``python specloom_server.py PACKAGE RECORDS``.

It runs in the environment of the new SDK, whose package holds the answers, and prints the port that
it listens on, on loopback. Each request is a line of JSON in the file RECORDS.
"""

from __future__ import annotations

import base64
import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from threading import Lock
from typing import Any
from urllib.parse import parse_qsl

_NO_BODY = (204, 304)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    described: Any
    answers: Any
    httpx2: Any
    records: Any
    lock = Lock()

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except ConnectionError:
            self.close_connection = True

    def _answer(self) -> None:
        content = self._content()
        path, _, query = self.path.partition("?")
        with self.lock:
            self._record(path, query, content)
            sent = self.answers.SentRequest(
                self.command,
                path,
                tuple(parse_qsl(query, keep_blank_values=True)),
                self.httpx2.Headers(list(self.headers.items())),
                content,
            )
            answer = self.described.answer(sent)
        if answer is None:
            answer = self.answers.Answer({"error": {"message": "not described"}}, 404)
        response = self.answers.response_of(answer)
        self.send_response(response.status_code)
        for name, value in response.headers.multi_items():
            if name.lower() not in ("content-length", "transfer-encoding"):
                self.send_header(name, value)
        body = b"" if response.status_code in _NO_BODY else response.content
        if response.status_code not in _NO_BODY:
            self.send_header("content-length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _content(self) -> bytes:
        if self.headers.get("transfer-encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("content-length") or 0))
        found = b""
        while size := int(self.rfile.readline().split(b";")[0] or b"0", 16):
            found += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return found

    def _record(self, path: str, query: str, content: bytes) -> None:
        value = {
            "method": self.command,
            "path": path,
            "query": query,
            "headers": list(self.headers.items()),
            "content": base64.b64encode(content).decode(),
        }
        self.records.write(json.dumps(value) + "\n")
        self.records.flush()

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = _answer

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing: the records contain each request."""


def main() -> None:
    """Serve until standard input ends."""
    package, records = sys.argv[1:]
    described = import_module(f"{package}._runtime.fake.described")
    _Handler.described = described.Described(described.read_description(), 0)
    _Handler.answers = import_module(f"{package}._runtime.fake.answers")
    _Handler.httpx2 = import_module("httpx2")
    with open(records, "w", encoding="utf-8") as stream:
        _Handler.records = stream
        server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        server.daemon_threads = True
        print(server.server_address[1], flush=True)
        from threading import Thread

        Thread(target=server.serve_forever, daemon=True).start()
        sys.stdin.read()
        server.shutdown()


if __name__ == "__main__":
    main()
