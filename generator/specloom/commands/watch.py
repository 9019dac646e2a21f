"""Waits until an input of a run changes.

File system events only wake the loop; the state of the files decides. This detects a save during
the last run, and an editor that writes a new file and renames it. Reading a file is not a change.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from specloom.description.document import REMOTE, Document
from specloom.description.references import RefError, address
from specloom.errors import Problems

_SETTLED = 100
"""Milliseconds without an event that end a burst of saves."""

_LONGEST_BURST = 1000
"""Maximum length of a burst of saves, in milliseconds."""

_LOOK = 1000
"""Milliseconds between two checks of the files without events: some disks send none."""

Stamp = tuple[int, int, int] | None
"""Modification time, size and inode number of a file; None if it does not exist."""

Stamps = Mapping[Path, Stamp]


@dataclass(frozen=True, slots=True)
class Inputs:
    """The inputs of a run: files, and folders with their content. Some may not exist yet.

    ``own`` are the files that the run itself writes.
    """

    files: frozenset[Path]
    folders: frozenset[Path] = frozenset()
    own: frozenset[Path] = frozenset()

    def all_files(self) -> Iterator[Path]:
        """Every file, including those in the folders."""
        yield from self.files
        for folder in self.folders:
            yield from (path for path in folder.rglob("*") if path.is_file())

    def stamps(self) -> Stamps:
        """The current state of all files."""
        return {path: _stamp(path) for path in self.all_files()}

    def places(self) -> set[Path]:
        """The folders of the files, or their nearest existing parents."""
        found = {_existing(path.parent) for path in self.files}
        for folder in self.folders:
            found.add(_existing(folder))
            found.update(path for path in folder.rglob("*") if path.is_dir())
        return found


def files_of(document: Document, problems: Problems) -> Iterator[Path]:
    """The files of a description, and the missing files it refers to."""
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
    """The files that hold, or could hold, the settings for `folder`."""
    yield folder / "pyproject.toml"
    for parent in folder.parents:
        if (parent / "pyproject.toml").exists():
            yield parent / "pyproject.toml"


def seen_by(inputs: Inputs, before: Stamps, started: int) -> Stamps:
    """The state of the files as read by a run that began at `started`, in ns since the epoch.

    The state of known files is in `before`. For other files it is the current state, or None if
    they changed since `started`, so that they count as changed. Files that the run wrote have their
    current state.
    """

    def seen(path: Path, now: Stamp) -> Stamp:
        if path in inputs.own:
            return now
        if path in before:
            return before[path]
        return None if now is not None and now[0] > started else now

    return {path: seen(path, now) for path, now in inputs.stamps().items()}


def wait_for_change(inputs: Inputs, seen: Stamps) -> list[Path]:
    """Wait for the next change. Returns the files that differ from `seen`, sorted.

    A burst of saves counts as one change. Raises KeyboardInterrupt when the user ends the program.
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
        # Without an event, this may be the middle of a burst; the next check decides.
        if now != seen and (events or now == last):
            return sorted(path for path in {*now, *seen} if now.get(path) != seen.get(path))
        last = now
    raise KeyboardInterrupt


def _stamp(path: Path) -> Stamp:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def _existing(folder: Path) -> Path:
    """The folder, or its nearest existing parent."""
    folder = folder.absolute()
    return next(one for one in (folder, *folder.parents) if one.is_dir())
