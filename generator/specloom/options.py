"""Options of a build, the folder of the templates, and the files of the included folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

FormatterName = Literal["black", "ruff"]
Compatibility = Literal["stainless"]
"""The generators whose import paths and names an SDK can have besides its own."""


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """Inputs besides the description, and the part of it to generate.

    ``overlays`` are files, in the order of application; ``templates`` folders that override ours;
    ``include`` is the folder of hand-written code; ``allow_remote`` reads ``$ref``s to http and
    https addresses. ``only`` selects operations by tag, operationId or path pattern; empty: all.
    ``allow_partial`` leaves out operations with errors. ``names_lock`` is the file of the names
    lock, ``unsaved`` the description's text if its file does not have it yet, ``formatter`` the
    formatter of Python files. ``compatible_with`` is the generator whose import paths the SDK also
    has, ``former_sdk`` the file about the old SDK's imports and arguments.
    """

    overlays: tuple[Path, ...] = ()
    templates: tuple[Path, ...] = ()
    allow_remote: bool = False
    only: tuple[str, ...] = ()
    allow_partial: bool = False
    unsaved: str | None = None
    include: Path | None = None
    names_lock: Path | None = None
    formatter: FormatterName = "black"
    compatible_with: Compatibility | None = None
    former_sdk: Path | None = None


@cache
def templates_folder() -> Path:
    """The folder of the templates: beside the code in a wheel, at the top in a checkout."""
    own = Path(__file__).resolve().parent
    packaged = own / "templates"
    return packaged if packaged.is_dir() else own.parents[1] / "templates"


_LEFT_OUT = (".pyc", ".pyo", "~")


def files_to_include(folder: Path) -> Iterator[Path]:
    """The files below the included folder, sorted, without hidden files and those of editors.

    Raises OSError if a folder cannot be read.
    """
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith(".") or entry.name == "__pycache__":
            continue
        if entry.is_dir() and not entry.is_symlink():
            yield from files_to_include(entry)
        elif not entry.name.endswith(_LEFT_OUT):
            yield entry
