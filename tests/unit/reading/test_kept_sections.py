"""Sections that a build has read are there for the next one."""

from __future__ import annotations

from pathlib import Path

import pytest

from specloom.errors import SpecError
from specloom.options import BuildOptions
from specloom.pipeline import build
from specloom.reading import sections
from specloom.reading.tree import Value
from specloom.writing.cache import FOLDER, SECTIONS, Cache

HEAD = 'openapi: 3.1.0\ninfo: {title: Tiny, version: "1"}\npaths:\n'
PATH = """\
  /{name}:
    get:
      operationId: {name}
      responses:
        "204": {{description: Done.}}
"""
NAMES = [f"do{number}" for number in range(60)]
SPEC = HEAD + "".join(PATH.format(name=name) for name in NAMES)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The first lines of the sections that are read; every description counts as large."""
    texts: list[str] = []
    built = sections.Builder.build

    def noted(self: sections.Builder) -> Value:
        texts.append(self.text.partition("\n")[0])
        return built(self)

    monkeypatch.setattr(sections.Builder, "build", noted)
    monkeypatch.setattr("specloom.reading.load.LARGE", 1)
    return texts


def files_of(text: str, folder: Path) -> dict[str, str]:
    """What a build gives that knows the one before it, and that the next one knows."""
    kept = Cache(folder)
    files = build(folder / "spec.yaml", BuildOptions(unsaved=text), cache=kept).files
    kept.save()
    return files


def test_what_was_read_is_not_read_again(tmp_path: Path, read: list[str]) -> None:
    first = files_of(SPEC, tmp_path)
    assert read[:3] == ["openapi: 3.1.0", 'info: {title: Tiny, version: "1"}', "  /do0:"]
    read.clear()
    assert files_of(SPEC, tmp_path) == first
    assert read == []
    edited = SPEC.replace("operationId: do7\n", "operationId: do8times\n")
    files = files_of(edited, tmp_path)
    assert read == ["  /do7:"]
    assert files == build(tmp_path / "spec.yaml", BuildOptions(unsaved=edited)).files != first


def test_a_little_that_is_new_is_not_worth_writing_all(tmp_path: Path, read: list[str]) -> None:
    files_of(SPEC, tmp_path)
    kept = tmp_path / FOLDER / SECTIONS
    before = kept.read_text()
    files_of(SPEC.replace("Done.", "Over.", 1), tmp_path)
    assert kept.read_text() == before
    files_of(SPEC.replace("Done.", "Over."), tmp_path)
    assert "Over." in kept.read_text()
    assert "Done." not in kept.read_text()
    read.clear()
    files_of(SPEC.replace("Done.", "Over."), tmp_path)
    assert read == []


@pytest.mark.parametrize("text", ["", "\x00", "no hash\nof this\n"])
def test_a_damaged_file_is_replaced(tmp_path: Path, read: list[str], text: str) -> None:
    first = files_of(SPEC, tmp_path)
    kept = tmp_path / FOLDER / SECTIONS
    good = kept.read_text()
    kept.write_text(text)
    read.clear()
    assert files_of(SPEC, tmp_path) == first
    assert len(read) == len(NAMES) + 2
    assert kept.read_text() == good


def test_small_descriptions_leave_no_file(tmp_path: Path) -> None:
    files_of(SPEC, tmp_path)
    assert not (tmp_path / FOLDER / SECTIONS).exists()


def test_a_fault_is_told_as_of_the_whole_text(tmp_path: Path, read: list[str]) -> None:
    files_of(SPEC, tmp_path)
    read.clear()
    broken = SPEC.replace("operationId: do9\n", "operationId: [do9\n")
    with pytest.raises(SpecError) as caught:
        files_of(broken, tmp_path)
    ((place, problem),) = caught.value.problems.located()
    assert problem.code == "not-yaml"
    line = broken[: broken.index("[do9")].count("\n") + 2  # where the list goes on
    assert place.line == line
    assert len(read) == 4  # the section, and all; of each also what is before the fault
