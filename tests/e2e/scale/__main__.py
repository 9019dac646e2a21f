"""``python -m e2e.scale CORPUS``, as the Makefile calls it."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from e2e.corpus.state import ROOT
from e2e.scale.inputs import write_inputs
from e2e.scale.measure import Measured, generated, import_seconds, measure, small
from e2e.scale.page import SMALL, page
from e2e.scale.plot import draw
from e2e.scale.sources import DENSITY, sources

FOLDER = ROOT / ".scale"
SIZES = (300, 600, 1200, 2400, 5000)
_IMPORTS = 15
"""The number of imports of each SDK."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Merge, measure, and write the page and its plot."""
    asked = _parser().parse_args(arguments)
    try:
        found = sources(asked.corpus)
    except (OSError, ValueError) as error:
        print(f"scale: {error}", file=sys.stderr)
        return 2
    measured: list[Measured] = []
    sdks = {SMALL: small(asked.work / "small")}
    for size in asked.sizes:
        inputs = write_inputs(found, size, asked.work / "inputs")
        print(f"{size} operations, {inputs.megabytes:.1f} MB", flush=True)
        if asked.merge_only:
            continue
        folder = asked.work / str(size)
        measured.append(measure(inputs, folder, asked.rounds))
        sdks[f"{size:,} operations"] = generated(folder)
        for run, cost in measured[-1].costs.items():
            print(
                f"  {run:<17}{cost.cpu:8.1f} s of CPU {cost.peak / 1e6:6.0f} MB",
                flush=True,
            )
    if measured:
        text = page(measured, import_seconds(sdks, _IMPORTS), DENSITY, asked.rounds)
        asked.docs.mkdir(exist_ok=True)
        (asked.docs / "scale.md").write_text(text, encoding="utf-8", newline="\n")
        draw(measured, asked.docs / "images/scale.svg")
    shutil.rmtree(asked.work / "small")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m e2e.scale",
        description="Measure what large descriptions cost, merged of those of a corpus.",
    )
    parser.add_argument("corpus", type=Path, help="the folder with index.tsv and the documents")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="operations of each")
    parser.add_argument("--rounds", type=int, default=1, help="runs of each kind (default: 1)")
    parser.add_argument("--merge-only", action="store_true", help="write the descriptions alone")
    parser.add_argument("--work", type=Path, default=FOLDER, help="where they and SDKs are kept")
    parser.add_argument("--docs", type=Path, default=ROOT / "docs", help="where the page goes")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
