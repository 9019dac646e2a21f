"""Two caches: formatted files, and the inputs and outputs of the last run.

This module imports nothing that reads, renders or formats, so an unchanged run ends at once. The
content of a cache never becomes code or text of the output.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from importlib.machinery import PathFinder
from pathlib import Path

from specloom import __version__
from specloom.options import BuildOptions, files_to_include, templates_folder
from specloom.output.folder import MANIFEST, content_hash, is_intact

FOLDER = ".specloom-cache"
_FORMATTED = f"{FOLDER}/formatted.json"
_SHAPING = ("black", "datamodel_code_generator", "jinja2", "ruff")


class FormattedFiles:
    """The cache of formatted files: hash of the unformatted text → hash of the file.

    A key covers the unformatted text and ``by``, the formatter with its settings. The text of a
    file is read from the output folder, and counts only if it has the cached hash. The cache file
    begins with a hash of its content; a damaged one is ignored. Without a folder there is no cache.
    """

    def __init__(self, folder: Path | None, by: str) -> None:
        self._folder = folder
        self._by = by
        self._known = self._read()
        self._used: dict[str, str] = {}

    def find(self, path: str, text: str) -> str | None:
        """The formatted text of a file; None if the cache lacks it or the file was edited."""
        known = self._known.get(digest(self._by, text))
        if known is None or self._folder is None:
            return None
        try:
            written = _bytes_of(self._folder / path)
        except OSError:
            return None
        if content_hash(written) != known:
            return None
        formatted = written.decode().replace("\r\n", "\n")
        self.keep(text, formatted)
        return formatted

    def keep(self, text: str, formatted: str) -> None:
        """Store the formatted text for the next build."""
        self._used[digest(self._by, text)] = content_hash(formatted.encode())

    def save(self) -> None:
        """Write the cache file, if the folder allows it."""
        if self._folder is not None and self._used != self._known:
            said = json.dumps(self._used)
            with suppress(OSError):
                put(self._folder / _FORMATTED, f"{digest(said)}\n{said}")

    def _read(self) -> dict[str, str]:
        if self._folder is None:
            return {}
        try:
            file = _bytes_of(self._folder / _FORMATTED).decode()
            known, _, said = file.partition("\n")
            found: dict[str, str] = json.loads(said) if known == digest(said) else {}
        except (OSError, ValueError):
            return {}
        return found


def digest(*parts: str) -> str:
    """A hash over texts that includes their boundaries."""
    state = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogateescape")
        state.update(f"{len(data)}:".encode())
        state.update(data)
    return state.hexdigest()


@cache
def tool_fingerprint() -> str:
    """A hash of the tool without its input: our code, our templates, the libraries.

    It uses the sizes and modification times of files, which is fast and detects edits.
    """
    own = Path(__file__).parents[1]
    files = [*own.rglob("*.py"), *templates_folder().rglob("*.j*2")]
    for name in _SHAPING:
        spec = PathFinder.find_spec(name)
        if spec is not None and spec.origin is not None:
            files.append(Path(spec.origin))
    return digest(__version__, *(stamp(path) for path in sorted(files)))


def stamp(path: Path) -> str:
    """A file's path, size and modification time."""
    status = path.stat()
    return f"{path}:{status.st_size}:{status.st_mtime_ns}"


def put(path: Path, text: str) -> None:
    """Write a file by renaming a temporary one, so that concurrent runs are safe."""
    import tempfile  # a run without changes writes nothing

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


@dataclass(frozen=True, slots=True)
class Remembered:
    """A run: its options, its files with their hashes, and its warnings.

    ``manifest`` is the hash of the output's manifest, which contains the hashes of all written
    files.
    """

    asked: str
    sources: dict[str, str]
    manifest: str
    operations: int
    models: int
    files: int
    warnings: str


class LastRun:
    """The last run into one output folder."""

    def __init__(
        self, folder: Path, spec: Path | str, options: BuildOptions, shown_as: str = ""
    ) -> None:
        """``shown_as`` is the form in which the run's warnings are stored."""
        self._folder = folder
        self._file = folder / FOLDER / "last-run.json"
        self._asked = _asked(spec, options, shown_as)

    def still_holds(self) -> Remembered | None:
        """The last run, if its options, inputs and output are unchanged."""
        try:
            last = Remembered(**json.loads(_bytes_of(self._file)))
            holds = (
                last.asked == self._asked
                and last.manifest == _hash_of(self._folder / MANIFEST)
                and all(_hash_of(Path(path)) == known for path, known in last.sources.items())
            )
        except (OSError, ValueError, TypeError):
            return None
        return last if holds and is_intact(self._folder) else None

    def remember(
        self, sources: list[Path], operations: int, models: int, files: int, warnings: str
    ) -> None:
        """Store this run, which has just written the output."""
        run = Remembered(
            asked=self._asked,
            sources={str(path.resolve()): _hash_of(path) for path in sources},
            manifest=_hash_of(self._folder / MANIFEST),
            operations=operations,
            models=models,
            files=files,
            warnings=warnings,
        )
        put(self._file, json.dumps(asdict(run)))

    def forget(self) -> None:
        """Delete the cache: the output is not exactly that of a run."""
        self._file.unlink(missing_ok=True)


def _asked(spec: Path | str, options: BuildOptions, shown_as: str) -> str:
    own_templates = [path for folder in options.templates for path in sorted(folder.rglob("*"))]
    return digest(
        tool_fingerprint(),
        sys.version,
        str(spec.resolve() if isinstance(spec, Path) else spec),
        options.unsaved or "",
        str([str(path.resolve()) for path in options.overlays]),
        str(
            (options.allow_remote, options.allow_partial, options.only, options.formatter, shown_as)
        ),
        str((options.compatible_with, options.former_sdk, options.names_lock)),
        *(stamp(path) for path in own_templates),
        *_included(options.include),
    )


def _included(folder: Path | None) -> list[str]:
    """The files of the included folder with their stamps; empty if the folder does not exist."""
    if folder is None:
        return []
    try:
        return [str(folder.resolve()), *(stamp(path) for path in files_to_include(folder))]
    except OSError:
        return [str(folder.resolve()), "unreadable"]


def _hash_of(path: Path) -> str:
    return hashlib.sha256(_bytes_of(path)).hexdigest()


def _bytes_of(path: Path) -> bytes:
    """The content of a file.

    Raises OSError for a pipe or a device as well: reading one may never end.
    """
    if not path.is_file():
        raise FileNotFoundError(str(path))
    return path.read_bytes()
