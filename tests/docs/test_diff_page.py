"""docs/diff.md: its tables match the code."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from specloom.api_diff.kinds import KINDS
from specloom.commands import main

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/diff.md"
SCHEMA: dict[str, Any] = json.loads(
    resources.files("specloom.api_diff").joinpath("diff.schema.json").read_text(encoding="utf-8")
)


def test_the_tables_are_those_of_the_code(update_golden: bool) -> None:
    text = PAGE.read_text(encoding="utf-8")
    kinds = [f"| `{code}` | {kind.bump} | {kind.meaning} |" for code, kind in sorted(KINDS.items())]
    expected = _with_table(text, "| code | step | meaning |", kinds)
    expected = _with_table(expected, "| key | value | meaning |", list(_rows(SCHEMA, "")))
    if update_golden:
        PAGE.write_text(expected, encoding="utf-8", newline="\n")
        text = expected
    assert text == expected, "pytest tests/docs --update-golden writes the tables"


def _with_table(text: str, head: str, rows: list[str]) -> str:
    """The page with other rows below the header of a table."""
    before, found, behind = text.partition(f"{head}\n")
    assert found
    table = "\n".join([head, "| --- | --- | --- |", *rows]) + "\n"
    return before + table + re.sub(r"\A(?:\|[^\n]*\n)*", "", behind)


def _rows(schema: dict[str, Any], prefix: str) -> Iterator[str]:
    for key, entry in schema["properties"].items():
        name = f"{prefix}{key}"
        yield f"| `{name}` | {_value(entry)} | {entry.get('description', '')} |"
        if "properties" in entry:
            yield from _rows(entry, f"{name}.")
        if "items" in entry:
            yield from _rows(entry["items"], f"{name}[].")


def _value(entry: dict[str, Any]) -> str:
    if "const" in entry:
        return f"`{entry['const']}`"
    if "enum" in entry:
        return " or ".join(f"`{json.dumps(value)}`" for value in entry["enum"])
    types = entry["type"] if isinstance(entry["type"], list) else [entry["type"]]
    return " or ".join(types)


@pytest.mark.parametrize("old", ["old.yaml", "new.yaml"])
def test_what_is_printed_is_what_the_schema_says(
    old: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    spec = (ROOT / "tests/functional/diff/spec.yaml").read_text(encoding="utf-8")
    Path("old.yaml").write_text(spec, encoding="utf-8")
    Path("new.yaml").write_text(spec.replace("drama, ", "").replace("1.4.2", "2.0.0"), "utf-8")
    result = CliRunner().invoke(main, ["diff", old, "new.yaml", "--format", "json"])
    printed = json.loads(result.stdout)
    Draft202012Validator.check_schema(SCHEMA)
    assert list(Draft202012Validator(SCHEMA).iter_errors(printed)) == []
    assert [one["code"] for one in printed["changes"]] == ["value-removed"] * (old == "old.yaml")
