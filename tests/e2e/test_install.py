"""Installed distributions: specloom's wheel works without the checkout, and its SDK installs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]

TINY = """
openapi: 3.1.0
info: {title: Tiny, version: "1"}
servers: [{url: "https://tiny.example.com"}]
paths:
  /ping:
    get:
      operationId: ping
      x-sdk: {resource: health}
      responses: {"204": {description: Alive.}}
"""


def install(project: Path, target: Path) -> None:
    """Builds a project's wheel and unpacks it into ``target``, without its dependencies."""
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"),
            *("--no-build-isolation", "--disable-pip-version-check"),
            *("--target", str(target), str(project)),
        ],
        check=True,
    )


def python(code: str, *arguments: str, path: Path, cwd: Path) -> str:
    """Run code in a fresh process with the environment and ``path``, without the checkout."""
    result = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import sys; sys.path.insert(0, {str(path)!r}); {code}",
            *arguments,
        ],
        cwd=cwd,
        check=True,
        capture_output=True,
        text=True,
    )
    return result.stdout.strip()


@pytest.fixture(scope="module")
def tool(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds specloom as its wheel installs it."""
    folder = tmp_path_factory.mktemp("tool")
    install(ROOT, folder)
    return folder


def test_the_wheel_generates_outside_the_checkout(tool: Path, tmp_path: Path) -> None:
    (tmp_path / "tiny.yaml").write_text(TINY)
    where = python("import specloom; print(specloom.__file__)", path=tool, cwd=tmp_path)
    assert where.startswith(str(tool))
    code = "from specloom.commands import main; main()"
    shown = python(code, "generate", "tiny.yaml", "-o", "out", path=tool, cwd=tmp_path)
    assert "1 operation" in shown
    assert (tmp_path / "out/tiny_sdk/resources/health.py").is_file()


def test_the_wheel_begins_a_project(tool: Path, tmp_path: Path) -> None:
    code = "from specloom.commands import main; main()"
    python(code, "init", "--dir", "new", "--yes", path=tool, cwd=tmp_path)
    for path in ("Makefile", ".gitignore", ".github/workflows/ci.yml", "spec/names.overlay.yaml"):
        assert (tmp_path / "new" / path).is_file()
    shown = python(code, "generate", "--check", path=tool, cwd=tmp_path / "new")
    assert shown == ""


def test_the_sdk_installs_and_imports_anywhere(tmp_path: Path) -> None:
    install(ROOT / "generated", tmp_path / "site")
    code = (
        "from assistants_sdk import Assistants, AsyncAssistants, __version__;"
        "print(Assistants(api_key='k').threads.runs, __version__)"
    )
    assert python(code, path=tmp_path / "site", cwd=tmp_path).endswith("0.1.0")
    assert (tmp_path / "site/assistants_sdk/py.typed").is_file()
