"""Commands of other tools: run with a time limit, their CPU seconds measured."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SECONDS = 120.0
"""The maximum time of a command."""
_TAIL = 200_000


@dataclass(frozen=True)
class Ended:
    """The end of a command: exit code (None: timeout), output, CPU seconds."""

    code: int | None
    output: str
    cpu: float

    @property
    def last_line(self) -> str:
        """Its last line of output, which usually names the fault."""
        lines = [line.strip() for line in self.output.splitlines() if line.strip()]
        return lines[-1][:200] if lines else ""


def run(
    command: Sequence[str | Path],
    folder: Path,
    environment: Mapping[str, str] | None = None,
    seconds: float = SECONDS,
) -> Ended:
    """Run a command in a folder; what it started is ended with it when the time is over.

    Args:
        command: The program and its arguments. The folder of the program is put on PATH, as in an
            environment that was activated: some tools call others that they brought along.
        folder: Where it runs.
        environment: Variables to add.
        seconds: How long it may take.
    """
    path = f"{Path(command[0]).parent}{os.pathsep}{os.environ['PATH']}"
    variables = {**os.environ, "PATH": path, **(environment or {})}
    with tempfile.TemporaryFile() as printed:
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=folder,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        code, cpu = _wait(process, time.monotonic() + seconds)
        printed.seek(0, os.SEEK_END)
        printed.seek(max(0, printed.tell() - _TAIL))
        return Ended(code, printed.read().decode(errors="replace"), cpu)


def _wait(process: subprocess.Popen[bytes], deadline: float) -> tuple[int | None, float]:
    """Exit code and CPU seconds of a process and its children."""
    is_late = False
    while True:
        ended, status, usage = os.wait4(process.pid, os.WNOHANG)
        if ended:
            break
        if not is_late and time.monotonic() > deadline:
            is_late = True
            os.killpg(process.pid, signal.SIGKILL)
        time.sleep(0.02)
    process.returncode = os.waitstatus_to_exitcode(status)
    return None if is_late else process.returncode, usage.ru_utime + usage.ru_stime
