"""docs/images/scale.svg: costs against size."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from e2e.scale.measure import Measured

_RUNS = ("cold", "operation edited", "schema edited")


def draw(measured: Sequence[Measured], file: Path) -> None:
    """Draw the CPU seconds of each kind of run, and the peak memory of the cold one."""
    # Only this needs it.
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "scale"  # names in the file, which chance would make
    from matplotlib import pyplot

    operations = [one.operations for one in measured]
    figure, (seconds, memory) = pyplot.subplots(1, 2, figsize=(9, 3.5), layout="constrained")
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
