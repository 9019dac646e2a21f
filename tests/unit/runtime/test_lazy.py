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
        "__all__ = ['A', 'B']\n"
        "__getattr__, __dir__ = lazy_exports(__name__, {'A': '.a', 'B': '.b'})\n"
    )
    (package / "a.py").write_text("class A: ...\n")
    (package / "b.py").write_text("from . import A\nclass B(A): ...\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    sample = importlib.import_module("lazy_sample")
    assert "lazy_sample.a" not in sys.modules
    assert {"A", "B", "__all__"} <= set(dir(sample))
    assert sample.A is sample.A
    assert "lazy_sample.b" not in sys.modules
    names: dict[str, object] = {}
    exec("from lazy_sample import *", names)
    assert issubclass(sample.B, sample.A)
    assert names["B"] is sample.B
    with pytest.raises(AttributeError, match="module 'lazy_sample' has no attribute 'C'"):
        _ = sample.C
