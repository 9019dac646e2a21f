"""Runs the command in a process whose time and memory the system limits."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple, TypeAlias

SECONDS = 60
"""CPU time that each may take, on a machine however slow; most need less than one."""
MEMORY = 1536 * 2**20
"""Bytes of address space that each may take, libraries included."""

LIMITED = f"""
import resource, sys
resource.setrlimit(resource.RLIMIT_CPU, ({SECONDS}, {SECONDS}))
resource.setrlimit(resource.RLIMIT_AS, ({MEMORY}, {MEMORY}))
from specloom.__main__ import main
main()
"""
Files: TypeAlias = "dict[str, str | bytes]"


class Ending(NamedTuple):
    """How a run ended: codes of errors, none where an SDK was written."""

    codes: frozenset[str]
    written: tuple[str, ...]


def run(folder: Path, files: Files, *options: str) -> Ending:
    """Generate from the first file in a process that is held to the limits."""
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode()
        (folder / name).write_bytes(data)
    command = [sys.executable, "-c", LIMITED, "generate", next(iter(files)), "-o", "out"]
    done = subprocess.run(
        [*command, "--format", "json", "--all", *options],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=20 * SECONDS,
    )
    told = done.stderr.partition("\n]")[0] + "\n]" if done.stderr.startswith("[\n") else "[]"
    errors = [one for one in json.loads(told) if one["severity"] == "error"]
    assert done.returncode == (2 if errors else 0), done.stderr[-2000:]
    assert all(one["line"] >= 1 and one["column"] >= 1 for one in errors)
    written = sorted(path.name for path in (folder / "out").rglob("*.py"))
    assert bool(written) != bool(errors)
    return Ending(frozenset(one["code"] for one in errors), tuple(written))
