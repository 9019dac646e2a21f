"""Type-checks a generated SDK, together with code that uses it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from textwrap import dedent

from support.generated import Sdk

# One cache for every SDK: what the SDKs depend on is analysed once by each process of the tests.
_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
_CACHE = Path(tempfile.gettempdir()) / "specloom-tests-mypy" / _WORKER


def mypy_errors(sdk: Sdk, snippet: str = "") -> list[str]:
    """What ``mypy --strict`` says of the whole package and of ``snippet``; empty where all is well.

    An error that a snippet must give is written as ``# type: ignore[code]``: strict mypy reports
    one that is not needed.
    """
    use = sdk.folder / "use.py"
    use.write_text(dedent(snippet), encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--no-error-summary"]
    command += ["--python-version=3.11", f"--cache-dir={_CACHE}"]
    result = subprocess.run(
        [*command, "--package", sdk.package, "--module", "use"],
        cwd=sdk.folder,
        env=os.environ | {"MYPYPATH": str(sdk.folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    return (result.stdout + result.stderr).splitlines()
