"""The stages in order. Each takes data and returns data; this is the only place that knows all."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from specloom import ir
from specloom.checking.checks import check
from specloom.checking.readability import check_readability
from specloom.errors import Problems
from specloom.included.include import Include, read_include
from specloom.included.mixins import check_classes, check_heirs, check_stream_classes, is_used
from specloom.lock.checks import check_lock
from specloom.lock.held import Lock, moved, operation_key
from specloom.lock.renewal import renewed
from specloom.lock.text import lock_text, read_lock
from specloom.lower import lower
from specloom.naming.names import Names, assign_names
from specloom.naming.successors import resolve_successors
from specloom.options import BuildOptions
from specloom.overlays.overlay import apply_overlays
from specloom.part.partial import Part, part_to_generate
from specloom.part.reach import endpoints
from specloom.part.selection import part_of
from specloom.plan import PlannedFile, plan
from specloom.plan.kept import keep
from specloom.progress import Tell, tell_nobody
from specloom.reading.document import Document
from specloom.reading.kept_schemas import KeptSchemas
from specloom.reading.load import load
from specloom.usage import Usage, usage_of
from specloom.workers import Workers
from specloom.writing.cache import Cache
from specloom.writing.format import Formatter
from specloom.writing.render import Renderer
from specloom.writing.template_errors import as_problem
from specloom.xsdk import validate


@dataclass(frozen=True, slots=True)
class Build:
    """A finished build: the output's files by path, and what they were made from.

    ``is_whole`` is False where broken parts of the description were left out; ``lock`` is the text
    that the lock of names is to have, None where there is to be none; ``kept`` are files that
    are as the last build left them: their hashes by path.
    """

    files: dict[str, str]
    api: ir.Api
    names: Names
    problems: Problems
    document: Document
    is_whole: bool = True
    lock: str | None = None
    kept: Mapping[str, str] = field(default_factory=dict[str, str])


class Reading(NamedTuple):
    """What a description says: the part that was asked for, with the names of the whole."""

    document: Document
    api: ir.Api
    problems: Problems
    names: Names
    usage: Usage
    is_whole: bool = True
    include: Include | None = None
    lock: Lock | None = None


def build(
    spec: Path,
    options: BuildOptions,
    tell: Tell = tell_nobody,
    cache: Cache | None = None,
    workers: Workers | None = None,
) -> Build:
    """From a description to the text of every file of the SDK; writes nothing.

    ``tell`` is told what is being done; ``cache`` spares what the last build has made; ``workers``
    share what is left.

    Raises:
        SpecError: The description cannot be read or has errors, or a template of the user's has;
            it holds all of them.
    """
    with collecting_seldom():
        tell(f"reading {spec.name}")
        cache, workers = cache or Cache(), workers or Workers()
        document, api, problems, names, usage, is_whole, include, lock = read(spec, options, cache)
        if include is None and is_used(document, api):
            check_classes(document, None, problems)
            problems.raise_if_errors()
        tell("planning the files")
        own = bool(options.templates)
        planned = plan(api, names, usage, include, cache, workers, has_own_templates=own)
        files = _texts(planned, options.templates, cache, workers, tell)
        files.update(runtime_files(api.settings.package))
        if include is not None and is_used(document, api):
            files.update(include.files_in(api.settings.package))
        locked = lock_text(lock) if lock and options.names_lock else None
        kept = {file.path: file.made for file in planned if file.text is not None}
        return Build(files, api, names, problems, document, is_whole, locked, kept)


def read(spec: Path, options: BuildOptions, cache: Cache | None = None) -> Reading:
    """The front half: load, lay overlays over, check, lower, name."""
    cache = cache or Cache()
    document, problems, include, lock = _checked(spec, options, cache)
    part = part_to_generate(document, problems, options)
    part.raise_if_empty()
    reading = _understood(part, include, lock, cache.schemas)
    if part.document is document and not part.problems.has_errors:
        return reading
    api = replace(reading.api, left_out=part.notes())
    return reading._replace(api=api, problems=part.told(), is_whole=False)


def lint(spec: Path, options: BuildOptions) -> Problems:
    """Everything there is to say of a description, of how its SDK will read as well.

    Of what has errors only these are told. Raises SpecError where nothing more can be said.
    """
    with collecting_seldom():
        document, problems, include, lock = _checked(spec, options, Cache())
        part = part_to_generate(document, problems, replace(options, allow_partial=True))
        document, api, problems, names, *_ = _understood(part, include, lock)
        check_readability(document, api, names, problems)
        return problems


def _checked(
    spec: Path, options: BuildOptions, cache: Cache
) -> tuple[Document, Problems, Include | None, Lock]:
    problems = Problems()
    document = load(
        spec,
        allow_remote=options.allow_remote,
        unsaved=options.unsaved,
        sections=cache.sections,
        schemas=cache.schemas,
        problems=problems,
    )
    document = apply_overlays(
        document, options.overlays, problems=problems, allow_remote=options.allow_remote
    )
    lock, document = read_lock(options.names_lock, document, problems)
    validate(document, problems, cache.schemas)
    check(document, problems, cache.schemas)
    return document, problems, _included(document, options, problems), lock


def _included(document: Document, options: BuildOptions, problems: Problems) -> Include | None:
    """The folder of code written by hand; its classes are looked for only if it can be read."""
    if options.include is None:
        return None
    found = Problems()
    include = read_include(options.include, found)
    for problem in found:
        problems.add(problem)
    if not found.has_errors:
        check_classes(document, include, problems)
    return include


def _understood(
    part: Part, include: Include | None, lock: Lock, schemas: KeptSchemas | None = None
) -> Reading:
    """Everything is placed and named before a part is taken: a part has the names of the whole."""
    found = Problems()
    found.locator = part.problems.locator
    known = [one for one in endpoints(part.document) if one.method and not one.is_webhook]
    lock = moved(lock, {operation_key(one.method, one.path): one.id for one in known})
    api = lower(part.document, found, lock, schemas)
    found.raise_if_errors()
    usage = usage_of(api)
    names = assign_names(api, usage, lock)
    check_lock(api, names, lock, found)
    resolve_successors(api, names, found)
    check_stream_classes(api, found)
    if not part.left_out:
        check_heirs(part.document, api, names, include, found)
    found.raise_if_errors()
    for problem in found:
        part.problems.add(problem)
    lock = renewed(lock, api, names, usage, is_whole=not part.left_out)
    if part.chosen is not None:
        api = part_of(api, part.has)
        usage = usage_of(api)
    return Reading(part.document, api, part.problems, names, usage, include=include, lock=lock)


def runtime_files(package: str) -> Iterator[tuple[str, str]]:
    """The client runtime, copied as it is."""
    folder = Path(__file__).parent / "runtime"
    for file in sorted(folder.rglob("*.py")):
        path = file.relative_to(folder).as_posix()
        yield f"{package}/_runtime/{path}", file.read_text(encoding="utf-8")
    yield f"{package}/py.typed", ""


def _texts(
    planned: Sequence[PlannedFile],
    templates: tuple[Path, ...],
    cache: Cache,
    workers: Workers,
    tell: Tell,
) -> dict[str, str]:
    """The text of every file that a template makes, by path."""
    formatter = Formatter(cache, workers, has_own_templates=bool(templates))
    renderer = Renderer(templates)
    texts: dict[str, str] = {}
    for number, file in enumerate(planned, 1):
        tell(f"making file {number} of {len(planned)}")
        if file.text is None:
            with as_problem(file.template, templates, file.context):
                texts[file.path] = renderer.render(file.template, file.context)
    tell("laying out the files")
    formatter.prepare({path: text for path, text in texts.items() if path.endswith(".py")})
    for file in planned:
        if file.text is not None:
            formatter.keep(file.path)
            texts[file.path] = file.text
        elif file.path.endswith(".py"):
            with as_problem(file.template, templates, file.context):
                texts[file.path] = formatter.format(file.path, file.template)
        keep(cache, file, texts[file.path])
    return texts


@contextmanager
def collecting_seldom() -> Iterator[None]:
    """Garbage is collected a thousand times less often than else.

    A build makes many objects that live to its end, and what is done with it looks at few of them.
    It is not turned off altogether: what datamodel-code-generator and black leave behind would come
    to hundreds of megabytes.
    """
    usual = gc.get_threshold()
    gc.set_threshold(1_000_000, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
