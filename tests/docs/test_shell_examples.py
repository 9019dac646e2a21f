"""Every shell example of the pages about commands runs, from an empty folder, as a reader would.

A ``text`` block behind a ``sh`` block is what it prints. The blocks of a page share a folder.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = {
    "add.md": "sdk/shop_sdk",
    "adopt.md": "new/sdk/zoo",
    "client-arguments.md": "sdk/shop_sdk",
    "custom-code.md": "sdk/shop_sdk",
    "drift.md": "sdk/shop_sdk",
    "diff.md": "sdk/shop_sdk",
    "extending.md": "sdk/shop_sdk",
    "fastapi.md": "sdk/shop_sdk",
    "pagination.md": "sdk/shop_sdk",
    "upgrading.md": "sdk/shop_sdk",
}
"""The package that the examples of each page generate."""
_BLOCK = re.compile(r"^```(sh|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An environment with the tested ``specloom`` and ``python``, whatever is installed."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name, arguments in (("specloom", "-m specloom "), ("python", "")):
        script = tools / name
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" {arguments}"$@"\n')
        script.chmod(0o755)
    return os.environ | {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}


def run(script: str, folder: Path, environment: dict[str, str]) -> str:
    done = subprocess.run(
        ["sh", "-eu", "-c", script],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.skipif(shutil.which("sh") is None, reason="the examples are for a POSIX shell")
@pytest.mark.parametrize("page", PAGES)
def test_examples_run(page: str, tmp_path: Path, environment: dict[str, str]) -> None:
    if page == "fastapi.md":
        pytest.importorskip("fastapi", reason="fastapi is not installed")
        environment.pop("VIRTUAL_ENV", None)
    folder = tmp_path / "reader"
    folder.mkdir()
    printed, count = "", 0
    for kind, text in _BLOCK.findall((DOCS / page).read_text(encoding="utf-8")):
        if kind == "text":
            assert printed == text
        else:
            printed, count = run(text, folder, environment), count + 1
    assert count >= 2
    assert (folder / PAGES[page] / "py.typed").exists()
    written = [file.read_text() for file in folder.rglob("*") if file.suffix in (".yaml", ".json")]
    assert not any("sk_live" in text for text in written)
