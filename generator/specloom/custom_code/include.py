"""Reads the folder of hand-written code that `include` names.

What it defines is read from its text. Nothing of it is imported or run: the generator need not have
what the SDK needs.
"""

from __future__ import annotations

import ast
import os
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from specloom.custom_code.files import files_to_include
from specloom.custom_code.handwritten import HandWritten, classes_in
from specloom.errors import Location, Problems
from specloom.naming.reserved import KEYWORDS, PACKAGE_NAMES


@dataclass(frozen=True, slots=True)
class Include:
    """The folder, the text of its files by path, and the definitions of its modules.

    ``classes`` has its keys as `x-sdk` spells them, such as ``lib.shortcuts.BooksMixin``; the value
    is None for a name that is no class of that module, but imported or assigned there.
    """

    name: str
    files: Mapping[str, str] = field(default_factory=dict[str, str])
    classes: Mapping[str, HandWritten | None] = field(
        default_factory=dict[str, "HandWritten | None"]
    )

    def files_in(self, package: str) -> dict[str, str]:
        """The files by their path in the output."""
        return {f"{package}/{self.name}/{path}": text for path, text in self.files.items()}


def read_include(folder: Path, problems: Problems) -> Include:
    """Read the folder. Problems of the folder and its files go into ``problems``."""
    name = folder.resolve().name
    _check_name(name, folder, problems)
    files: dict[str, str] = {}
    classes: dict[str, HandWritten | None] = {}
    try:
        for path in files_to_include(folder):
            text = _text(path, folder, problems)
            if text is not None:
                inner = path.relative_to(folder).as_posix()
                files[inner] = text
                classes |= _classes(PurePosixPath(name, inner), path, text, problems)
    except OSError as error:
        hint = "create it, or set 'include' to the folder that holds your code"
        message = f"the folder cannot be included: {error.strerror or error}"
        problems.error("unreadable", message, hint=hint, location=_place(folder))
    return Include(name, files, classes)


def _check_name(name: str, folder: Path, problems: Problems) -> None:
    if not (name.isascii() and name.isidentifier()) or name in KEYWORDS:
        message = f"{name!r} cannot be the name of a Python package"
        problems.error("bad-include", message, hint="rename the folder", location=_place(folder))
    elif name in PACKAGE_NAMES:
        message = f"the generated package has a {name!r} of its own"
        hint = "rename the folder, to 'lib' for example"
        problems.error("bad-include", message, hint=hint, location=_place(folder))


def _text(path: Path, folder: Path, problems: Problems) -> str | None:
    real = Path(os.path.realpath(path))
    if not real.is_relative_to(os.path.realpath(folder)) or not real.is_file():
        message = "this is a link that leads to no file of the folder"
        if not path.is_symlink():
            message = "this is no file"
        hint = "put the file itself there"
        problems.error("bad-include", message, hint=hint, location=_place(path))
        return None
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"this is not UTF-8 text: {error.reason} at byte {error.start}"
        hint = "only text goes into the package: keep this file elsewhere"
        problems.error("not-utf8", message, hint=hint, location=_place(path))
        return None


def _classes(
    module: PurePosixPath, path: Path, text: str, problems: Problems
) -> dict[str, HandWritten | None]:
    """The definitions of a Python file; empty for another file."""
    if module.suffix not in (".py", ".pyi"):
        return {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text.removeprefix("\ufeff"), str(path))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line, column = getattr(error, "lineno", None), getattr(error, "offset", None)
        place = Location(path.as_posix(), line or 1, max(column or 1, 1))
        reason = error.msg if isinstance(error, SyntaxError) else str(error)
        message = f"this is no Python that can be read: {reason}"
        problems.error("bad-include", message, location=place)
        return {}
    steps = module.parts[:-1] if module.stem == "__init__" else module.with_suffix("").parts
    return {f"{'.'.join(steps)}.{name}": one for name, one in classes_in(tree).items()}


def _place(path: Path) -> Location:
    return Location(path.as_posix(), 1, 1)
