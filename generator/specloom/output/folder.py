"""Manages the output folder: checks paths, writes changed files, deletes stale ones.

`.specloom.json` in the folder lists the files that specloom wrote, with their hashes. Files that
are not listed, or that were edited, are not touched. All decisions come before the first write.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import unicodedata
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path, PurePosixPath
from typing import Any, cast

from specloom.errors import Location, Problems

MANIFEST = ".specloom.json"
"""Path → SHA-256 of every file as specloom generated it; committed with the output."""

MERGED = "pyproject.toml"
"""The file that both specloom and a person edit."""

_BASE = f"{MERGED} as generated"
"""The key of the manifest with the text of `MERGED`: the base of the next merge."""

_TEMPORARY = ".specloom-new"


class State(Enum):
    """The state of an output file, compared with the disk."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    STALE = "stale"
    """Written by specloom, unedited, and no longer part of the output: to be deleted."""
    EDITED = "edited"
    """Written by specloom, no longer part of the output, and edited by a person."""
    FOREIGN = "foreign"
    """Not written by specloom, and in the place of an output file."""
    ADDED = "added"
    """Not written by specloom, and not in the place of an output file."""


@dataclass(frozen=True)
class OutputPlan:
    """The files to write to `folder`, and the state of each file in it."""

    folder: Path
    files: Mapping[str, str]
    states: Mapping[str, State]
    manifest: Mapping[str, str] | None
    """The content of the folder's manifest; None if there is none."""
    hashes: Mapping[str, str]
    """The hashes of the generated files, before a merge."""
    base: str | None = None
    """The generated text of `MERGED`."""

    def of(self, *states: State) -> list[str]:
        """The paths in any of `states`, sorted."""
        return sorted(path for path, state in self.states.items() if state in states)

    @property
    def is_foreign(self) -> bool:
        """Whether the folder contains files, but none that specloom wrote."""
        return self.manifest is None and bool(self.of(State.ADDED, State.FOREIGN))


@dataclass(frozen=True)
class Applied:
    """The result of `apply`, as sorted paths."""

    written: list[str]
    deleted: list[str]
    skipped: list[str]
    """Edited by a person, or not written by specloom; not changed."""


def plan_output(files: Mapping[str, str], folder: Path) -> OutputPlan:
    """Compare `files`, text by path, with the content of `folder`, without changing it.

    Raises SpecError for paths that leave the folder or that some file systems confuse, and for a
    manifest that cannot be read.
    """
    manifest, base = _read_manifest(folder)
    ours = sorted({*files, *(manifest or {})})
    _refuse_special(ours, folder)
    hashes = {path: content_hash(text.encode()) for path, text in files.items()}
    generated = files.get(MERGED)
    if manifest is not None and MERGED in manifest and generated is not None:
        files = {**files, MERGED: _merged(folder / MERGED, base, generated)}
    _refuse("bad-output-path", [*escapes(ours, folder), *collisions([*files, MANIFEST])], folder)
    present = set(_files_in(folder))
    paths = {*ours, *present} - {MANIFEST}
    wanted = hashes | {path: content_hash(files[path].encode()) for path in files if path == MERGED}
    states = {path: _state(path, wanted, folder, manifest or {}, present) for path in paths}
    if files.get(MERGED) != generated and states[MERGED] is State.EDITED:
        states[MERGED] = State.CHANGED
    known = {path: state for path, state in sorted(states.items()) if state}
    return OutputPlan(folder, files, known, manifest, hashes, generated)


def _merged(file: Path, base: str, generated: str) -> str:
    """The text of `MERGED`: the generated text with a person's edits."""
    from specloom.output.toml_merge import merged  # only if a person edited it

    try:
        edited = file.read_text(encoding="utf-8")
        return generated if edited == base or not base else merged(base, edited, generated)
    except (OSError, ValueError):
        return generated  # `State.EDITED` keeps a file that is not TOML


def is_intact(folder: Path) -> bool:
    """Whether every file in the folder's manifest exists unchanged."""
    manifest, _ = _read_manifest(folder)
    _refuse_special(manifest or (), folder)
    if manifest is None or any(_files_in(folder, unfinished=True)):
        return False
    return all(_digest_of(folder / path) == known for path, known in manifest.items())


def _state(
    path: str,
    hashes: Mapping[str, str],
    folder: Path,
    manifest: Mapping[str, str],
    present: set[str],
) -> State | None:
    """The state of a file; None for a stale file that is already gone."""
    wanted, written = hashes.get(path), manifest.get(path)
    if path not in present:
        if wanted is None:
            return None
        # The name is not listed, but exists: a case-insensitive file system has another file here.
        return State.FOREIGN if _is_other(folder / path, folder, manifest) else State.CREATED
    if wanted is None and written is None:
        return State.ADDED
    found = _digest_of(folder / path)
    if wanted is not None and found == wanted:
        return State.UNCHANGED
    if written is None:
        return State.FOREIGN
    if found != written:
        return State.EDITED
    return State.STALE if wanted is None else State.CHANGED


