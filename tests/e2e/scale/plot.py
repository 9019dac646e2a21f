"""docs/images/scale.svg: CPU time and memory by the number of operations.

The picture is 4 inches (384 CSS pixels) wide: a phone shows it at its full size.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from e2e.scale.measure import Measured

_RUNS = ("cold", "operation edited", "schema edited")


def draw(measured: Sequence[Measured], file: Path) -> None:
    """Draw the CPU seconds of each kind of run, and the peak memory of the cold one."""
    # Only this function needs matplotlib.
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "scale"  # otherwise the ids in the file are random
    from matplotlib import pyplot

    operations = [one.operations for one in measured]
    figure, (seconds, memory) = pyplot.subplots(2, 1, figsize=(4, 5.5), layout="constrained")
    for run in _RUNS:
        seconds.plot(operations, [one.costs[run].cpu for one in measured], "o-", label=run)
    seconds.set(xlabel="operations", ylabel="CPU seconds", xlim=0, ylim=0)
    seconds.legend(frameon=False)
    peaks = [one.costs["cold"].peak / 1e6 for one in measured]
    memory.plot(operations, peaks, "o-", color="gray")
    memory.set(xlabel="operations", ylabel="peak memory, MB", xlim=0, ylim=0)
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, metadata={"Date": None})
    pyplot.close(figure)
