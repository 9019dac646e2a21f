"""The stages in order. Each takes data and returns data; this is the only place that knows all."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import NamedTuple

from specloom import ir
from specloom.checks import check
from specloom.document import Document
from specloom.errors import Problems
from specloom.format import format_python
from specloom.load import load
from specloom.lower import lower
from specloom.names import Names, assign_names
from specloom.options import BuildOptions
from specloom.overlay import apply_overlays
from specloom.partial import Part, part_to_generate
from specloom.plan import PlannedFile, plan
from specloom.readability import check_readability
from specloom.render import Renderer
from specloom.selection import part_of
from specloom.template_errors import as_problem
from specloom.usage import usage_of
from specloom.xsdk import validate


@dataclass(frozen=True, slots=True)
class Build:
    """A finished build: the output's files by path, and what they were made from.

    ``is_whole`` is False where broken parts of the description were left out.
    """

    files: dict[str, str]
    api: ir.Api
    names: Names
    problems: Problems
    document: Document
    is_whole: bool = True


class Reading(NamedTuple):
    """What a description says: the part that was asked for, with the names of the whole."""

    document: Document
    api: ir.Api
    problems: Problems
    names: Names
    is_whole: bool = True


def build(spec: Path, options: BuildOptions) -> Build:
    """From a description to the text of every file of the SDK; writes nothing.

    Raises:
        SpecError: The description cannot be read or has errors, or a template of the user's has;
            it holds all of them.
    """
    with _without_collection():
        document, api, problems, names, is_whole = read(spec, options)
        usage = usage_of(api)
        renderer = Renderer(options.templates)
        files = {
            file.path: _text(renderer, file, options.templates) for file in plan(api, names, usage)
        }
        files.update(runtime_files(api.settings.package))
        return Build(files, api, names, problems, document, is_whole)


def read(spec: Path, options: BuildOptions) -> Reading:
    """The front half: load, lay overlays over, check, lower, name."""
    document, problems = _checked(spec, options)
    part = part_to_generate(document, problems, options)
    part.raise_if_empty()
    reading = _understood(part)
    if part.document is document and not part.problems.has_errors:
        return reading
    api = replace(reading.api, left_out=part.notes())
    return reading._replace(api=api, problems=part.told(), is_whole=False)


def lint(spec: Path, options: BuildOptions) -> Problems:
    """Everything there is to say of a description, of how its SDK will read as well.

    Of what has errors only these are told. Raises SpecError where nothing more can be said.
    """
    with _without_collection():
        document, problems = _checked(spec, options)
        part = part_to_generate(document, problems, replace(options, allow_partial=True))
        document, api, problems, names, _ = _understood(part)
        check_readability(document, api, names, problems)
        return problems


def _checked(spec: Path, options: BuildOptions) -> tuple[Document, Problems]:
    problems = Problems()
    document = load(
        spec, allow_remote=options.allow_remote, unsaved=options.unsaved, problems=problems
    )
    document = apply_overlays(
        document, options.overlays, problems=problems, allow_remote=options.allow_remote
    )
    validate(document, problems)
    check(document, problems)
    return document, problems


def _understood(part: Part) -> Reading:
    """Everything is placed and named before a part is taken: a part has the names of the whole."""
    found = Problems()
    found.locator = part.problems.locator
    api = lower(part.document, found)
    found.raise_if_errors()
    for problem in found:
        part.problems.add(problem)
    names = assign_names(api, usage_of(api))
    if part.chosen is not None:
        api = part_of(api, part.has)
    return Reading(part.document, api, part.problems, names)


def runtime_files(package: str) -> Iterator[tuple[str, str]]:
    """The client runtime, copied as it is."""
    for entry in sorted(resources.files("specloom.runtime").iterdir(), key=lambda one: one.name):
        if entry.name.endswith(".py"):
            yield f"{package}/_runtime/{entry.name}", entry.read_text(encoding="utf-8")
    yield f"{package}/py.typed", ""


def _text(renderer: Renderer, file: PlannedFile, templates: tuple[Path, ...]) -> str:
    with as_problem(file.template, templates, file.context):
        text = renderer.render(file.template, file.context)
        return format_python(text, file.path, file.template) if file.path.endswith(".py") else text


@contextmanager
def _without_collection() -> Iterator[None]:
    """Garbage collection off: a build makes many objects that live to its end, and few cycles."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
