"""A fault of specloom itself: one line with the current step and place."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from specloom.commands import main
from specloom.lower.contents import ResponseLowering
from specloom.sdk.methods import MethodPlanner

TEXT = """\
openapi: 3.1.0
info: {title: A, version: '1'}
paths:
  /a:
    get: {responses: {'204': {description: A.}}}
"""


def _fail(*_: object) -> None:
    raise KeyError("a\x1b[31m\nb")


@pytest.fixture(params=[(ResponseLowering, "lower"), (MethodPlanner, "method")])
def result(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Result:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(*request.param, _fail)
    Path("a.yaml").write_text(TEXT)
    return CliRunner().invoke(main, ["generate", "a.yaml", "-o", "out"])


def test_it_is_one_line_with_the_place_and_how_to_report_it(result: Result) -> None:
    (line,) = result.stderr.splitlines()
    assert " failed while making the method of a.yaml:5:5: KeyError: 'a" in line
    assert "please open an issue" in line
    assert line.isprintable()
    assert result.exit_code == 2
    assert not Path("out").exists()


def test_a_traceback_is_there_for_who_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(ResponseLowering, "lower", _fail)
    monkeypatch.setenv("SPECLOOM_TRACEBACK", "1")
    Path("a.yaml").write_text(TEXT)
    result = CliRunner().invoke(main, ["ir", "a.yaml"])
    assert isinstance(result.exception, KeyError)


def test_errors_name_the_option_where_it_helps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    broken = "  /b: {get: {parameters: [{$ref: '#/gone'}]}}\n"
    Path("a.yaml").write_text(TEXT + broken)
    result = CliRunner().invoke(main, ["generate", "a.yaml", "-o", "out"])
    advice = "1 error; --allow-partial generates without the operation that has errors\n"
    assert result.stderr.endswith(advice)
    assert (
        CliRunner().invoke(main, ["generate", "a.yaml", "-o", "out", "--allow-partial"]).exit_code
        == 0
    )
    Path("a.yaml").write_text(TEXT[: TEXT.index("paths")] + "paths:\n" + broken)
    result = CliRunner().invoke(main, ["generate", "a.yaml", "-o", "out"])
    assert result.stderr.endswith("1 error\n")
