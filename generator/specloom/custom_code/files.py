"""Selects the files of the included folder that go into the package.

Apart from `include.py`, so that a run with nothing to do loads nothing that reads Python.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

_LEFT_OUT = (".pyc", ".pyo", "~")


def files_to_include(folder: Path) -> Iterator[Path]:
    """Every file below the folder, sorted, without hidden files and files of Python and editors.

    Raises OSError where a folder cannot be read.
    """
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith(".") or entry.name == "__pycache__":
            continue
        if entry.is_dir() and not entry.is_symlink():
            yield from files_to_include(entry)
        elif not entry.name.endswith(_LEFT_OUT):
            yield entry
