"""A server in its own process that gives every client the same bytes, and does little else.

Run as a program it prints its address, and serves until its standard input ends.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE, Popen

from bench import payloads

_TESTS = Path(__file__).resolve().parents[1]


@contextmanager
def serving() -> Iterator[str]:
    """The base URL of a server that lives as long as the block."""
    process = Popen(
        [sys.executable, "-m", "bench.server"], stdin=PIPE, stdout=PIPE, text=True, cwd=_TESTS
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.stdin.close()
        process.wait()


class _Answering(asyncio.Protocol):
    """Answers requests of HTTP/1.1 by their last path segment; knows no errors."""

    def __init__(self, answers: dict[str, bytes]) -> None:
        self._answers = answers
        self._rest = b""
        self._unread = 0  # bytes of an upload that are still to come; nobody keeps them

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        if self._unread:
            taken = min(self._unread, len(data))
            self._unread -= taken
            if self._unread:
                return
            self._transport.write(self._answers["upload"])
            data = data[taken:]
        self._rest += data
        while b"\r\n\r\n" in self._rest:
            head, _, rest = self._rest.partition(b"\r\n\r\n")
            length = _length(head)
            if b"/files " in head and len(rest) < length:
                self._unread, self._rest = length - len(rest), b""
                return
            if len(rest) < length:
                return
            body, self._rest = rest[:length], rest[length:]
            self._transport.write(self._answer(head, body))

    def _answer(self, head: bytes, body: bytes) -> bytes:
        method, target = head.split(b" ", 2)[:2]
        if target.endswith(b"/files"):
            return self._answers["upload"]
        if method == b"POST":
            is_stream = b'"stream":true' in body.replace(b" ", b"")
            return self._answers["stream" if is_stream else "run"]
        is_list = target.partition(b"?")[0].endswith(b"/runs")
        return self._answers["runs" if is_list else "run"]


def _length(head: bytes) -> int:
    lines = (line.partition(b":") for line in head.split(b"\r\n")[1:])
    return next((int(value) for name, _, value in lines if name.lower() == b"content-length"), 0)


def _answer(body: bytes, media_type: str = "application/json") -> bytes:
    head = (
        "HTTP/1.1 200 OK\r\nX-Request-Id: req_1\r\n"
        f"Content-Type: {media_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _serve() -> None:
    answers = {
        "run": _answer(payloads.one_run()),
        "runs": _answer(payloads.list_of_runs()),
        "upload": _answer(b'{"bytes": 0}'),
        "stream": _answer(payloads.stream_of_events(), "text/event-stream; charset=utf-8"),
    }
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Answering(answers), "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(_serve())
