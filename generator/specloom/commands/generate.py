"""`specloom generate`: from a description to an SDK on disk."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from specloom.commands.shared import EXIT_CODES, chosen, show, shown_problems

if TYPE_CHECKING:
    from specloom.output import Applied, OutputPlan
    from specloom.pipeline import Build

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
    from specloom.output import apply, plan_output
    from specloom.pipeline import BuildOptions, build

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
        built = build(spec, options)
        plan = plan_output(built.files, folder)
        show(built.problems)
        if check:
            _report_drift(plan)
            return
        applied = apply(plan, force=force)
    _warn_of_kept(applied)
    if not quiet:
        click.echo(_summary(built, plan, applied, time.perf_counter() - started))


def _report_drift(plan: OutputPlan) -> None:
    from specloom.output import check

    drift = check(plan)
    if drift:
        click.echo(drift, nl=False)
        click.echo(f"{plan.folder} is out of date: run 'specloom generate'", err=True)
        raise click.exceptions.Exit(OUT_OF_DATE)


def _warn_of_kept(applied: Applied) -> None:
    for path in applied.kept:
        click.echo(f"kept: {path} was changed by somebody else (--force overwrites it)", err=True)


def _summary(built: Build, plan: OutputPlan, applied: Applied, seconds: float) -> str:
    """What was written, in words: operations, models, files, seconds."""
    from specloom.ir import Model
    from specloom.output import State

    models = sum(isinstance(named, Model) for named in built.api.types.values())
    unchanged = len(plan.of(State.UNCHANGED))
    files = [(len(applied.written), "written"), (unchanged, "unchanged")]
    files += [(len(applied.deleted), "deleted"), (len(applied.kept), "kept")]
    counts = ", ".join(f"{count} {what}" for count, what in files if count)
    operations = len(built.api.operations())
    return (
        f"{plan.folder}: {_counted(operations, 'operation')}, {_counted(models, 'model')}; "
        f"files: {counts or 'none'}; {seconds:.2f} s"
    )


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
