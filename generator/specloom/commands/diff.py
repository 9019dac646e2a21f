"""`specloom diff`: lists the changes for users of the SDK between two descriptions."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from specloom.commands import shared

if TYPE_CHECKING:
    from specloom.api_diff.sides import Asked, Side
    from specloom.errors import Problems

_USAGE = (
    "Name the new description, as in: specloom diff old.yaml new.yaml\n"
    "Or set 'spec' in [tool.specloom] of pyproject.toml."
)

BREAKING = 1
"""The exit code of `--exit-code` if users' code may break."""


@click.command(help="""List the changes for users of the SDK from OLD to NEW.

OLD and NEW are each a file, a git revision, or a file of a revision (REV:PATH). OLD defaults to
HEAD, NEW to the description in pyproject.toml. The comparison covers the public surface: methods,
arguments, results, errors and types. Overlays apply to both. A revision is read with its own
settings. The work tree is not touched.

\b
Examples:
  specloom diff                                  # uncommitted changes
  specloom diff v1.2.0                           # since a tag
  specloom diff old.yaml new.yaml
  specloom diff main:api.yaml api.yaml
  specloom diff v1.2.0 --format markdown         # for the changelog
  specloom diff origin/main --exit-code          # in CI

\b
Exit codes:
  0  the changes are printed
  1  --exit-code: a change is breaking
  2  the input or the command line is wrong""")
@click.argument("old", default="HEAD")
@click.argument("new", required=False)
@shared.overlay_option
@shared.remote_option
@shared.partial_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    help="The format: for a terminal, a changelog or a program.",
)
@click.option("--exit-code", is_flag=True, help="Exit with 1 if a change is breaking.")
def command(
    old: str,
    new: str | None,
    overlays: tuple[Path, ...],
    allow_remote: bool,
    allow_partial: bool,
    form: str,
    exit_code: bool,
) -> None:
    """See the help above."""
    # Not before they are needed: --help is fast.
    from specloom.api_diff import formats
    from specloom.api_diff.report import report_of
    from specloom.api_diff.sides import Asked
    from specloom.config import find_config

    style = shared.Style(form == "json")
    with shared.shown_problems(style):
        config = find_config(Path.cwd())
        if new is None and config.file is None:
            raise click.UsageError(_USAGE)
        spec = Path(new) if new is not None and os.path.isfile(new) else config.file
        asked = Asked(spec, config, overlays, allow_remote, allow_partial)
    first, second = _sides((old, new or str(spec)), asked, style)
    report = report_of(first, second)
    write = {"text": formats.as_text, "markdown": formats.as_markdown, "json": formats.as_json}
    click.echo(write[form](report), nl=False)
    if exit_code and report.breaking:
        raise click.exceptions.Exit(BREAKING)


def _sides(names: tuple[str, str], asked: Asked, style: shared.Style) -> tuple[Side, Side]:
    """Both sides. The problems of both are shown before the program ends."""
    from specloom.api_diff.sides import side_of
    from specloom.errors import SpecError

    sides: list[Side] = []
    found: list[tuple[str, Problems]] = []
    for title, name in zip(("OLD", "NEW"), names, strict=True):
        try:
            sides.append(side_of(name, asked))
        except SpecError as error:
            found.append((f"{title}, {name}:", error.problems))
        else:
            found.append((f"{title}, {name}:", sides[-1].left_out))
    _tell([(title, problems) for title, problems in found if len(problems)], style)
    if len(sides) < 2:
        raise click.exceptions.Exit(shared.BAD_INPUT)
    return sides[0], sides[1]


def _tell(found: list[tuple[str, Problems]], style: shared.Style) -> None:
    """Show problems by side, or as one JSON array, whose file names identify the sides."""
    from specloom.errors import Problems

    if style.is_json:
        every = Problems()
        for place, problem in (one for _, problems in found for one in problems.located()):
            every.add(replace(problem, location=place))
        if len(every):
            shared.show(every, style)
        return
    for title, problems in found:
        click.echo(f"{title}\n", err=True)
        shared.show(problems, style)
