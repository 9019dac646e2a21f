"""The same description gives the same bytes: under any hash seed, from any folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from specloom.cache import FOLDER

ROOT = Path(__file__).resolve().parents[2]


def generated(folder: Path, seed: str, cwd: Path) -> dict[str, bytes]:
    """The files that a fresh process writes."""
    subprocess.run(
        [
            sys.executable,
            "-m",
            "specloom",
            "generate",
            str(ROOT / "spec/assistants.yaml"),
            "-o",
            str(folder),
        ],
        check=True,
        cwd=cwd,
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT / "generator")},
        stdout=subprocess.DEVNULL,
    )
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and FOLDER not in path.parts
    }


def test_two_hash_seeds_and_two_folders_give_the_same_bytes(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    first = generated(tmp_path / "a", "1", ROOT)
    second = generated(tmp_path / "b", "4242", elsewhere)
    assert len(first) > 20
    assert first == second


def test_the_committed_sdk_is_what_the_description_gives(tmp_path: Path) -> None:
    fresh = generated(tmp_path / "sdk", "0", ROOT)
    committed = ROOT / "generated"
    assert fresh == {path: (committed / path).read_bytes() for path in fresh}
