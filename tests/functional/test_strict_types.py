"""pyright in strict mode over the SDKs of all cases, in one run."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from specloom.output.folder import apply, plan_output
from specloom.pipeline import BuildOptions, build

pytestmark = pytest.mark.slow

SPECS = sorted(Path(__file__).parent.glob("*/spec.yaml"))
# Their descriptions are broken on purpose, or come from elsewhere.
LEFT_OUT = {"partial", "assistants_by_tag"}


def test_pyright_finds_nothing_in_any_sdk(tmp_path: Path) -> None:
    folders = [spec.parent.name for spec in SPECS if spec.parent.name not in LEFT_OUT]
    assert len(folders) >= 15
    for folder in folders:
        case = SPECS[0].parents[1] / folder
        lib = case / "lib"
        options = BuildOptions(include=lib if lib.is_dir() else None)
        files = build(case / "spec.yaml", options).files
        apply(plan_output(files, tmp_path / folder), force=False)
    config = {
        "typeCheckingMode": "strict",
        "pythonVersion": "3.11",
        "exclude": ["**/_runtime"],  # `make types` checks it once
        "executionEnvironments": [{"root": folder} for folder in folders],
    }
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(config))
    command = [sys.executable, "-m", "pyright", "--pythonpath", sys.executable]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.stdout.strip() == "0 errors, 0 warnings, 0 informations"
