"""Adds an operation to a description: drafts it, builds the SDK in memory, then writes."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import unified_diff
from pathlib import Path
from typing import Any

from specloom.authoring.draft import Draft, draft
from specloom.authoring.edit import EditError, with_entries
from specloom.authoring.exchange import Exchange
from specloom.authoring.infer import Noted
from specloom.authoring.trial import Trial, fixture_text, try_out
from specloom.description.document import Document
from specloom.description.load import load
from specloom.description.places import Places
from specloom.description.tree import Token, child, is_swagger, members
from specloom.errors import Location, Problems, refuse
from specloom.ir.words import snake, split_words
from specloom.naming.identifiers import free
from specloom.options import BuildOptions
from specloom.reports.editor_schema import (
    FILE_NAME,
    as_text,
    description_schema,
    with_schema_line,
)

_FIXTURES = Path("tests", "fixtures")
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Fixture:
    """A file for the project's tests."""

    path: Path
    text: str


@dataclass(frozen=True, slots=True)
class Addition:
    """The files to write, and the notes about them. Nothing is written yet."""

    spec: Path
    before: str
    after: str
    draft: Draft
    trial: Trial
    fixture: Fixture | None
    schema: str | None
    """The text of the JSON Schema for editors, where it is to be written beside the description."""

    @property
    def places(self) -> list[tuple[Location, str]]:
        """The places of the new entries, and their keys."""
        return self._located(((*one.path, one.key), one.key) for one in self.draft.entries)

    @property
    def todos(self) -> list[tuple[Location, str]]:
        """The places of TODO comments, and their texts."""
        return self._located(
            todo
            for entry in self.draft.entries
            for todo in _todos((*entry.path, entry.key), entry.value)
        )

    def _located(self, found: Iterable[tuple[Sequence[Token], str]]) -> list[tuple[Location, str]]:
        root, places = f"{self.trial.document.entry}#", Places(self.trial.document)
        return [(places.locate(child(root, *path)), text) for path, text in found]

    @property
    def diff(self) -> str:
        """The change of the description as a unified diff."""
        name = self.spec.as_posix()
        return "".join(
            line if line.endswith("\n") else f"{line}\n"
            for line in unified_diff(
                self.before.splitlines(keepends=True),
                self.after.splitlines(keepends=True),
                f"a/{name}",
                f"b/{name}",
            )
        )

    def write(self) -> None:
        """Write the description, then the fixture. Raises SpecError if one cannot be written."""
        files = {self.spec: _mark(self.spec) + self.after.encode()}
        if self.fixture is not None:
            files[self.fixture.path] = self.fixture.text.encode()
        if self.schema is not None:
            files[self.spec.parent / FILE_NAME] = self.schema.encode()
        for path, data in files.items():
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
            except OSError as error:
                reason = error.strerror or str(error)
                raise refuse("unwritable", reason, Location(str(path))) from None


def addition(
    spec: Path,
    options: BuildOptions,
    exchanges: Sequence[Exchange],
    path: str,
    operation_id: str,
    *,
    is_project: bool,
) -> Addition:
    """Adds the operation of `exchanges` to the description `spec`.

    `path` is its template and `operation_id` its name; both may be empty. In a project, the
    description also gets the line that names the schema for editors. Raises SpecError if
    the operation cannot be added, or if no SDK can be generated from the new description.
    """
    problems = Problems()
    document = load(spec, allow_remote=options.allow_remote, problems=problems)
    _refuse_swagger(document, problems)
    problems.raise_if_errors()
    drafted = draft(document, exchanges, path, operation_id)
    before = document.sources[document.entry].text
    after = _edited(document, before, drafted)
    edited = with_schema_line(after, FILE_NAME) if is_project else after
    has_new_line, after = edited != after, edited
    shown = _to_show(drafted.exchanges)
    trial = try_out(spec, replace(options, unsaved=after), drafted, shown)
    return Addition(
        spec=spec,
        before=before,
        after=after,
        draft=drafted,
        trial=trial,
        fixture=_fixture(spec, drafted, trial, shown),
        schema=as_text(description_schema()) if has_new_line else None,
    )


def _refuse_swagger(document: Document, problems: Problems) -> None:
    """Report a Swagger 2.0 description: `add` writes OpenAPI 3."""
    if is_swagger(document.sources[document.entry].root):
        hint = "convert it first: npx swagger2openapi --outfile openapi.yaml FILE"
        message = "'add' cannot edit a description in Swagger 2.0"
        problems.error("swagger-2", message, f"{document.entry}#/swagger", hint)


def _to_show(exchanges: Sequence[Exchange]) -> Exchange:
    """The most informative exchange: one with a response, preferably a successful one."""
    return max(exchanges, key=lambda one: (one.response is not None, one.is_success))


def _edited(document: Document, text: str, drafted: Draft) -> str:
    try:
        return with_entries(text, drafted.entries)
    except EditError as error:
        place = Places(document).locate(f"{document.entry}#/paths")
        message = f"the operation cannot be added: {error}"
        hint = "replace the aliases (*name) by the values that they name, then add the operation"
        raise refuse("cannot-add", message, place, hint) from None


def _todos(path: tuple[Token, ...], value: Any) -> Iterator[tuple[tuple[Token, ...], str]]:
    if isinstance(value, Noted):
        yield path, value.todo
    for key, inner in members(value):
        yield from _todos((*path, key), inner)


def _mark(path: Path) -> bytes:
    """The byte order mark at the beginning of a file, if any."""
    with path.open("rb") as stream:
        return _BOM if stream.read(len(_BOM)) == _BOM else b""


def _fixture(spec: Path, drafted: Draft, trial: Trial, exchange: Exchange) -> Fixture | None:
    """The fixture for the tests, if the project has a fixtures folder without it."""
    folder = _folder_of_fixtures(spec)
    sent = exchange.request
    if folder is None or exchange.response is None or exchange.response.value is None:
        return None
    if folder.resolve() in Path(exchange.place.file).resolve().parents:
        return None
    if sent is not None and not (sent.is_structured and sent.media_type.endswith("json")):
        return None
    variant = snake(split_words(exchange.name)) or "sample"
    place = folder / "synthetic" / re.sub(r"[^\w-]", "_", drafted.operation_id)
    name = free(variant, {file.stem for file in place.glob("*.json")}, "{}_{}".format)
    return Fixture(place / f"{name}.json", fixture_text(trial, drafted, exchange, name))


def _folder_of_fixtures(spec: Path) -> Path | None:
    """`tests/fixtures` of the project that the description belongs to, as seen from here."""
    for folder in (spec.parent, *spec.absolute().parents):
        if (folder / _FIXTURES).is_dir():
            return Path(os.path.relpath(folder / _FIXTURES))
        if (folder / "pyproject.toml").exists() or (folder / ".git").exists():
            return None
    return None
