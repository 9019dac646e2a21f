"""What makes a second run fast. Everything here may be deleted at any time.

``last_run.py`` keeps its note here. Hashes over everything that shapes the output make sure that no
stale one is believed.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from specloom.template_files import templates_folder

FOLDER = ".specloom-cache"
_SHAPING = ("black", "datamodel_code_generator", "jinja2")


def digest(*parts: str) -> str:
    """A hash over texts; where one ends and the next begins counts."""
    state = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogateescape")
        state.update(f"{len(data)}:".encode())
        state.update(data)
    return state.hexdigest()


@cache
def tool_fingerprint() -> str:
    """A hash of what shapes the output besides the input: our code, our templates, the libraries.

    Files count by size and time of change: enough to notice an edit, and quick to ask for.
    """
    own = Path(__file__).parent
    files = [*own.rglob("*.py"), *templates_folder().rglob("*.j*2")]
    for name in _SHAPING:
        spec = find_spec(name)
        if spec is not None and spec.origin is not None:
            files.append(Path(spec.origin))
    return digest(*(stamp(path) for path in sorted(files)))


def stamp(path: Path) -> str:
    """A file's path, size and time of change."""
    status = path.stat()
    return f"{path}:{status.st_size}:{status.st_mtime_ns}"


def put(path: Path, text: str) -> None:
    """Write a file whole, by way of a temporary one, so that two runs at once do no harm."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _ignore_in_git(path.parent)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
        file.write(text)
    Path(temporary).replace(path)


def _ignore_in_git(folder: Path) -> None:
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")
