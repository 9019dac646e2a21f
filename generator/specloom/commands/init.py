"""`specloom init`: creates a project with the SDK of a description."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from keyword import iskeyword
from pathlib import Path
from typing import TYPE_CHECKING

import click

from specloom.commands import shared

if TYPE_CHECKING:
    from specloom.options import BuildOptions
    from specloom.scaffold.overlay_text import Names
    from specloom.scaffold.project import Project


class _Name(click.ParamType[str, str]):
    """A name that matches a pattern."""

    name = "name"

    def __init__(self, pattern: str, example: str) -> None:
        self._pattern = re.compile(pattern)
        self._example = example

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not self._pattern.fullmatch(value) or iskeyword(value):
            self.fail(f"{value!r} is not a valid name; an example is {self._example}.", param, ctx)
        return value


# As x-sdk takes them.
_PACKAGE = _Name(r"[a-z][a-z0-9_]*", "zoo_sdk")
_CLIENT = _Name(r"[A-Z][A-Za-z0-9]*", "Zoo")
_GROUPING = click.Choice(["paths", "tags"])


@click.command(help="""Create a project with an SDK.

The project has a description, the SDK, tests, CI, and a workflow that publishes. DESCRIPTION is
copied into spec/, with the files it refers to; without it, init writes a small example.
spec/names.overlay.yaml proposes a name for every operation; edit it. No file is overwritten. 'uv
run pytest' or 'make test' passes at once. The project installs specloom from where this specloom
came from.

\b
Examples:
  specloom init openapi.yaml
  specloom init openapi.yaml --dir zoo --yes
  specloom init openapi.yaml --package zoo_sdk --client Zoo --resources paths
  specloom init openapi.yaml --specloom dist/specloom-0.1.0-py3-none-any.whl
  specloom init --dir todo --yes         # the example, to edit
  specloom init --calls                  # in a project: rewrite the test calls

\b
Exit codes:
  0  the project is written
  2  a file is in the way, or the input or the command line is wrong""")
@click.argument("description", required=False)
@click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="The folder of the project. [default: the current folder]",
)
@click.option("-y", "--yes", is_flag=True, help="Ask nothing; use the proposed names.")
@click.option(
    "--resources",
    "grouping",
    type=_GROUPING,
    help="The source of names. [default: paths, or what the description says]",
)
@click.option("--package", type=_PACKAGE, help="The import name of the SDK.")
@click.option("--client", type=_CLIENT, help="The name of the client class.")
@shared.remote_option
@shared.partial_option
@click.option(
    "--specloom",
    "source",
    metavar="SOURCE",
    help="The source of specloom in the project: a wheel, a folder, git+https://…, or 'index'.",
)
@click.option("--calls", is_flag=True, help="Rewrite tests/test_calls.py of an existing project.")
@shared.quiet_option
def command(
    *,
    description: str | None,
    folder: Path,
    yes: bool,
    allow_remote: bool,
    allow_partial: bool,
    source: str | None,
    calls: bool,
    quiet: bool,
    **given: str | None,
) -> None:
    """See the help above. ``given`` are the names: package, client and grouping."""
    # Not before they are needed: --help is fast.
    from specloom.options import BuildOptions
    from specloom.scaffold.project import description_or_example, draft_of, project_of, write
    from specloom.scaffold.tool_source import tool_source

    options = BuildOptions(allow_remote=allow_remote, allow_partial=allow_partial)
    style = shared.Style(quiet=quiet)
    if calls:
        _write_calls(Path(description) if description else None, options, style)
        return
    with shared.shown_problems(style), description_or_example(description) as spec:
        tool = tool_source(source)
        draft = draft_of(spec, options)
        names = _asked(draft.names, given, ask=not yes)
        with shared.progress(quiet=quiet) as tell:
            project = project_of(draft, names, tell, tool)
            write(project, folder)
        shared.show(project.built.problems, style)
    if not quiet:
        _report(project, names, folder)
        click.echo(tool.note, err=True, nl=bool(tool.note))


def _asked(proposed: Names, given: dict[str, str | None], *, ask: bool) -> Names:
    """The names from the options, else from the user's answers, else the proposed ones."""
    from specloom.scaffold.overlay_text import Names

    def answer(key: str, question: str, kind: click.ParamType[str, str]) -> str:
        if given[key] is not None or not ask:
            return given[key] or getattr(proposed, key)
        try:
            return str(click.prompt(question, default=getattr(proposed, key), type=kind))
        except click.Abort:
            if sys.stdin.isatty():
                raise
            raise click.UsageError(
                "There is no answer. Use --yes to accept the proposed names."
            ) from None

    package = answer("package", "Import name of the SDK", _PACKAGE)
    client = answer("client", "Class of the client", _CLIENT)
    grouping = answer("grouping", "Names from", _GROUPING)
    return Names(package, client, "tags" if grouping == "tags" else "paths")


def _report(project: Project, names: Names, folder: Path) -> None:
    """Print the written files and the next step."""
    from specloom.scaffold.project import OUTPUT

    built = project.built
    example = next((f"client.{one.address}" for one in project.proposal), f"{names.client}()")
    for path in sorted(project.files):
        click.echo((folder / path).as_posix())
    click.echo(f"{(folder / OUTPUT).as_posix()}/: {shared.counted(len(built.files), 'file')}")
    click.echo(f"\nfrom {names.package} import {names.client}, and for example {example}(…)\n")
    renamed = [one for one in project.proposal if one.instead_of]
    if renamed:
        count = shared.counted(len(renamed), "method")
        click.echo(f"{count} got a fallback name; the first choice was taken.")
    where = "" if folder == Path() else f"cd {folder} && "
    click.echo(f"Next: review {(folder / project.overlay).as_posix()}, then")
    click.echo(f"  {where}make generate calls test")
    click.echo(f"Without make, use uv or pip: see {(folder / 'README.md').as_posix()}")


def _write_calls(spec: Path | None, options: BuildOptions, style: shared.Style) -> None:
    from specloom.pipeline import read
    from specloom.scaffold.project import calls_text, put_calls

    with shared.shown_problems(style):
        spec, config = shared.chosen_file(spec)
        options = replace(
            shared.options_of(config),
            only=config.only,
            allow_remote=options.allow_remote,
            allow_partial=options.allow_partial,
        )
        reading = read(spec, options)
        place = put_calls(calls_text(reading.api, reading.names), Path())
    if not style.quiet:
        count = shared.counted(len(reading.api.operations()), "operation")
        click.echo(f"{place.as_posix()}: {count}")
