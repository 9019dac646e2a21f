"""``python -m e2e.comparison CORPUS``, as the Makefile calls it."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from e2e.comparison.documents import DocumentResult, run_all, sample
from e2e.comparison.environments import install
from e2e.comparison.page import Findings, write
from e2e.comparison.probing import run_probes
from e2e.comparison.state import State
from e2e.comparison.tools import FOLDER, TOOLS, Tool, why_not_run
from e2e.corpus.state import ROOT


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the pending parts, and write the tables."""
    asked = _parser().parse_args(arguments)
    tools = [tool for tool in TOOLS if not why_not_run(tool)]
    install(tools)
    work = asked.work.absolute()
    try:
        documents = _documents(asked, tools, work)
    except (OSError, ValueError) as error:
        print(f"comparison: {error}", file=sys.stderr)
        return 2
    if asked.documents_only:
        return 0
    with tempfile.TemporaryDirectory(prefix="specloom-comparison-") as folder:
        answers = run_probes(tools, Path(folder))
    for answer in answers:
        print(f"{answer.probe:<28} {answer.tool:<26} {answer.says}\n    {answer.evidence}")
    write(Findings(documents, answers, asked.every), ROOT)
    return 0


def _documents(
    asked: argparse.Namespace, tools: Sequence[Tool], work: Path
) -> list[DocumentResult]:
    state = State(work / "results.jsonl", asked.corpus, fresh=asked.fresh)
    pairs = [(tool, one) for one in sample(asked.corpus, asked.every) for tool in tools]
    known = {pair: state.known(pair[0], pair[1].path) for pair in pairs}
    results = [DocumentResult(**values) for values in known.values() if values is not None]
    pending = [pair for pair, values in known.items() if values is None]
    todo = run_all(pending, asked.corpus.absolute(), asked.processes)
    for done, ((tool, document), result) in enumerate(zip(pending, todo, strict=True), 1):
        state.add(tool, document.path, asdict(result))
        results.append(result)
        said = f"{result.generate or 'generated'}; types: {result.types or 'ok'}"
        print(f"{done}/{len(pending)} {tool.key} {document.path}: {said}", file=sys.stderr)
    return results


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m e2e.comparison",
        description="Compare specloom with other generators; writes docs/comparison.md.",
    )
    parser.add_argument("corpus", type=Path, help="the folder with index.tsv and the documents")
    parser.add_argument("--every", type=int, default=1, help="every so many documents; 1: all")
    parser.add_argument("--documents-only", action="store_true", help="no probes, write nothing")
    parser.add_argument("--fresh", action="store_true", help="forget what earlier runs found")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="how many")
    parser.add_argument("--work", type=Path, default=FOLDER, help="where results are kept")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
