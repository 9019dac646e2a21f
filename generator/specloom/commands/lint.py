"""`specloom lint`: reports errors, and text that reads badly in the SDK."""

from __future__ import annotations

from pathlib import Path

import click

from specloom.commands import shared

_FOUND = 1
"""The exit code of `--strict` if there are warnings."""


@click.command(help="""Check SPEC without writing anything.

Errors prevent generation. Warnings mark descriptions that work but read badly in the SDK: a missing
description, tag or operationId, a schema named after its place, a name clash, a result or an error
without a schema.

\b
Examples:
  specloom lint openapi.yaml
  specloom lint openapi.yaml --all
  specloom lint openapi.yaml --format json | jq -r '.[].code' | sort | uniq -c

\b
Exit codes:
  0  no errors
  1  --strict: there are warnings, but no errors
  2  there are errors, or the command line is wrong""")
@shared.reading_options
@shared.problem_options
@click.option("--strict", is_flag=True, help="Exit with 1 if there are warnings.")
def command(
    spec: str | None,
    overlays: tuple[Path, ...],
    only: tuple[str, ...],
    allow_remote: bool,
    form: str,
    every: bool,
    strict: bool,
) -> None:
    """See the help above."""
    from specloom.errors import SpecError
    from specloom.reports.readability import lint

    style = shared.Style(form == "json", every)
    try:
        found, options = shared.chosen_to_read(spec, overlays, only, allow_remote)
        problems = lint(found, options)
    except SpecError as error:
        problems = error.problems
    shared.show(problems, style, err=False)
    if problems.has_errors:
        raise click.exceptions.Exit(shared.BAD_INPUT)
    if strict and any(problem.severity == "warning" for problem in problems):
        raise click.exceptions.Exit(_FOUND)
    if not len(problems) and not style.is_json:
        click.echo(f"{found}: no problems")
