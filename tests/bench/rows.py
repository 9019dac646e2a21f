"""What a row of the benchmarks is: one piece of work, done by several sides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from bench import clients
from bench.environments import Environment, environment
from bench.measure import OURS, Goal, Runner
from bench.runners import Fresh, Loop

Unit = Literal["s", "ms", "µs", "MB"]
SCALES: Mapping[Unit, float] = {"s": 1, "ms": 1e3, "µs": 1e6, "MB": 1e-6}

# The script under sides/ that each peer's interpreter runs.
SCRIPTS = {
    OURS: "sdk",
    "openai": "openai_library",
    "openai-1.16.2": "openai_library",
    "datamodel-code-generator": "datamodel_client",
    "openapi-python-client": "attrs_client",
    "stainful": "stainful_client",
}


class UnavailableError(Exception):
    """A row cannot be measured here; the message says why."""


class Bench:
    """Where a run takes place: the server's address, and the environments, made when asked for.

    Args:
        url: The server's address.
        folder: For what the rows write; it is removed after the run.
        corpus: The folder of the corpus of descriptions, which not everybody has.
        others: Further folders with our SDK, by name, to be measured beside it.
    """

    def __init__(self, url: str, folder: Path, corpus: Path, others: Mapping[str, Path]) -> None:
        self.url = url
        self.folder = folder
        self.corpus = corpus
        self.others = others

    @cached_property
    def environments(self) -> dict[str, Environment]:
        """The environments of all clients."""
        return {
            OURS: clients.sdk(),
            **{name: clients.sdk(path, name) for name, path in self.others.items()},
            "files": clients.files(),
            "plain": clients.plain(),
            "openai": environment("openai"),
            "openai-1.16.2": environment("openai-1.16.2"),
            "datamodel-code-generator": clients.datamodel_code_generator(),
            "openapi-python-client": clients.openapi_python_client(),
            "stainful": clients.stainful(),
        }


Start = Callable[[Bench], Runner]


@dataclass(frozen=True, slots=True)
class Row:
    """One piece of work.

    Attributes:
        name: How it is asked for on the command line.
        title: What is measured.
        unit: The unit that it is told in.
        method: How; what each side does.
        sides: What starts each side.
        goals: What our side may take.
        weight: What the number of rounds is divided by; for work that takes long.
    """

    name: str
    title: str
    unit: Unit
    method: str
    sides: Mapping[str, Start]
    goals: tuple[Goal, ...] = ()
    weight: int = 1

    def started(self, bench: Bench) -> dict[str, Runner]:
        """All sides, ready to be measured, and our SDK once more for each of ``bench.others``."""
        sides = dict(self.sides)
        if OURS in sides:
            sides |= {name: _as_other(sides[OURS], name) for name in bench.others}
        return {name: start(bench) for name, start in sides.items()}


def _as_other(start: Start, name: str) -> Start:
    """The side of our SDK, in another environment."""

    def begin(bench: Bench) -> Runner:
        return start(_Instead(bench, name))

    return begin


class _Instead(Bench):
    """A bench where another SDK stands for ours."""

    def __init__(self, bench: Bench, name: str) -> None:
        super().__init__(bench.url, bench.folder, bench.corpus, bench.others)
        self.__dict__["environments"] = bench.environments | {OURS: bench.environments[name]}


def loops(case: str, *peers: str, parts: int = 1) -> dict[str, Start]:
    """The sides of a case that every one of these peers has under the same name."""
    return {peer: loop(peer, SCRIPTS[peer], case, parts) for peer in peers}


def floor(case: str, parts: int = 1) -> Start:
    """A case of the libraries alone; they stand in our SDK's environment."""
    return loop(OURS, "floor", case, parts)


def loop(peer: str, script: str, case: str, parts: int = 1) -> Start:
    """One case of one script."""
    return lambda bench: Loop(bench.environments[peer], script, case, bench.url, parts)


def fresh(peer: str, code: str, metric: Literal["cpu", "memory"]) -> Start:
    """Python code, run by a peer's interpreter in a new process every time."""

    def start(bench: Bench) -> Runner:
        own = bench.environments[peer]
        variables = own.variables({"BENCH_URL": bench.url})
        return Fresh((own.python, "-c", code), variables, metric)

    return start
