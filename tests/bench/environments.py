"""One environment for each side, with what its file under ``requirements/`` pins.

They are made once, under ``.bench/``, and again when a file changes. Clients
that are generated, ours and others', are put beside them, where ``PYTHONPATH`` finds them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".bench"
_REQUIREMENTS = Path(__file__).with_name("requirements")


@dataclass(frozen=True, slots=True)
class Environment:
    """An interpreter, and the folder of its generated client, if it has one."""

    name: str
    folder: Path
    client: Path | None = None

    @property
    def python(self) -> str:
        """The path of its interpreter."""
        return str(self.folder / "bin" / "python")

    def variables(self, more: Mapping[str, str]) -> dict[str, str]:
        """The environment of its processes: nothing of the caller's, such as a proxy."""
        path = f"{self.folder / 'bin'}{os.pathsep}{os.defpath}"
        own = {"PATH": path, "PYTHONHASHSEED": "0", "PYTHONWARNINGS": "ignore"}
        return own | ({"PYTHONPATH": str(self.client)} if self.client else {}) | dict(more)

    def run(self, *arguments: str, cwd: Path | None = None) -> None:
        """Run one of its programs.

        Raises:
            RuntimeError: It failed; its output is the message.
        """
        command = [str(self.folder / "bin" / arguments[0]), *arguments[1:]]
        done = subprocess.run(
            command,
            cwd=cwd,
            env=self.variables({"HOME": str(self.folder)}),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)}\n{done.stdout}{done.stderr}")


def environment(name: str) -> Environment:
    """The environment of this name, made if needed; takes a minute the first time."""
    folder = FOLDER / "environments" / name
    wanted = requirements(name)
    stamp = folder / "installed.txt"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        print(f"  making the environment {name}", file=sys.stderr, flush=True)
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        _install(folder, _REQUIREMENTS / f"{name}.txt")
        stamp.write_text(wanted, encoding="utf-8")
    return Environment(name, folder)


def requirements(name: str) -> str:
    """What is installed there, a pinned package a line."""
    return (_REQUIREMENTS / f"{name}.txt").read_text(encoding="utf-8")


def version(name: str, package: str) -> str:
    """The version of a package in an environment."""
    pins = (line.partition("==") for line in requirements(name).splitlines())
    return next(pin for found, _, pin in pins if found.lower() == package.lower())


def _install(folder: Path, file: Path) -> None:
    quiet = ("--quiet", "--quiet", "--disable-pip-version-check")
    command: Iterable[str | Path] = [folder / "bin" / "python", "-m", "pip", "install", *quiet]
    subprocess.run([*command, "--no-deps", "--requirement", file], check=True)
