"""``python -m bench [ROW ...]``, as the Makefile calls it."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from bench import plot, report
from bench.cases import ROWS
from bench.environments import ROOT
from bench.measure import interleaved
from bench.report import Result
from bench.rows import Bench, Row, UnavailableError
from bench.server import serving

_DOCS = ROOT / "docs"
_HEAVY = 5  # rows that are measured without a round to warm up


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and, where all rows were measured, write the page."""
    asked = _parser().parse_args(arguments)
    names = [row.name for row in ROWS]
    unknown = [name for name in asked.rows if name not in names]
    if unknown:
        print(f"bench: no row {', '.join(unknown)}; there are {', '.join(names)}", file=sys.stderr)
        return 2
    chosen = [row for row in ROWS if not asked.rows or row.name in asked.rows]
    started = time.monotonic()
    with serving() as url, tempfile.TemporaryDirectory(prefix="bench-") as folder:
        bench = Bench(url, Path(folder), asked.corpus.resolve(), dict(asked.also))
        results = [_measured(row, bench, asked.rounds) for row in chosen]
    print(f"\nThis run took {time.monotonic() - started:.0f} s.")
    for line in report.verdicts(results):
        print(line)
    if not asked.rows and not asked.also:
        page = report.page(results, asked.rounds, date.today())
        _DOCS.joinpath("benchmarks.md").write_text(page, encoding="utf-8", newline="\n")
        plot.draw(results, _DOCS / "images" / "benchmarks.svg")
    return 0


def _measured(row: Row, bench: Bench, rounds: int) -> Result:
    print(f"\n{row.title} ({row.name})", flush=True)
    try:
        runners = row.started(bench)
    except UnavailableError as reason:
        print(f"  not measured: {reason}")
        return Result(row, {}, str(reason))
    try:
        if row.weight < _HEAVY:
            interleaved(runners, 1)  # byte code, disk caches and connections
        result = Result(row, interleaved(runners, max(1, rounds // row.weight)))
    except RuntimeError as failure:  # a side ended with an error
        print(f"  not measured: {failure}", file=sys.stderr)
        lines = str(failure).strip().splitlines() or ["a side failed"]
        return Result(row, {}, lines[-1])
    finally:
        for runner in runners.values():
            runner.close()
    print(report.plain_table(result), flush=True)
    return result


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Measure the SDK and the generator side by side with others'.",
    )
    parser.add_argument(
        "rows", nargs="*", metavar="ROW", help="only these rows; nothing is written"
    )
    parser.add_argument("--rounds", type=int, default=10, help="samples of each side (default: 10)")
    parser.add_argument(
        "--corpus", type=Path, default=Path("../shared/corpus"), help="for the row `scale`"
    )
    parser.add_argument(
        "--also",
        type=_named_folder,
        action="append",
        default=[],
        metavar="NAME=FOLDER",
        help="measure the SDK in this folder, too, such as one before a change",
    )
    return parser


def _named_folder(text: str) -> tuple[str, Path]:
    name, _, folder = text.partition("=")
    if not (Path(folder) / "assistants_sdk").is_dir():
        raise argparse.ArgumentTypeError(f"{folder or text} holds no folder assistants_sdk")
    return name, Path(folder)


if __name__ == "__main__":
    raise SystemExit(main())
