"""The source of specloom in a new project: the one that the running specloom was installed from.

pip, pipx and uv record this source (PEP 610), unless it is a package index.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from specloom import __version__
from specloom.errors import Location, refuse

WHEELS = "tools"
"""The folder of the project for a wheel of specloom."""


@dataclass(frozen=True, slots=True)
class ToolSource:
    """A source of specloom.

    ``requirement`` is the PEP 508 requirement, ``folder`` a checkout on this machine, and ``wheel``
    a file that is copied into the project. ``note`` is for the user.
    """

    requirement: str = f"specloom>={__version__}"
    folder: str = ""
    wheel: Path | None = None
    note: str = ""


def tool_source(given: str | None) -> ToolSource:
    """The source that the user names, else the one of the running specloom.

    `given` is a wheel, a folder, a git URL, or ``index``. Raises SpecError if it is none of them.
    """
    if given == "index":
        return ToolSource()
    if given is None:
        return _installed_from(_direct_url())
    path = Path(given)
    if given.startswith("git+"):
        return _from_git(given)
    if path.is_dir():
        return _from_folder(path)
    if path.is_file() and _is_wheel(path):
        return _from_wheel(path)
    hint = "name a wheel of specloom, the folder of a checkout, git+https://…, or index"
    message = f"{given!r} is not a source of specloom"
    raise refuse("unreadable", message, Location("--specloom"), hint)


def _direct_url() -> dict[str, object]:
    """The content of direct_url.json (PEP 610); empty for an installation from an index."""
    try:
        text = distribution("specloom").read_text("direct_url.json")
        found = json.loads(text or "{}")
    except (PackageNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _installed_from(direct: dict[str, object]) -> ToolSource:
    url, vcs = str(direct.get("url", "")), direct.get("vcs_info")
    if isinstance(vcs, dict):
        return _from_git(f"{vcs.get('vcs')}+{url}@{vcs.get('commit_id')}")
    if urlsplit(url).scheme != "file":
        return ToolSource(f"specloom @ {url}") if url else ToolSource()
    path = Path(url2pathname(urlsplit(url).path))
    if path.is_dir():
        return _from_folder(path)
    if path.is_file() and _is_wheel(path):
        return _from_wheel(path)
    note = f"{path} no longer exists; the project installs specloom from the package index"
    return ToolSource(note=f"{note}. --specloom names another source.")


def _from_git(url: str) -> ToolSource:
    return ToolSource(f"specloom @ {url}", note=f"The project installs specloom from {url}.")


def _from_folder(path: Path) -> ToolSource:
    place = path.resolve().as_posix()
    note = (
        f"The project installs specloom from {place}, which only this machine has. For CI and for"
        " others, use --specloom with a wheel or a git URL."
    )
    return ToolSource(folder=place, note=note)


def _from_wheel(path: Path) -> ToolSource:
    version = path.name.split("-")[1]
    note = f"The project installs specloom from a copy of {path.name} in {WHEELS}/."
    return ToolSource(f"specloom=={version}", wheel=path, note=note)


def _is_wheel(path: Path) -> bool:
    return re.fullmatch(r"specloom-[^-]+-[^-]+-[^-]+-[^-]+\.whl", path.name) is not None
