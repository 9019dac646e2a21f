"""Every example of docs/init.md runs, one after another, and prints what the page says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
_BLOCK = re.compile(r"^```(sh|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.skipif(
    shutil.which("make") is None or shutil.which("sh") is None or not (BIN / "specloom").exists(),
    reason="the examples are for a POSIX shell with make, and specloom beside this Python",
)
def test_examples_run(tmp_path: Path) -> None:
    environment = os.environ | {
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT / "generator"),
        # As if everybody typed it: an environment that has everything.
        "MAKEFLAGS": f"VENV={BIN.parent}",
    }
    printed, shown = "", 0
    for kind, text in _BLOCK.findall((ROOT / "docs/init.md").read_text(encoding="utf-8")):
        if kind == "text":
            assert re.sub(r"/generated/: \d+ files", "/generated/: the SDK", printed) == text
            shown += 1
            continue
        done = subprocess.run(
            ["sh", "-eu", "-c", text],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        printed = done.stdout
    assert shown == 2
    assert "1 failed" not in printed
    assert "6 passed" in printed
