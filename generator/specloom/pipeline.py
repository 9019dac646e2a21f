"""The stages in order. Each takes data and returns data; only this module knows all of them."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from specloom import ir
from specloom.custom_code import (
    Include,
    check_classes,
    check_heirs,
    check_stream_classes,
    is_used,
    read_include,
)
from specloom.description.checks import check
from specloom.description.document import Document
from specloom.description.hints import tell_hints
from specloom.description.load import load
from specloom.description.overlay import apply_overlays
from specloom.description.places import Places
from specloom.description.xsdk import validate
from specloom.docs import page_files
from specloom.docs.calls import check_readme
from specloom.errors import Problems, SpecError
from specloom.ir.names_lock import Lock, operation_key
from specloom.ir.usage import Usage, usage_of
from specloom.lower import lower
from specloom.names_lock import check_lock, moved, renewed
from specloom.names_lock.file import lock_text, read_lock
from specloom.naming.identifiers import with_package_names
from specloom.naming.names import Names, assign_names
from specloom.options import BuildOptions
from specloom.output.cache import FormattedFiles
from specloom.output.format import FormatError, format_files, formatted_by
from specloom.output.render import as_problem, render
from specloom.progress import Tell, located, making, tell_nobody
from specloom.sdk import PlannedFile, sdk_files
from specloom.sdk.method_docstrings import resolve_successors
from specloom.sdk.streams import check_page_classes
from specloom.selection import Selection, as_hinted, selection_of, with_joined_items
from specloom.selection.reach import endpoints, restricted

if TYPE_CHECKING:
    from specloom.ir.former_sdk import FormerSdk


@dataclass(frozen=True, slots=True)
class Build:
    """A finished build: the output's files by path, and their sources.

    ``is_whole`` is False if broken parts of the description were left out; ``lock`` is the new text
    of the names lock, None if there is no lock; ``formatting`` is the time of formatting in
    seconds.
    """

    files: dict[str, str]
    api: ir.Api
    names: Names
    problems: Problems
    document: Document
    is_whole: bool = True
    lock: str | None = None
    formatting: float = 0.0


class Reading(NamedTuple):
    """A read description: the selected part, with the names of the whole."""

    document: Document
    api: ir.Api
    problems: Problems
    names: Names
    usage: Usage
    is_whole: bool = True
    include: Include | None = None
    lock: Lock | None = None


def build(
    spec: Path | str,
    options: BuildOptions,
    tell: Tell = tell_nobody,
    cached_in: Path | None = None,
) -> Build:
    """Generate the text of every file of the SDK from a description; writes none of them.

    ``tell`` receives the current step as text. ``cached_in`` is the output folder whose cache of
    formatted files is used and updated.

    Raises:
        SpecError: The description cannot be read, or it or a template of the user has errors; it
            holds all of them.
    """
    tell(f"reading {spec.name if isinstance(spec, Path) else spec}")
    document, api, problems, names, usage, is_whole, include, lock = read(spec, options)
    former = _former_sdk(document, options, problems)
    if include is None and is_used(document, api):
        check_classes(document, None, problems)
        problems.raise_if_errors()
    pages = page_files(api, names, usage, include)
    planned = chain(sdk_files(api, names, usage, former), pages)
    with located(Places(document)):
        files, seconds = _formatted(planned, options, cached_in, tell)
    files.update(runtime_files(api.settings.package, options.compatible_with or ""))
    if include is not None and is_used(document, api):
        files.update(include.files_in(api.settings.package))
    locked = lock_text(lock) if lock and options.names_lock else None
    return Build(files, api, names, problems, document, is_whole, locked, seconds)


def read(spec: Path | str, options: BuildOptions) -> Reading:
    """The first half: load, overlay, check, lower, name."""
    document, problems, include, lock = _checked(spec, options)
    try:
        selection = selection_of(document, problems, options)
    except SpecError:
        _add_later_errors(document, problems, options, lock)
        selection = selection_of(document, problems, options)  # raises, with all of them
    selection.raise_if_empty()
    try:
        reading = _reading_of(selection, include, lock)
    except SpecError as error:
        if not options.allow_partial:
            raise
        # Operations may also be left out for faults that only lowering finds.
        problems.extend(error.problems)
        selection = selection_of(document, problems, options)
        selection.raise_if_empty()
        reading = _reading_of(selection, include, lock)
    if selection.document is document and not selection.problems.has_errors:
        return reading
    api = replace(reading.api, left_out=selection.notes())
    return reading._replace(api=api, problems=selection.as_warnings(), is_whole=False)


_MANY_ERRORS = 200


def _add_later_errors(
    document: Document, problems: Problems, options: BuildOptions, lock: Lock
) -> None:
    """Add the errors that lowering finds in the valid parts, so that one run reports all errors.

    With hundreds of errors, one line says that nothing is added: it would take minutes.
    """
    known, found = Problems(), Problems()
    known.extend(problems)
    if sum(problem.severity == "error" for problem in known) > _MANY_ERRORS:
        problems.info(
            "more-errors",
            f"over {_MANY_ERRORS} errors; the remaining checks run when there are fewer",
        )
        return
    with suppress(Exception):  # the errors that are known count, whatever goes wrong here
        selection = selection_of(document, known, replace(options, allow_partial=True))
        lower(selection.document, found, lock)
    problems.extend(problem for problem in found if problem.severity == "error")


def read_all_that_works(spec: Path | str, options: BuildOptions) -> Reading:
    """As ``read``, but also for a description with errors: the valid parts are read and named.

    The errors stay errors. Raises SpecError if nothing can be read.
    """
    document, problems, include, lock = _checked(spec, options)
    selection = selection_of(document, problems, replace(options, allow_partial=True))
    return _reading_of(selection, include, lock)


def _checked(
    spec: Path | str, options: BuildOptions
) -> tuple[Document, Problems, Include | None, Lock]:
    problems = Problems()
    document = load(
        spec,
        allow_remote=options.allow_remote,
        unsaved=options.unsaved,
        problems=problems,
    )
    document = apply_overlays(
        document, options.overlays, problems=problems, allow_remote=options.allow_remote
    )
    lock, document = read_lock(options.names_lock, document, problems)
    with located(Places(document)):
        validate(document, problems)
        tell_hints(document, problems)
        document = as_hinted(document)
        check(document, problems)
        document = with_joined_items(document)
    return document, problems, _included(document, options, problems), lock


def _former_sdk(document: Document, options: BuildOptions, problems: Problems) -> FormerSdk | None:
    """The names of the old SDK that its users' code needs; None without compatibility."""
    if options.compatible_with is None:
        return None
    from specloom.names_lock.former_sdk import read_former_sdk  # few SDKs need it

    found = read_former_sdk(options.former_sdk, document, problems)
    problems.raise_if_errors()
    return found


