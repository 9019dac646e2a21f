"""Runs the tests of an old SDK with both SDKs, and counts the tests that each passes."""

from __future__ import annotations

import ast
import json
import shutil
import tarfile
import zipfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from specloom.adoption.layouts.syntax import FUNCTIONS, dotted
from specloom.adoption.proving.environments import Environment, mock_server

_SETTINGS = "[pytest]\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = session\n"
_TESTS = "tests/api_resources"
_PYTEST = (
    *("-m", "pytest", "-p", "specloom_alias", "-p", "no:cacheprovider"),
    *("--continue-on-collection-errors", "-q", "--tb=short"),
)
_LARGEST = 4_000_000
_VIEWS = ("with_raw_response", "with_streaming_response")


@dataclass(frozen=True, slots=True)
class Results:
    """By test: its outcome and the last words of its failure.

    ``cut`` is the reason why not all tests have run, empty if they have.
    """

    outcomes: Mapping[str, tuple[str, str]]
    cut: str = ""


@dataclass(frozen=True, slots=True)
class Tested:
    """The tests of the old SDK with both SDKs.

    ``passed`` are the tests that the old SDK passes, ``failed`` those of them that the new one
    fails, with the reason. ``cut`` tells which SDK did not run all tests, and why. ``left_out`` is
    the number of passed tests that are not counted: they call methods that the description lacks.
    """

    passed: tuple[str, ...] = ()
    failed: Mapping[str, str] | None = None
    cut: str = ""
    left_out: int = 0

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


def calling(folder: Path, addresses: Collection[str]) -> frozenset[str]:
    """The ids of the tests that call one of these methods, without their parameters."""
    return frozenset(
        f"{file.relative_to(folder).as_posix()}::{name}"
        for file in sorted((folder / _TESTS).rglob("test_*.py"))
        for name, test in _tests_in(file.read_text(encoding="utf-8", errors="replace"))
        if any(_address(node) in addresses for node in ast.walk(test))
    )


def _tests_in(text: str) -> Iterator[tuple[str, ast.stmt]]:
    """The functions of a module and of its classes, with their names as pytest writes them."""
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError):
        return  # pytest does not run it either
    for node in body:
        if isinstance(node, ast.ClassDef):
            found = (one for one in node.body if isinstance(one, FUNCTIONS))
            yield from ((f"{node.name}::{one.name}", one) for one in found)
        elif isinstance(node, FUNCTIONS):
            yield node.name, node


def _address(node: ast.AST) -> str:
    """``runs.create`` of ``client.runs.with_raw_response.create(…)``; else empty."""
    parts = dotted(node.func).split(".") if isinstance(node, ast.Call) else [""]
    is_called = parts[0] in ("client", "async_client")
    return ".".join(one for one in parts[1:] if one not in _VIEWS) if is_called else ""


@dataclass(frozen=True, slots=True)
class Run:
    """The tests in a folder, for one of the SDKs.

    ``only`` are the ids of the tests to run; empty: all that ``select`` selects, as ``pytest -k``.
    """

    package: str
    folder: Path
    is_new: bool
    select: str = ""
    only: tuple[str, ...] = ()


def results_of(run: Run, environment: Environment, server: Environment, seconds: float) -> Results:
    """The results of the tests with one of the SDKs, within a number of seconds."""
    folder, name = run.folder, "new" if run.is_new else "old"
    (folder / "pytest.ini").write_text(_SETTINGS, encoding="utf-8")
    results, records = folder / f"{name}.json", folder / f"{name}-records.json"
    results.unlink(missing_ok=True)
    wanted = folder / f"{name}-tests.txt"
    wanted.write_text("\n".join(run.only), encoding="utf-8")
    with mock_server(server, run.package, records) as address:
        said = environment.run(
            *_PYTEST,
            *(("-k", run.select) if run.select else ()),
            _TESTS,
            cwd=folder,
            seconds=seconds,
            TEST_API_BASE_URL=address,
            SPECLOOM_RESULTS=str(results.resolve()),
            SPECLOOM_PACKAGE=run.package if run.is_new else "",
            SPECLOOM_TESTS=str(wanted.resolve()) if run.only else "",
        )
    return _read(results.read_text(encoding="utf-8") if results.exists() else "", said)


def _read(text: str, said: str) -> Results:
    """The results so far. A test reports each of its steps; one failed step is a failure."""
    found: dict[str, tuple[str, str]] = {}
    for line in text.splitlines(keepends=True):
        if line.endswith("\n"):  # else the process was stopped while it wrote
            test, outcome, reason = json.loads(line)
            if found.get(test, ("", ""))[0] != "failed":
                found[test] = (outcome, reason)
    has_ended = found.pop("", None) is not None
    lines = said.strip().splitlines() or ["no reason given"]
    return Results(found, "" if has_ended else lines[-1])


def passed_in(results: Results) -> tuple[str, ...]:
    """The ids of the tests that pass."""
    return tuple(test for test, (outcome, _) in results.outcomes.items() if outcome == "passed")


def compared(old: Results, new: Results, lacking: Collection[str] = ()) -> Tested:
    """The tests that the old SDK passes, and those of them that the new one does not.

    ``lacking`` are the ids, without parameters, of tests that are not counted.
    """
    found = passed_in(old)
    passed = tuple(test for test in found if test.partition("[")[0] not in lacking)
    missing = ("", f"not run: {new.cut or 'the test is not there'}")
    now = {test: new.outcomes.get(test, missing) for test in passed}
    failed = {test: text for test, (outcome, text) in now.items() if outcome != "passed"}
    cuts = [f"{name}: {one.cut}" for name, one in (("old", old), ("new", new)) if one.cut]
    return Tested(passed, failed, "; ".join(cuts), len(found) - len(passed))
