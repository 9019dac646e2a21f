"""What generating costs, and what the SDK costs those who import it: each time a fresh process.

Costs are those that the system counts for a process and its children (wait4), so that this runs on
Linux and macOS alone.
"""

from __future__ import annotations

import compileall
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from e2e.corpus.state import ROOT
from e2e.scale.inputs import Inputs, State
from e2e.scale.merge import CLIENT, PACKAGE

Run = State | str
UNCHANGED = "nothing changed"
# What ru_maxrss counts in (getrusage(2)).
_RSS_UNIT = 1 if sys.platform == "darwin" else 1024
# A process begins with the peak of the one that it was forked from, so that a small one runs it.
_MEASURE = """\
import json, os, subprocess, sys, time
start = time.monotonic()
process = subprocess.Popen(sys.argv[1:], stdout=sys.stderr)
_, status, usage = os.wait4(process.pid, 0)
wall = time.monotonic() - start
print(json.dumps([usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss]))
raise SystemExit(os.waitstatus_to_exitcode(status))
"""
_IMPORT = """\
import time
start = time.process_time()
from {package} import {client}
{client}(api_key="key", base_url="https://scale.example.com")
print(time.process_time() - start)
"""


@dataclass(frozen=True)
class Cost:
    """The cost of a process with its children: CPU and wall seconds; peak bytes of the largest."""

    cpu: float
    wall: float
    peak: int


@dataclass(frozen=True)
class Sdk:
    """A package to import: the folder that holds it, its name, its client's class."""

    folder: Path
    package: str
    client: str


@dataclass(frozen=True)
class Measured:
    """A size: its description, what came out of it, and the costs of each kind of run."""

    operations: int
    megabytes: float
    files: int
    lines: int
    costs: Mapping[str, Cost]


def measure(inputs: Inputs, folder: Path, rounds: int) -> Measured:
    """Generate into ``folder`` from nothing, then again after each edit; medians of the rounds."""
    found: dict[str, list[Cost]] = {}
    for _ in range(rounds):
        shutil.rmtree(folder, ignore_errors=True)
        for run, state in (
            ("cold", "whole"),
            (UNCHANGED, "whole"),
            ("operation edited", "operation edited"),
            ("schema edited", "schema edited"),
        ):
            found.setdefault(run, []).append(_generate(inputs.files[state], folder))
    texts = list(_texts(folder / "sdk"))
    return Measured(
        operations=inputs.operations,
        megabytes=inputs.megabytes,
        files=len(texts),
        lines=sum(text.count("\n") for text in texts),
        costs={run: _middle(costs) for run, costs in found.items()},
    )


def generated(folder: Path) -> Sdk:
    """The SDK of the last ``measure``."""
    return Sdk(folder / "sdk", PACKAGE, CLIENT)


def small(folder: Path) -> Sdk:
    """A copy of the repository's own SDK, to compare with."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "generated", folder)
    return Sdk(folder, "assistants_sdk", "Assistants")


def import_seconds(sdks: Mapping[str, Sdk], rounds: int) -> dict[str, float]:
    """CPU seconds to import each package and construct its client: medians, taken in turns."""
    for sdk in sdks.values():
        compileall.compile_dir(sdk.folder / sdk.package, quiet=2)
    found: dict[str, list[float]] = {name: [] for name in sdks}
    for _ in range(rounds):
        for name, sdk in sdks.items():
            code = _IMPORT.format(package=sdk.package, client=sdk.client)
            done = subprocess.run(
                [sys.executable, "-c", code],
                cwd=sdk.folder,
                check=True,
                capture_output=True,
            )
            found[name].append(float(done.stdout))
    return {name: median(values) for name, values in found.items()}


def _generate(description: Path, folder: Path) -> Cost:
    """One run of the command, on a description that has always the same path."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(description, folder / "openapi.yaml")
    command = [
        sys.executable,
        "-m",
        "specloom",
        "generate",
        "openapi.yaml",
        "-o",
        "sdk",
    ]
    done = subprocess.run(
        [sys.executable, "-S", "-c", _MEASURE, *command],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    cpu, wall, peak = json.loads(done.stdout)
    return Cost(cpu, wall, peak * _RSS_UNIT)


def _middle(costs: Sequence[Cost]) -> Cost:
    return Cost(
        cpu=median(one.cpu for one in costs),
        wall=median(one.wall for one in costs),
        peak=round(median(one.peak for one in costs)),
    )


def _texts(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and ".specloom-cache" not in path.parts:
            yield path.read_text(encoding="utf-8")
