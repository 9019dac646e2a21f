"""`specloom ir`: what specloom has understood of a description, as JSON."""

from __future__ import annotations

import json
from pathlib import Path

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


@click.command(help=f"""Print what specloom has understood of SPEC, as JSON.

\b
  api      resources and methods, types, pages and streams, each with the
           pointer to where it comes from; names are words here, and every
           object says in "is" what it is
  names    what the SDK calls them, by pointer: types, what requests take in
           their place (params), methods; fields and arguments where they
           differ from their name on the wire
  clashes  the names that two things asked for (wanted), and what the second
           one got (given)
  seen     what was seen by the shape of an operation, as the x-sdk that would
           say so

\b
Examples:
  specloom ir openapi.yaml
  specloom ir openapi.yaml | jq .clashes
  specloom ir openapi.yaml | jq -r '.names.methods[]'

{EXIT_CODES}""")
@reading_options
@problem_options
def command(
    spec: str | None,
    overlays: tuple[Path, ...],
    only: tuple[str, ...],
    allow_remote: bool,
    form: str,
    every: bool,
) -> None:
    """See the help above."""
    from specloom.options import BuildOptions
    from specloom.pipeline import read
    from specloom.reports.ir_report import as_plain, report_of

    style = Style(form == "json", every)
    with shown_problems(style):
        found, config, text = chosen(spec)
        options = BuildOptions(
            overlays=overlays or config.overlays,
            allow_remote=allow_remote,
            only=only or config.only,
            include=config.include,
            names_lock=config.names_lock,
            unsaved=text,
        )
        reading = read(found, options)
    show(reading.problems, style)
    report = report_of(reading.document, reading.api, reading.names)
    click.echo(json.dumps(as_plain(report), indent=2, ensure_ascii=False))
