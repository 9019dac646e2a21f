"""Builds the documentation site: stages the repository's Markdown in `.site/`, then runs Zensical.

The staged tree has the repository's own layout, so that every relative link goes on working; what a
page links to beside pages (a description, a licence) is staged as it is.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import yaml

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / ".site"
STAGED = SITE / "pages"
HERE = "docs/site"

_LINK = re.compile(r"\[([^\[\]]*)\]\(([^()\s]+)\)")

_UNSEARCHED = "---\nsearch: {exclude: true}\n---\n"
"""For classes and decisions: the pages that users need say the same, and are to be found first."""

_REMOTE = re.compile(r"(?:git@|ssh://git@|https://(?:[^/@]+@)?)([\w.-]+)[:/](.+?)(?:\.git)?/?")

Nav = list[Any]


def main() -> None:
    """Stage, check that the navigation has every page, build into `.site/html`.

    Exits with a message if a page is in no section, or if the target of a link does not exist.
    """
    shutil.rmtree(STAGED, ignore_errors=True)
    pages = _stage_pages()
    _stage_linked(pages)
    config = _config()
    _refuse_forgotten(pages, config["nav"])
    target = SITE / "mkdocs.yml"
    target.write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
    command = [sys.executable, "-m", "zensical", "build", "--strict", "--clean", "-f", str(target)]
    raise SystemExit(subprocess.run(command, cwd=SITE, check=False).returncode)


def _stage_pages() -> list[str]:
    written = sorted(
        path.relative_to(ROOT).as_posix()
        for folder in ("docs", "generated/docs")
        for path in (ROOT / folder).rglob("*.md")
        if not path.is_relative_to(ROOT / HERE)
    )
    pages = ["README.md", "CHANGELOG.md", "generated/README.md", *written]
    for page in pages:
        _stage(page)
    shutil.copytree(ROOT / HERE / "api", STAGED / "api")
    for page in [*(STAGED / "api").glob("*.md"), *(STAGED / "docs/decisions").glob("*.md")]:
        page.write_text(_UNSEARCHED + page.read_text(encoding="utf-8"), encoding="utf-8")
    for name in ("site.css", "site.js"):
        shutil.copyfile(ROOT / HERE / name, STAGED / name)
    return pages


def _stage(path: str) -> None:
    (STAGED / path).parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(ROOT / path, STAGED / path)


def _stage_linked(pages: list[str]) -> None:
    """Stage the files that pages link to; a folder's link becomes that of its README or text."""
    broken: list[str] = []
    for page in pages:
        text = (STAGED / page).read_text(encoding="utf-8")
        text = _LINK.sub(lambda link, page=page: _staged_link(link, page, broken), text)
        (STAGED / page).write_text(text, encoding="utf-8")
    if broken:
        raise SystemExit("\n".join(broken))


def _staged_link(link: re.Match[str], page: str, broken: list[str]) -> str:
    url = urlsplit(link[2])
    if url.scheme or url.netloc or not url.path:
        return link[0]
    target = (ROOT / page).parent.joinpath(unquote(url.path)).resolve()
    if not target.is_relative_to(ROOT) or not target.exists():
        broken.append(f"{page}: no such file: {link[2]}")
    elif target.is_dir():
        return _folder_link(link[1], target, page)
    elif not (STAGED / target.relative_to(ROOT)).exists():
        _stage(target.relative_to(ROOT).as_posix())
    return link[0]


def _folder_link(text: str, folder: Path, page: str) -> str:
    """A link to the folder's first page; the text alone for a folder that has none."""
    pages = [folder / "README.md", *sorted(folder.glob("*.md"))]
    first = next((one for one in pages if one.exists()), None)
    return f"[{text}]({_relative(first, (ROOT / page).parent)})" if first else text


def _relative(target: Path, folder: Path) -> str:
    up = 0
    while not target.is_relative_to(folder):
        folder, up = folder.parent, up + 1
    return "../" * up + target.relative_to(folder).as_posix()


def _config() -> dict[str, Any]:
    config: dict[str, Any] = yaml.safe_load((ROOT / HERE / "mkdocs.yml").read_text("utf-8"))
    config["docs_dir"] = "pages"
    if url := repository(os.environ.get("SPECLOOM_REPOSITORY") or _origin()):
        config["repo_url"] = url
    config["site_dir"] = "html"
    for plugin in config["plugins"]:
        if isinstance(plugin, dict) and "mkdocstrings" in plugin:
            sources = [str(ROOT / "generated"), str(ROOT / "generator")]
            plugin["mkdocstrings"]["handlers"]["python"]["paths"] = sources
    config["nav"] = [_expanded(entry) for entry in config["nav"]]
    return config


def repository(remote: str) -> str:
    """The page of a repository, from the address of a git remote; empty for a local one."""
    found = _REMOTE.fullmatch(remote.strip())
    return f"https://{found[1]}/{found[2]}" if found else ""


def _origin() -> str:
    command = ["git", "remote", "get-url", "origin"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout


def _expanded(entry: Any) -> Any:
    """A navigation entry in which a folder stands for its pages."""
    if isinstance(entry, str):
        return entry
    ((title, value),) = entry.items()
    if isinstance(value, list):
        return {title: [_expanded(one) for one in value]}
    return {title: _folder_nav(STAGED / value)} if (STAGED / value).is_dir() else entry


def _folder_nav(folder: Path) -> Nav:
    """README first, then the folder's pages, each followed by those in the folder of its name."""
    readme = folder / "README.md"
    nav: Nav = [_address(readme)] if readme.exists() else []
    entries = sorted(folder.iterdir(), key=lambda path: (path.stem, path.is_dir()))
    for path in entries:
        if path.is_dir() and path.with_suffix(".md").exists():
            nav += _folder_nav(path)
        elif path.is_dir() and any(path.rglob("*.md")):
            nav.append({_title(path): _folder_nav(path)})
        elif path.suffix == ".md" and path != readme:
            nav.append(_address(path))
    return nav


def _address(path: Path) -> str:
    return path.relative_to(STAGED).as_posix()


def _title(folder: Path) -> str:
    return "Reference" if folder.name == "docs" else folder.name.capitalize()


def _refuse_forgotten(pages: list[str], nav: Nav) -> None:
    named = set(_leaves(nav))
    wrong = [f"{page} is in no section of {HERE}/mkdocs.yml" for page in pages if page not in named]
    wrong += [f"{HERE}/mkdocs.yml names {page}, which is not there" for page in named - _staged()]
    if wrong:
        raise SystemExit("\n".join(sorted(wrong)))


def _staged() -> set[str]:
    return {_address(path) for path in STAGED.rglob("*.md")}


def _leaves(nav: Any) -> list[str]:
    if isinstance(nav, str):
        return [nav]
    if isinstance(nav, dict):
        return [leaf for value in nav.values() for leaf in _leaves(value)]
    return [leaf for entry in nav for leaf in _leaves(entry)]


if __name__ == "__main__":
    main()
