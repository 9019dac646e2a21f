"""Caches the inputs and outputs of the last run, so that an unchanged run ends at once.

Imports nothing that reads, renders or formats: that is the point of it.
"""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from specloom.custom_code.include import files_to_include
from specloom.options import BuildOptions
from specloom.output.cache import FOLDER, digest, put, stamp, tool_fingerprint
from specloom.output.folder import MANIFEST, is_intact


@dataclass(frozen=True, slots=True)
class Remembered:
    """A run: what it was asked, the files it read with their hashes, and what it had to say.

    ``manifest`` is the hash of the output's manifest, which holds the hashes of all it wrote.
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
        """``shown_as`` says in which form the run's warnings are remembered."""
        self._folder = folder
        self._file = folder / FOLDER / "last-run.json"
        self._asked = _asked(spec, options, shown_as)

    def still_holds(self) -> Remembered | None:
        """The last run, if its options, inputs and output are unchanged."""
        try:
            last = Remembered(**json.loads(self._file.read_text(encoding="utf-8")))
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
        str((options.compatible_with, options.former_sdk)),
        *(stamp(path) for path in own_templates),
        *_included(options.include),
    )


def _included(folder: Path | None) -> list[str]:
    """The files of the included folder, and how they are; a folder that is not there has none."""
    if folder is None:
        return []
    try:
        return [str(folder.resolve()), *(stamp(path) for path in files_to_include(folder))]
    except OSError:
        return [str(folder.resolve()), "unreadable"]


def _hash_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
