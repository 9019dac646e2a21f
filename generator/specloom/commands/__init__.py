"""The command line. Naming a subcommand imports it; running it imports its dependencies."""

from __future__ import annotations

import os
import sys
from codecs import lookup
from importlib import import_module
from io import TextIOWrapper
from typing import TextIO

import click

from specloom import __version__
from specloom.commands.shared import BAD_INPUT
from specloom.errors import printable
from specloom.progress import made_when

_COMMANDS = ("init", "generate", "lint", "add", "drift", "diff", "adopt", "bundle", "schema", "ir")


_LONGEST_REASON = 300
"""Characters of an exception's message that are printed."""


class _LazyGroup(click.Group):
    """Imports a command from the module with its name."""

    def invoke(self, ctx: click.Context) -> object:
        """Run a command. A bug in specloom prints one line, with exit code 2."""
        _take_every_character(sys.stdout)
        _take_every_character(sys.stderr)
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            if isinstance(error, BrokenPipeError) or os.environ.get("SPECLOOM_TRACEBACK"):
                raise
            click.echo(_fault(error), err=True)
            raise click.exceptions.Exit(BAD_INPUT) from None

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*super().list_commands(ctx), *_COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return super().get_command(ctx, cmd_name)
        command = import_module(f"specloom.commands.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command


def _take_every_character(stream: TextIO) -> None:
    """Let a stream accept every character: a code page of Windows lacks many.

    Files and pipes get UTF-8. A terminal shows escapes.
    """
    if not isinstance(stream, TextIOWrapper) or lookup(stream.encoding).name == "utf-8":
        return
    if stream.isatty():
        stream.reconfigure(errors="backslashreplace")
    else:
        stream.reconfigure(encoding="utf-8")


def _fault(error: Exception) -> str:
    """The line about a fault of specloom: the step, the exception, and how to report it."""
    while_making = f" while making {made}" if (made := made_when(error)) else ""
    reason = printable(" ".join(f"{type(error).__name__}: {error}".split()))
    return (
        f"specloom {__version__} failed{while_making}: {reason[:_LONGEST_REASON]}."
        " This is a fault of specloom: please open an issue with this line and the part of the"
        " description that it names (SPECLOOM_TRACEBACK=1 prints a traceback to add)."
    )


@click.group(
    "specloom",
    cls=_LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="""Generate a typed Python SDK from an OpenAPI description.

\b
Examples:
  specloom init openapi.yaml             # create a project with an SDK, tests and CI
  specloom generate openapi.yaml -o sdk/
  specloom generate                      # use [tool.specloom] of pyproject.toml
  specloom generate --check              # in CI: is the committed output up to date?
  specloom lint openapi.yaml             # report errors and text that reads badly
  specloom add --curl 'curl …'           # add an endpoint from curl, a recording or samples
  specloom drift session.har             # compare recorded traffic with the description
  specloom diff v1.2.0                   # list the changes for users since a tag
  specloom adopt old-sdk/ openapi.yaml   # take over an SDK that people already call
  specloom bundle openapi.yaml           # one document for documentation and MCP tools
  specloom schema                        # print the JSON Schema for editors
  specloom ir openapi.yaml               # print specloom's reading as JSON

\b
Exit codes:
  0  success
  1  a check failed; the help of each command says which
  2  the input or the command line is wrong""",
)
@click.version_option(__version__, prog_name="specloom", message="%(prog)s %(version)s")
def main() -> None:
    """See the help above."""
