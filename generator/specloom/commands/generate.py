"""`specloom generate`: from a description to an SDK on disk."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from specloom.commands.shared import (
    EXIT_CODES,
    Style,
    chosen,
    problem_options,
    reading_options,
    show,
    shown_problems,
)

if TYPE_CHECKING:
    from specloom.last_run import LastRun
    from specloom.options import BuildOptions
    from specloom.pipeline import Build

OUT_OF_DATE = 1
"""The exit code of `--check` where the output would change."""


@click.command(help=f"""Write the SDK that SPEC describes.

The settings of [tool.specloom] in pyproject.toml hold for the description that it names, which is
the one that is read without SPEC. A file that is right is not touched; one that a person has edited
is kept and reported.

\b
Examples:
  specloom generate openapi.yaml -o sdk/
  specloom generate openapi.yaml -o sdk/ --overlay names.yaml
  specloom generate openapi.yaml -o sdk/ --only pets --only '/users/*'
  specloom generate openapi.yaml -o sdk/ --allow-partial
  specloom generate --check

{EXIT_CODES}""")
@reading_options
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder to write to.",
)
@click.option("--check", is_flag=True, help="Write nothing; print what would change, as a diff.")
@click.option("--force", is_flag=True, help="Write into a folder, and over files, not ours.")
@click.option(
    "--allow-partial",
    is_flag=True,
    help="Leave out operations that have errors; they are listed, also in docs/left-out.md.",
)
@click.option(
    "--templates",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="A folder of templates that replace ours, by path.",
)
@problem_options
@click.option("-q", "--quiet", is_flag=True, help="Print problems only.")
def command(
    spec: Path | None,
    output: Path | None,
    check: bool,
    force: bool,
    overlays: tuple[Path, ...],
    only: tuple[str, ...],
    allow_partial: bool,
    templates: Path | None,
    allow_remote: bool,
    form: str,
    every: bool,
    quiet: bool,
) -> None:
    """See the help above."""
    # Not before they are needed: --help is fast.
    from specloom.last_run import LastRun
    from specloom.options import BuildOptions

    started = time.perf_counter()
    style = Style(form == "json", every)
    with shown_problems(style):
        spec, config = chosen(spec)
        folder = output or config.output
        if folder is None:
            raise click.UsageError("Name the folder to write to: -o sdk/")
        templates = templates or config.templates
        options = BuildOptions(
            overlays=overlays or config.overlays,
            templates=(templates,) if templates else (),
            allow_remote=allow_remote,
            only=only or config.only,
            allow_partial=allow_partial,
        )
        last_run = LastRun(folder, spec, options, str(style))
        last = last_run.still_holds()
        if last is not None:
            click.echo(last.warnings, err=True, nl=False)
            done = _Done(last.operations, last.models, f"{last.files} unchanged")
        elif check:
            _check(spec, options, folder, style)
            return
        else:
            done = _generate(spec, options, folder, last_run, style, force=force)
    if not quiet and not check:
        seconds = time.perf_counter() - started
        click.echo(
            f"{folder}: {_counted(done.operations, 'operation')}, "
            f"{_counted(done.models, 'model')}; files: {done.files}; {seconds:.2f} s"
        )


class _Done(NamedTuple):
    """What a run has to tell: operations, models, and in words what became of the files."""

    operations: int
    models: int
    files: str


def _check(spec: Path, options: BuildOptions, folder: Path, style: Style) -> None:
    from specloom.output import check, plan_output
    from specloom.pipeline import build

    built = build(spec, options)
    drift = check(plan_output(built.files, folder))
    show(built.problems, style)
    if drift:
        click.echo(drift, nl=False)
        if not style.is_json:
            click.echo(f"{folder} is out of date: run 'specloom generate'", err=True)
        raise click.exceptions.Exit(OUT_OF_DATE)


def _generate(
    spec: Path,
    options: BuildOptions,
    folder: Path,
    last_run: LastRun,
    style: Style,
    *,
    force: bool,
) -> _Done:
    from specloom.ir import Model
    from specloom.output import State, apply, plan_output
    from specloom.pipeline import build

    built = build(spec, options)
    plan = plan_output(built.files, folder)
    applied = apply(plan, force=force)
    _report_kept(applied.kept, folder, built)
    show(built.problems, style)
    unchanged = len(plan.of(State.UNCHANGED))
    counts = {
        "written": len(applied.written),
        "unchanged": unchanged,
        "deleted": len(applied.deleted),
        "kept": len(applied.kept),
    }
    models = sum(isinstance(named, Model) for named in built.api.types.values())
    operations = len(built.api.operations())
    # What is missing today may be there tomorrow, and is no source that could have changed.
    if applied.kept or built.document.is_remote or not built.is_whole:
        last_run.forget()
    else:
        sources = [Path(source.file) for source in built.document.sources.values()]
        warnings = style.shown(built.problems)
        last_run.remember(sources, operations, models, len(built.files), warnings)
    files = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
    return _Done(operations, models, files or "none")


def _report_kept(kept: list[str], folder: Path, built: Build) -> None:
    from specloom.errors import Location

    for path in kept:
        message = "the file was changed by somebody else, and is kept"
        place = Location((folder / path).as_posix(), 1, 1)
        built.problems.warning("edited-file", message, hint="--force overwrites it", location=place)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