def _is_other(path: Path, folder: Path, manifest: Mapping[str, str]) -> bool:
    return path.exists() and not any(
        ours.exists() and ours.samefile(path) for ours in map(folder.joinpath, manifest)
    )


def apply(plan: OutputPlan, *, force: bool = False) -> Applied:
    """Apply `plan` to the folder. Files with the right content are not written.

    Without `force`, files that a person edited or that specloom did not write are not changed.
    Raises SpecError before any change: for a folder of others (without `force`), or if the folder
    cannot be written.
    """
    if plan.is_foreign and not force:
        hint = "name another folder, or use --force to write into it (nothing of it is deleted)"
        message = "the folder is not empty, and specloom did not write it"
        _refuse("foreign-folder", [message], plan.folder, hint)
    mine = (State.EDITED, State.FOREIGN) if force else ()
    touched = plan.of(State.CREATED, State.CHANGED, State.STALE, *mine)
    written = [path for path in touched if path in plan.files]
    deleted = [path for path in touched if path not in plan.files]
    skipped = [] if force else plan.of(State.EDITED, State.FOREIGN)
    texts = {path: plan.files[path] for path in written}
    manifest = _manifest_text(plan, skipped)
    if not _holds(plan.folder / MANIFEST, manifest):
        texts[MANIFEST] = manifest
    with _as_problem(plan.folder):
        for path in _files_in(plan.folder, unfinished=True):
            (plan.folder / path).unlink(missing_ok=True)
        _write(plan.folder, texts, deleted)
    return Applied(written, deleted, skipped)


def check(plan: OutputPlan) -> str:
    """The pending changes as a unified diff; empty if there are none."""
    texts = {**plan.files, MANIFEST: _manifest_text(plan, [])}
    paths = plan.of(State.CREATED, State.CHANGED, State.STALE, State.EDITED, State.FOREIGN)
    if not _holds(plan.folder / MANIFEST, texts[MANIFEST]):
        paths.append(MANIFEST)
    return "".join(
        line for path in paths for line in _diff(path, plan.folder / path, texts.get(path))
    )


def difference(file: Path, text: str) -> str:
    """The change of a file to `text` as a unified diff; empty if there is none."""
    return "" if _holds(file, text) else "".join(_diff(file.as_posix(), file, text))


def _diff(path: str, on_disk: Path, text: str | None) -> Iterator[str]:
    import difflib  # only for files that differ

    old = on_disk.read_text(encoding="utf-8", errors="replace") if on_disk.is_file() else None
    lines = difflib.unified_diff(
        (old or "").splitlines(keepends=True),
        (text or "").splitlines(keepends=True),
        "/dev/null" if old is None else f"a/{path}",
        "/dev/null" if text is None else f"b/{path}",
    )
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _manifest_text(plan: OutputPlan, skipped: list[str]) -> str:
    """The manifest after writing. A skipped file keeps the hash of its last generated text."""
    hashes = dict(plan.hashes)
    old = plan.manifest or {}
    for path in skipped:
        hashes.pop(path, None)
    hashes |= {path: old[path] for path in skipped if path in old}
    if MERGED in hashes and plan.base is not None:
        hashes[_BASE] = plan.base
    return json.dumps(dict(sorted(hashes.items())), indent=2) + "\n"


def _read_manifest(folder: Path) -> tuple[dict[str, str] | None, str]:
    """The hashes, or None without a manifest; and the base of the next merge, if there is one."""
    _refuse_special([MANIFEST], folder)
    try:
        hashes: Any = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return None, ""
    except (OSError, ValueError) as error:
        reason, hashes = str(error), None
    else:
        reason = "it is not a mapping of paths to hashes"
    found = cast("dict[str, Any]", hashes if isinstance(hashes, dict) else {"": None})
    if all(isinstance(digest, str) for digest in found.values()):
        base = found.pop(_BASE, "")
        return found, base
    hint = "restore it from version control; or delete it, and generate with --force"
    _refuse("bad-manifest", [reason], folder / MANIFEST, hint)
    return None, ""


def _refuse_special(paths: Iterable[str], folder: Path) -> None:
    """Refuse pipes, devices and sockets: reading or writing one may block forever."""
    special = [path for path in paths if _is_special(folder / path)]
    reasons = [f"{path} is a pipe, a device or a socket" for path in special]
    _refuse("bad-output-path", reasons, folder, "remove it, or name another folder")


def _is_special(path: Path) -> bool:
    with suppress(OSError, ValueError):
        mode = path.stat().st_mode
        return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))
    return False


