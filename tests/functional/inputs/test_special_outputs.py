"""An output folder that contains pipes, or files of a killed run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from specloom.errors import SpecError
from specloom.options import BuildOptions
from specloom.output import cache, folder
from specloom.output.folder import MANIFEST, apply, plan_output
from specloom.pipeline import build

FILES = {"a/one.py": "x = 1\n", "two.py": "y = 2\n", "pyproject.toml": "[project]\n"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no FIFOs")
@pytest.mark.parametrize("path", ["two.py", "pyproject.toml", MANIFEST])
def test_a_pipe_is_refused(tmp_path: Path, path: str) -> None:
    apply(plan_output(FILES, tmp_path))
    (tmp_path / path).unlink()
    os.mkfifo(tmp_path / path)
    with pytest.raises(SpecError, match="is a pipe, a device or a socket"):
        plan_output(FILES, tmp_path)
    with pytest.raises(SpecError, match="is a pipe, a device or a socket"):
        folder.is_intact(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no FIFOs")
def test_a_names_lock_that_is_a_pipe_is_an_error(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "names.lock")
    spec = tmp_path / "spec.yaml"
    spec.write_text('{openapi: 3.1.0, info: {title: A, version: "1"}, paths: {}}')
    with pytest.raises(SpecError, match="is a pipe or a device"):
        build(spec, BuildOptions(names_lock=tmp_path / "names.lock"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no FIFOs")
@pytest.mark.parametrize("path", [MANIFEST, f"{cache.FOLDER}/last-run.json", "spec.yaml"])
def test_the_last_run_does_not_wait_for_a_pipe(tmp_path: Path, path: str) -> None:
    source = tmp_path / "spec.yaml"
    apply(plan_output(FILES, tmp_path))
    source.touch()
    last = cache.LastRun(tmp_path, source, BuildOptions())
    last.remember([source], 1, 1, 1, "")
    assert last.still_holds() is not None
    (tmp_path / path).unlink()
    os.mkfifo(tmp_path / path)
    assert last.still_holds() is None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no FIFOs")
@pytest.mark.parametrize("path", ["two.py", f"{cache.FOLDER}/formatted.json"])
def test_formatted_files_are_not_read_of_a_pipe(tmp_path: Path, path: str) -> None:
    apply(plan_output(FILES, tmp_path))
    formatted = cache.FormattedFiles(tmp_path, "black")
    formatted.keep("y=2", FILES["two.py"])
    formatted.save()
    again = cache.FormattedFiles(tmp_path, "black")
    assert again.find("two.py", "y=2") == FILES["two.py"]
    (tmp_path / path).unlink()
    os.mkfifo(tmp_path / path)
    assert cache.FormattedFiles(tmp_path, "black").find("two.py", "y=2") is None
    assert again.find("one.py", "y=2") is None


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="only /proc tells what runs")
@pytest.mark.parametrize("moved", [0, 1, 2])
def test_a_killed_run_does_not_block_the_next(tmp_path: Path, moved: int) -> None:
    script = f"""if True:
        import os, pathlib
        from specloom.output import folder
        replace, left = os.replace, iter(range({moved}))
        def killed(*paths):
            if next(left, None) is None:
                os._exit(9)
            replace(*paths)
        os.replace = killed
        folder.apply(folder.plan_output({FILES!r}, pathlib.Path({str(tmp_path)!r})))
    """
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 9
    assert any(tmp_path.rglob("*.specloom-new"))
    other = tmp_path / f".two.py.{os.getppid()}.specloom-new"  # of a run at the same time
    other.touch()
    apply(plan_output(FILES, tmp_path))
    assert list(tmp_path.rglob("*.specloom-new")) == [other]
    assert folder.check(plan_output(FILES, tmp_path)) == ""
    assert folder.is_intact(tmp_path)
    (tmp_path / ".two.py.99999999.specloom-new").touch()  # no system has so many processes
    assert not folder.is_intact(tmp_path)
