"""A description that attacks its pages: its text stays text, in prose and in code."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from specloom.options import BuildOptions
from specloom.output.folder import apply, plan_output
from specloom.pipeline import build
from support.pages import anchors_of, broken_links, programs_of, prose_of

SPEC = Path(__file__).resolve().parents[1] / "functional/hostile_text/spec.yaml"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("hostile")
    apply(plan_output(build(SPEC, BuildOptions()).files, folder), force=False)
    return sorted(folder.rglob("*.md"))


def test_examples_are_calls_of_the_sdk_and_nothing_else(pages: list[Path]) -> None:
    programs = [program for page in pages for program in programs_of(page)]
    assert len(programs) > 10
    for program in programs:
        names = {
            node.id for node in ast.walk(ast.parse(program.text)) if isinstance(node, ast.Name)
        }
        assert not {"__import__", "os"} & names


def test_there_is_no_html_and_no_heading_but_ours(pages: list[Path]) -> None:
    for page in pages:
        assert set(re.findall(r"<\S", prose_of(page))) <= {"<!"}, page
        assert all("first line" not in anchor for anchor in anchors_of(page))


def test_links_lead_somewhere(pages: list[Path]) -> None:
    assert broken_links(pages) == []


def test_the_text_is_there_to_read(pages: list[Path]) -> None:
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    assert "First line." in text
    assert "\\{\\{ 7*7 }}" in text
    assert "__import__('os').system('touch specloom-was-here')" in text
