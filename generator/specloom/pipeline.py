"""The stages in order. Each takes data and returns data; this is the only place that knows all."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

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
from specloom.plan import PlannedFile, plan
from specloom.render import Renderer
from specloom.usage import usage_of
from specloom.xsdk import validate


@dataclass(frozen=True, slots=True)
class Build:
    """A finished build: the output's files by path, and what they were made from."""

    files: dict[str, str]
    api: ir.Api
    names: Names
    problems: Problems
    document: Document


def build(spec: Path, options: BuildOptions) -> Build:
    """From a description to the text of every file of the SDK; writes nothing.

    Raises:
        SpecError: The description cannot be read or has errors; it holds all of them.
    """
    with _without_collection():
        document, api, problems = read(spec, options)
        usage = usage_of(api)
        names = assign_names(api, usage)
        renderer = Renderer(options.templates)
        files = {file.path: _text(renderer, file) for file in plan(api, names, usage)}
        files.update(runtime_files(api.settings.package))
        return Build(files, api, names, problems, document)


def read(spec: Path, options: BuildOptions) -> tuple[Document, ir.Api, Problems]:
    """The front half: load, lay overlays over, check, lower."""
    problems = Problems()
    document = load(spec, allow_remote=options.allow_remote, problems=problems)
    document = apply_overlays(
        document, options.overlays, problems=problems, allow_remote=options.allow_remote
    )
    validate(document, problems)
    check(document, problems)
    problems.raise_if_errors()
    api = lower(document, problems)
    problems.raise_if_errors()
    return document, api, problems


def runtime_files(package: str) -> Iterator[tuple[str, str]]:
    """The client runtime, copied as it is."""
    for entry in sorted(resources.files("specloom.runtime").iterdir(), key=lambda one: one.name):
        if entry.name.endswith(".py"):
            yield f"{package}/_runtime/{entry.name}", entry.read_text(encoding="utf-8")
    yield f"{package}/py.typed", ""


def _text(renderer: Renderer, file: PlannedFile) -> str:
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
