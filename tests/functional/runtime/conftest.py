"""A server that sends exactly the given bytes, even if they are wrong."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager

import pytest


@contextmanager
def sending(answer: bytes) -> Generator[str]:
    """A server that reads a request, sends ``answer`` and closes the connection."""
    listener = socket.create_server(("127.0.0.1", 0))
    stopped = threading.Event()

    def serve() -> None:
        while not stopped.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(5)
                while b"\r\n\r\n" not in connection.recv(65536, socket.MSG_PEEK):
                    pass
                connection.recv(65536)
                connection.sendall(answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        stopped.set()
        with socket.create_connection(listener.getsockname()) as last:
            last.sendall(b"GET / HTTP/1.1\r\n\r\n")
        thread.join(5)
        listener.close()


@pytest.fixture
def sends() -> Iterator[Callable[[bytes], str]]:
    """Makes a server that sends these bytes to every client; returns its base URL."""
    with ExitStack() as servers:
        yield lambda answer: servers.enter_context(sending(answer))
