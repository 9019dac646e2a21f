"""Runs the command in a process with limited time and memory."""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
from functools import cache
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import NamedTuple, TypeAlias

from specloom.commands import main

SECONDS = 60
"""CPU seconds for each process, even on slow machines; most need less than one."""
MEMORY = 1536 * 2**20
"""Bytes of address space for each process, with libraries."""

Files: TypeAlias = "dict[str, str | bytes]"


class Ending(NamedTuple):
    """The end of a run: codes of errors; empty if an SDK was written."""

    codes: frozenset[str]
    written: tuple[str, ...]


def run(folder: Path, files: Files, *options: str) -> Ending:
    """Generate from the first file in a process with the limits."""
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode()
        (folder / name).write_bytes(data)
    arguments = ["generate", next(iter(files)), "-o", "out", "--format", "json", "--all", *options]
    process = _fork_server().Process(target=_limited, args=(folder, arguments))
    process.start()
    process.join(20 * SECONDS)
    printed = (folder / "stderr").read_text(encoding="utf-8")
    shown = printed.partition("\n]")[0] + "\n]" if printed.startswith("[\n") else "[]"
    errors = [one for one in json.loads(shown) if one["severity"] == "error"]
    assert process.exitcode == (2 if errors else 0), printed[-2000:]
    assert all(one["line"] >= 1 and one["column"] >= 1 for one in errors)
    written = sorted(path.name for path in (folder / "out").rglob("*.py"))
    assert bool(written) != bool(errors)
    return Ending(frozenset(one["code"] for one in errors), tuple(written))


@cache
def _fork_server() -> ForkServerContext:
    """A process that has imported the command; forking it for each run saves a second."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["specloom.__main__", "specloom.pipeline", "support.limited"])
    return context


def _limited(folder: Path, arguments: list[str]) -> None:
    """Run the command in this process, within the limits; its output goes to files."""
    import resource  # Windows has no such module

    os.chdir(folder)
    for stream, name in ((sys.stdout, "stdout"), (sys.stderr, "stderr")):
        os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT), stream.fileno())
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    main(arguments)
