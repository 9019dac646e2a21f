"""`specloom generate`: from a description to an SDK on disk."""

from __future__ import annotations

import gc
import time
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from specloom.commands import shared
from specloom.errors import Problems, SpecError

if TYPE_CHECKING:
    from specloom.commands.watch import Inputs
    from specloom.options import BuildOptions, FormatterName
    from specloom.output.cache import LastRun, Remembered
    from specloom.pipeline import Build

_LONG = 5.0
"""Seconds of black from which on the output recommends ruff."""

OUT_OF_DATE = 1
"""The exit code of `--check` if the output is out of date."""


@click.command(help="""Generate the SDK of SPEC.

SPEC is a file, a URL, '-' for standard input, or module:app for an ASGI app. It defaults to the
description in [tool.specloom] of pyproject.toml; the other settings there apply to that
description. Up-to-date files are not touched. Files edited by hand are kept and reported.

\b
Examples:
  specloom generate openapi.yaml -o sdk/
  specloom generate https://api.example.com/openapi.json -o sdk/
  specloom generate shop.web:app -o sdk/
  specloom generate openapi.yaml -o sdk/ --overlay names.yaml
  specloom generate openapi.yaml -o sdk/ --only pets --only '/users/*'
  specloom generate openapi.yaml -o sdk/ --allow-partial
  specloom generate --check
  specloom generate --watch

\b
Exit codes:
  0  the output is written; with --check, it is up to date
  1  --check: the output is out of date
  2  the input or the command line is wrong; nothing is written""")
