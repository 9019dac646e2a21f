"""`specloom schema`: prints the JSON Schema that editors check a description by."""

from __future__ import annotations

from pathlib import Path

import click

from specloom.commands.shared import output_option, write


@click.command(help="""Print a JSON Schema for editors.

\b
  description  OpenAPI descriptions and overlays with x-sdk (the default)
  settings     [tool.specloom] in pyproject.toml

An editor completes and checks a YAML file whose first line names the schema:

\b
  # yaml-language-server: $schema=specloom.schema.json

'init' writes the line and the file. 'add' does so for the description in pyproject.toml.

\b
Examples:
  specloom schema -o spec/specloom.schema.json
  specloom schema settings -o pyproject.schema.json

\b
Exit codes:
  0  the schema is written
  2  the command line is wrong, or the file cannot be written""")
@click.argument("kind", type=click.Choice(["description", "settings"]), default="description")
@output_option
def command(kind: str, output: Path | None) -> None:
    """See the help above."""
    from specloom.reports.editor_schema import as_text, description_schema, pyproject_schema

    text = as_text(description_schema() if kind == "description" else pyproject_schema())
    write(text, output)
