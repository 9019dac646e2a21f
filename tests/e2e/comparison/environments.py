"""The environments of the tools and of their clients, with exact pins; created once."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable

from e2e.comparison.tools import REQUIREMENTS, Tool


def install(tools: Iterable[Tool]) -> None:
    """Make what is not there, or is not as the requirements say.

    Raises:
        CalledProcessError: A package could not be installed.
    """
    for tool in tools:
        if not tool.is_ours:
            _install(tool, client=False)
            _install(tool, client=True)


def _install(tool: Tool, *, client: bool) -> None:
    python = tool.python(client=client)
    folder = python.parent.parent
    wanted = REQUIREMENTS / f"{folder.name}.txt"
    done = folder / "installed.txt"
    if done.is_file() and done.read_bytes() == wanted.read_bytes():
        return
    print(f"comparison: installing {folder.name}", file=sys.stderr)
    subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--requirement", wanted], check=True)
    done.write_bytes(wanted.read_bytes())
