"""Runs one action of an adapter and prints what happened as JSON, in the environment of the client.

It knows nothing but the standard library: each client brings its own packages. The same actions are
asked of every adapter; what an outcome is worth is judged elsewhere (``probes.py``).
"""

from __future__ import annotations

import asyncio
import io
import json
import logging
import resource
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

KEY = "sk-secret-0123456789"
BETA = "assistants=v1"


class NotOfferedError(Exception):
    """The client has nothing for this; the message says what a user would do instead."""


class Adapter(Protocol):
    """What is asked of a client. Values are its own; ``dump`` gives them as JSON again."""

    def run(self, thread_id: str = "thread_1", run_id: str = "run_1") -> Any: ...

    def create_run(self) -> Any: ...

    def message(self) -> Any: ...

    def dump(self, value: Any) -> Any: ...

    def error_body(self, error: Exception) -> Any: ...

    def pages(self) -> Sequence[str]: ...

    def events(self) -> Sequence[Any]: ...

    async def run_async(self) -> Any: ...

    def upload(self, path: Path) -> int: ...

    def shown(self) -> str: ...


def _value(adapter: Adapter, get: Callable[[], Any]) -> dict[str, Any]:
    start = time.monotonic()
    value = get()
    seconds = round(time.monotonic() - start, 2)
    return {"type": type(value).__name__, "value": adapter.dump(value), "seconds": seconds}


def _error(adapter: Adapter) -> dict[str, Any]:
    try:
        value = adapter.run()
    except Exception as error:
        bases = [one.__name__ for one in type(error).__mro__ if one.__module__ != "builtins"]
        if not bases:  # a mistake in the client, no error of the API
            raise
        body = adapter.error_body(error)
        return {"raised": bases, "body": type(body).__name__, "text": str(body)[:80]}
    return {"returned": type(value).__name__}


def _peak() -> int:
    """The most memory that this program has held, in KiB.

    Linux counts what the process held before it became this program into ``ru_maxrss``.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    lines = status.read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


def _upload(adapter: Adapter) -> dict[str, Any]:
    path = Path("large.bin")
    with path.open("wb") as stream:
        stream.truncate(96 * 2**20)
    before = _peak()
    stored = adapter.upload(path)
    grown = _peak() - before
    path.unlink()
    return {"stored": stored, "grown": grown // 1024}


def _secrets(adapter: Adapter) -> dict[str, Any]:
    logged = io.StringIO()
    logging.basicConfig(level=logging.DEBUG, stream=logged, force=True)
    adapter.run()
    lines = len(logged.getvalue().splitlines())
    shown = {"repr": KEY in adapter.shown(), "logs": KEY in logged.getvalue()}
    return {**shown, "lines": lines}


def _async(adapter: Adapter) -> dict[str, Any]:
    value = asyncio.run(adapter.run_async())
    return {"type": type(value).__name__}


_ACTIONS: dict[str, Callable[[Adapter], dict[str, Any]]] = {
    "run": lambda adapter: _value(adapter, adapter.run),
    "create_run": lambda adapter: _value(adapter, adapter.create_run),
    "message": lambda adapter: _value(adapter, adapter.message),
    "path": lambda adapter: _value(adapter, lambda: adapter.run("a/b", "..")),
    "error": _error,
    "pages": lambda adapter: {"items": list(adapter.pages())},
    "events": lambda adapter: {"events": [type(one).__name__ for one in adapter.events()]},
    "async": _async,
    "upload": _upload,
    "secrets": _secrets,
}


def main(make: Callable[[str], Adapter]) -> None:
    """Run the action that the command line names against the address that it names."""
    action, base_url = sys.argv[1:]
    sys.path.insert(0, str(Path.cwd()))
    try:
        told = _ACTIONS[action](make(base_url))
    except NotOfferedError as error:
        told = {"not_offered": str(error)}
    except Exception as error:
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        told = {"failed": f"{type(error).__name__}: {' '.join(lines)[:200]}"}
    print(json.dumps(told))
