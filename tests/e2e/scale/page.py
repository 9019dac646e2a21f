"""Writes docs/scale.md from the measurements."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from math import log

from e2e.scale.measure import UNCHANGED, Measured

SMALL = "28 operations"

_PAGE = """\
# Scale

`make scale` merges documents of [the corpus](corpus.md) into descriptions of up to {most:,}
operations, generates their SDKs and measures. Its output is not committed.

```sh
make scale CORPUS=../shared/corpus
make scale ARGS="--sizes 300 1200 --rounds 3"
```

![CPU seconds and memory against operations](images/scale.svg)

CPU seconds:

{costs}

The CPU time of a cold run grows with the number of operations to the power of {power:.2f} (1 is
linear).

{sizes}

CPU time to import the package and construct the client, with byte code present:

{imports}

Measured with Python {python} on {cpus} CPUs ({machine}), {rounds}.

## Method

- The input is merged from valid published documents without external references. Documents with
  {density:,} bytes and more for each operation alternate with the others, so that the amount of
  text for each operation is similar at every size. Names that clash get a prefix. Larger sizes
  repeat documents. The same size always gives the same bytes.
- Every run is `specloom generate` in a new process. A cold run has no output and no cache. The
  other runs start from the output of the run before: nothing changed, a parameter added to the
  middle operation, a property added to the middle schema with properties.
- CPU time covers a process and its children. Memory is the peak of the largest process.
"""


def page(
    measured: Sequence[Measured],
    imports: Mapping[str, float],
    density: int,
    rounds: int,
) -> str:
    """The text of the page."""
    return _PAGE.format(
        most=max(one.operations for one in measured),
        costs=_costs(measured),
        power=power([(one.operations, one.costs["cold"].cpu) for one in measured]),
        sizes=_sizes(measured),
        imports=_table(
            ["SDK", "ms"],
            [[name, f"{1000 * each:.1f}"] for name, each in imports.items()],
        ),
        python=platform.python_version(),
        cpus=os.cpu_count(),
        machine=f"{platform.system()}, {platform.machine()}",
        rounds="one run each" if rounds == 1 else f"medians of {rounds} runs",
        density=density,
    )


def power(points: Sequence[tuple[float, float]]) -> float:
    """The exponent of the size in a cost: least squares over the logarithms."""
    if len(points) < 2:
        return 1.0
    pairs = [(log(size), log(cost)) for size, cost in points]
    middle_x = sum(x for x, _ in pairs) / len(pairs)
    middle_y = sum(y for _, y in pairs) / len(pairs)
    above = sum((x - middle_x) * (y - middle_y) for x, y in pairs)
    return above / sum((x - middle_x) ** 2 for x, _ in pairs)


def _costs(measured: Sequence[Measured]) -> str:
    runs = ["cold", UNCHANGED, "operation edited", "schema edited"]
    rows = [
        [
            f"{one.operations:,}",
            *(f"{one.costs[run].cpu:.1f}" for run in runs),
            f"{one.costs['cold'].wall:.0f} s",
            f"{one.costs['cold'].peak / 1e6:.0f} MB",
        ]
        for one in measured
    ]
    return _table(["operations", *runs, "cold, wall", "peak memory"], rows)


def _sizes(measured: Sequence[Measured]) -> str:
    rows = [
        [
            f"{one.operations:,}",
            f"{one.megabytes:.1f}",
            f"{one.files:,}",
            f"{one.lines:,}",
        ]
        for one in measured
    ]
    return _table(["operations", "MB of YAML", "files written", "lines written"], rows)


def _table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [titles, ["---", *["---:"] * (len(titles) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
