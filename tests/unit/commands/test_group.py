"""The command line as a whole: its version, its help, and invalid command lines."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from specloom import __version__
from specloom.commands import main

COMMANDS = ("init", "generate", "lint", "add", "drift", "diff", "ir")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def test_version() -> None:
    assert run("--version").stdout == f"specloom {__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [("--help",), *((name, "-h") for name in COMMANDS)],
)
def test_help_has_examples_and_exit_codes(arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.exit_code == 0
    assert "Examples:\n    specloom " in result.stdout
    assert "Exit codes:\n    0  " in result.stdout


@pytest.mark.parametrize(
    "arguments", [("nope",), ("generate", "--nope"), ("generate",), ("lint",), ("ir",)]
)
def test_a_wrong_command_line_ends_with_2(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")


def test_help_and_version_import_little() -> None:
    script = (
        "import sys\nfrom specloom.commands import main\n"
        "main(['--help'], standalone_mode=False)\n"
        "print([name for name in ('yaml', 'jinja2', 'black', 'specloom.description.load',"
        " 'specloom.pipeline') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
