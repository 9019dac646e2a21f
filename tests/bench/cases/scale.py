"""The generator on large descriptions: merged of real ones, and GitHub's."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

from bench.cases.generate import TOOL, WITH_RUFF
from bench.environments import environment
from bench.measure import Goal, Runner
from bench.rows import Bench, Row, Start, UnavailableError
from bench.runners import Fresh
from e2e.scale.inputs import write_inputs
from e2e.scale.sources import sources

Metric = Literal["wall", "cpu", "memory"]
_RUFF = ("--formatter", "ruff")
_PEER = "openapi-python-client"
_GITHUB = "api.github.com.json"
_FROM = "The description is generated/api.github.com.json of the npm package @octokit/openapi."
# A process begins with the peak of the one that it was forked from, so that a small one runs it.
_PEAK = (
    "import resource, subprocess, sys\n"
    "subprocess.run(sys.argv[1:], check=True)\n"
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)\n"
)


def _cold(operations: int, metric: Metric, *options: str) -> Start:
    return lambda bench: _run(bench, _merged(bench, operations), metric, *options)


def _run(bench: Bench, spec: Path, metric: Metric, *options: str) -> Runner:
    folder = bench.folder / "scale"
    tool = (sys.executable, "-m", TOOL, "generate", str(spec), "-o", "out", "--quiet", *options)
    measured = (sys.executable, "-S", "-c", _PEAK) if metric == "memory" else ()
    variables = {"PATH": "/usr/bin:/bin", "HOME": str(folder)}
    return Fresh((*measured, *tool), variables, metric, folder, _emptied(folder))


def _emptied(folder: Path) -> Callable[[], None]:
    def empty() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)

    return empty


def _merged(bench: Bench, operations: int) -> Path:
    """A description; merging takes as long as generating, so that it is done once in a run."""
    folder = bench.folder / f"description-{operations}"
    done = folder / "done.json"
    if not done.exists():
        _need_corpus(bench)
        inputs = write_inputs(sources(bench.corpus), operations, folder)
        done.write_text(json.dumps(str(inputs.files["whole"])), encoding="utf-8")
    return Path(json.loads(done.read_text(encoding="utf-8")))


def _need_corpus(bench: Bench) -> None:
    if not (bench.corpus / "index.tsv").is_file():
        raise UnavailableError(f"there is no corpus in {bench.corpus.name}/; see docs/corpus.md")


def _github(bench: Bench) -> Path:
    _need_corpus(bench)
    found = bench.corpus / "real" / _GITHUB
    if not found.is_file():
        raise UnavailableError(f"the corpus has no real/{_GITHUB}. {_FROM}")
    return found


def _ours(bench: Bench) -> Runner:
    return _run(bench, _github(bench), "cpu", *_RUFF)


def _peer(bench: Bench) -> Runner:
    own, folder = environment(_PEER), bench.folder / "github"
    program = str(own.folder / "bin" / _PEER)
    command = (program, "generate", "--path", str(_github(bench)), "--output-path", "out")
    variables = own.variables({"HOME": str(folder)})
    return Fresh(command, variables, "cpu", folder, _emptied(folder))


_METHOD = "A new process with no cache; the description is the one of `make scale`."


def _rows(operations: int, black: float, ruff: float) -> Iterator[Row]:
    yield Row(
        name=f"scale-{operations}",
        title=f"Generate an SDK of {operations:,} operations, cold",
        unit="s",
        method=f"{_METHOD} Wall time on all processors.",
        sides={
            TOOL: _cold(operations, "wall"),
            WITH_RUFF: _cold(operations, "wall", *_RUFF),
        },
        goals=(Goal(black, side=TOOL), Goal(ruff, side=WITH_RUFF)),
        weight=5,
    )


ROWS = (
    *_rows(300, 9.0, 2.8),
    *_rows(1200, 36.0, 10.0),
    Row(
        name="scale-memory",
        title="Generate an SDK of 1,200 operations: its largest process",
        unit="MB",
        method=f"{_METHOD} Peak of the resident memory.",
        sides={TOOL: _cold(1200, "memory"), WITH_RUFF: _cold(1200, "memory", *_RUFF)},
        goals=(Goal(350e6, side=TOOL), Goal(350e6, side=WITH_RUFF)),
        weight=10,
    ),
    Row(
        name="github",
        title="Generate an SDK of GitHub's description, cold",
        unit="s",
        method=f"CPU time of a new process with no cache; both format with ruff. {_FROM}",
        sides={WITH_RUFF: _ours, _PEER: _peer},
        goals=(Goal(1.0, to=_PEER, side=WITH_RUFF),),
        weight=5,
    ),
)
