"""Checks output paths: inside the folder, valid on every system, and distinct."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from specloom.naming.reserved import DEVICES

# What Windows refuses in a name.
_FORBIDDEN = re.compile(r'[<>:"|?*\\\x00-\x1f\x7f]|[ .]$')


def escapes(paths: Iterable[str], folder: Path) -> Iterator[str]:
    """The reason for each of `paths` that must not be written below `folder`."""
    root = folder.resolve()
    for path in paths:
        reason = _refusal(path, folder, root)
        if reason:
            yield f"{path!r} {reason}"


def _refusal(path: str, folder: Path, root: Path) -> str | None:
    parts = path.split("/")
    if path.startswith("/") or "" in parts or {".", ".."} & set(parts):
        return "is no path inside the output folder"
    if any(
        _FORBIDDEN.search(part) or part.partition(".")[0].casefold() in DEVICES for part in parts
    ):
        return "is no file name on every system"
    # A link among the folders on the way may lead out.
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
                yield f"{path!r} falls together with {known!r} on some disks"
        folded = _folded(path)
        if folded in spellings:
            yield f"{path!r} falls together with {spellings[folded]!r} on some disks"
        spellings[folded] = path
        files.add(folded)


def _folded(path: str) -> str:
    """The path without differences of case and Unicode normalisation."""
    return unicodedata.normalize("NFC", path).casefold()
