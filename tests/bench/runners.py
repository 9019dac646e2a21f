"""Two kinds of sides: loops in a process that lives on, and processes that are new every time."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bench.environments import Environment

_SIDES = Path(__file__).with_name("sides")
_SECONDS_A_SAMPLE = 0.15
_MOST_REPEATS = 5000


class Loop:
    """A case of a script under ``sides/``, warmed up: the CPU time of a repeat, or of a part of it.

    Args:
        environment: Where the script runs.
        script: Its name.
        case: The name of its function.
        url: The server.
        parts: How many things one repeat does, such as events that it reads.
    """

    def __init__(
        self, environment: Environment, script: str, case: str, url: str, parts: int = 1
    ) -> None:
        self._process = subprocess.Popen(
            [environment.python, str(_SIDES / f"{script}.py"), case],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment.variables({"BENCH_URL": url}),
        )
        self._parts = parts
        self._repeats = 1
        self._spent()  # the first repeat loads modules and connects
        self._repeats = min(_MOST_REPEATS, max(1, int(_SECONDS_A_SAMPLE / self._warm())))

    def sample(self) -> float:
        """Seconds of CPU time."""
        return self._spent() / self._parts

    def _spent(self) -> float:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{self._repeats}\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError("A side of the benchmark has ended; what it said stands above")
        return float(json.loads(answer))

    def _warm(self) -> float:
        """Repeat until a sample is long enough to be believed."""
        while (seconds := self._spent()) * self._repeats < _SECONDS_A_SAMPLE / 4:
            self._repeats *= 4
        return seconds

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


@dataclass(frozen=True, slots=True)
class Fresh:
    """A command, run anew for every sample.

    Attributes:
        command: The program and its arguments.
        variables: The environment of its process.
        metric: ``cpu``: seconds of CPU time, also of its children; ``wall``: seconds; ``memory``:
            the bytes that it printed; ``peak``: the most bytes that it had.
        cwd: Where it runs.
        before: Called before every sample.
    """

    command: Sequence[str]
    variables: Mapping[str, str]
    metric: Literal["cpu", "wall", "memory", "peak"] = "cpu"
    cwd: Path | None = None
    before: Callable[[], object] | None = None

    def sample(self) -> float:
        """Run it once."""
        if self.before is not None:
            self.before()
        # A file: a tool with many warnings would wait for a reader of its second pipe.
        with tempfile.TemporaryFile("w+") as errors:
            start = time.perf_counter()
            process = subprocess.Popen(
                self.command,
                env=self.variables,
                cwd=self.cwd,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
            assert process.stdout is not None
            with process.stdout:
                output = process.stdout.read()
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.perf_counter() - start
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                errors.seek(0)
                raise RuntimeError(f"{' '.join(self.command)}\n{output}{errors.read()}")
        match self.metric:
            case "cpu":
                return usage.ru_utime + usage.ru_stime
            case "wall":
                return wall
            case "memory":
                return float(output.splitlines()[-1])
            case "peak":
                return usage.ru_maxrss * 1024.0

    def close(self) -> None:
        """Nothing lives on."""
