"""What makes a second run fast. Everything here may be deleted at any time.

Two things are kept: what the last run read and wrote (``last_run.py``), and formatted files.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from functools import cache
from importlib.machinery import PathFinder
from pathlib import Path

from specloom import __version__
from specloom.options import templates_folder

FOLDER = ".specloom-cache"
_FORMATTED = f"{FOLDER}/formatted.json"
_SHAPING = ("black", "datamodel_code_generator", "jinja2", "ruff")


class FormattedFiles:
    """What the last build has formatted: hashes of files, by hashes of what they were before.

    The latter are over all that decides: the text, and ``by``, which names the formatter and its
    settings. A file is found where it stands in the folder of output with its hash. The file that
    holds the hashes begins with one over itself: a damaged one is taken for none. Without a folder
    nothing is known, and nothing is kept.
    """

    def __init__(self, folder: Path | None, by: str) -> None:
        self._folder = folder
        self._by = by
        self._known = self._read()
        self._used: dict[str, str] = {}

    def find(self, path: str, text: str) -> str | None:
        """What the unformatted text of a file has become; None where that is not known."""
        known = self._known.get(digest(self._by, text))
        if known is None or self._folder is None:
            return None
        try:
            written = (self._folder / path).read_bytes()
        except OSError:
            return None
        if content_hash(written) != known:
            return None
        formatted = written.decode().replace("\r\n", "\n")
        self.keep(text, formatted)
        return formatted

    def keep(self, text: str, formatted: str) -> None:
        """Have the next build know what an unformatted text has become."""
        self._used[digest(self._by, text)] = content_hash(formatted.encode())

    def save(self) -> None:
        """Replace what the last build has kept, if that is possible."""
        if self._folder is not None and self._used != self._known:
            said = json.dumps(self._used)
            with suppress(OSError):
                put(self._folder / _FORMATTED, f"{digest(said)}\n{said}")

    def _read(self) -> dict[str, str]:
        if self._folder is None:
            return {}
        try:
            file = (self._folder / _FORMATTED).read_text(encoding="utf-8")
            known, _, said = file.partition("\n")
            found: dict[str, str] = json.loads(said) if known == digest(said) else {}
        except (OSError, ValueError):
            return {}
        return found


def digest(*parts: str) -> str:
    """A hash over texts; where one ends and the next begins counts."""
    state = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogateescape")
        state.update(f"{len(data)}:".encode())
        state.update(data)
    return state.hexdigest()


def content_hash(data: bytes) -> str:
    """A hash over a file of the output, as the manifest has it."""
    # Version control may write line breaks as the system has them.
    return hashlib.sha256(data.replace(b"\r\n", b"\n")).hexdigest()


@cache
def tool_fingerprint() -> str:
    """A hash of what shapes the output besides the input: our code, our templates, the libraries.

    Files count by size and time of change: enough to notice an edit, and quick to ask for.
    """
    own = Path(__file__).parents[1]
    files = [*own.rglob("*.py"), *templates_folder().rglob("*.j*2")]
    for name in _SHAPING:
        spec = PathFinder.find_spec(name)
        if spec is not None and spec.origin is not None:
            files.append(Path(spec.origin))
    return digest(__version__, *(stamp(path) for path in sorted(files)))


def stamp(path: Path) -> str:
    """A file's path, size and time of change."""
    status = path.stat()
    return f"{path}:{status.st_size}:{status.st_mtime_ns}"


def put(path: Path, text: str) -> None:
    """Write a file whole, by way of a temporary one, so that two runs at once do no harm."""
    import tempfile  # a run with nothing to do writes nothing

    path.parent.mkdir(parents=True, exist_ok=True)
    _ignore_in_git(path.parent)
    descriptor, name = tempfile.mkstemp(dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _ignore_in_git(folder: Path) -> None:
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")
