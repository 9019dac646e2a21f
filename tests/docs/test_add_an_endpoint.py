"""Follows the README's steps to add an endpoint, in a copy of the checkout."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SECTION = README.partition("\n### Add an endpoint\n")[2].partition("\n## ")[0]

CALL = """
from assistants_sdk import Assistants
from assistants_sdk.testing import FakeServer

server = FakeServer()
server.answer("POST", "/assistants/{id}/archive", {"id": "asst_1", "object": "assistant"})
with Assistants(api_key="k", base_url="https://api.test", http_client=server.client()) as client:
    print(client.assistants.archive("asst_1").id, server.requests[-1].headers["openai-beta"])
"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed"),
]


def shown_path() -> str:
    """The YAML of the README, below ``paths:``."""
    match = re.search(r"```yaml\n(.*?)\n +```", SECTION, re.DOTALL)
    assert match is not None
    lines = dedent(match.group(1)).splitlines()
    return "\n".join(f"  {line}" for line in lines) + "\n"


def commands() -> list[str]:
    """The targets of make that the steps name, in order."""
    return re.findall(r"^\d+\. `make ([a-z]+)`", SECTION, re.MULTILINE)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what is in git, whose description has the endpoint as well."""
    folder = tmp_path_factory.mktemp("contributor") / "specloom"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    for name in filter(None, listed.split("\0")):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target)
    spec = folder / "spec/assistants.yaml"
    text = spec.read_text(encoding="utf-8")
    assert text.count("\npaths:\n") == 1
    spec.write_text(text.replace("\npaths:\n", f"\npaths:\n{shown_path()}"), encoding="utf-8")
    return folder


def make(target: str, checkout: Path) -> subprocess.CompletedProcess[str]:
    """Run a target in the copy, with the packages that are installed here."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("MAKE", "PYTEST_")) and name not in {"LOCK", "VENV", "PYTHON"}
    }
    environment["PYTHONPATH"] = str(checkout / "generator")
    return subprocess.run(
        ["make", "--no-print-directory", target],
        cwd=checkout,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def environment(checkout: Path) -> None:
    """The copy's own environment: it sees the packages of this one, and the copy's specloom."""
    venv = checkout / ".venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    site = next(venv.glob("lib/python*/site-packages"))
    places = [path for path in sys.path if path.endswith("site-packages")]
    (site / "here.pth").write_text("\n".join([str(checkout / "generator"), *places]))
    script = venv / "bin/specloom"
    script.write_text(f'#!/bin/sh\nexec "{venv}/bin/python" -m specloom "$@"\n')
    script.chmod(0o755)
    for stamp in (".tool", ".dev"):
        (venv / stamp).touch()


@pytest.mark.usefixtures("environment")
def test_every_step_ends_green(checkout: Path) -> None:
    assert commands() == ["generate", "fixtures", "quick"]
    generated = make("generate", checkout)
    assert generated.returncode == 0, generated.stdout + generated.stderr
    assert "6 written" in generated.stdout

    called = subprocess.run(
        [checkout / ".venv/bin/python", "-c", CALL],
        cwd=checkout / "generated",
        capture_output=True,
        text=True,
        check=True,
    )
    assert called.stdout == "asst_1 assistants=v1\n"

    without = make("quick", checkout)
    failed = re.findall(r"^FAILED (\S+)", without.stdout, re.MULTILINE)
    assert len(failed) == 1, without.stdout
    assert "No fixture for archiveAssistant: run `make fixtures`" in without.stdout

    assert make("fixtures", checkout).returncode == 0
    assert (checkout / "tests/fixtures/described/archiveAssistant/example.json").is_file()
    replayed = subprocess.run(
        [checkout / ".venv/bin/python", "-m", "pytest", "tests/client"],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
    )
    assert replayed.returncode == 0, replayed.stdout
