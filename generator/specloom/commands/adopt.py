"""`specloom adopt`: takes over the surface of an SDK that people already call."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from specloom.commands import shared

if TYPE_CHECKING:
    from specloom.adoption.adopt import Adoption

DIFFERS = 1
"""The exit code for a difference that callers would notice and that no waiver allows."""


@click.command(help="""Generate an SDK that is called like OLD.

OLD is an SDK that another generator made: a folder, a wheel, an sdist, or the name of an installed
package. It is read, never imported. DESCRIPTION is the OpenAPI file of its API. adopt writes an
overlay and a names lock with the old names for you to review, settings for 'specloom generate', and
ADOPTION.md with every difference that callers would notice. A later run keeps the overlay and the
lock, and writes the report again.

\b
Examples:
  specloom adopt ./zoo-python openapi.yaml -o zoo/
  specloom adopt zoo-1.4.0.tar.gz openapi.yaml -o zoo/
  specloom adopt zoo openapi.yaml -o zoo/ --force   # write overlay and lock again

\b
Exit codes:
  0  callers notice nothing, or every difference is waived
  1  ADOPTION.md lists differences
  2  the input or the command line is wrong""")
@click.argument("old")
@click.argument("description", type=shared.FILE)
@click.option(
    "-o",
    "--output",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="The folder for the files. [default: the current folder]",
)
@shared.overlay_option
@click.option(
    "--waivers",
    type=shared.FILE,
    help="The file with the differences that you accept. [default: adoption.waivers]",
)
@click.option(
    "--prove",
    "proves",
    is_flag=True,
    help="Run both SDKs: compare their requests, and run the old tests. Installs them.",
)
@click.option("--tests", "select", default="", help="With --prove: the tests, as in pytest -k.")
@click.option(
    "--seconds",
    type=click.FloatRange(min=1),
    default=1200,
    show_default=True,
    help="With --prove: how long the tests of one SDK may take.",
)
@shared.remote_option
@shared.partial_option
@click.option("--force", is_flag=True, help="Overwrite the overlay and the lock.")
@shared.quiet_option
def command(
    old: str,
    description: Path,
    folder: Path,
    overlays: tuple[Path, ...],
    waivers: Path | None,
    proves: bool,
    select: str,
    seconds: float,
    allow_remote: bool,
    allow_partial: bool,
    force: bool,
    quiet: bool,
) -> None:
    """See the help above."""
    # Not before they are needed: --help is fast.
    from specloom.adoption.adopt import Proving, adopt
    from specloom.options import BuildOptions

    options = BuildOptions(overlays, allow_remote=allow_remote, allow_partial=allow_partial)
    proving = Proving(proves, select, seconds)
    style = shared.Style(quiet=quiet)
    with shared.shown_problems(style), shared.progress(quiet=quiet) as tell:
        done = adopt(old, description, folder, options, waivers, proving, tell, force=force)
        shared.show(done.reading.problems, style)
    if not quiet:
        _report(done, folder)
    if done.comparison.open:
        raise click.exceptions.Exit(DIFFERS)


def _report(done: Adoption, folder: Path) -> None:
    one = done.comparison
    click.echo(
        f"{done.sdk.package} {done.sdk.version}, {done.sdk.layout}:".replace(" ,", ",").lstrip(" ,")
    )
    click.echo(
        f"  {shared.counted(len(done.sdk.methods), 'method')}, {one.common} in the description"
    )
    click.echo(f"  {one.named} names kept, {one.addressed} with the arguments of their paths")
    click.echo(
        f"  {shared.counted(len(one.open), 'difference')}, {len(done.sdk.unread)} places not read"
    )
    if done.proof is not None:
        proof = done.proof
        click.echo(
            f"  {proof.same_requests} of {shared.counted(proof.calls, 'call')} send the same"
        )
        if proof.tests is not None:
            click.echo(f"  {proof.kept} of {shared.counted(proof.tests, 'old test')} pass")
        if proof.cut:
            click.echo(f"  not all tests have run: {proof.cut}")
    for name in done.written:
        click.echo((folder / name).as_posix())
