"""The generator: from the description in this repository to its SDK."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from bench import clients
from bench.environments import environment
from bench.measure import Goal, Runner
from bench.rows import Bench, Row, Start
from bench.runners import Fresh

TOOL = "specloom"
WITH_RUFF = f"{TOOL} --formatter ruff"
_SUMMARY = "summary: Fetch one run"


@dataclass(frozen=True, slots=True)
class Workplace:
    """A folder of its own, with the description, the output and whatever the tool remembers."""

    folder: Path

    @property
    def spec(self) -> Path:
        """The description."""
        return self.folder / clients.SPEC.name

    def emptied(self) -> None:
        """As nobody has generated before; the description is as it is in the repository."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        shutil.copy(clients.SPEC, self.spec)

    def generating(self, *options: str, before: Callable[[], object] | None = None) -> Fresh:
        """A run of the tool."""
        lib = clients.SPEC.parent / "lib"
        command = (sys.executable, "-m", TOOL, "generate", str(self.spec), "-o", "out", "--quiet")
        options = ("--include", str(lib), *options)
        variables = {"PATH": "/usr/bin:/bin", "HOME": str(self.folder)}
        return Fresh((*command, *options), variables, "wall", self.folder, before)


def _cold(*options: str) -> Start:
    def start(bench: Bench) -> Runner:
        place = Workplace(bench.folder / "-".join(("cold", *options)))
        return place.generating(*options, before=place.emptied)

    return start


def _edited(bench: Bench) -> Runner:
    place = _generated(bench, "edited")
    numbers = count()

    def edit() -> None:
        text = clients.SPEC.read_text(encoding="utf-8")
        if _SUMMARY not in text:
            raise RuntimeError(f"{clients.SPEC} has no line `{_SUMMARY}` any more")
        changed = text.replace(_SUMMARY, f"{_SUMMARY}, take {next(numbers)}")
        place.spec.write_text(changed, encoding="utf-8")

    return place.generating(before=edit)


def _unchanged(*options: str) -> Start:
    def start(bench: Bench) -> Runner:
        return _generated(bench, "-".join(("unchanged", *options))).generating(*options)

    return start


def _generated(bench: Bench, name: str) -> Workplace:
    place = Workplace(bench.folder / name)
    place.emptied()
    place.generating().sample()
    return place


def _datamodel(bench: Bench) -> Runner:
    own = environment("datamodel-code-generator")
    folder = bench.folder / "datamodel"

    def emptied() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)

    program, *arguments = clients.datamodel_command(clients.SPEC)
    command = (str(own.folder / "bin" / program), *arguments)
    return Fresh(command, own.variables({"HOME": str(folder)}), "wall", folder, emptied)


ROWS = (
    Row(
        name="generate",
        title="Generate the SDK of spec/assistants.yaml, cold",
        unit="s",
        method=(
            "Wall time of a new process with no cache; both format with black where nothing else "
            "is said, and datamodel-code-generator writes its models and its httpx2 client."
        ),
        sides={
            TOOL: _cold(),
            WITH_RUFF: _cold("--formatter", "ruff"),
            "datamodel-code-generator": _datamodel,
        },
        goals=(
            Goal(1.5, side=TOOL),
            Goal(0.8, side=WITH_RUFF),
            Goal(1.0, to="datamodel-code-generator", side=TOOL),
        ),
        weight=2,
    ),
    Row(
        name="generate-edited",
        title="Generate it again, the summary of one operation edited",
        unit="s",
        method="Wall time of a new process.",
        sides={TOOL: _edited},
        goals=(Goal(0.7, side=TOOL),),
        weight=2,
    ),
    Row(
        name="generate-unchanged",
        title="Generate it again, nothing changed",
        unit="ms",
        method="Wall time of a new process. `--check` builds everything and uses no cache.",
        sides={TOOL: _unchanged(), f"{TOOL} --check": _unchanged("--check")},
        goals=(Goal(0.12, side=TOOL),),
    ),
)
