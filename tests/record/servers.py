"""The servers to record from, which this project did not write; ``make record`` installs them."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from support.described import document

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / ".record"
# fakeai wants keys of at least 8 characters.
API_KEY = "recorder-key"
_START_SECONDS = 60.0


@contextmanager
def prism() -> Iterator[str]:
    """Prism over the description; its base URL.

    It refuses requests that break the description. ``--errors`` is off because it would also turn
    every stream into an error: Prism takes the text of one for a single event. The recorder looks
    at the violations that Prism reports instead.
    """
    port = _free_port()
    program = TOOLS / "prism/node_modules/.bin/prism"
    with tempfile.TemporaryDirectory() as folder:
        # As JSON, because Prism's YAML reader drops the last line end of a block, and a stream
        # without it lacks its last event.
        description = Path(folder, "assistants.json")
        description.write_text(json.dumps(document()), encoding="utf-8")
        with _running([program, "mock", description, "--port", str(port)], port):
            yield f"http://127.0.0.1:{port}"


@contextmanager
def fakeai() -> Iterator[str]:
    """fakeai, which keeps what it is told until it stops; its base URL."""
    port = _free_port()
    program = TOOLS / "fakeai/bin/fakeai"
    options = ["--host", "127.0.0.1", "--port", str(port), "--api-key", API_KEY]
    with _running([program, "server", *options], port):
        yield f"http://127.0.0.1:{port}/v1"


@contextmanager
def _running(command: Sequence[str | Path], port: int) -> Iterator[None]:
    """A server with a home folder of its own, so that it neither reads nor leaves anything."""
    with tempfile.TemporaryDirectory() as home, Path(home, "log").open("w+") as log:
        process = subprocess.Popen(
            command, cwd=home, env=os.environ | {"HOME": home}, stdout=log, stderr=log
        )
        try:
            _wait_for(process, port, Path(log.name))
            yield
        finally:
            process.terminate()
            process.wait(timeout=10)


def _wait_for(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"record: the server does not start:\n{log.read_text()[-2000:]}")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port
