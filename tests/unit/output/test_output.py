"""The output folder: written, deleted, kept and refused files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from specloom.errors import SpecError
from specloom.output.folder import MANIFEST, Applied, State, apply, check, plan_output

ONE = {"a.py": "a = 1\n", "pkg/b.py": "b = 1\n", "pkg/sub/c.py": "c = 1\n"}


def write(files: dict[str, str], folder: Path, *, force: bool = False) -> Applied:
    return apply(plan_output(files, folder), force=force)


def tree(folder: Path) -> dict[str, str]:
    return {
        file.relative_to(folder).as_posix(): file.read_text()
        for file in folder.rglob("*")
        if file.is_file() and file.name != MANIFEST
    }


def codes(caught: pytest.ExceptionInfo[SpecError]) -> list[str]:
    return [problem.code for problem in caught.value.problems]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "out"


class TestWriting:
    def test_a_new_folder(self, folder: Path) -> None:
        assert write(ONE, folder) == Applied(sorted(ONE), [], [])
        assert tree(folder) == ONE
        hashes = json.loads((folder / MANIFEST).read_text())
        assert list(hashes) == sorted(ONE)
        assert all(len(digest) == 64 for digest in hashes.values())

    def test_what_is_right_is_not_touched(self, folder: Path) -> None:
        write(ONE, folder)
        before = {file: file.stat().st_mtime_ns for file in folder.rglob("*")}
        for file in before:
            os.utime(file, ns=(1, 1))
        assert write(ONE, folder) == Applied([], [], [])
        assert {file.stat().st_mtime_ns for file in folder.rglob("*") if file.is_file()} == {1}

    def test_only_changed_files_are_written(self, folder: Path) -> None:
        write(ONE, folder)
        assert write({**ONE, "a.py": "a = 2\n"}, folder).written == ["a.py"]
        assert (folder / "a.py").read_text() == "a = 2\n"

    def test_stale_files_and_empty_folders_go(self, folder: Path) -> None:
        write(ONE, folder)
        cache = folder / "pkg" / "sub" / "__pycache__"
        cache.mkdir()
        (cache / "c.pyc").write_bytes(b"")
        assert write({"a.py": ONE["a.py"]}, folder).deleted == ["pkg/b.py", "pkg/sub/c.py"]
        assert {path.name for path in folder.iterdir()} == {"a.py", MANIFEST}

    def test_line_breaks_and_characters_are_exact(self, folder: Path) -> None:
        write({"a.py": "é\n"}, folder)
        assert (folder / "a.py").read_bytes() == "é\n".encode()

    def test_line_breaks_of_a_checkout_are_not_an_edit(self, folder: Path) -> None:
        write(ONE, folder)
        (folder / "a.py").write_bytes(b"a = 1\r\n")
        assert write(ONE, folder) == Applied([], [], [])
        assert write({**ONE, "a.py": "a = 2\n"}, folder).written == ["a.py"]

    def test_a_deleted_file_is_written_again(self, folder: Path) -> None:
        write(ONE, folder)
        (folder / "a.py").unlink()
        assert write(ONE, folder).written == ["a.py"]

    def test_files_can_be_read_by_others(self, folder: Path) -> None:
        write(ONE, folder)
        (folder / "plain").write_text("")
        assert (folder / "a.py").stat().st_mode == (folder / "plain").stat().st_mode

    def test_the_folder_is_as_it_was_if_writing_fails(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write(ONE, folder)
        before = tree(folder)
        real = Path.write_bytes

        def full(self: Path, data: bytes) -> int:
            if "c.py" in self.name:
                raise OSError(28, "No space left on device")
            return real(self, data)

        monkeypatch.setattr(Path, "write_bytes", full)
        changed = {path: text + "x = 0\n" for path, text in ONE.items() if path != "pkg/b.py"}
        with pytest.raises(SpecError, match="No space left") as caught:
            write(changed, folder)
        assert codes(caught) == ["unwritable"]
        assert tree(folder) == before

    def test_a_file_in_place_of_the_folder(self, folder: Path) -> None:
        folder.write_text("")
        with pytest.raises(SpecError) as caught:
            write(ONE, folder)
        assert codes(caught) == ["unwritable"]


class TestPersons:
    def test_a_folder_that_is_not_ours_is_refused(self, folder: Path) -> None:
        folder.mkdir()
        (folder / "precious").write_text("x")
        with pytest.raises(SpecError) as caught:
            write(ONE, folder)
        assert codes(caught) == ["foreign-folder"]
        assert tree(folder) == {"precious": "x"}
        write(ONE, folder, force=True)
        assert tree(folder) == {**ONE, "precious": "x"}

    def test_an_empty_repository_has_no_revision(self, folder: Path) -> None:
        (folder / ".git").mkdir(parents=True)
        (folder / ".git" / "HEAD").write_text("")
        assert write(ONE, folder).written == sorted(ONE)

    def test_an_edited_file_is_kept_until_forced(self, folder: Path) -> None:
        write(ONE, folder)
        (folder / "a.py").write_text("mine\n")
        new = {**ONE, "a.py": "a = 2\n"}
        for _ in range(2):
            assert write(new, folder).skipped == ["a.py"]
            assert (folder / "a.py").read_text() == "mine\n"
        assert write(new, folder, force=True).written == ["a.py"]
        assert (folder / "a.py").read_text() == "a = 2\n"
        assert write(new, folder) == Applied([], [], [])

    def test_an_edited_file_that_is_stale_is_kept_until_forced(self, folder: Path) -> None:
        write(ONE, folder)
        (folder / "a.py").write_text("mine\n")
        new = {path: text for path, text in ONE.items() if path != "a.py"}
        assert write(new, folder) == Applied([], [], ["a.py"])
        assert write(new, folder, force=True) == Applied([], ["a.py"], [])

    def test_an_edit_equal_to_the_output_is_not_an_edit(self, folder: Path) -> None:
        write(ONE, folder)
        (folder / "a.py").write_text("a = 2\n")
        assert write({**ONE, "a.py": "a = 2\n"}, folder) == Applied([], [], [])
        assert write({**ONE, "a.py": "a = 3\n"}, folder).written == ["a.py"]

    def test_an_added_file_is_never_touched(self, folder: Path) -> None:
        write(ONE, folder)
        added = folder / "pkg" / "sub" / "mine.py"
        added.write_text("mine\n")
        plan = plan_output({}, folder)
        assert plan.of(State.ADDED) == ["pkg/sub/mine.py"]
        apply(plan, force=True)
        assert tree(folder) == {"pkg/sub/mine.py": "mine\n"}

    def test_an_added_file_in_the_way_is_kept_until_forced(self, folder: Path) -> None:
        write(ONE, folder)
        (folder / "d.py").write_text("mine\n")
        new = {**ONE, "d.py": "d = 1\n"}
        assert write(new, folder).skipped == ["d.py"]
        assert "d.py" not in json.loads((folder / MANIFEST).read_text())
        assert write(new, folder, force=True).written == ["d.py"]

    def test_a_file_replaced_by_a_link_is_an_edit(self, folder: Path) -> None:
        write(ONE, folder)
        (folder / "a.py").unlink()
        (folder / "a.py").symlink_to("nowhere")
        assert write(ONE, folder).skipped == ["a.py"]

    def test_a_manifest_that_cannot_be_read(self, folder: Path) -> None:
        write(ONE, folder)
        for text in ("<<<<<<< HEAD", "[]", '{"a.py": 1}'):
            (folder / MANIFEST).write_text(text)
            with pytest.raises(SpecError) as caught:
                write(ONE, folder)
            assert codes(caught) == ["bad-manifest"]


class TestPaths:
    @pytest.mark.parametrize(
        "path",
        [
            "../a.py",
            "/a.py",
            "a/../../b.py",
            "a//b.py",
            "./a.py",
            "",
            "..",
            "C:/a.py",
            r"a\b.py",
            "a\x00.py",
            "con.py",
            "a/NUL",
            "a.",
            MANIFEST,
        ],
    )
    def test_what_leaves_the_folder_or_has_no_name_everywhere(
        self, folder: Path, path: str
    ) -> None:
        with pytest.raises(SpecError) as caught:
            plan_output({path: ""}, folder)
        assert set(codes(caught)) == {"bad-output-path"}

    @pytest.mark.parametrize(
        "paths",
        [
            ("a.py", "A.py"),
            ("pkg/a.py", "Pkg/b.py"),
            ("a", "a/b.py"),
            ("a/b.py", "a"),
            ("\u00e9.py", "e\u0301.py"),
            ("stra\u00dfe.py", "strasse.py"),
        ],
    )
    def test_what_falls_together_on_some_disk(self, folder: Path, paths: tuple[str, str]) -> None:
        with pytest.raises(SpecError, match="is the same file") as caught:
            plan_output(dict.fromkeys(paths, ""), folder)
        assert codes(caught) == ["bad-output-path"]

    def test_links_to_outside(self, folder: Path, tmp_path: Path) -> None:
        (tmp_path / "elsewhere").mkdir()
        folder.mkdir()
        (folder / "pkg").symlink_to(tmp_path / "elsewhere")
        with pytest.raises(SpecError, match="through a link"):
            plan_output(ONE, folder)
        assert tree(tmp_path / "elsewhere") == {}

    def test_a_manifest_cannot_name_files_outside(self, folder: Path, tmp_path: Path) -> None:
        write(ONE, folder)
        (tmp_path / "precious").write_text("a = 1\n")
        hashes = json.loads((folder / MANIFEST).read_text())
        (folder / MANIFEST).write_text(json.dumps({"../precious": hashes["a.py"]}))
        with pytest.raises(SpecError):
            write({}, folder, force=True)
        assert (tmp_path / "precious").exists()

    def test_the_folder_may_be_a_link(self, folder: Path, tmp_path: Path) -> None:
        (tmp_path / "real").mkdir()
        folder.symlink_to(tmp_path / "real")
        write(ONE, folder)
        assert tree(tmp_path / "real") == ONE


class TestCheck:
    def test_a_run_without_changes_prints_nothing(self, folder: Path) -> None:
        write(ONE, folder)
        assert check(plan_output(ONE, folder)) == ""

    def test_the_diff_is_one_that_git_applies(self, folder: Path) -> None:
        write(ONE, folder)
        (folder / "pkg" / "sub" / "c.py").write_text("edited")
        new = {"a.py": "a = 2\n", "d.py": "d = 1\n", "pkg/sub/c.py": "c = 3\n"}
        before = tree(folder)
        diff = check(plan_output(new, folder))
        assert tree(folder) == before
        assert "--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-a = 1\n+a = 2\n" in diff
        assert "--- /dev/null\n+++ b/d.py\n" in diff
        assert "--- a/pkg/b.py\n+++ /dev/null\n" in diff
        subprocess.run(["git", "apply", "-"], cwd=folder, input=diff, text=True, check=True)
        assert tree(folder) == new
        assert check(plan_output(new, folder)) == ""

    def test_a_lost_manifest_is_drift(self, folder: Path) -> None:
        write(ONE, folder)
        (folder / MANIFEST).unlink()
        assert f"+++ b/{MANIFEST}" in check(plan_output(ONE, folder))

    def test_added_files_are_not_drift(self, folder: Path) -> None:
        write(ONE, folder)
        (folder / "mine.py").write_text("x")
        assert check(plan_output(ONE, folder)) == ""


def test_a_plan_does_not_depend_on_the_order_or_the_hash_seed(folder: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from specloom.output.folder import *\n"
        f"plan = plan_output({dict(reversed(ONE.items()))!r}, Path(sys.argv[1]))\n"
        "print(list(plan.states.items())); print(check(plan))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script, str(folder)],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
