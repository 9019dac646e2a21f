"""Every command that docs/commands.md shows is run, and prints what it is said to print.

A ``yaml`` block is the file that the sentence before it ends with, a ``toml`` block is
pyproject.toml; ``sh`` and ``text`` are for other tests. In an output, ``…`` stands for any lines;
counts of files and seconds do not matter.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from specloom.commands import main

PAGE = Path(__file__).resolve().parents[2] / "docs/commands.md"
_BLOCK = re.compile(r"(?:`([\w.]+)`:\n\n)?^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_VARYING = re.compile(r"\d+ (written|unchanged|deleted)|\d+\.\d\d s")
_SLOW = re.compile(r"^black took .*\n", re.MULTILINE)  # said on a slow machine


def blocks() -> list[tuple[str, str, str]]:
    """File name, language and text of every block."""
    return [
        (match[1] or "", match[2], match[3]) for match in _BLOCK.finditer(PAGE.read_text("utf-8"))
    ]


def test_every_command_has_an_example() -> None:
    shown = "".join(text for _, language, text in blocks() if language == "console")
    for name in main.list_commands(main.make_context("specloom", ["lint"])):
        assert f"$ specloom {name} " in shown


def test_examples_print_what_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    exit_code = 0
    for name, language, text in blocks():
        if language in ("sh", "text"):
            continue
        if language != "console":
            Path(name if language == "yaml" else "pyproject.toml").write_text(text, "utf-8")
            continue
        for example in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
            command, _, output = example.partition("\n")
            if command == "echo $?":
                printed = f"{exit_code}\n"
            else:
                result = CliRunner().invoke(main, shlex.split(command)[1:])
                exit_code, printed = result.exit_code, result.output
            assert re.fullmatch(_pattern(output), _steady(printed), re.DOTALL), printed


def _steady(text: str) -> str:
    return _VARYING.sub(lambda match: match[1] or "a while", _SLOW.sub("", text))


def _pattern(output: str) -> str:
    return ".*\n".join(map(re.escape, re.split(r"^…\n", _steady(output), flags=re.MULTILINE)))
