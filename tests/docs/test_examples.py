"""Every Python example in README, docs and the SDK's pages runs, and type-checks.

A ``text`` block right after a ``python`` block is its output.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from support.examples import ExampleServer
from support.loopback import serving
from support.pages import broken_links, programs_of, run, type_errors

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    path
    for pattern in ("README.md", "docs/**/*.md", "generated/**/*.md")
    for path in ROOT.glob(pattern)
)
MCP = ROOT / "docs/mcp.md"
"""Its examples need FastMCP, which is not in the lock."""

PROGRAMS = {page: programs for page in PAGES if (programs := programs_of(page))}


def test_the_readmes_and_every_resource_have_examples() -> None:
    names = {page.relative_to(ROOT).as_posix() for page in PROGRAMS}
    assert {"README.md", "generated/README.md"} <= names
    assert {page for page in PAGES if "resources" in page.parts} <= PROGRAMS.keys()


@pytest.mark.parametrize("page", PROGRAMS, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_examples_run(page: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    if page == MCP:
        pytest.importorskip("fastmcp", reason="fastmcp is not installed")
    monkeypatch.chdir(tmp_path)
    with serving(ExampleServer()) as server:
        monkeypatch.setenv("ASSISTANTS_API_KEY", "sk-test")
        monkeypatch.setenv("ASSISTANTS_BASE_URL", server.base_url)
        for program in PROGRAMS[page]:
            run(program)


def test_examples_type_check(tmp_path: Path) -> None:
    pages = [page for page in PROGRAMS if page != MCP or find_spec("fastmcp")]
    programs = [program for page in pages for program in PROGRAMS[page]]
    assert type_errors(programs, ROOT / "generated", tmp_path) == []


def test_links_lead_somewhere() -> None:
    assert broken_links(PAGES) == []
