"""docs/coverage.md: its tables match the code."""

from __future__ import annotations

from pathlib import Path

from specloom.description.walk import tables

PAGE = Path(__file__).resolve().parents[2] / "docs/coverage.md"


def test_the_tables_are_those_of_the_code(update_golden: bool) -> None:
    text = PAGE.read_text(encoding="utf-8")
    expected = f"{text.partition('### ')[0].rstrip()}\n\n{tables()}"
    if update_golden:
        PAGE.write_text(expected, encoding="utf-8", newline="\n")
        text = expected
    assert text == expected, "pytest tests/docs --update-golden writes the tables"
