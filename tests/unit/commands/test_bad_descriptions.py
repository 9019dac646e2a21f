"""The command line with the real pipeline: never a traceback, whatever the file contains."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from specloom.commands import main


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "not-openapi"),
        ("a: b: c", "not-yaml"),
        ("swagger: '1.2'", "unsupported-version"),
        ("openapi: 3.1.0\nx: {{ b }}", "key-not-text"),
        ("openapi: 3.1.0\npaths: {'/a/{b': {get: {}}}", "bad-path"),
        ("openapi: 3.1.0\nx-sdk: {pakage: a}", "unknown-x-sdk-key"),
        ("openapi: 3.1.0\npaths: {/a: {$ref: '#/b'}}", "undefined-ref"),
        ('{"openapi": ' * 3000, "too-deep"),
    ],
)
def test_end_with_2_and_a_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, code: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text(text)
    result = run("generate", "a.yaml", "-o", "out")
    assert result.exit_code == 2
    assert f": {code}: " in result.stderr
    assert result.stderr.startswith("a.yaml:")
    assert "Traceback" not in result.output
    assert not Path("out").exists()


def test_no_colour_without_a_terminal(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a")
    assert "\x1b" not in run("generate", str(tmp_path / "a.yaml"), "-o", "out").output
