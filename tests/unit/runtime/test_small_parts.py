"""The parts that are too small for a module of tests of their own."""

from __future__ import annotations

import copy
import importlib
import pickle
import sys
from pathlib import Path

import pytest

from specloom.runtime import errors
from specloom.runtime.omit import Omit, omit
from specloom.runtime.redirects import redirected, same_origin
from specloom.runtime.request import Request


def test_omit_is_one_and_false() -> None:
    assert Omit() is omit
    assert copy.deepcopy(omit) is pickle.loads(pickle.dumps(omit)) is omit
    assert not omit
    assert repr(omit) == "omit"


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


def test_every_error_is_in_the_tree_of_the_docstring() -> None:
    classes = [getattr(errors, name) for name in errors.__all__ if name[0].isupper()]
    assert errors.__doc__ is not None
    for each in classes:
        assert issubclass(each, errors.SDKError)
        assert each.__name__ in errors.__doc__
    assert issubclass(errors.APITimeoutError, errors.APIConnectionError)
    assert errors.APIError("x").status_code is None


def test_errors_without_a_response_pickle() -> None:
    error = errors.APITimeoutError("slow", code="c", retries_taken=2)
    twin = pickle.loads(pickle.dumps(error))
    assert (type(twin), str(twin), twin.code, twin.retries_taken) == (type(error), "slow", "c", 2)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("https://a/x", "https://a:443/y", True),
        ("http://A/x", "http://a:80/y", True),
        ("http://a", "https://a", False),
        ("https://a", "https://a.b", False),
        ("https://a:1", "https://a:2", False),
    ],
)
def test_origins(one: str, other: str, expected: bool) -> None:
    assert same_origin(one, other) is expected


@pytest.mark.parametrize(
    ("status", "location", "expected"),
    [
        (200, "/x", None),
        (304, None, None),
        (302, "ftp://a/x", None),
        (302, "http://[a", None),
        (302, "https://a:port/", None),
        (301, "/x?y=1", ("GET", "https://a/x?y=1", None)),
        (308, "x", ("POST", "https://a/b/x", b"{}")),
    ],
)
def test_where_a_redirect_leads(
    status: int, location: str | None, expected: tuple[str, str, bytes | None] | None
) -> None:
    request = Request("POST", "https://a/b/c", {"content-type": "t", "authorization": "k"}, b"{}")
    moved = redirected(request, status, location)
    assert (moved and (moved.method, moved.url, moved.body)) == expected
    if moved:
        assert "authorization" in moved.headers
        assert ("content-type" in moved.headers) == (moved.body is not None)


def test_a_redirect_elsewhere_stays_elsewhere() -> None:
    request = Request("GET", "https://a/", {"authorization": "k", "accept": "*/*"})
    away = redirected(request, 302, "https://b/")
    assert away is not None
    assert (away.headers, away.elsewhere) == ({"accept": "*/*"}, True)
    back = redirected(away, 302, "https://a/")
    assert back is not None
    assert (back.headers, back.elsewhere) == ({"accept": "*/*"}, True)
