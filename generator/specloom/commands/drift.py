"""`specloom drift`: writes an Overlay with what recordings show and the description lacks."""

from __future__ import annotations

from pathlib import Path

import click

from specloom.commands import shared

_FOUND = 1
"""The exit code of `--check` if there is drift."""


@click.command(help="""Compare recorded exchanges with the description.

A RECORDING is a fixture of this project, a HAR file, or a folder of them. The result is an OpenAPI
Overlay that adds undescribed fields, enum values and nulls, on standard output or in the file of
-o. Violations that an overlay cannot fix are warnings. Values that may be credentials appear in
neither.

\b
Examples:
  specloom drift tests/fixtures/live -o spec/drift.yaml
  specloom drift session.har
  specloom drift tests/fixtures/live --check    # in CI

\b
Exit codes:
  0  there is no drift, or the overlay is written
  1  --check: there is drift
  2  the input or the command line is wrong""")
@click.argument("recordings", nargs=-1, required=True, metavar="RECORDING...", type=shared.FILE)
@shared.spec_option
@shared.overlay_option
@shared.output_option
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if there is drift.")
def command(
    recordings: tuple[Path, ...],
    spec: Path | None,
    overlays: tuple[Path, ...],
    output: Path | None,
    check: bool,
) -> None:
    """See the help above."""
    # Not before they are needed: --help is fast.
    from specloom.authoring.drift import drift_of
    from specloom.authoring.overlay_fixes import merged, overlay_text
    from specloom.authoring.recordings import read_recordings
    from specloom.pipeline import read

    style = shared.Style()
    with shared.shown_problems(style):
        spec, config = shared.chosen_file(spec)
        exchanges = read_recordings(recordings)
        drift = drift_of(read(spec, shared.options_of(config, overlays)).document, exchanges)
    shared.show(drift.problems, style)
    actions = merged(drift.actions)
    counts = (shared.counted(len(exchanges), "exchange"), shared.counted(len(actions), "action"))
    summary = f"{spec}: {', '.join(counts)}"
    if actions and not check:
        shared.write(overlay_text(actions, spec.name), output)
        summary += f" in {output}" if output is not None else ""
    click.echo(summary, err=True)
    if check and (actions or len(drift.problems)):
        raise click.exceptions.Exit(_FOUND)
