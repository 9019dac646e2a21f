"""Every Python example in README and docs runs; what it is said to print, it prints.

A ``text`` block right after a ``python`` block is its output. The blocks of a page share names, as
a reader would type them one after another.
"""

from __future__ import annotations

import contextlib
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from support.examples import ExampleServer
from support.loopback import serving

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    path
    for pattern in ("README.md", "docs/**/*.md", "generated/**/*.md")
    for path in ROOT.glob(pattern)
)
_BLOCK = re.compile(r"^```python\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Example:
    """A block of code, the line it starts on, and the output it is said to have."""

    code: str
    line: int
    output: str | None


def examples_of(page: Path) -> list[Example]:
    """The Python blocks of a page."""
    text = page.read_text(encoding="utf-8")
    return [
        Example(match.group(1), text[: match.start()].count("\n") + 2, match.group(2))
        for match in _BLOCK.finditer(text)
    ]


WITH_EXAMPLES = [page for page in PAGES if examples_of(page)]


def test_the_readmes_have_examples() -> None:
    names = {page.relative_to(ROOT).as_posix() for page in WITH_EXAMPLES}
    assert {"README.md", "generated/README.md"} <= names


@pytest.mark.parametrize("page", WITH_EXAMPLES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_examples_run(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(ExampleServer()) as server:
        monkeypatch.setenv("ASSISTANTS_API_KEY", "sk-test")
        monkeypatch.setenv("ASSISTANTS_BASE_URL", server.base_url)
        names: dict[str, Any] = {"__name__": "__example__"}
        for example in examples_of(page):
            printed = io.StringIO()
            code = compile("\n" * (example.line - 1) + example.code, str(page), "exec")
            with contextlib.redirect_stdout(printed):
                exec(code, names)
            if example.output is not None:
                assert printed.getvalue() == example.output
        if client := names.get("client"):
            client.close()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))
    for link in links:
        if not link.startswith(("http://", "https://", "#")):
            target = (page.parent / link.partition("#")[0]).resolve()
            assert target.exists(), f"{page.name} links to {link}"
