"""Each test has its own folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from functional.names_lock.depot import (
    SETTINGS,
    describe,
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("pyproject.toml").write_text(SETTINGS)
    describe()
    return tmp_path
