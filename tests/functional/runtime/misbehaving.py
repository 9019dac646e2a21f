"""A server that follows a script on each connection, and counts open connections."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from typing import Any, TypeAlias

Act: TypeAlias = "Callable[[Connection], object]"

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
EVENTS = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
PATIENCE = 10  # seconds; only a test that fails waits so long


def answer(body: bytes, *headers: bytes) -> bytes:
    """A whole response."""
    lines = b"".join(each + b"\r\n" for each in headers)
    return HEAD + lines + b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


def chunk(data: bytes) -> bytes:
    """A chunk of a chunked body."""
    return b"%x\r\n%s\r\n" % (len(data), data)


class Connection:
    """One connection of a client, from the server's side; ``target`` is its last request target."""

    def __init__(self, raw: socket.socket) -> None:
        self.target = b""
        self._raw = raw

    def send(self, data: bytes) -> None:
        """Send bytes at once."""
        self._raw.sendall(data)

    def reset(self) -> None:
        """Cut the connection so that the client sees a reset, not an end."""
        self._raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._raw.close()

    def wait_for_client(self) -> None:
        """Send nothing until the client goes away or the test is over."""
        with suppress(OSError):
            self._raw.recv(1)

    def read_request(self) -> bytes:
        """The head of the next request; empty if the client went away. A body is read, too."""
        data = b""
        while b"\r\n\r\n" not in data:
            more = self._raw.recv(65536)
            if not more:
                return b""
            data += more
        head, _, body = data.partition(b"\r\n\r\n")
        missing = _length(head) - len(body)
        while missing > 0:
            missing -= len(self._raw.recv(65536))
        self.target = head.split(b" ")[1]
        return head


class Misbehaving:
    """The script and the state of the server: it acts once for each request, then on the last."""

    def __init__(self, acts: tuple[Act, ...]) -> None:
        self.base_url = ""
        self.heads: list[bytes] = []
        self.open = 0
        self.peak = 0
        self._acts = list(acts)
        self._changed = threading.Condition()

    def wait_until_closed(self) -> bool:
        """Whether no connection stays open."""
        with self._changed:
            return self._changed.wait_for(lambda: self.open == 0, PATIENCE)

    def serve(self, raw: socket.socket) -> None:
        """Answer on one connection until it is closed by either side."""
        self._count(1)
        try:
            connection = Connection(raw)
            while head := connection.read_request():
                self._take(head)(connection)
        except OSError:
            pass
        finally:
            raw.close()
            self._count(-1)

    def _take(self, head: bytes) -> Act:
        with self._changed:
            self.heads.append(head)
            return self._acts.pop(0) if len(self._acts) > 1 else self._acts[0]

    def _count(self, step: int) -> None:
        with self._changed:
            self.open += step
            self.peak = max(self.peak, self.open)
            self._changed.notify_all()


@contextmanager
def misbehaving(*acts: Act) -> Generator[Misbehaving]:
    """A server that lives as long as the block."""
    server = Misbehaving(acts)
    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    server.base_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    accepted: list[socket.socket] = []

    def accept() -> None:
        with suppress(OSError):
            while True:
                raw, _ = listener.accept()
                raw.settimeout(PATIENCE)
                raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                accepted.append(raw)
                threading.Thread(target=server.serve, args=(raw,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for raw in accepted:
            with suppress(OSError):
                raw.shutdown(socket.SHUT_RDWR)
        thread.join(PATIENCE)
        server.wait_until_closed()


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0


def way_of(transport: Any) -> Any:
    """How a transport sent a request, in the single event loop of an async one."""
    ways = getattr(transport, "_by_loop", None)
    return transport._chosen if ways is None else next(iter(ways.values()))


def pool_of(client: Any) -> Any:
    """The connections of a client that has sent a request."""
    return way_of(client._session.transport)._pool