def _files_in(folder: Path, *, unfinished: bool = False) -> Iterator[str]:
    """The files below `folder` by their real names, without hidden folders and Python's caches.

    With `unfinished`, the files that killed runs were writing, instead of those.
    """
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(one for one in folders if one[0] != "." and one != "__pycache__")
        for path in (Path(parent, name) for name in sorted(names)):
            is_temporary = path.name.endswith(_TEMPORARY)
            if is_temporary is unfinished and not (is_temporary and _is_used(path)):
                yield path.relative_to(folder).as_posix()


def _is_used(temporary: Path) -> bool:
    """Whether the run that writes it may still be active; only Linux can tell."""
    process = temporary.name.split(".")[-2]
    is_running = process != str(os.getpid()) and Path("/proc", process).exists()
    return is_running or not Path("/proc/self").exists()


def _write(folder: Path, texts: Mapping[str, str], deleted: list[str]) -> None:
    """Write all files to temporary ones, then rename them: a full disk changes nothing."""
    staged: dict[Path, Path] = {}
    try:
        for parent in {(folder / path).parent for path in texts}:
            parent.mkdir(parents=True, exist_ok=True)
        for path, text in texts.items():
            target = folder / path
            # The name is unique to this process, as another one may write the same folder.
            temporary = target.with_name(f".{target.name}.{os.getpid()}{_TEMPORARY}")
            staged[temporary] = target
            temporary.write_bytes(text.encode())
        # First: on a case-insensitive file system, a stale file may have a new file's name.
        for path in deleted:
            (folder / path).unlink(missing_ok=True)
        for temporary, target in staged.items():
            os.replace(temporary, target)
    finally:
        for temporary in staged:
            temporary.unlink(missing_ok=True)
    for path in deleted:
        _remove_empty((folder / path).parent, folder)


def _remove_empty(folder: Path, root: Path) -> None:
    """Remove `folder` and its parents up to `root`, as long as they are empty."""
    while folder != root and folder.is_dir():
        if {entry.name for entry in folder.iterdir()} == {"__pycache__"}:
            import shutil  # seldom needed, and slow to import

            shutil.rmtree(folder / "__pycache__", ignore_errors=True)
        with suppress(OSError):  # something is left
            folder.rmdir()
        folder = folder.parent


def _holds(path: Path, text: str) -> bool:
    return _digest_of(path) == content_hash(text.encode())


def _digest_of(path: Path) -> str | None:
    """The hash of a file; None if it cannot be read, such as a broken link."""
    with suppress(OSError):
        return content_hash(path.read_bytes())
    return None


@contextmanager
def _as_problem(folder: Path) -> Generator[None]:
    try:
        yield
    except OSError as error:
        _refuse("unwritable", [str(error)], folder)


def _refuse(code: str, reasons: list[str], place: Path, hint: str = "") -> None:
    """Raise SpecError with a problem for each reason, if there is one."""
    problems = Problems()
    for reason in reasons:
        problems.error(code, reason, hint=hint, location=Location(str(place)))
    problems.raise_if_errors()


# Characters that Windows does not allow in names.
_FORBIDDEN = re.compile(r'[<>:"|?*\\\x00-\x1f\x7f]|[ .]$')


def escapes(paths: Iterable[str], folder: Path) -> Iterator[str]:
    """The reason for each of `paths` that must not be written below `folder`."""
    root = folder.resolve()
    for path in paths:
        if reason := _refusal(path, folder, root):
            yield f"{path!r} {reason}"


def _refusal(path: str, folder: Path, root: Path) -> str | None:
    from specloom.naming.identifiers import DEVICES  # a run without changes writes nothing

    parts = path.split("/")
    if path.startswith("/") or "" in parts or {".", ".."} & set(parts):
        return "is not a path inside the output folder"
    devices = {part.partition(".")[0].casefold() for part in parts} & DEVICES
    if devices or any(map(_FORBIDDEN.search, parts)):
        return "is not a valid file name on every system"
    # A link among the parent folders may point outside.
    if not (folder / path).parent.resolve().is_relative_to(root):
        return "would be written outside the output folder, through a link"
    return None


def collisions(paths: Iterable[str]) -> Iterator[str]:
    """The reason for each of `paths` that some file systems confuse with another path."""
    spellings: dict[str, str] = {}
    files: set[str] = set()
    for path in paths:
        for ancestor in reversed(PurePosixPath(path).parents[:-1]):
            known = spellings.setdefault(_folded(str(ancestor)), str(ancestor))
            if known != str(ancestor) or _folded(str(ancestor)) in files:
                yield f"{path!r} is the same file as {known!r} on some disks"
        folded = _folded(path)
        if folded in spellings:
            yield f"{path!r} is the same file as {spellings[folded]!r} on some disks"
        spellings[folded] = path
        files.add(folded)


def _folded(path: str) -> str:
    """The path without differences of case and Unicode normalisation."""
    return unicodedata.normalize("NFC", path).casefold()


def content_hash(data: bytes) -> str:
    """The hash of an output file, as in the manifest."""
    # Version control may convert line breaks.
    return hashlib.sha256(data.replace(b"\r\n", b"\n")).hexdigest()
