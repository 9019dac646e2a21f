"""Packages that load a name when it is used."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest


def test_lazy_exports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "lazy_sample"
    package.mkdir()
    (package / "__init__.py").write_text(
        "from specloom.runtime.lazy import lazy_exports\n"
        "__getattr__, __dir__ = lazy_exports(__name__, {'.': 'c', '.a': 'A', '.b': 'B B2'})\n"
    )
    (package / "c.py").write_text("")
    (package / "a.py").write_text("class A: ...\n")
    (package / "b.py").write_text("from . import A\nclass B(A): ...\nB2 = B\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    sample = importlib.import_module("lazy_sample")
    assert "lazy_sample.a" not in sys.modules
    assert {"A", "B", "B2", "c"} <= set(dir(sample))
    assert sample.__all__ == ["A", "B", "B2", "c"]
    assert sample.A is sample.A
    assert "lazy_sample.b" not in sys.modules
    names: dict[str, object] = {}
    exec("from lazy_sample import *", names)
    assert issubclass(sample.B, sample.A)
    assert names["B"] is names["B2"] is sample.B
    assert names["c"] is sys.modules["lazy_sample.c"]
    with pytest.raises(AttributeError, match="module 'lazy_sample' has no attribute 'C'"):
        _ = sample.C