def _included(document: Document, options: BuildOptions, problems: Problems) -> Include | None:
    """The folder of hand-written code; its classes are checked only if it can be read."""
    if options.include is None:
        return None
    found = Problems()
    include = read_include(options.include, found)
    problems.extend(found)
    if not found.has_errors:
        check_classes(document, include, problems)
    return include


def _reading_of(selection: Selection, include: Include | None, lock: Lock) -> Reading:
    """The reading of a document.

    Everything is placed and named before the selection, so a part has the names of the whole.
    """
    found = Problems()
    found.locator = selection.problems.locator
    known = [one for one in endpoints(selection.document) if one.method and not one.is_webhook]
    if not known and not selection.left_out:
        place = f"{selection.document.entry}#"
        found.warning("missing-field", "no path has an operation: the SDK has no methods", place)
    lock = moved(lock, {operation_key(one.method, one.path): one.id for one in known})
    with located(Places(selection.document)):
        api = lower(selection.document, found, lock)
    found.raise_if_errors()
    api = with_package_names(api)
    usage = usage_of(api)
    names = assign_names(api, usage, lock)
    check_lock(api, names, lock, found)
    resolve_successors(api, names, found)
    check_stream_classes(api, found)
    check_page_classes(api, found)
    if not selection.left_out:
        check_heirs(selection.document, api, names, include, found)
        check_readme(api, names, f"{selection.document.entry}#", found)
    found.raise_if_errors()
    selection.problems.extend(found)
    lock = renewed(lock, api, names, usage, is_whole=not selection.left_out)
    if selection.chosen is not None:
        api = restricted(api, selection.has)
        usage = usage_of(api)
    return Reading(
        selection.document, api, selection.problems, names, usage, include=include, lock=lock
    )


def runtime_files(package: str, compatible_with: str = "") -> Iterator[tuple[str, str]]:
    """The client runtime, copied unchanged, with the modules for compatible SDKs if needed."""
    folder = Path(__file__).parent / "runtime"
    for file in sorted(folder.rglob("*.py")):
        path = file.relative_to(folder).as_posix()
        if path.startswith("stainless/") and not compatible_with:
            continue
        yield f"{package}/_runtime/{path}", file.read_text(encoding="utf-8")
    yield f"{package}/py.typed", ""


def _formatted(
    planned: Iterable[PlannedFile], options: BuildOptions, cached_in: Path | None, tell: Tell
) -> tuple[dict[str, str], float]:
    """The text of every file by path, and the seconds in which nothing but formatting was done.

    Python files that the cache lacks are formatted while the next ones are rendered.
    """
    cache = FormattedFiles(cached_in, formatted_by(options.formatter))
    texts: dict[str, str] = {}
    templates: dict[str, str] = {}
    rendered_at = 0.0

    def unformatted() -> Iterator[tuple[str, str]]:
        nonlocal rendered_at
        for file, text in _rendered(planned, options.templates, tell):
            known = cache.find(file.path, text) if file.path.endswith(".py") else text
            texts[file.path] = text if known is None else known
            if known is None:
                templates[file.path] = file.template
                yield file.path, text
        tell("formatting the files")
        rendered_at = time.perf_counter()

    try:
        made = format_files(unformatted(), options.formatter)
    except FormatError as error:
        with as_problem(templates[error.path], options.templates, {}):
            raise
        raise
    for path, text in made.items():
        cache.keep(texts[path], text)
    cache.save()
    return texts | made, time.perf_counter() - rendered_at


def _rendered(
    planned: Iterable[PlannedFile], templates: tuple[Path, ...], tell: Tell
) -> Iterator[tuple[PlannedFile, str]]:
    """Every file with its rendered text. Each context is released after its file."""
    for number, file in enumerate(planned, 1):
        tell(f"making file {number}")
        with (
            making(f"the file {file.path}"),
            as_problem(file.template, templates, file.context),
        ):
            text = render(file.template, file.context, templates)
        yield file, text
