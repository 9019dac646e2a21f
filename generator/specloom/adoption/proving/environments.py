"""Environments for the two SDKs, created once, and the processes in them."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from specloom.errors import Location, refuse

INSIDE = Path(__file__).parent / "inside"
_TOOLS = ("pytest", "pytest-asyncio", "respx", "httpx", "time-machine", "dirty-equals")
"""Packages that the tests of Stainless SDKs import."""
_STARTS = 60.0


@dataclass(frozen=True, slots=True)
class Environment:
    """A Python, the folder that holds an SDK's package, and further environment variables."""

    python: Path
    sdk: Path
    variables: Mapping[str, str] = field(default_factory=dict[str, str])

    def variables_for(self, **others: str) -> dict[str, str]:
        """The environment variables of a process: the current ones, with the SDK and ``inside``."""
        path = os.pathsep.join((str(self.sdk.resolve()), str(INSIDE)))
        rest = {name: one for name, one in os.environ.items() if name != "PYTHONHASHSEED"}
        return {**rest, "PYTHONPATH": path, "NO_COLOR": "1", **self.variables, **others}

    def run(self, *arguments: str, cwd: Path, seconds: float, **variables: str) -> str:
        """Run Python with arguments. Returns its output; if it fails, the end of the output."""
        command = [str(self.python), *arguments]
        try:
            done = subprocess.run(
                command,
                cwd=cwd,
                env=self.variables_for(**variables),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return f"no end after {seconds:.0f} s"
        return done.stdout.decode(errors="replace")[-4000:]


def made(
    folder: Path, sdk: Path, requirements: tuple[str, ...], sources: Path | None = None
) -> Environment:
    """An environment with the dependencies of an SDK and of its tests.

    It is created again only if the requirements changed. Raises SpecError if that fails.
    """
    folder = folder.absolute()
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp = folder / "made-for"
    wanted = hashlib.sha256(f"{requirements} {_TOOLS} {sys.version}".encode()).hexdigest()
    if not (stamp.exists() and stamp.read_text(encoding="utf-8") == wanted):
        _call(folder, sys.executable, "-m", "venv", "--clear", str(folder))
        quiet = ("--quiet", "--disable-pip-version-check")
        _call(folder, str(python), "-m", "pip", "install", *quiet, *requirements, *_TOOLS)
        stamp.write_text(wanted, encoding="utf-8")
    return Environment(python, sources or sdk)


def _call(folder: Path, *command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        hint = "the proof installs the packages of both SDKs: check the network"
        message = f"the environment cannot be made: {_reason(done.stderr or done.stdout)}"
        raise refuse("no-proof", message, Location(str(folder)), hint)


@contextmanager
def mock_server(new: Environment, package: str, records: Path) -> Iterator[str]:
    """A mock server of the description, in the new SDK's environment. Yields its address."""
    process = subprocess.Popen(
        [str(new.python), str(INSIDE / "specloom_server.py"), package, str(records.resolve())],
        env=new.variables_for(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        port = process.stdout.readline().decode().strip()
        if not port:
            _, error = process.communicate()
            message = f"the mock server does not start: {_reason(error.decode(errors='replace'))}"
            raise refuse("no-proof", message, Location("specloom_server.py"))
        yield f"http://127.0.0.1:{port}"
    finally:
        process.stdin.close()
        try:
            process.wait(_STARTS)
        except subprocess.TimeoutExpired:
            process.kill()
        process.stdout.close()
        if process.stderr is not None:
            process.stderr.close()


def _reason(output: str) -> str:
    return (output.strip().splitlines() or ["no reason given"])[-1]
