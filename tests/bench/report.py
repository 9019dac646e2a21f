"""The measurements as text: for the terminal, and for docs/benchmarks.md."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import median

from bench.environments import requirements, version
from bench.measure import OURS, Goal, ratio, spread
from bench.rows import SCALES, Row, Unit

# The package that names a side, in its environment; for those whose side has another name.
_PACKAGES = {
    "openai": "openai",
    "openai-1.16.2": "openai",
    "datamodel-code-generator": "datamodel-code-generator",
    "openapi-python-client": "openapi-python-client",
}
_LIBRARIES = ("httpx2", "pydantic", "pydantic_core")

_PAGE = """\
# Benchmarks

The cost of a client and of the generator, compared with others in one run of `make bench` on
{day}. Lower is better. `sdk` is the SDK in [generated/](../generated/), `specloom` the generator.

![Cost of the others as a multiple of ours](images/benchmarks.svg)

## Goals

{goals}

{missed}

## Figures

{tables}
## Method

- {rounds} rounds at most. In each round the sides alternate (A B A B …), so that a slow phase of
  the machine affects all of them. Figures are medians. A ratio is the median of the rounds' ratios.
  The spread is the interquartile range relative to the median.
- Figures are CPU times unless stated otherwise. A client's CPU time is that of its own process. The
  server is another process and sends the same bytes to every side: recorded responses of
  [tests/fixtures](../tests/fixtures/README.md).
- Each side runs in its own environment with the pins of `tests/bench/requirements/`, and is called
  as its documentation describes. The code is in `tests/bench/sides/` and `tests/bench/cases/`.
- There are two versions of openai: the newest, which has version 2 of the Assistants API as the
  deprecated `client.beta`, and 1.16.2, which has the 28 endpoints of this description.
- openapi-python-client leaves out every operation with a constant header, and all of these have
  one. It gets the description without that header.

```sh
make bench
make bench ARGS="decode stream --rounds 20"
```

## Versions

Python {python} on {cpus} CPUs ({machine}).

{versions}
"""


@dataclass(frozen=True, slots=True)
class Result:
    """The samples of a row by side; if there are none, the reason."""

    row: Row
    samples: Mapping[str, Sequence[float]] = field(default_factory=dict)
    reason: str = ""

    @property
    def own(self) -> str:
        """Our side: the SDK or the generator."""
        return OURS if OURS in self.samples else next(iter(self.samples), OURS)


def figure(value: float, unit: Unit) -> str:
    """A value with three significant digits, in its unit."""
    scaled = value * SCALES[unit]
    digits = 0 if scaled >= 100 else 1 if scaled >= 10 else 2
    return f"{scaled:,.{digits}f} {unit}"


def plain_table(result: Result) -> str:
    """The medians of a row, one side a line."""
    return "\n".join(
        f"  {side:28} {value:>12}  {times:>8}  {width:>5}"
        for side, value, times, width in _lines(result)
    )


def _lines(result: Result) -> Iterator[tuple[str, str, str, str]]:
    for side, values in result.samples.items():
        times = ratio(result.samples, side, result.own)
        value = figure(median(values), result.row.unit)
        yield side, value, f"{times:.2f} x", f"{spread(values):.0%}"


def verdicts(results: Sequence[Result]) -> Iterator[str]:
    """A line for each goal: met or missed, and by how much."""
    for result in results:
        for goal in result.row.goals:
            shown = f"; it is {found(goal, result)}" if goal.is_measured(result.samples) else ""
            aim = f"at most {wanted(goal, result)}{shown}"
            yield f"{verdict(goal, result)}: {result.row.title}: {aim}"


def verdict(goal: Goal, result: Result) -> str:
    """One word, or two."""
    if not goal.is_measured(result.samples):
        return "not measured"
    return "met" if goal.is_met(result.samples) else "MISSED"


def wanted(goal: Goal, result: Result) -> str:
    """The goal in words."""
    limit = f"{goal.limit:g} x {goal.to}" if goal.to else figure(goal.limit, result.row.unit)
    if goal.side not in {OURS, result.own}:
        limit += f" for {goal.side}"
    return f"{limit} above {goal.above}" if goal.above else limit


def found(goal: Goal, result: Result) -> str:
    """The measured value of a goal."""
    value = goal.figure(result.samples)
    return f"{value:.2g} x" if goal.to else figure(value, result.row.unit)


def page(results: Sequence[Result], rounds: int, day: date) -> str:
    """The text of docs/benchmarks.md."""
    return _PAGE.format(
        day=day.isoformat(),
        goals=_goals(results),
        missed=_missed(results),
        tables="".join(map(_section, results)),
        rounds=rounds,
        python=platform.python_version(),
        cpus=os.cpu_count(),
        machine=f"{platform.system()}, {platform.machine()}",
        versions=_versions(),
    )


def _goals(results: Sequence[Result]) -> str:
    rows = [
        (result.row.title, f"≤ {wanted(goal, result)}", _found(goal, result), verdict(goal, result))
        for result in results
        for goal in result.row.goals
    ]
    return _table(("", "goal", "measured", ""), rows)


def _found(goal: Goal, result: Result) -> str:
    return found(goal, result) if goal.is_measured(result.samples) else "-"


def _missed(results: Sequence[Result]) -> str:
    all_ = [verdict(goal, result) for result in results for goal in result.row.goals]
    missed = all_.count("MISSED")
    return f"{missed} of {len(all_)} goals missed." if missed else "No goal is missed."


def _section(result: Result) -> str:
    if not result.samples:
        table = f"Not measured: {result.reason}."
    else:
        table = _table(("", "median", f"of {result.own}'s", "spread"), list(_lines(result)))
    return f"### {result.row.title}\n\n{result.row.method}\n\n{table}\n\n"


def _versions() -> str:
    sides = {name: version(name, package) for name, package in _PACKAGES.items()}
    rows = [(name, sides.get(name, ""), _libraries(name)) for name in (OURS, *sides)]
    return _table(("environment", "version", "its libraries"), rows)


def _libraries(environment: str) -> str:
    pins = [line.partition("==") for line in requirements(environment).splitlines()]
    names = {*_LIBRARIES, "httpx", "attrs"}
    return ", ".join(f"{name} {pin}" for name, _, pin in pins if name in names)


def _table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [titles, ["---", *["---:"] * (len(titles) - 1)], *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
