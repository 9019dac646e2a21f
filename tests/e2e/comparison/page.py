"""The tables of docs/comparison.md and of the README, written between their markers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median

from e2e.comparison.documents import DocumentResult
from e2e.comparison.probes import PROBES
from e2e.comparison.probing import Answer
from e2e.comparison.tool_probes import TOOL_PROBES, python_version
from e2e.comparison.tools import TOOLS

# What the README shows of it, by the keys of rows.
README_ROWS = (
    "generated",
    "operations",
    "types",
    "enum",
    "variant",
    "retry POST",
    "pages",
    "stream",
    "async",
    "edited",
)
_NOT_RUN = "not run"


@dataclass(frozen=True)
class Findings:
    """The results of a run. ``every`` selects the documents."""

    documents: Sequence[DocumentResult]
    answers: Sequence[Answer]
    every: int


@dataclass(frozen=True)
class Row:
    """A row: its key, its title, and a cell for each tool."""

    key: str
    title: str
    cells: tuple[str, ...]


def write(findings: Findings, root: Path) -> None:
    """Put the tables into docs/comparison.md and README.md below a folder.

    Raises:
        ValueError: A page has no markers for a table.
    """
    documents, behaviour, tools = (maker(findings) for maker in (_documents, _behaviour, _tools))
    rows = {row.key: row for row in (*documents, *behaviour, *tools)}
    page = root / "docs/comparison.md"
    text = page.read_text(encoding="utf-8")
    for name, part in (("documents", documents), ("behaviour", behaviour), ("tools", tools)):
        text = put(text, name, table(part))
    text = put(text, "run", _run_told(findings))
    page.write_text(text, encoding="utf-8", newline="\n")
    readme = root / "README.md"
    short = table([rows[key] for key in README_ROWS])
    text = put(readme.read_text(encoding="utf-8"), "rows", short)
    readme.write_text(text, encoding="utf-8", newline="\n")


def put(text: str, name: str, inside: str) -> str:
    """A page with new text between two markers.

    Raises:
        ValueError: The markers are missing.
    """
    begin, end = (f"<!-- comparison {name}: {part} -->\n" for part in ("begin", "end"))
    pattern = f"{re.escape(begin)}.*?{re.escape(end)}"
    block = f"{begin}{inside}\n{end}"
    changed, count = re.subn(pattern, lambda _: block, text, flags=re.DOTALL)
    if count != 1:
        raise ValueError(f"the page has no place for {name!r}, or more than one")
    return changed


def table(rows: Iterable[Row]) -> str:
    """A Markdown table; a line feed or a bar in a cell does not break it."""
    head = ["", *(f"{tool.name} {tool.version}".removesuffix(" this repository") for tool in TOOLS)]
    lines = [_line(head), _line(["---"] * len(head))]
    lines += [_line([row.title, *row.cells]) for row in rows]
    return "\n".join(lines)


def _line(cells: Sequence[str]) -> str:
    escaped = (" ".join(cell.split()).replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(escaped)} |"


def _run_told(findings: Findings) -> str:
    documents = {one.document: one.described for one in findings.documents}
    which = "all" if findings.every == 1 else f"every {findings.every}th"
    return (
        f"Run on {date.today().isoformat()} with Python {python_version()}: {len(documents)}"
        f" documents with {sum(documents.values())} operations, {which} of the corpus' published"
        " valid documents, in path order."
    )


def _documents(findings: Findings) -> list[Row]:
    by_tool = [[one for one in findings.documents if one.tool == tool.key] for tool in TOOLS]
    measures = (
        ("generated", "documents it generates a client for", _generated),
        ("operations", "operations of all documents found in the output", _operations),
        ("imports", "clients in which every module imports", _imports),
        ("types", "clients without mypy errors (default settings)", _types),
        ("cpu", "CPU time per document, median of the generated ones", _cpu),
    )
    return [
        Row(key, title, tuple(measure(found) if found else _NOT_RUN for found in by_tool))
        for key, title, measure in measures
    ]


def _generated(found: Sequence[DocumentResult]) -> str:
    advised = sum(one.is_generated and one.is_advised for one in found)
    said = f"{sum(one.is_generated for one in found)} of {len(found)}"
    return f"{said}, {advised} with options its error message suggests" if advised else said


def _operations(found: Sequence[DocumentResult]) -> str:
    return f"{sum(one.present for one in found)} of {sum(one.described for one in found)}"


def _imports(found: Sequence[DocumentResult]) -> str:
    return f"{sum(one.imports == '' for one in found)} of {len(found)}"


def _types(found: Sequence[DocumentResult]) -> str:
    return f"{sum(one.types == '' for one in found)} of {len(found)}"


def _cpu(found: Sequence[DocumentResult]) -> str:
    made = [one.cpu for one in found if one.is_generated]
    return f"{median(made):.1f} s" if made else "none"


def _behaviour(findings: Findings) -> list[Row]:
    return [_row(findings, probe.key, probe.title) for probe in PROBES]


def _tools(findings: Findings) -> list[Row]:
    return [_row(findings, probe.key, probe.title) for probe in TOOL_PROBES]


def _row(findings: Findings, key: str, title: str) -> Row:
    said = {one.tool: one.says for one in findings.answers if one.probe == key}
    return Row(key, title, tuple(said.get(tool.key, _NOT_RUN) for tool in TOOLS))
