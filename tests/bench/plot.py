"""docs/images/benchmarks.svg: how many times as much as our side the others take."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bench.measure import ratio
from bench.report import Result


def draw(results: Sequence[Result], file: Path) -> None:
    """Draw the rows that have other sides than ours: a dot for each of them."""
    # Only this needs it.
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "benchmarks"  # names in the file, which chance would make
    from matplotlib import pyplot

    rows = [each for each in results if len(each.samples) > 2 or each.row.name == "generate"]
    sides = dict.fromkeys(side for each in rows for side in each.samples if side != each.own)
    figure, axes = pyplot.subplots(figsize=(9, 0.55 * len(rows) + 1.6), layout="constrained")
    colors = pyplot.get_cmap("tab20")
    for number, side in enumerate(sides):
        points = [
            (ratio(each.samples, side, each.own), place)
            for place, each in enumerate(rows)
            if side in each.samples
        ]
        axes.plot(*zip(*points, strict=True), "o", label=side, color=colors(number % 20))
    axes.axvline(1, color="black", linewidth=1)
    axes.set_xscale("log")
    axes.set_yticks(range(len(rows)), [each.row.title for each in rows])
    axes.invert_yaxis()
    axes.set_xlabel("times as much as ours (the line); further right is dearer")
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g} x")
    figure.legend(loc="outside lower center", ncols=4, frameon=False)
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, metadata={"Date": None})
    pyplot.close(figure)
