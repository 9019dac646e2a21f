"""docs/diagnostics.md: its examples match the output, and its table has every code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from specloom.commands import main
from specloom.errors import CODES

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/diagnostics.md"
HEAD = "| code | meaning |\n| --- | --- |\n"


ZOO = """\
openapi: 3.1.0
info: {title: Zoo, version: "1"}
paths:
  /animals:
    get:
      responses:
        "200":
          content:
            application/json:
              schema: {$ref: "#/components/schemas/Anmial"}
components: {schemas: {Animal: {type: object}}}
"""


@pytest.mark.parametrize(("form", "language"), [("text", "console"), ("json", "json")])
def test_problems_are_printed_as_shown(
    form: str, language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("zoo.yaml").write_text(ZOO, encoding="utf-8")
    result = CliRunner().invoke(main, ["generate", "zoo.yaml", "-o", "sdk", "--format", form])
    shown = re.search(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert shown is not None
    assert result.stderr == shown[1]
    if form == "text":
        assert shown[0] in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_table_is_that_of_the_code(update_golden: bool) -> None:
    text = PAGE.read_text(encoding="utf-8")
    before, head, _ = text.partition(HEAD)
    expected = before + head + "".join(f"| `{code}` | {CODES[code]} |\n" for code in sorted(CODES))
    if update_golden:
        PAGE.write_text(expected, encoding="utf-8", newline="\n")
        text = expected
    assert text == expected, "pytest tests/docs --update-golden writes the table"


@pytest.mark.parametrize("code", sorted(CODES))
def test_a_code_is_given_by_something(code: str) -> None:
    sources = (ROOT / "generator/specloom").rglob("*.py")
    users = [path.name for path in sources if f'"{code}"' in path.read_text(encoding="utf-8")]
    assert set(users) > {"errors.py"}
