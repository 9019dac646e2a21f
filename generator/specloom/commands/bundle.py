"""`specloom bundle`: prints a description as one document, for other tools."""

from __future__ import annotations

import json
from pathlib import Path

import click

from specloom.commands import shared


@click.command(help="""Write SPEC as one document for other tools.

Overlays are applied, and references to other files are inlined. Each operation gets x-codeSamples
with the example of the SDK's documentation. Documentation, mock and MCP tools read the result. It
is JSON if the file name ends in .json, else YAML. Without -o it goes to standard output.

\b
Examples:
  specloom bundle openapi.yaml -o bundled.json
  specloom bundle openapi.yaml --overlay names.yaml -o bundled.yaml
  specloom bundle openapi.yaml --inline-all

\b
Exit codes:
  0  the document is written
  2  the input or the command line is wrong""")
@shared.reading_options
@shared.output_option
@click.option(
    "--inline-all", is_flag=True, help="Inline references inside the document too, where possible."
)
def command(
    spec: str | None,
    overlays: tuple[Path, ...],
    only: tuple[str, ...],
    allow_remote: bool,
    output: Path | None,
    inline_all: bool,
) -> None:
    """See the help above."""
    from specloom.pipeline import read
    from specloom.reports.bundle import as_yaml, bundle_of

    with shared.shown_problems(shared.Style()):
        found, options = shared.chosen_to_read(spec, overlays, only, allow_remote)
        reading = read(found, options)
    shared.show(reading.problems, shared.Style())
    bundle = bundle_of(reading, inline_all=inline_all)
    is_json = output is not None and output.suffix == ".json"
    written = (
        json.dumps(bundle, indent=2, ensure_ascii=False) + "\n" if is_json else as_yaml(bundle)
    )
    shared.write(written, output)
