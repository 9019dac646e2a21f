"""Copies the files of a description into a project."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from specloom.description.document import REMOTE, Document
from specloom.errors import Location, Problems

FOLDER = "spec"


@dataclass(frozen=True, slots=True)
class Copies:
    """Unchanged files by their path in the project, and the path of the description."""

    entry: str
    files: Mapping[str, bytes]


def copies_of(document: Document) -> Copies:
    """Every file of `document`, with a layout that keeps their references valid.

    Raises SpecError where a file is on another drive.
    """
    files = {
        os.path.abspath(source.file): source
        for source in document.sources.values()
        if not source.file.startswith(REMOTE)
    }
    try:
        around = os.path.commonpath([os.path.dirname(file) for file in files])
    except ValueError:
        problems = Problems()
        entry = document.sources[document.entry].file
        hint = "bring the files together first"
        message = "the files of this description are on several drives"
        problems.error("unreadable", message, hint=hint, location=Location(entry, 1, 1))
        problems.raise_if_errors()
        raise
    paths = {file: _inside(os.path.relpath(file, around)) for file in files}
    entry = paths[os.path.abspath(document.sources[document.entry].file)]
    return Copies(entry, {path: Path(file).read_bytes() for file, path in paths.items()})


def overlay_path(copies: Copies) -> str:
    """The path of the proposed names: next to the description, under a free name."""
    name = "names.overlay.yaml"
    while f"{FOLDER}/{name}" in copies.files:
        name = f"sdk-{name}"
    return f"{FOLDER}/{name}"


def _inside(path: str) -> str:
    return str(PurePosixPath(FOLDER, *path.split(os.sep)))
