"""Runs ``specloom adopt`` in a test, by default on a small SDK in the layout of Stainless.

Running any of that SDK ends the program.
"""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from specloom.commands import main
from specloom.options import BuildOptions

_FOLDER = Path(__file__).parents[1] / "functional/adoption"
OLD, SPEC = _FOLDER / "old/stainless", _FOLDER / "zoo.yaml"


def adopt(folder: Path, *arguments: str, old: Path = OLD, spec: Path = SPEC) -> Result:
    given = ["adopt", str(old), str(spec), "-o", str(folder), *arguments]
    return CliRunner().invoke(main, given)


def options(folder: Path) -> BuildOptions:
    return BuildOptions(overlays=(folder / "adopt.overlay.yaml",), names_lock=folder / "names.lock")


def differences(folder: Path) -> list[str]:
    report = json.loads((folder / "adoption.json").read_text())
    return [f"{one['kind']} {one['subject']}" for one in report["differences"]]
