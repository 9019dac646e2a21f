"""The site can be built: the navigation has every page, and the API pages name existing modules."""

from __future__ import annotations

import importlib
import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "docs/site"
_SPEC = importlib.util.spec_from_file_location("site_build", SITE / "build.py")
assert _SPEC is not None
assert _SPEC.loader is not None
build = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(build)


def test_the_navigation_has_every_page() -> None:
    nav = (SITE / "mkdocs.yml").read_text(encoding="utf-8")
    pages = [f"docs/{page.name}" for page in (ROOT / "docs").glob("*.md")]
    assert [page for page in pages if f"- {page}\n" not in nav] == []
    named = re.findall(r"- ((?:docs/)?[\w.-]+\.md)\n", nav)
    assert [page for page in named if not (ROOT / page).exists()] == []


def test_pages_have_no_reference_to_nothing() -> None:
    """Outside of code, ``[text][name]`` is a link that ``zensical build --strict`` refuses."""
    code = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
    pages = [
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "generated").rglob("*.md"),
        ROOT / "README.md",
    ]
    found = [page.name for page in pages if "][" in code.sub("", page.read_text("utf-8"))]
    assert found == []


def test_the_api_pages_name_what_exists() -> None:
    for page in (SITE / "api").glob("*.md"):
        for name in re.findall(r"^::: ([\w.]+)$", page.read_text(encoding="utf-8"), re.MULTILINE):
            assert importlib.import_module(name), f"{page.name}: {name}"


@pytest.mark.parametrize(
    ("remote", "url"),
    [
        ("git@github.com:acme/specloom.git", "https://github.com/acme/specloom"),
        ("https://ann:token@gitlab.com/acme/a/specloom\n", "https://gitlab.com/acme/a/specloom"),
        ("ssh://git@git.example.com/specloom.git", "https://git.example.com/specloom"),
        ("/work/specloom", ""),
        ("", ""),
    ],
)
def test_the_link_to_the_repository(remote: str, url: str) -> None:
    assert build.repository(remote) == url


def test_search_leaves_out_classes_and_decisions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "STAGED", tmp_path)
    build._stage_pages()
    left_out = [one for one in tmp_path.rglob("*.md") if "exclude: true" in one.read_text("utf-8")]
    folders = {one.relative_to(tmp_path).parent.as_posix() for one in left_out}
    assert folders == {"api", "docs/decisions"}
    assert len(left_out) > 20
