"""OLD and NEW: a description on disk, or of a git revision at its own path.

The files of a revision are in a temporary folder while they are read, never in the work tree: the
description, the overlays in ``pyproject.toml`` of that revision, and the files that references
name.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from specloom.api_diff.git import GitError, Repository
from specloom.config import Config, find_config
from specloom.description.load import load
from specloom.description.overlay import apply_overlays
from specloom.description.places import Places
from specloom.description.references import address
from specloom.errors import Location, Locator, Problem, Problems, SpecError, refuse
from specloom.options import BuildOptions
from specloom.pipeline import Reading, read


@dataclass(frozen=True, slots=True)
class Asked:
    """Defaults for a side of the comparison: the description, settings and options.

    ``overlays`` of the command line apply to both sides, in their current form on disk.
    """

    spec: Path | None
    config: Config
    overlays: tuple[Path, ...] = ()
    allow_remote: bool = False
    allow_partial: bool = False

    def options(self, config: Config) -> BuildOptions:
        """The options of a build with the settings of a side."""
        return BuildOptions(
            overlays=self.overlays or config.overlays,
            names_lock=config.names_lock,
            allow_remote=self.allow_remote,
            only=config.only,
            allow_partial=self.allow_partial,
        )


@dataclass(frozen=True, slots=True)
class Side:
    """A description that was read.

    ``label`` is the user's name for it: ``HEAD:spec/api.yaml``.
    """

    label: str
    reading: Reading
    locator: Locator

    @property
    def left_out(self) -> Problems:
        """The operations left out by `allow_partial`, with reasons."""
        found = Problems()
        found.locator = self.locator
        for problem in self.reading.problems:
            if problem.code == "left-out":
                found.add(problem)
        return found


def side_of(text: str, asked: Asked) -> Side:
    """The side that ``text`` names: a file, REV, or REV:PATH. Raises SpecError."""
    path = Path(text)
    if os.path.isfile(text):
        config = asked.config if _is_same(path, asked.config.file) else Config()
        reading = read(path, asked.options(config))
        return Side(text, reading, Places(reading.document))
    revision, _, file = text.partition(":")
    with _as_problem(text), tempfile.TemporaryDirectory(prefix="specloom-") as folder:
        return _Revision(revision, Path(folder), asked).side(file)


@contextmanager
def _as_problem(text: str) -> Iterator[None]:
    try:
        yield
    except GitError as error:
        message = f"{text!r} is not a file, and cannot be read as a git revision: {error}"
        hint = "name a file, a revision (v1.2.0), or a file of a revision (v1.2.0:spec/api.yaml)"
        raise refuse("bad-revision", message, Location(text), hint) from None


class _Revision:
    """Reads a description of a revision; ``folder`` is a copy of the repository's root."""

    def __init__(self, revision: str, folder: Path, asked: Asked) -> None:
        self._revision = revision
        self._folder = folder
        self._asked = asked
        # As in git, the current folder determines the repository.
        self._repository = Repository.around(Path.cwd())
        self._commit = self._repository.commit(revision)

    def side(self, file: str) -> Side:
        """The side; ``file`` is the description's path in the repository, if it was named."""
        config = self._config()
        named, implied = (self._of(config.file), self._implied(config))
        path = file or implied
        if path is None:
            message = "no description is set: write REV:PATH, or set 'spec' in [tool.specloom]"
            raise GitError(message)
        config = self._here(config) if path == named else Config()
        options = self._asked.options(config)
        if not self._put([path]):
            raise GitError(f"{path!r} is not in {self._revision!r}")
        self._put(file for file in map(self._of, (*options.overlays, options.names_lock)) if file)
        spec = self._folder / path
        self._complete(spec, options)
        try:
            reading = read(spec, options)
        except SpecError as error:
            raise SpecError(self._placed_all(error.problems)) from None
        locator = _Relocated(Places(reading.document), self._folder, self._revision)
        return Side(f"{self._revision}:{path}", reading, locator)

    def _config(self) -> Config:
        """The settings at the revision."""
        here = self._repository.path(Path.cwd())
        if here is None:
            return Config()
        places = [PurePosixPath(here), *PurePosixPath(here).parents]
        self._put(str(place / "pyproject.toml") for place in places)
        (self._folder / here).mkdir(parents=True, exist_ok=True)
        try:
            return find_config(self._folder / here)
        except SpecError as error:
            raise SpecError(self._placed_all(error.problems)) from None

    def _here(self, config: Config) -> Config:
        """The settings, with the paths of the files in the temporary folder."""
        overlays = [self._folder / path for path in map(self._of, config.overlays) if path]
        lock = self._of(config.names_lock)
        names_lock = self._folder / lock if lock else None
        return replace(config, overlays=tuple(overlays), names_lock=names_lock)

    def _implied(self, config: Config) -> str | None:
        """The description to compare if none is named: the current one, or the revision's own."""
        spec, current = self._asked.spec, self._asked.config.file
        is_ours = spec is None or _is_same(spec, current)
        if is_ours and config.file is not None:
            return self._of(config.file)
        return None if spec is None else self._repository.path(spec)

    def _of(self, file: Path | None) -> str | None:
        """The path in the repository of a file in the temporary folder, None if it is elsewhere."""
        if file is None:
            return None
        try:
            return Path(os.path.abspath(file)).relative_to(self._folder).as_posix()
        except ValueError:
            return None

    def _put(self, paths: Iterable[str]) -> bool:
        """Write files of the revision that are missing. Returns whether it wrote one."""
        wanted = [path for path in paths if not (self._folder / path).exists()]
        found = self._repository.files(self._commit, wanted) if wanted else {}
        for path, data in found.items():
            target = self._folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        return bool(found)

    def _complete(self, spec: Path, options: BuildOptions) -> None:
        """Write the files that references name. Each may name more files."""
        while self._put(self._missing(spec, options)):
            pass

    def _missing(self, spec: Path, options: BuildOptions) -> list[str]:
        problems = Problems()
        try:
            document = apply_overlays(
                load(spec, problems=problems), options.overlays, problems=problems
            )
        except SpecError:
            return []  # reported when the description is read
        missing = (problem for problem in problems if problem.code == "missing-file")
        uris = [address(document, str(document.at(one.pointer)), one.pointer) for one in missing]
        files = [self._of(spec.parent / unquote(uri)) for uri in uris]
        return [file for file in files if file is not None]

    def _placed_all(self, problems: Problems) -> Problems:
        """The same problems, with places in the revision."""
        found = Problems()
        if problems.locator is not None:
            found.locator = _Relocated(problems.locator, self._folder, self._revision)
        for problem in problems:
            found.add(self._placed(problem))
        return found

    def _placed(self, problem: Problem) -> Problem:
        if problem.location is None:
            return problem
        place = _relocated(problem.location, self._folder, self._revision)
        return replace(problem, location=place)


@dataclass(frozen=True, slots=True)
class _Relocated:
    """Finds places in files of a revision."""

    locator: Locator
    folder: Path
    revision: str

    def locate(self, pointer: str) -> Location:
        """The place of `pointer`, as ``HEAD:api.yaml:3:5``."""
        return _relocated(self.locator.locate(pointer), self.folder, self.revision)

    def line(self, location: Location) -> str | None:
        """The source line at a place."""
        file = location.file.removeprefix(f"{self.revision}:")
        if file == location.file:
            return self.locator.line(location)
        return self.locator.line(replace(location, file=str(self.folder / file)))


def _relocated(place: Location, folder: Path, revision: str) -> Location:
    try:
        path = Path(os.path.abspath(place.file)).relative_to(folder)
    except ValueError:
        return place
    return replace(place, file=f"{revision}:{path.as_posix()}")


def _is_same(one: Path, other: Path | None) -> bool:
    return other is not None and os.path.abspath(one) == os.path.abspath(other)
