"""`specloom ir`: prints specloom's reading of a description as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import click

from specloom.commands import shared


@click.command(help="""Print specloom's reading of SPEC as JSON.

\b
  api      the IR: resources, methods, types, pagination and streams, each
           with its pointer; "is" gives the class of an object, and names
           are lists of words
  names    the names in the SDK, by pointer: types, request types (params),
           methods; fields and arguments if they differ from the wire name
  clashes  name clashes: the wanted name, and the given one
  seen     features detected by shape, written as the equivalent x-sdk

\b
Examples:
  specloom ir openapi.yaml
  specloom ir openapi.yaml | jq .clashes
  specloom ir openapi.yaml | jq -r '.names.methods[]'

\b
Exit codes:
  0  the JSON is printed
  2  the input or the command line is wrong""")
@shared.reading_options
@shared.problem_options
def command(
    spec: str | None,
    overlays: tuple[Path, ...],
    only: tuple[str, ...],
    allow_remote: bool,
    form: str,
    every: bool,
) -> None:
    """See the help above."""
    from specloom.pipeline import read
    from specloom.reports.ir_report import as_plain, report_of

    style = shared.Style(form == "json", every)
    with shared.shown_problems(style):
        found, options = shared.chosen_to_read(spec, overlays, only, allow_remote)
        reading = read(found, options)
    shared.show(reading.problems, style)
    report = report_of(reading.document, reading.api, reading.names)
    click.echo(json.dumps(as_plain(report), indent=2, ensure_ascii=False))
