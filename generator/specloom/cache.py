"""What makes a second run fast. Everything here may be deleted at any time.

A ``Cache`` holds texts that are costly to make (a types module, a file as black writes it) under a
hash of everything that went into them, so it cannot be stale: what changed has another hash. An
entry whose text does not match its own hash was damaged, and is made anew. Entries are written
whole (temporary file, rename), so two runs at once do not hurt each other.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from specloom.template_files import templates_folder

FOLDER = ".specloom-cache"
_SHAPING = ("black", "datamodel_code_generator", "jinja2")


class Cache:
    """Texts by what they were made from, in a folder; without a folder nothing is kept."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._used: set[str] = set()

    def text(self, parts: Iterable[str], make: Callable[[], str]) -> str:
        """The text made from ``parts``, from the cache if it is there."""
        if self._folder is None:
            return make()
        name = digest(tool_fingerprint(), *parts)
        self._used.add(name)
        found = _read(self._folder / name)
        if found is None:
            found = make()
            _write(self._folder / name, found)
        return found

    def put(self, name: str, text: str) -> None:
        """Keep a text under a name of its own, as it is."""
        if self._folder is not None:
            _replace(self._folder / name, text)

    def forget_unused(self) -> None:
        """Deletes the entries this run did not ask for: they belong to an older description."""
        if self._folder is None or not self._folder.is_dir():
            return
        for path in self._folder.iterdir():
            if len(path.name) == 64 and path.name not in self._used:
                path.unlink(missing_ok=True)


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


def _read(path: Path) -> str | None:
    try:
        checksum, _, text = path.read_bytes().decode().partition("\n")
    except (OSError, UnicodeDecodeError):
        return None
    return text if checksum == digest(text) else None


def _write(path: Path, text: str) -> None:
    _replace(path, f"{digest(text)}\n{text}")


def _replace(path: Path, text: str) -> None:
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
