"""A new machine gets locked versions, and an environment that is complete or absent."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCKED = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

# Stands in for an interpreter: it is new enough, and makes an environment whose pip fails.
BROKEN = """#!/bin/sh
if [ "$1" = -m ] && [ "$2" = venv ]; then
  mkdir -p "$3/bin" && cp "$0" "$3/bin/python" && exit {venv}
fi
[ "$1" = -c ]
"""

needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


def requirements() -> list[str]:
    """All requirements of the project: to build it, to run it, and of each extra."""
    extras = PROJECT["project"]["optional-dependencies"].values()
    return [
        *PROJECT["build-system"]["requires"],
        *PROJECT["project"]["dependencies"],
        *(each for extra in extras for each in extra),
    ]


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    # Of the make that runs these tests, `make test-newest` perhaps: its variables are ours too.
    outer = {"MAKEFLAGS", "MAKEOVERRIDES", "MAKELEVEL", "LOCK", "VENV", "PYTHON"}
    environment = {name: value for name, value in os.environ.items() if name not in outer}
    command = ["make", "--no-print-directory", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("line", LOCKED)
def test_the_lock_holds_no_address_and_no_path(line: str) -> None:
    assert re.fullmatch(r"[a-z0-9-]+==[0-9a-z.]+(?: ; [^/\\@]+)?", line)


@pytest.mark.parametrize("text", requirements())
def test_the_lock_has_a_version_that_the_project_allows(text: str) -> None:
    wanted = Requirement(text)
    locked = [Requirement(line) for line in LOCKED]
    found = [each for each in locked if each.name == canonicalize_name(wanted.name)]
    assert found
    for each in found:
        (pin,) = each.specifier
        assert wanted.specifier.contains(pin.version)


def test_what_an_editable_build_needs_is_locked() -> None:
    """pip needs hatchling for an editable build and obeys the lock, but nothing names it."""
    assert any(line.startswith("editables==") for line in LOCKED)


@needs_make
@pytest.mark.parametrize("target", ["generate", "test", "docs", "bench"])
def test_the_targets_install_by_the_lock(target: str, tmp_path: Path) -> None:
    shown = make("--dry-run", target, f"VENV={tmp_path / 'venv'}").stdout
    installs = re.findall(r"(\S+ \S+) \S+python -m pip install", shown)
    assert installs
    both = "PIP_CONSTRAINT=requirements.lock PIP_BUILD_CONSTRAINT=requirements.lock"
    assert set(installs) == {both}


@needs_make
@pytest.mark.parametrize("venv_fails", [0, 1], ids=["pip fails", "venv fails"])
def test_no_half_made_environment_stays(venv_fails: int, tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text(BROKEN.format(venv=venv_fails))
    python.chmod(0o755)
    done = make("setup", f"VENV={tmp_path / 'venv'}", f"PYTHON={python}")
    assert done.returncode == 2
    assert not (tmp_path / "venv").exists()


@needs_make
def test_an_environment_of_the_users_stays(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text(BROKEN.format(venv=1))
    python.chmod(0o755)
    (tmp_path / "venv/bin").mkdir(parents=True)
    (tmp_path / "venv/mine.txt").write_text("mine")
    done = make("setup", f"VENV={tmp_path / 'venv'}", f"PYTHON={python}")
    assert done.returncode == 2
    assert (tmp_path / "venv/mine.txt").read_text() == "mine"


@needs_make
def test_a_python_that_is_too_old_is_named(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\nexit 1\n")
    python.chmod(0o755)
    done = make("setup", f"VENV={tmp_path / 'venv'}", f"PYTHON={python}")
    assert done.returncode == 2
    assert "specloom needs Python 3.11 or newer: make PYTHON=python3.12 setup" in done.stderr
    assert not (tmp_path / "venv").exists()


def imported(folder: Path) -> set[str]:
    """The third-party packages that the modules in a folder import."""
    found: set[str] = set()
    for path in folder.rglob("*.py"):
        if "expected" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                found.add(node.module.partition(".")[0])
    elsewhere = found - set(sys.stdlib_module_names) - {"specloom"}
    return {name for name in elsewhere if not name.endswith("_sdk")}


def declared(*extras: str) -> set[str]:
    """The import names of what the project and these extras ask for."""
    project = PROJECT["project"]
    texts = [*project["dependencies"]]
    texts += [text for extra in extras for text in project["optional-dependencies"][extra]]
    names = {canonicalize_name(Requirement(text).name) for text in texts}
    return {
        module
        for module, distributions in packages_distributions().items()
        if names & {canonicalize_name(each) for each in distributions}
    }


def test_the_generator_imports_what_is_declared() -> None:
    """The client runtime in it is copied into SDKs, which declare what it imports.

    The proof of an adoption runs a plugin of pytest in environments that it makes with pytest.
    """
    sdk = tomllib.loads((ROOT / "generated/pyproject.toml").read_text(encoding="utf-8"))
    copied = {Requirement(text).name for text in sdk["project"]["dependencies"]}
    assert imported(ROOT / "generator/specloom") <= declared("ruff") | copied | {
        "pydantic_core",
        "pytest",
    }


@pytest.mark.parametrize("folder", ["unit", "functional", "client", "docs", "support", "golden"])
def test_the_tests_import_what_is_declared(folder: str) -> None:
    """A dependency of a dependency may disappear with its next release."""
    own = {path.stem for path in (ROOT / "tests").iterdir()}
    assert imported(ROOT / "tests" / folder) - own <= declared("dev")


def test_the_readme_begins_with_installers_that_debian_lets_work() -> None:
    """There, ``pip install`` outside an environment ends in ``externally-managed-environment``."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    section = readme.partition("\n## Install\n")[2].partition("\n## ")[0]
    assert "uv tool install .      # or: pipx install ." in section
    assert "uvx --from . specloom generate" in section
    project = (ROOT / "templates/project/README.md.j2").read_text(encoding="utf-8")
    assert "| `uv run specloom generate" in project
    assert "pip install" not in section
    assert 0 < project.index("python -m venv") < project.index("pip install")
