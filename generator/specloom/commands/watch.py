"""Waits until something changes that a run has read.

Events of the file system only wake it; what decides are the files themselves. So a save counts
that came while the last run was at work, and one of an editor that writes a new file and renames
it; a file that was merely looked at does not.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from specloom.description.document import REMOTE, Document
from specloom.description.references import RefError, address
from specloom.errors import Problems

_SETTLED = 100
"""Milliseconds without a further event that end a burst of saves."""

_LONGEST_BURST = 1000
"""Milliseconds after which a burst counts as one, though it goes on."""

_LOOK = 1000
"""Milliseconds between two looks at the files where no event comes: some disks send none."""

Stamp = tuple[int, int, int] | None
"""Of a file its time of change, its size and its number; None where there is no file."""

Stamps = Mapping[Path, Stamp]


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a run has read: files, and folders with all that is in them. Some may not exist yet.

    ``own`` are those of the files that the run writes itself.
    """

    files: frozenset[Path]
    folders: frozenset[Path] = frozenset()
    own: frozenset[Path] = frozenset()

    def all_files(self) -> Iterator[Path]:
        """Every file, those in the folders too."""
        yield from self.files
        for folder in self.folders:
            yield from (path for path in folder.rglob("*") if path.is_file())

    def stamps(self) -> Stamps:
        """How all files are now."""
        return {path: _stamp(path) for path in self.all_files()}

    def places(self) -> set[Path]:
        """The folders in which these files are, or the nearest that exist."""
        found = {_existing(path.parent) for path in self.files}
        for folder in self.folders:
            found.add(_existing(folder))
            found.update(path for path in folder.rglob("*") if path.is_dir())
        return found


def files_of(document: Document, problems: Problems) -> Iterator[Path]:
    """The files that a description consists of, and those it names that are not there yet."""
    for source in document.sources.values():
        if not source.file.startswith(REMOTE):
            yield Path(source.file)
    for problem in problems:
        if problem.code != "missing-file":
            continue
        try:
            uri = address(document, str(document.at(problem.pointer)), problem.pointer)
        except (KeyError, RefError):
            continue
        if not uri.startswith(REMOTE):
            yield Path(document.folder, unquote(uri))


def settings_files(folder: Path) -> Iterator[Path]:
    """Where settings for `folder` are, or may come to be."""
    yield folder / "pyproject.toml"
    for parent in folder.parents:
        if (parent / "pyproject.toml").exists():
            yield parent / "pyproject.toml"


def seen_by(inputs: Inputs, before: Stamps, started: int) -> Stamps:
    """How the files were when a run read them that began at `started`, in ns since the epoch.

    Of the files that were known then that is how they were `before`. Of the others it is how they
    are now, unless they have changed meanwhile: then it is nothing, so that they count as changed.
    What the run has written itself is as it left it.
    """

    def seen(path: Path, now: Stamp) -> Stamp:
        if path in inputs.own:
            return now
        if path in before:
            return before[path]
        return None if now is not None and now[0] > started else now

    return {path: seen(path, now) for path, now in inputs.stamps().items()}


def wait_for_change(inputs: Inputs, seen: Stamps) -> list[Path]:
    """The files that are no longer as they were `seen`, as soon as there are any; sorted.

    A burst of saves is waited for. Raises KeyboardInterrupt when the user ends the program.
    """
    from watchfiles import watch

    last = seen
    for events in watch(
        *inputs.places(),
        watch_filter=None,
        debounce=_LONGEST_BURST,
        step=_SETTLED,
        rust_timeout=_LOOK,
        yield_on_timeout=True,
        recursive=False,
    ):
        now = inputs.stamps()
        # Without an event it may be the middle of a burst: then the next look decides.
        if now != seen and (events or now == last):
            return sorted(path for path in {*now, *seen} if now.get(path) != seen.get(path))
        last = now
    raise KeyboardInterrupt


def clock() -> int:
    """The time now, as files have it: in ns since the epoch."""
    return time.time_ns()


def _stamp(path: Path) -> Stamp:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def _existing(folder: Path) -> Path:
    """The folder itself or the nearest around it that exists."""
    folder = folder.absolute()
    return next(one for one in (folder, *folder.parents) if one.is_dir())
