"""docs/coverage.md: its tables match the code."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from specloom.description.walk import Field, fields, title

PAGE = Path(__file__).resolve().parents[2] / "docs/coverage.md"
HEAD = "| field | since | effect |\n| --- | --- | --- |\n"
EFFECTS = {
    "becomes": "{says}",
    "warned": "warning `unused-field`: {says}",
    "silent": "*nothing*: {says}",
}


def table(name: str, of: Mapping[str, Field]) -> str:
    """The table of an object as Markdown."""
    rows = "".join(
        f"| `{field.name}` | {field.since} | {EFFECTS[field.outcome].format(says=field.says)} |\n"
        for field in of.values()
    )
    return f"### {title(name)}\n\n{HEAD}{rows}"


def test_the_tables_are_those_of_the_code(update_golden: bool) -> None:
    text = PAGE.read_text(encoding="utf-8")
    tables = "\n".join(table(name, of) for name, of in fields().items())
    expected = f"{text.partition('### ')[0].rstrip()}\n\n{tables}"
    if update_golden:
        PAGE.write_text(expected, encoding="utf-8", newline="\n")
        text = expected
    assert text == expected, "pytest tests/docs --update-golden writes the tables"
