"""What the output looks like: each folder holds a description and the files it must give.

``pytest tests/golden --update-golden`` writes what is given today; read the diff before you commit.
The runtime is copied as it is and has tests of its own, so it is left out here.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from specloom.pipeline import BuildOptions, build

CASES = sorted(path.parent for path in Path(__file__).parent.glob("*/spec.yaml"))


def files_of(spec: Path) -> dict[str, str]:
    """The generated files, without the runtime."""
    files = build(spec, BuildOptions()).files
    return {path: text for path, text in files.items() if "/_runtime/" not in path}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_output_is_as_it_was(case: Path, update_golden: bool) -> None:
    expected = case / "expected"
    files = files_of(case / "spec.yaml")
    if update_golden:
        shutil.rmtree(expected, ignore_errors=True)
        for path, text in files.items():
            (expected / path).parent.mkdir(parents=True, exist_ok=True)
            (expected / path).write_text(text, encoding="utf-8", newline="\n")
    on_disk = {
        path.relative_to(expected).as_posix(): path.read_text(encoding="utf-8")
        for path in expected.rglob("*")
        if path.is_file()
    }
    assert sorted(files) == sorted(on_disk)
    for path, text in files.items():
        assert text == on_disk[path], f"{case.name}/{path} differs"
