"""docs/images/benchmarks.svg: the cost of the other sides as a multiple of ours.

The picture is 4 inches (384 CSS pixels) wide: a phone shows it at its full size.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from textwrap import wrap

from bench.measure import ratio
from bench.report import Result


def draw(results: Sequence[Result], file: Path) -> None:
    """Draw the rows with other sides than ours: a dot for each side, and the row's title above."""
    # Only this function needs matplotlib.
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "benchmarks"  # otherwise the ids in the file are random
    from matplotlib import pyplot

    rows = [each for each in results if len(each.samples) > 2 or each.row.name == "generate"]
    sides = dict.fromkeys(side for each in rows for side in each.samples if side != each.own)
    figure, axes = pyplot.subplots(figsize=(4, 0.5 * len(rows) + 2.6), layout="constrained")
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
    axes.set(ylim=(len(rows) - 0.6, -0.8), yticks=[])
    for place, each in enumerate(rows):
        title = "\n".join(wrap(each.row.title, 46))
        point = {"transform": axes.get_yaxis_transform(), "va": "bottom"}
        axes.text(0.01, place - 0.2, title, bbox={"color": "white", "pad": 1}, **point)
    axes.set_xlabel("cost as a multiple of ours (the line)")
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g} x")
    figure.legend(loc="outside lower center", frameon=False)
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, metadata={"Date": None})
    pyplot.close(figure)
