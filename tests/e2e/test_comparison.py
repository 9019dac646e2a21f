"""The comparison command on our own tool: counting, probing, judging and writing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from e2e.comparison import __main__ as command
from e2e.comparison import page, probing
from e2e.comparison.clients import write_descriptions
from e2e.comparison.documents import DocumentResult, compare, operations_of, sample
from e2e.comparison.page import README_ROWS, Findings, put, table, write
from e2e.comparison.probes import PROBES
from e2e.comparison.probing import Answer, ask_client
from e2e.comparison.processes import run
from e2e.comparison.tool_probes import TOOL_PROBES
from e2e.comparison.tools import TOOLS, bare, requests_in
from e2e.corpus.index import Document
from e2e.corpus.state import ROOT
from support.loopback import Loopback

pytestmark = pytest.mark.slow

TINY = Path(__file__).with_name("tiny_corpus")
OURS = TOOLS[0]
PROBE = {probe.key: probe for probe in PROBES}


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A copy of the two pages that the command writes."""
    (tmp_path / "docs").mkdir()
    for name in ("docs/comparison.md", "README.md"):
        shutil.copyfile(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.mark.parametrize(
    "source",
    [
        'Operation(id="x", method="GET", path="/a/{b}")',
        'Operation(\n    method="GET",\n    path=(\n        "/a/"\n        "{b}"\n    ),\n)',
        "self.param_serialize(method='GET', resource_path='/a/{b}')",
        '{"method": "get", "url": "/a/{b_id}".format(b_id=quote(b_id))}',
    ],
)
def test_operations_are_counted_however_they_are_written(source: str) -> None:
    assert [(method.upper(), bare(path)) for method, path in requests_in(source)] == [
        ("GET", "/a/{}")
    ]


def test_what_is_no_operation_is_not_counted() -> None:
    assert list(requests_in('f(method="GET"); {"url": "/a"}; g(method=m, path="/a")')) == []


def test_every_so_many_valid_documents_are_taken() -> None:
    assert [one.path for one in sample(TINY, 1)] == ["real/good.yaml"]


def test_a_document_is_generated_counted_imported_and_type_checked() -> None:
    good = Document("real/good.yaml", 0, is_valid=True)
    result = compare(OURS, good, TINY)
    assert (result.generate, result.imports, result.types) == ("", "", "")
    assert result.present == result.described == len(operations_of(TINY / good.path)) == 4
    assert result.cpu > 0
    broken = compare(OURS, Document("real/broken.yaml", 0, is_valid=False), TINY)
    assert broken.generate.startswith("exit code 2")
    assert (broken.present, broken.imports, broken.types) == (0, None, None)


def test_a_command_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    ended = run(["/bin/sh", "-c", "sleep 60 & sleep 60"], tmp_path, seconds=0.1)
    assert ended.code is None


@pytest.mark.parametrize("key", ["enum", "unknown field", "variant", "error"])
def test_our_client_is_asked(key: str, tmp_path: Path) -> None:
    write_descriptions(tmp_path)
    answer = ask_client(OURS, PROBE[key], tmp_path)
    expected = "`NotFoundError`, body typed" if key == "error" else "yes"
    assert answer.says == expected, answer.evidence


@pytest.mark.parametrize(
    ("key", "told", "says"),
    [
        ("enum", {"value": {"status": "completed"}}, "no: becomes `'completed'`"),
        ("enum", {"failed": "ValueError: paused"}, "no: raises `ValueError`"),
        ("unknown field", {"value": {"status": "completed"}}, "no: lost"),
        ("pages", {"items": ["first"]}, "no: ['first']"),
        ("pages", {"not_offered": "a loop"}, "no: a loop"),
        ("stream", {"events": ["dict", "dict"]}, "no: ['dict', 'dict']"),
        ("upload", {"stored": 1, "grown": 200}, "no: +200 MiB"),
        ("secrets", {"repr": True, "logs": False}, "no: in repr"),
        ("error", {"returned": "Problem"}, "raises nothing: returns `Problem`"),
    ],
)
def test_a_failed_outcome_is_reported(key: str, told: dict[str, object], says: str) -> None:
    assert PROBE[key].judge(told, Loopback()) == says


def findings() -> Findings:
    """Half of what a run finds: two tools were not run."""
    found = [
        DocumentResult(tool, name, 4, cpu, failure, is_advised, present, imports, types)
        for tool, name, cpu, failure, is_advised, present, imports, types in (
            ("specloom", "a", 1.0, "", False, 4, "", ""),
            ("specloom", "b", 3.0, "", False, 4, "", ""),
            ("openapi-python-client", "a", 2.0, "", True, 3, "", "exit code 1"),
            ("openapi-python-client", "b", 9.0, "exit code 1", True, 0, None, None),
        )
    ]
    keys = [probe.key for probe in (*PROBES, *TOOL_PROBES)]
    return Findings(found, [Answer("specloom", key, f"says {key} | x", "") for key in keys], 2)


def test_tables_are_written_between_their_markers(pages: Path) -> None:
    write(findings(), pages)
    text = (pages / "docs/comparison.md").read_text("utf-8")
    assert "2 documents with 8 operations, every 2th" in text
    advised = "1 of 2, 1 with options its error message suggests"
    assert f"| documents it generates a client for | 2 of 2 | {advised} | not run |" in text
    assert "in the output | 8 of 8 | 3 of 8 | not run | not run |" in text
    assert "(default settings) | 2 of 2 | 0 of 2 | not run | not run |" in text
    assert "median of the generated ones | 2.0 s | 2.0 s | not run |" in text
    assert "in a response | says enum \\| x | not run | not run | not run |" in text
    assert (pages / "README.md").read_text("utf-8").count("| says ") == len(README_ROWS) - 3
    write(findings(), pages)
    assert (pages / "docs/comparison.md").read_text("utf-8") == text


def test_a_page_without_a_place_is_an_error() -> None:
    with pytest.raises(ValueError, match="no place for 'rows'"):
        put("nothing", "rows", table([]))


def test_the_rows_of_the_readme_are_those_of_the_page() -> None:
    def rows(name: str) -> set[str]:
        lines = (ROOT / name).read_text("utf-8").splitlines()
        inside = [line for line in lines if line.startswith("| ") and "---" not in line]
        return {line for line in inside if line.count(" | ") == len(TOOLS)}

    assert len(rows("README.md")) == len(README_ROWS) + 1
    assert rows("README.md") <= rows("docs/comparison.md")


def test_the_command_runs_remembers_and_writes(
    pages: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "TOOLS", (OURS,))
    monkeypatch.setattr(command, "ROOT", pages)
    few = [PROBE[key] for key in ("enum", "pages")]
    monkeypatch.setattr(probing, "PROBES", few)
    monkeypatch.setattr(probing, "TOOL_PROBES", TOOL_PROBES[:1])
    asked = [str(TINY), "--every", "1", "--work", str(pages / "work")]
    assert command.main(asked) == 0
    text = (pages / "docs/comparison.md").read_text("utf-8")
    assert "in the output | 4 of 4 | not run" in text
    assert f"| {PROBE['pages'].title} | yes | not run" in text
    assert "in a description | 3 of 3, with line, exit code 2 | not run" in text
    assert "1/1 specloom real/good.yaml: generated; types: ok" in capsys.readouterr().err
    assert command.main([*asked, "--documents-only"]) == 0
    assert capsys.readouterr().err == ""


def test_a_missing_corpus_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "TOOLS", (OURS,))
    assert command.main([str(tmp_path), "--work", str(tmp_path / "work")]) == 2
    assert capsys.readouterr().err.startswith("comparison: ")


def test_every_row_of_the_readme_is_a_row() -> None:
    keys = {row.key for maker in (page._documents, page._behaviour, page._tools)
            for row in maker(findings())}  # fmt: skip
    assert set(README_ROWS) <= keys