@shared.reading_options
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder to write to.",
)
@click.option("--check", is_flag=True, help="Write nothing; print pending changes as a diff.")
@click.option(
    "--force", is_flag=True, help="Overwrite edited files, and write into a foreign folder."
)
@click.option(
    "--allow-partial",
    is_flag=True,
    help="Leave out operations with errors, and list them here and in docs/left-out.md.",
)
@click.option(
    "--templates",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="A folder of templates that replace the built-in ones, by path.",
)
@click.option(
    "--include",
    type=click.Path(path_type=Path),
    help="A folder of hand-written code to copy into the package.",
)
@click.option(
    "--formatter",
    type=click.Choice(["black", "ruff"]),
    help="The formatter. ruff is faster and needs specloom[ruff]. [default: black]",
)
@click.option("--watch", is_flag=True, help="Generate again on every save, until Ctrl-C.")
@shared.problem_options
@shared.quiet_option
def command(*, watch: bool, form: str, every: bool, quiet: bool, **options: Any) -> None:
    """See the help above. The other options are the fields of `_Asked`."""
    asked = _Asked(style=shared.Style(form == "json", every, quiet), **options)
    if watch and asked.check:
        raise click.UsageError("--watch writes, and --check does not: use one of them.")
    if watch:
        _watch(asked)
        return
    with shared.shown_problems(asked.style):
        _run(asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """The command line."""

    spec: str | None
    output: Path | None
    overlays: tuple[Path, ...]
    only: tuple[str, ...]
    templates: Path | None
    include: Path | None
    formatter: FormatterName | None
    allow_remote: bool
    allow_partial: bool
    check: bool
    force: bool
    style: shared.Style

    def settled(self) -> tuple[Path | str, Path, BuildOptions]:
        """The description, the output folder, and the options merged with the settings."""
        spec, config, text = shared.chosen(self.spec)
        folder = self.output or config.output
        if folder is None:
            raise click.UsageError("Name the folder to write to: -o sdk/")
        settings = shared.options_of(config, self.overlays)
        options = replace(
            settings,
            templates=(self.templates,) if self.templates else settings.templates,
            include=self.include or settings.include,
            allow_remote=self.allow_remote,
            only=self.only or config.only,
            allow_partial=self.allow_partial,
            formatter=self.formatter or config.formatter or "black",
            unsaved=text,
            compatible_with=config.compatible_with,
            former_sdk=config.former_sdk,
        )
        if options.formatter == "ruff" and find_spec("ruff") is None:
            raise click.UsageError("ruff is not installed: install specloom[ruff]")
        return spec, folder, options


def _run(asked: _Asked) -> list[Path]:
    """Generate or check once. Returns the files of the description."""
    from specloom.output.cache import LastRun

    started = time.perf_counter()
    spec, folder, options = asked.settled()
    # Nearly all objects of a build live to its end, and each search for garbage visits them again.
    gc.set_threshold(10_000)
    if asked.check:
        _check(spec, options, folder, asked.style)
        return []
    # A quiet run stores its warnings too: a later run may show them.
    last_run = LastRun(folder, spec, options, str(replace(asked.style, quiet=False)))
    last = last_run.still_holds()
    if last is not None:
        done = _unchanged(last, asked.style)
    else:
        done = _generate(spec, options, folder, last_run, asked)
    if not asked.style.quiet:
        seconds = time.perf_counter() - started
        click.echo(
            f"{folder}: {shared.counted(done.operations, 'operation')}, "
            f"{shared.counted(done.models, 'model')}; files: {done.changes}; {seconds:.2f} s"
        )
        if options.formatter == "black" and done.formatting > _LONG:
            click.echo(
                f"black took {done.formatting:.0f} s of it; ruff would take less than one: "
                "install specloom[ruff], and use --formatter ruff"
            )
    return done.sources


def _watch(asked: _Asked) -> None:
    """Generate, and generate again whenever an input changes, until Ctrl-C.

    If a run fails, its problems are shown, and the output of the last good run stays.
    """
    from specloom.commands.watch import Stamps, seen_by, wait_for_change

    with shared.shown_problems(asked.style):
        _, _, options = asked.settled()
    if options.unsaved is not None:
        raise click.UsageError("--watch waits for a file to change: name a file.")
    before: Stamps = {}
    try:
        while True:
            started = time.time_ns()  # as the times of files
            inputs = _run_watched(asked)
            seen = seen_by(inputs, before, started)
            count = sum(stamp is not None for stamp in seen.values())
            _say(asked, f"watching {shared.counted(count, 'file')}; Ctrl-C ends it")
            changed = wait_for_change(inputs, seen)
            before = inputs.stamps()
            _say(asked, f"\n{', '.join(map(_short, changed))} changed")
    except KeyboardInterrupt:
        _say(asked, "")


def _run_watched(asked: _Asked) -> Inputs:
    """Generate once. Returns the inputs of the run, including missing ones."""
    from specloom.commands.watch import Inputs, files_of, settings_files
    from specloom.description.places import Places

    started = time.perf_counter()
    files = set(settings_files(Path.cwd()))
    folders: set[Path] = set()
    own: set[Path] = set()
    state = "nothing is written"
    try:
        spec, folder, options = asked.settled()
        state = f"{folder} stays as it was"
        files |= {Path(spec), *options.overlays}
        own |= {one for one in (options.names_lock, options.former_sdk) if one}
        folders |= {*options.templates, *((options.include,) if options.include else ())}
        files |= {*_run(asked)}
    except SpecError as error:
        shared.show(error.problems, asked.style)
        if isinstance(error.problems.locator, Places):
            files |= {*files_of(error.problems.locator.document, error.problems)}
        _say(asked, f"{state}; {time.perf_counter() - started:.2f} s")
    except click.UsageError as error:
        error.show()
        _say(asked, state)
    files |= own
    return Inputs(*(frozenset(map(Path.resolve, some)) for some in (files, folders, own)))


def _say(asked: _Asked, text: str) -> None:
    if not asked.style.quiet:
        click.echo(text)


def _short(path: Path) -> str:
    """A path relative to the current folder, if it is below it."""
    return path.relative_to(Path.cwd()).as_posix() if path.is_relative_to(Path.cwd()) else str(path)


class _Done(NamedTuple):
    """The result of a run: counts of operations and models, a summary of the written files, the
    files of the description, and the seconds spent on formatting."""

    operations: int
    models: int
    changes: str
    sources: list[Path]
    formatting: float = 0.0


def _unchanged(last: Remembered, style: shared.Style) -> _Done:
    """Show the warnings of the last run again; nothing has changed since."""
    if style.quiet:
        shared.show(Problems(), style)
    else:
        click.echo(last.warnings, err=True, nl=False)
    files = [Path(file) for file in last.sources]
    return _Done(last.operations, last.models, f"{last.files} unchanged", files)


def _check(spec: Path | str, options: BuildOptions, folder: Path, style: shared.Style) -> None:
    from specloom.output.folder import check, difference, plan_output
    from specloom.pipeline import build

    with shared.progress(quiet=style.quiet) as tell:
        built = build(spec, options, tell)  # without any cache
    drift = check(plan_output(built.files, folder))
    if options.names_lock is not None and built.lock is not None:
        drift += difference(options.names_lock, built.lock)
    shared.show(built.problems, style)
    if drift:
        click.echo(drift, nl=False)
        if not style.is_json:
            click.echo(f"{folder} is out of date: run 'specloom generate'", err=True)
        raise click.exceptions.Exit(OUT_OF_DATE)


def _generate(
    spec: Path | str, options: BuildOptions, folder: Path, last_run: LastRun, asked: _Asked
) -> _Done:
    from specloom.ir import Model
    from specloom.output.folder import State, apply, plan_output
    from specloom.pipeline import build

    with shared.progress(quiet=asked.style.quiet) as tell:
        built = build(spec, options, tell, cached_in=folder)
        plan = plan_output(built.files, folder)
        applied = apply(plan, force=asked.force)
        is_locked = _lock(options.names_lock, built)
    _report_kept(applied.skipped, folder, built)
    shared.show(built.problems, asked.style)
    counts = {
        "written": len(applied.written),
        "unchanged": len(plan.of(State.UNCHANGED)),
        "deleted": len(applied.deleted),
        "kept": len(applied.skipped),
    }
    changes = ", ".join(f"{count} {what}" for what, count in counts.items() if count) or "none"
    if not is_locked and options.names_lock is not None:
        changes += f"; {options.names_lock.name} written"
    sources = built.document.files_beside(options.unsaved is not None)
    models = sum(isinstance(named, Model) for named in built.api.types.values())
    done = _Done(len(built.api.operations()), models, changes, sources or [], built.formatting)
    # A missing file is not among the sources, and it may exist at the next run. A warning about a
    # former name must be shown once only.
    if applied.skipped or sources is None or not built.is_whole or not is_locked:
        last_run.forget()
    else:
        warnings = replace(asked.style, quiet=False).shown(built.problems)
        last_run.remember(sources, done.operations, models, len(built.files), warnings)
    return done


def _lock(file: Path | None, built: Build) -> bool:
    """Update the names lock. Returns whether it was up to date."""
    from specloom.names_lock.file import write_lock

    return file is None or built.lock is None or not write_lock(file, built.lock)


def _report_kept(kept: list[str], folder: Path, built: Build) -> None:
    from specloom.errors import Location

    for path in kept:
        message = "edited by hand; kept as is"
        place = Location((folder / path).as_posix())
        built.problems.warning("edited-file", message, hint="--force overwrites it", location=place)
