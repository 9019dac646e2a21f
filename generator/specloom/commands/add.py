"""`specloom add`: an endpoint from a curl command, a recording, or samples."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from specloom.commands import shared

if TYPE_CHECKING:
    from specloom.authoring.add import Addition
    from specloom.config import Config

_USAGE = (
    "Show the operation: with --curl, with --recording, or with METHOD and PATH.\n"
    "As in: specloom add POST /widgets --request widget.json --response answer.json"
)


@click.command(help="""Add an operation to the description.

The source is a curl command, a recording (a fixture of this project or a HAR file), or METHOD, PATH
and JSON samples. More samples give better schemas. Ids in the path become parameters. JSON that
matches an existing schema becomes a reference. Open questions become TODO comments. Keys, cookies
and passwords are never written. If the new description gives no SDK, nothing is written.

\b
Examples:
  specloom add --curl 'curl -X POST https://api.example.com/widgets/w_12345/lock'
  pbpaste | specloom add --curl - --response lock.json
  specloom add GET '/widgets/{widget_id}' --response red.json --response blue.json
  specloom add --recording session.har --dry-run

\b
Exit codes:
  0  the operation is in the description
  2  the input or the command line is wrong; nothing is written""")
@click.argument("method", required=False)
@click.argument("path", required=False)
@click.option("--curl", help="A curl command; '-' reads it from standard input.")
@click.option(
    "--recording",
    "recordings",
    multiple=True,
    type=shared.FILE,
    help="A fixture or HAR file with exchanges of the operation; repeatable.",
)
@click.option(
    "--request", "requests", multiple=True, type=shared.FILE, help="A request body; repeatable."
)
@click.option(
    "--response", "responses", multiple=True, type=shared.FILE, help="A response body; repeatable."
)
@click.option("--status", default=200, show_default=True, help="The status of the responses.")
@click.option("--operation-id", default="", help="The operationId of the new operation.")
@shared.spec_option
@click.option("--dry-run", is_flag=True, help="Write nothing; print the change as a diff.")
def command(
    method: str | None,
    path: str | None,
    curl: str | None,
    recordings: tuple[Path, ...],
    requests: tuple[Path, ...],
    responses: tuple[Path, ...],
    status: int,
    operation_id: str,
    spec: Path | None,
    dry_run: bool,
) -> None:
    """See the help above."""
    # Not before they are needed: --help is fast.
    from specloom.authoring.add import addition
    from specloom.authoring.recordings import Evidence

    if bool(method) != bool(path) or not (path or curl or recordings):
        raise click.UsageError(_USAGE)
    style = shared.Style()
    text, source = _curl(curl)
    evidence = Evidence(
        method or "", path or "", text, source, recordings, requests, responses, status
    )
    with shared.shown_problems(style):
        spec, config = shared.chosen_file(spec)
        is_project = config.file is not None and config.file.absolute() == spec.absolute()
        exchanges, options = evidence.exchanges(), shared.options_of(config)
        added = addition(spec, options, exchanges, path or "", operation_id, is_project=is_project)
        if not dry_run:
            added.write()
    shared.show(added.trial.warnings, style)
    if dry_run:
        click.echo(added.diff, nl=False)
    _report(added, config, dry_run=dry_run)


def _curl(given: str | None) -> tuple[str | None, str]:
    """The text of a curl command, and its source."""
    return (sys.stdin.read(), "<stdin>") if given == "-" else (given, "--curl")


def _report(added: Addition, config: Config, *, dry_run: bool) -> None:
    """Print the new entries, the call of the new method, and the next step."""
    from specloom.reports.editor_schema import FILE_NAME

    for place, key in added.places:
        click.echo(f"{place}: {key}")
    if added.fixture is not None and not dry_run:
        click.echo(f"{added.fixture.path.as_posix()}: a test of it")
    if added.schema is not None and not dry_run:
        click.echo(f"{(added.spec.parent / FILE_NAME).as_posix()}: the schema for editors")
    call = str(added.trial.call).replace("\n", "\n    ")
    click.echo(f"\n    {call}  # {added.trial.call.returns}\n")
    for note in added.draft.notes:
        click.echo(f"Note: {note}.")
    if added.todos:
        click.echo("Decide what is marked TODO:")
    for place, todo in added.todos:
        click.echo(f"  {place}: {todo}")
    if count := added.trial.undescribed:
        missing = "1 description is" if count == 1 else f"{count} descriptions are"
        click.echo(f"{missing} missing: 'specloom lint' says where.")
    if not dry_run:
        is_set = config.spec is not None and config.output is not None
        run = "specloom generate" if is_set else f"specloom generate {added.spec} -o sdk/"
        click.echo(f"Next: {run}")
