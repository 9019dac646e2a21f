"""Descriptions that would use unlimited time or memory: each run ends within fixed limits."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from support.bombs import (
    DEEP,
    DOUBLING,
    HEAD,
    LONG,
    LOOPS,
    MANY,
    MB,
    STRANGE,
    Bomb,
    described,
)
from support.limited import Files, run

pytestmark = pytest.mark.slow

pytest.importorskip("resource", reason="this system has no limits for a process")


def cases(bombs: dict[str, tuple[Bomb, set[str]]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("bomb", "codes"), list(bombs.values()), ids=list(bombs))


@cases({**LONG, **DEEP, **DOUBLING, **MANY, **LOOPS, **STRANGE})
def test_it_ends_within_bounds(tmp_path: Path, bomb: Bomb, codes: set[str]) -> None:
    assert run(tmp_path, bomb()).codes == codes


def test_fifty_megabytes_of_examples_are_read(tmp_path: Path) -> None:
    value = {"id": "x" * 60, "labels": ["a", "b"], "count": 1}
    examples = {f"e{n}": {"value": value} for n in range(400_000)}
    text = described({"S0": {"type": "object"}}, "S0")
    document = {**json.loads(text)}
    document["components"]["examples"] = examples
    text = json.dumps(document)
    assert len(text) > 40 * MB
    assert run(tmp_path, {"a.json": text}).codes == set()


@pytest.mark.parametrize(
    ("ref", "code"),
    [
        ("/dev/zero", "bad-ref"),
        ("%2fdev%2fzero", "bad-ref"),
        ("file:///dev/zero", "bad-ref"),
        ("//host/share", "bad-ref"),
        ("C:\\con", "bad-ref"),
        ("../" * 40 + "dev/zero", "missing-file"),
        (".", "missing-file"),
        ("folder", "missing-file"),
        ("fifo", "missing-file"),
        ("none", "missing-file"),
        ("%00", "missing-file"),
        ("x" * 5_000, "missing-file"),
        ("\ud83d\ude00", "missing-file"),
        ("http://localhost:1/a.yaml", "remote-ref"),
        ("https://[", "remote-ref"),
    ],
)
def test_what_is_no_file_of_a_description_is_not_read(tmp_path: Path, ref: str, code: str) -> None:
    (tmp_path / "folder").mkdir()
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "fifo")
    text = described({"S0": {"$ref": ref}}, "S0")
    assert run(tmp_path, {"a.json": text}).codes == {code}


@pytest.mark.parametrize(
    ("target", "codes"),
    [
        ("$..*..*..*", set()),
        ("$" + "..*" * 500, {"bad-overlay-target"}),
        ("$" + "[" * 5_000, {"bad-overlay-target"}),
        ("$[?" + "(" * 5_000 + "@" + ")" * 5_000 + "]", {"bad-overlay-target"}),
        ("$..[?match(@, '(a+)+$')]", {"bad-overlay-target"}),
        ("$" + ".a" * 5_000, {"bad-overlay-target"}),
    ],
)
def test_an_overlay_of_a_stranger_ends(tmp_path: Path, target: str, codes: set[str]) -> None:
    action = {"target": target, "update": {"x-a": 1}}
    overlay = {"overlay": "1.0.0", "info": {}, "actions": [action]}
    files: Files = {"a.yaml": HEAD + f"x-a: {'a' * 40}b\n", "over.json": json.dumps(overlay)}
    assert run(tmp_path, files, "--overlay", "over.json").codes == codes
