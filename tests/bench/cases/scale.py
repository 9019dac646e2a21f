"""The generator on a description of 1,200 operations, merged of real ones."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from bench.cases.generate import TOOL
from bench.measure import Goal, Runner
from bench.rows import Bench, Row, Start, UnavailableError
from bench.runners import Fresh
from e2e.scale.inputs import write_inputs
from e2e.scale.sources import sources

_OPERATIONS = 1200
# A process begins with the peak of the one that it was forked from, so that a small one runs it.
_PEAK = (
    "import resource, subprocess, sys\n"
    "subprocess.run(sys.argv[1:], check=True)\n"
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)\n"
)


def _cold(metric: Literal["wall", "memory"]) -> Start:
    def start(bench: Bench) -> Runner:
        spec = _description(bench)
        folder = bench.folder / "scale"
        tool = (sys.executable, "-m", TOOL, "generate", str(spec), "-o", "out", "--quiet")
        measured = (sys.executable, "-S", "-c", _PEAK) if metric == "memory" else ()
        variables = {"PATH": "/usr/bin:/bin", "HOME": str(folder)}
        return Fresh((*measured, *tool), variables, metric, folder, _emptied(folder))

    return start


def _emptied(folder: Path) -> Callable[[], None]:
    def empty() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)

    return empty


def _description(bench: Bench) -> Path:
    """The description; merging takes as long as generating, so that it is done once in a run."""
    folder = bench.folder / "description"
    done = folder / "done.json"
    if not done.exists():
        if not (bench.corpus / "index.tsv").is_file():
            raise UnavailableError(
                f"there is no corpus in {bench.corpus.name}/; see docs/corpus.md"
            )
        inputs = write_inputs(sources(bench.corpus), _OPERATIONS, folder)
        done.write_text(json.dumps(str(inputs.files["whole"])), encoding="utf-8")
    return Path(json.loads(done.read_text(encoding="utf-8")))


_METHOD = "A new process with no cache; the description is the one of `make scale`."

ROWS = (
    Row(
        name="scale",
        title=f"Generate an SDK of {_OPERATIONS:,} operations, cold",
        unit="s",
        method=f"{_METHOD} Wall time.",
        sides={TOOL: _cold("wall")},
        goals=(Goal(25.0, side=TOOL),),
        weight=5,
    ),
    Row(
        name="scale-memory",
        title=f"Generate an SDK of {_OPERATIONS:,} operations: its largest process",
        unit="MB",
        method=f"{_METHOD} Peak of the resident memory.",
        sides={TOOL: _cold("memory")},
        goals=(Goal(600e6, side=TOOL),),
        weight=10,
    ),
)
