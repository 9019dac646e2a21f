"""The text of an old SDK: of a folder, a wheel, an sdist, an installed package or one file.

The text is untrusted. It is read within bounds and never written to disk, imported or run. Links
are not followed.
"""

from __future__ import annotations

import gzip
import io
import os
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path, PurePosixPath
from typing import IO

from specloom.errors import Location, SpecError, refuse

LARGEST_FILE = 8_000_000
LARGEST_TOTAL = 300_000_000
MOST_FILES = 50_000
"""Bounds: bytes of one file, bytes of all files unpacked, and number of files."""

CONFIGURATIONS = frozenset(
    f"{name}{suffix}"
    for name in ("stainless", "openapi.stainless", "gen", "generators")
    for suffix in (".yml", ".yaml")
)
"""The names of the configurations of hosted generators."""
_OTHERS = CONFIGURATIONS | {"api.md", "PKG-INFO", "METADATA", "pyproject.toml"}
# Only top-level folders with these names are skipped: a package may have such a resource.
_SKIPPED_ABOVE = frozenset(("tests", "test", "examples"))
_SPEAKEASY = ".speakeasy"
_SKIPPED = frozenset(("node_modules", "__pycache__", "site-packages"))


@dataclass(frozen=True, slots=True)
class Sources:
    """Files by their paths, with slashes; ``skipped`` lists unread files with reasons."""

    name: str
    files: dict[str, str]
    skipped: tuple[tuple[str, str], ...] = ()


def sources_of(old: str) -> Sources:
    """The text of OLD. Raises SpecError if there is none, or if it exceeds the bounds."""
    path = Path(old)
    if path.is_dir():
        return _gathered(old, _in_folder(path))
    if not path.is_file():
        return _gathered(old, _installed(old))
    try:
        if path.suffix in (".yml", ".yaml"):
            return Sources(old, {path.name: _text(path.read_bytes()) or ""})
        if zipfile.is_zipfile(path):
            return _gathered(old, _in_zip(path))
        return _gathered(old, _in_tar(path))
    except (OSError, EOFError, tarfile.TarError, zipfile.BadZipFile, ValueError) as error:
        raise _refused(old, f"it is not a wheel, sdist or configuration: {error}") from error


def _refused(old: str, message: str) -> SpecError:
    return refuse("bad-old-sdk", message, Location(old))


_Entry = tuple[str, bytes | None]
"""A path and its bytes; None for a file that is larger than the bound."""


def _gathered(old: str, entries: Iterator[_Entry]) -> Sources:
    """The entries as text, within the bounds."""
    files: dict[str, str] = {}
    skipped: list[tuple[str, str]] = []
    total = 0
    for path, data in entries:
        total += len(data or b"")
        if total > LARGEST_TOTAL or len(files) + len(skipped) >= MOST_FILES:
            bounds = f"{MOST_FILES:,} files or {LARGEST_TOTAL:,} bytes"
            raise _refused(old, f"it has more than {bounds}")
        text = None if data is None else _text(data)
        if text is not None:
            files[path] = text
        else:
            skipped.append((path, "too large" if data is None else "not UTF-8"))
    return Sources(old, dict(sorted(files.items())), tuple(sorted(skipped)))


def _text(data: bytes) -> str | None:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def _is_wanted(path: PurePosixPath) -> bool:
    """Whether a file may be relevant; paths outside of the archive never are."""
    if path.is_absolute() or ".." in path.parts or "\\" in str(path):
        return False
    folders = path.parts[:-1]
    if path.parts[-2:] in ((_SPEAKEASY, "gen.yml"), (_SPEAKEASY, "gen.yaml")):
        return True
    if _SKIPPED & set(folders) or any(part.startswith(".") for part in path.parts):
        return False
    if folders and folders[0] in _SKIPPED_ABOVE:
        return False
    return path.suffix == ".py" or path.name in _OTHERS


def _in_folder(folder: Path) -> Iterator[_Entry]:
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(
            one for one in folders if one not in _SKIPPED and (one[0] != "." or one == _SPEAKEASY)
        )
        for name in sorted(names):
            file = Path(parent, name)
            path = PurePosixPath(file.relative_to(folder).as_posix())
            if _is_wanted(path) and not file.is_symlink() and file.is_file():
                yield str(path), _read_file(file)


def _read_file(file: Path) -> bytes | None:
    try:
        with file.open("rb") as stream:
            return _read(stream)
    except OSError:
        return None


def _read(stream: IO[bytes]) -> bytes | None:
    data = stream.read(LARGEST_FILE + 1)
    return None if len(data) > LARGEST_FILE else data


def _in_zip(file: Path) -> Iterator[_Entry]:
    with zipfile.ZipFile(file) as archive:
        for info in archive.infolist()[: MOST_FILES * 2]:
            path = PurePosixPath(info.filename)
            if _is_wanted(path) and not info.is_dir() and not info.flag_bits & 1:
                with archive.open(info) as stream:
                    yield str(path), _read(stream)


class _Bounded(io.RawIOBase):
    """A stream of decompressed bytes that ends with an error at the bound."""

    def __init__(self, stream: gzip.GzipFile) -> None:
        self._stream = stream
        self._rest = LARGEST_TOTAL

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(min(size, 1 << 20) if size >= 0 else 1 << 20)
        self._rest -= len(data)
        if self._rest < 0:
            raise ValueError(f"it unpacks to more than {LARGEST_TOTAL:,} bytes")
        return data


def _in_tar(file: Path) -> Iterator[_Entry]:
    """The files of an sdist, without its top folder."""
    with gzip.open(file) as stream, tarfile.open(fileobj=_Bounded(stream), mode="r|") as archive:
        for count, info in enumerate(archive):
            if count > MOST_FILES * 2:
                raise ValueError(f"it has more than {MOST_FILES * 2:,} entries")
            path = PurePosixPath(info.name)
            inner = PurePosixPath(*path.parts[1:] or path.parts)
            is_file = info.isreg() and not path.is_absolute() and _is_wanted(inner)
            content = archive.extractfile(info) if is_file else None
            if content is not None:
                yield str(inner), _read(content)


def _installed(name: str) -> Iterator[_Entry]:
    """The files of an installed distribution, from its metadata."""
    try:
        found = metadata.distribution(name)
    except (metadata.PackageNotFoundError, ValueError):
        message = "there is no such file or folder, and no installed package of that name"
        raise _refused(name, message) from None
    for path in found.files or ():
        wanted = PurePosixPath(path.as_posix())
        file = Path(str(path.locate()))
        if _is_wanted(wanted) and not file.is_symlink() and file.is_file():
            yield str(wanted), _read_file(file)
