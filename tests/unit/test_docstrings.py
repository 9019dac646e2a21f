"""Text of a description in generated Python: readable, and never code."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from specloom.layout import WIDTH, docstring, entry, fill, plain


def evaluated(text: str, indent: int = 4) -> str:
    """Python's value of the docstring, as ``inspect.cleandoc`` shows it."""
    margin = " " * indent
    tree = ast.parse(f"class A:\n{margin}{docstring(text, indent)}\n")
    return ast.get_docstring(tree.body[0], clean=True) or ""  # type: ignore[arg-type]


@given(st.text() | st.text('\\"a \n'))
def test_any_text_survives_and_nothing_else_appears(text: str) -> None:
    shown = evaluated(text)
    assert [line.strip() for line in shown.split("\n") if line.strip()] == [
        line.strip() for line in plain(text).split("\n") if line.strip()
    ]


@pytest.mark.parametrize(
    "text",
    [
        'says """ in the middle',
        'ends in a quote"',
        "ends in a backslash\\",
        'ends in \\"quoted\\"',
        'ends in \\\\"',
        'all of them \\"""\\',
        "{{ template }} ${shell} %s {0}",
        "a\x00b\u2028c",
    ],
)
def test_hostile_text_stays_text(text: str) -> None:
    assert evaluated(text) == plain(text)


def test_one_line_stays_on_one_line() -> None:
    assert docstring("Fetch a run.", 8) == '"""Fetch a run."""'


def test_paragraphs_are_wrapped_and_lists_kept() -> None:
    text = "word " * 40 + "\n\n- first item\n- second " + "long " * 30 + "\n\n```\n" + "x" * 120
    lines = fill(text, 8).split("\n")
    assert all(len(line) <= WIDTH - 8 for line in lines if "x" * 120 not in line)
    assert "- first item" in lines
    assert any(line.startswith("  long") for line in lines)
    assert "x" * 120 in lines


def test_entries_of_a_section_hang() -> None:
    lines = entry("run_id", "word " * 40, 8).split("\n")
    assert lines[0].startswith("    run_id: word")
    assert all(line.startswith("        word") for line in lines[1:])
    assert all(len(line) + 8 <= WIDTH for line in lines)
