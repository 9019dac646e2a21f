"""The hooks of pre-commit and the action run valid command lines of specloom."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from specloom.commands import main

ROOT = Path(__file__).resolve().parents[2]
CONTEXT = main.make_context("specloom", ["lint"])
HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
PAGE = (ROOT / "docs/hooks.md").read_text(encoding="utf-8")


def is_command_line(line: str) -> bool:
    name, *arguments = shlex.split(line)
    command = main.get_command(CONTEXT, name)
    return command is not None and command.make_context(name, arguments, parent=CONTEXT) is not None


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_runs_specloom_and_is_on_the_page(hook: dict[str, Any]) -> None:
    program, _, line = hook["entry"].partition(" ")
    assert program == "specloom"
    assert is_command_line(line)
    assert hook["language"] == "python"
    assert hook["pass_filenames"] is False
    assert re.search(hook["files"], "spec/openapi.yaml")
    assert not re.search(hook["files"], "picture.png")
    assert f"`{hook['id']}`" in PAGE


def test_the_action_runs_specloom() -> None:
    runs = "\n".join(step["run"] for step in ACTION["runs"]["steps"])
    lines = re.findall(r'^"\$SPECLOOM" (.*?)(?: > .*)?$', runs, re.MULTILINE)
    assert [line.split()[0] for line in lines] == ["diff", "generate"]
    assert all(is_command_line(line.replace('"$BASE"', "v1")) for line in lines)


def test_texts_of_a_pull_request_reach_the_shell_as_variables_only() -> None:
    assert all("${{" not in step["run"] for step in ACTION["runs"]["steps"])


def test_inputs_of_the_page_are_inputs_of_the_action() -> None:
    used = set(re.findall(r"^        with: \{(working-directory):", PAGE, re.MULTILINE))
    assert used | {"check", "diff"} <= set(ACTION["inputs"])


def test_the_page_of_mcp_is_python() -> None:
    text = (ROOT / "docs/mcp.md").read_text(encoding="utf-8")
    (program,) = re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    compile(program, "mcp.md", "exec")
