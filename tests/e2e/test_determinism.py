"""The same description gives the same bytes: under any hash seed, from any folder, whatever the
last run has left in the cache."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from specloom.output.cache import FOLDER

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]


def generated(folder: Path, seed: str, cwd: Path) -> dict[str, bytes]:
    """The files that a fresh process writes."""
    subprocess.run(
        [
            sys.executable,
            "-m",
            "specloom",
            "generate",
            str(ROOT / "spec/assistants.yaml"),
            "-o",
            str(folder),
            "--include",
            str(ROOT / "spec/lib"),
        ],
        check=True,
        cwd=cwd,
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT / "generator")},
        stdout=subprocess.DEVNULL,
    )
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and FOLDER not in path.parts
    }


def test_two_hash_seeds_and_two_folders_give_the_same_bytes(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    lock = (ROOT / "spec/names.lock").as_posix()
    settings = f'[tool.specloom]\nnames_lock = "{lock}"\n'
    (elsewhere / "pyproject.toml").write_text(settings, encoding="utf-8")
    first = generated(tmp_path / "a", "1", ROOT)
    second = generated(tmp_path / "b", "4242", elsewhere)
    assert len(first) > 20
    assert first == second


def test_the_committed_sdk_matches_the_description(tmp_path: Path) -> None:
    fresh = generated(tmp_path / "sdk", "0", ROOT)
    committed = ROOT / "generated"
    assert fresh == {path: (committed / path).read_bytes() for path in fresh}


SPEC = (ROOT / "tests/golden/types/spec.yaml").read_text(encoding="utf-8")
EDITED = SPEC.replace("description: ", "description: Once more, ")


def run(folder: Path, *options: str, spec: str = SPEC) -> subprocess.Popen[str]:
    """Start a process that generates from the text of a description."""
    path = folder.parent / "spec.yaml"
    if not path.exists() or path.read_text(encoding="utf-8") != spec:
        path.write_text(spec, encoding="utf-8")
    command = [sys.executable, "-m", "specloom", "generate", str(path), "-o", str(folder)]
    return subprocess.Popen(
        [*command, *options],
        cwd=folder.parent,
        env={**os.environ, "PYTHONPATH": str(ROOT / "generator")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> str:
    """The output of a successful process."""
    printed, _ = process.communicate(timeout=300)
    assert process.returncode == 0, printed
    return printed


def files_in(folder: Path) -> dict[str, bytes]:
    """The output, without the cache."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and FOLDER not in path.parts
    }


@pytest.fixture(scope="module")
def cold(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, bytes]]:
    """The outputs of the description and the edited one without a cache."""
    found = {}
    for name, spec in (("as it was", SPEC), ("edited", EDITED)):
        folder = tmp_path_factory.mktemp("cold") / "sdk"
        ended(run(folder, spec=spec))
        found[name] = files_in(folder)
    assert found["as it was"] != found["edited"]
    return found


def forget_the_run(cache: Path) -> None:
    (cache / "last-run.json").unlink()


def delete_the_cache(cache: Path) -> None:
    for path in cache.iterdir():
        path.unlink()
    cache.rmdir()


def truncate(cache: Path) -> None:
    forget_the_run(cache)
    for file in cache.glob("*.json"):
        file.write_bytes(file.read_bytes()[:-100])


def fill_with_garbage(cache: Path) -> None:
    for path in cache.glob("*.json"):
        path.write_bytes(b"\x00\xff garbage")


def tamper(cache: Path) -> None:
    forget_the_run(cache)
    text = (cache / "formatted.json").read_text(encoding="utf-8")
    (cache / "formatted.json").write_text(text.replace("a", "b"), encoding="utf-8")


DAMAGE = [delete_the_cache, truncate, fill_with_garbage, tamper]


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda one: one.__name__)
def test_whatever_happened_to_the_cache_the_output_is_the_same(
    tmp_path: Path, cold: dict[str, dict[str, bytes]], damage: Callable[[Path], None]
) -> None:
    folder = tmp_path / "sdk"
    ended(run(folder, spec=EDITED))
    assert files_in(folder) == cold["edited"]
    damage(folder / FOLDER)
    ended(run(folder))
    assert files_in(folder) == cold["as it was"]
    damage(folder / FOLDER)
    printed = ended(run(folder, "--check"))
    assert printed == ""


def test_a_warm_run_equals_a_cold_one(tmp_path: Path, cold: dict[str, dict[str, bytes]]) -> None:
    folder = tmp_path / "sdk"
    for name, spec in (("as it was", SPEC), ("edited", EDITED), ("as it was", SPEC)):
        ended(run(folder, spec=spec))
        assert files_in(folder) == cold[name]


def test_two_runs_at_once_leave_a_whole_output_and_a_whole_cache(
    tmp_path: Path, cold: dict[str, dict[str, bytes]]
) -> None:
    folder = tmp_path / "sdk"
    ended(run(folder, spec=EDITED))
    both = [run(folder), run(folder)]
    for process in both:
        ended(process)
    assert files_in(folder) == cold["as it was"]
    forget_the_run(folder / FOLDER)
    ended(run(folder))
    assert files_in(folder) == cold["as it was"]
    assert sorted(path.name for path in (folder / FOLDER).iterdir()) == [
        ".gitignore",
        "formatted.json",
        "last-run.json",
    ]


def test_checking_writes_no_cache(tmp_path: Path) -> None:
    folder = tmp_path / "sdk"
    ended(run(folder))
    delete_the_cache(folder / FOLDER)
    ended(run(folder, "--check"))
    assert not (folder / FOLDER).exists()
