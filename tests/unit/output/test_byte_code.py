"""The byte code of our templates is stored, and never changes the output."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from specloom.options import templates_folder
from specloom.output import render

NAME = "project/Makefile.j2"
CONTEXT = {"package": "shop"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Templates of our own that this test may change."""
    copy = tmp_path / "templates"
    shutil.copytree(templates_folder(), copy, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / NAME).write_text("name: {{ package }}\n")
    monkeypatch.setattr(render, "templates_folder", lambda: copy)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return copy


def rendered() -> str:
    """The text from another process, which has no compiled templates yet."""
    render.environment.cache_clear()
    return render.Renderer().render(NAME, CONTEXT)


def kept(folder: Path) -> list[Path]:
    return sorted(folder.glob("__pycache__/*.jinja"))


def test_it_is_kept_and_used(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert rendered() == "name: shop\n"
    assert len(kept(folder)) == 1

    def compiled(*_: object) -> str:
        raise AssertionError("the template was compiled again")

    monkeypatch.setattr(render.Environment, "_generate", compiled)
    assert rendered() == "name: shop\n"


def test_a_template_that_was_changed_is_compiled_again(folder: Path) -> None:
    rendered()
    (folder / NAME).write_text("called: {{ package }}\n")
    assert rendered() == "called: shop\n"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda file: file.write_bytes(b""),
        lambda file: file.write_bytes(b"no byte code"),
        lambda file: file.write_bytes(file.read_bytes()[:-20]),
    ],
)
def test_what_is_damaged_is_made_again(folder: Path, spoil: Callable[[Path], object]) -> None:
    rendered()
    (file,) = kept(folder)
    whole = file.read_bytes()
    spoil(file)
    assert rendered() == "name: shop\n"
    assert file.read_bytes() == whole


def test_none_is_written_where_python_writes_none(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert rendered() == "name: shop\n"
    assert kept(folder) == []


def test_a_folder_that_cannot_be_written_to_does_no_harm(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "mkdir", refuse)
    assert rendered() == "name: shop\n"
    assert kept(folder) == []


def test_templates_of_a_users_leave_none(folder: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    assert render.Renderer([own]).render(NAME, CONTEXT) == "name: shop\n"
    assert kept(folder) == []
    assert list(own.iterdir()) == []
