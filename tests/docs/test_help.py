"""``--help``: every command shows examples, and each of them is a command line that it takes.

And what a shell asks for when it completes one.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from specloom.commands import main

PAGE = Path(__file__).resolve().parents[2] / "docs/commands.md"
CONTEXT = main.make_context("specloom", ["lint"])
NAMES = main.list_commands(CONTEXT)


def examples(help_text: str) -> list[list[str]]:
    """The arguments of ``specloom`` in each example, without what it is piped from and to."""
    match = re.search(r"Examples:\n((?:  .*\n)+)", help_text)
    assert match is not None
    words = [shlex.split(line, comments=True) for line in match[1].splitlines()]
    found = []
    for line in words:
        assert "specloom" in line, line
        after = line[line.index("specloom") + 1 :]
        found.append(after[: after.index("|")] if "|" in after else after)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_examples_are_command_lines(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    command = main.get_command(CONTEXT, name)
    assert command is not None
    shown = examples(command.help or "")
    assert len(shown) >= 2
    for subcommand, *arguments in shown:
        assert subcommand == name
        command.make_context(name, arguments, parent=CONTEXT)  # a wrong one raises


@pytest.mark.parametrize("name", NAMES)
def test_a_command_lists_its_own_exit_codes(name: str) -> None:
    command = main.get_command(CONTEXT, name)
    assert command is not None
    _, _, listed = (command.help or "").partition("Exit codes:\n")
    codes = dict(re.findall(r"^  (\d)  (.*)", listed, re.MULTILINE))
    options = {option for one in command.params for option in one.opts}
    checks = sorted(options & {"--check", "--strict", "--exit-code"})
    # Every run of adopt ends with a comparison.
    is_check = bool(checks) or name == "adopt"
    assert sorted(codes) == (["0", "1", "2"] if is_check else ["0", "2"])
    if name == "adopt":
        return
    assert [text.partition(":")[0] for code, text in codes.items() if code == "1"] == checks


def test_the_first_page_shows_one_of_each() -> None:
    shown = {arguments[0] for arguments in examples(main.help or "")}
    assert shown == set(NAMES)


def test_a_wrong_example_would_be_noticed() -> None:
    command = main.get_command(CONTEXT, "generate")
    assert command is not None
    with pytest.raises(click.UsageError):
        command.make_context("generate", ["--wach"], parent=CONTEXT)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_line_that_the_page_gives_for_a_shell_gives_a_script(shell: str) -> None:
    variable = f"_SPECLOOM_COMPLETE={shell}_source specloom"
    assert variable in PAGE.read_text(encoding="utf-8")
    printed = completion(f"{shell}_source")
    assert f"_SPECLOOM_COMPLETE={shell}_complete" in printed


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("specloom gen", ["generate"]),
        ("specloom generate --wa", ["--watch"]),
        ("specloom init --resources p", ["paths"]),
    ],
)
def test_commands_options_and_choices_are_completed(typed: str, offered: list[str]) -> None:
    words = typed.split()
    printed = completion("bash_complete", COMP_WORDS=typed, COMP_CWORD=str(len(words) - 1))
    assert [line.partition(",")[2] for line in printed.splitlines()] == offered


def completion(instruction: str, **environment: str) -> str:
    result = CliRunner().invoke(
        main, prog_name="specloom", env={"_SPECLOOM_COMPLETE": instruction, **environment}
    )
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_program_completes_too() -> None:
    script = "from specloom.commands import main; main(prog_name='specloom')"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={"_SPECLOOM_COMPLETE": "zsh_source", "PYTHONPATH": str(PAGE.parents[1] / "generator")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "#compdef specloom" in done.stdout
