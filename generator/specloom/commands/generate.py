"""`specloom generate`: from a description to an SDK on disk."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from specloom.commands.shared import EXIT_CODES, chosen, show, shown, shown_problems

if TYPE_CHECKING:
    from specloom.last_run import LastRun
    from specloom.options import BuildOptions

OUT_OF_DATE = 1
"""The exit code of `--check` where the output would change."""

_FILE = click.Path(path_type=Path)
_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command(help=f"""Write the SDK that SPEC describes.

The settings of [tool.specloom] in pyproject.toml hold for the description that it names, which is
the one that is read without SPEC. A file that is right is not touched; one that a person has edited
is kept and reported.

\b
Examples:
  specloom generate openapi.yaml -o sdk/
  specloom generate openapi.yaml -o sdk/ --overlay names.yaml
  specloom generate --check

{EXIT_CODES}""")
@click.argument("spec", required=False, type=_FILE)
@click.option("-o", "--output", type=_FOLDER, help="The folder to write to.")
@click.option("--check", is_flag=True, help="Write nothing; print what would change, as a diff.")
@click.option("--force", is_flag=True, help="Write into a folder, and over files, not ours.")
@click.option(
    "--overlay",
    "overlays",
    multiple=True,
    type=_FILE,
    help="An OpenAPI Overlay file to apply first; repeatable.",
)
@click.option(
    "--templates",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="A folder of templates that replace ours, by path.",
)
@click.option("--allow-remote", is_flag=True, help="Read $refs to http and https addresses.")
@click.option("-q", "--quiet", is_flag=True, help="Print problems only.")
def command(
    spec: Path | None,
    output: Path | None,
    check: bool,
    force: bool,
    overlays: tuple[Path, ...],
    templates: Path | None,
    allow_remote: bool,
    quiet: bool,
) -> None:
    """See the help above."""
    # Not before they are needed: --help is fast.
    from specloom.last_run import LastRun
    from specloom.options import BuildOptions

    started = time.perf_counter()
    with shown_problems():
        spec, config = chosen(spec)
        folder = output or config.output
        if folder is None:
            raise click.UsageError("Name the folder to write to: -o sdk/")
        templates = templates or config.templates
        options = BuildOptions(
            overlays=overlays or config.overlays,
            templates=(templates,) if templates else (),
            allow_remote=allow_remote,
        )
        last_run = LastRun(folder, spec, options)
        last = last_run.still_holds()
        if last is not None:
            click.echo(last.warnings, err=True, nl=False)
            done = _Done(last.operations, last.models, f"{last.files} unchanged")
        elif check:
            _check(spec, options, folder)
            return
        else:
            done = _generate(spec, options, folder, last_run, force=force)
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


def _check(spec: Path, options: BuildOptions, folder: Path) -> None:
    from specloom.output import check, plan_output
    from specloom.pipeline import build

    built = build(spec, options)
    drift = check(plan_output(built.files, folder))
    show(built.problems)
    if drift:
        click.echo(drift, nl=False)
        click.echo(f"{folder} is out of date: run 'specloom generate'", err=True)
        raise click.exceptions.Exit(OUT_OF_DATE)


def _generate(
    spec: Path, options: BuildOptions, folder: Path, last_run: LastRun, *, force: bool
) -> _Done:
    from specloom.ir import Model
    from specloom.output import State, apply, plan_output
    from specloom.pipeline import build

    built = build(spec, options)
    plan = plan_output(built.files, folder)
    show(built.problems)
    applied = apply(plan, force=force)
    for path in applied.kept:
        click.echo(f"kept: {path} was changed by somebody else (--force overwrites it)", err=True)
    unchanged = len(plan.of(State.UNCHANGED))
    counts = {
        "written": len(applied.written),
        "unchanged": unchanged,
        "deleted": len(applied.deleted),
        "kept": len(applied.kept),
    }
    models = sum(isinstance(named, Model) for named in built.api.types.values())
    operations = len(built.api.operations())
    if applied.kept or built.document.is_remote:
        last_run.forget()
    else:
        sources = [Path(source.file) for source in built.document.sources.values()]
        last_run.remember(sources, operations, models, len(built.files), shown(built.problems))
    files = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
    return _Done(operations, models, files or "none")


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
