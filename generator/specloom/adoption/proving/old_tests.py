"""Runs the tests of an old SDK with both SDKs, and counts the tests that each passes."""

from __future__ import annotations

import json
import shutil
import tarfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from specloom.adoption.proving.environments import Environment, mock_server

_SETTINGS = "[pytest]\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = session\n"
_TESTS = "tests/api_resources"
_LARGEST = 4_000_000

Results = Mapping[str, tuple[str, str]]
"""Test → its outcome and the last words of its failure."""


@dataclass(frozen=True, slots=True)
class Tested:
    """``passed`` are the tests that the old SDK passes, ``failed`` those of them that the new one
    fails, with the reason."""

    passed: tuple[str, ...] = ()
    failed: Mapping[str, str] | None = None

    @property
    def kept(self) -> int:
        """The number of tests that both pass."""
        return len(self.passed) - len(self.failed or {})


def unpacked(old: Path, folder: Path) -> bool:
    """Write the tests of an old SDK, a folder or an sdist, into a folder; False if it has none."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if old.is_dir():
        if (old / _TESTS).is_dir():
            shutil.copytree(old / "tests", folder / "tests")
    elif tarfile.is_tarfile(old):
        _from_tar(old, folder)
    elif zipfile.is_zipfile(old):
        return False  # wheels have no tests
    return (folder / _TESTS).is_dir()


def _from_tar(old: Path, folder: Path) -> None:
    with tarfile.open(old) as archive:
        for info in archive:
            parts = PurePosixPath(info.name).parts[1:]
            is_safe = info.isreg() and ".." not in parts and info.size <= _LARGEST
            if not parts or parts[0] != "tests" or not is_safe:
                continue
            content = archive.extractfile(info)
            file = folder.joinpath(*parts)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.read() if content else b"")


def results_of(
    environment: Environment,
    server: Environment,
    package: str,
    folder: Path,
    name: str,
    *,
    is_new: bool,
    seconds: float,
    select: str,
) -> Results:
    """The results of the tests in a folder with one of the SDKs."""
    (folder / "pytest.ini").write_text(_SETTINGS, encoding="utf-8")
    results, records = folder / f"{name}.json", folder / f"{name}-records.json"
    results.unlink(missing_ok=True)
    with mock_server(server, package, records) as address:
        said = environment.run(
            "-m",
            "pytest",
            "-p",
            "specloom_alias",
            "-p",
            "no:cacheprovider",
            "--continue-on-collection-errors",
            "-q",
            "--tb=short",
            *(("-k", select) if select else ()),
            _TESTS,
            cwd=folder,
            seconds=seconds,
            TEST_API_BASE_URL=address,
            SPECLOOM_RESULTS=str(results.resolve()),
            SPECLOOM_PACKAGE=package if is_new else "",
        )
    if not results.exists():
        return {"": ("failed", said[-600:])}
    found = json.loads(results.read_text(encoding="utf-8"))
    return {test: (outcome, text) for test, (outcome, text) in found.items()}


def compared(old: Results, new: Results) -> Tested:
    """The tests that the old SDK passes, and those of them that the new one fails."""
    passed = tuple(test for test, (outcome, _) in old.items() if outcome == "passed")
    failed = {
        test: new.get(test, ("", new.get("", ("", "it is not run"))[1]))[1]
        for test in passed
        if new.get(test, ("", ""))[0] != "passed"
    }
    return Tested(passed, failed)
