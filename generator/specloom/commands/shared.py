"""What the commands share: what is read, the options for that, and how problems are shown."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO, TypeVar

import click

from specloom.errors import Problems, SpecError, as_json, as_text

if TYPE_CHECKING:
    from specloom.config import Config
    from specloom.progress import Tell

EXIT_CODES = """\b
Exit codes:
  0  everything is as it should be
  1  generate --check has found the output out of date; lint --strict, warnings
  2  the input or the command line is wrong"""

BAD_INPUT = 2
"""The exit code for an input that cannot be used; click's own for a wrong command line."""

_MOST = 5
"""How many warnings of one code are shown where not all are asked for."""

FILE = click.Path(path_type=Path)
_Command = TypeVar("_Command", bound=Callable[..., Any])


def reading_options(command: _Command) -> _Command:
    """The argument and the options that say what is read; every command has them."""
    for decorate in reversed(
        (
            click.argument("spec", required=False),
            click.option(
                "--overlay",
                "overlays",
                multiple=True,
                type=FILE,
                help="An OpenAPI Overlay file to apply first; repeatable.",
            ),
            click.option(
                "--only",
                multiple=True,
                metavar="SELECTOR",
                help="Only the operations with this tag or operationId, or whose path fits this"
                " pattern ('/users/*'); repeatable.",
            ),
            click.option(
                "--allow-remote", is_flag=True, help="Read $refs to http and https addresses."
            ),
        )
    ):
        command = decorate(command)
    return command


def problem_options(command: _Command) -> _Command:
    """The options that say how problems are shown."""
    choice = click.Choice(["text", "json"])
    help_text = "Problems as text, or as one JSON array."
    every = f"Show every warning, not the first {_MOST} of each code."
    command = click.option("--all", "every", is_flag=True, help=every)(command)
    form = click.option("--format", "form", type=choice, default="text", help=help_text)
    return form(command)


@dataclass(frozen=True, slots=True)
class Style:
    """How problems are shown: as text or as JSON; of warnings every one, the first few, or none."""

    is_json: bool = False
    every: bool = False
    quiet: bool = False

    def shown(self, problems: Problems, *, colour: bool = False) -> str:
        """Problems, and how many there are, as text; as JSON the problems alone."""
        problems = _errors_of(problems) if self.quiet else problems
        if self.is_json:
            return f"{as_json(problems)}\n"
        if not len(problems):
            return ""
        text = as_text(problems, colour=colour, most=None if self.every else _MOST)
        advice = f"; {problems.advice}" if problems.advice and problems.has_errors else ""
        return f"{text}\n\n{_count(problems)}{advice}\n"


def quiet_option(command: _Command) -> _Command:
    """The option of a command that tells what it does."""
    return click.option("-q", "--quiet", is_flag=True, help="Print errors only.")(command)


@contextmanager
def shown_problems(style: Style) -> Generator[None]:
    """Show what a SpecError holds, and end the program with `BAD_INPUT`."""
    try:
        yield
    except SpecError as error:
        show(error.problems, style)
        raise click.exceptions.Exit(BAD_INPUT) from None


def show(problems: Problems, style: Style, *, err: bool = True) -> None:
    """Print problems, and how many there are, to the error stream or to the other."""
    colour = wants_colour(sys.stderr if err else sys.stdout)
    click.echo(style.shown(problems, colour=colour), err=err, color=colour, nl=False)


def wants_colour(stream: TextIO) -> bool:
    """Whether what is written to `stream` has colours.

    NO_COLOR (no-color.org) says no and FORCE_COLOR yes, unless they are empty; else it is a matter
    of the terminal.
    """
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or is_terminal(stream)


def is_terminal(stream: TextIO) -> bool:
    """Whether `stream` is a terminal that knows colours, and lines that are written anew."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


@contextmanager
def progress(*, quiet: bool = False) -> Generator[Tell]:
    """Shows on a terminal what a long run is at; nowhere else, and not where it is to be quiet."""
    # Not before they are needed: a run with nothing to do is over at once.
    from specloom.progress import Progress, tell_nobody

    if quiet or not is_terminal(sys.stderr):
        yield tell_nobody
        return
    with Progress(sys.stderr) as tell:
        yield tell


def _errors_of(problems: Problems) -> Problems:
    errors = Problems()
    errors.locator = problems.locator
    errors.advice = problems.advice
    for problem in problems:
        if problem.severity == "error":
            errors.add(problem)
    return errors


def _count(problems: Problems) -> str:
    severities = [problem.severity for problem in problems]
    counts = ((severities.count(name), name) for name in ("error", "warning"))
    return ", ".join(f"{n} {name}{'s' * (n != 1)}" for n, name in counts if n)


def counted(count: int, noun: str) -> str:
    """A number of things: ``1 file``, ``2 files``."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


class Chosen(NamedTuple):
    """The description to read, by file or address, the settings that hold for it, and its text
    where that is not in a file."""

    spec: Path | str
    config: Config
    text: str | None = None


def chosen_file(spec: Path | None) -> tuple[Path, Config]:
    """As `chosen`, for a command that needs a file."""
    found, config, _ = chosen(None if spec is None else str(spec), read=False)
    if not isinstance(found, Path):
        raise click.UsageError(f"This command needs a file, and {found} is none.")
    return found, config


def chosen(spec: str | None, *, read: bool = True) -> Chosen:
    """The description to read, and the settings that hold for it.

    Settings are about the description they name: another one is read without them, so that it is
    not written over the first one's output.
    """
    from specloom.config import Config, find_config
    from specloom.description.given import given, is_file

    config = find_config(Path.cwd())
    named = spec or config.spec
    if named is None:
        raise click.UsageError(
            "Name the description, as in: specloom generate openapi.yaml -o sdk/\n"
            "Or set 'spec' and 'output' in [tool.specloom] of pyproject.toml."
        )
    is_other = config.spec is not None and _full(named) != _full(config.spec)
    settings = Config() if is_other else config
    if not read:
        return Chosen(Path(named) if is_file(str(named)) else str(named), settings)
    found = given(str(named))
    return Chosen(found.spec, settings, found.text)


def _full(spec: Path | str) -> str:
    from specloom.description.given import is_file

    return os.path.abspath(spec) if is_file(str(spec)) else str(spec)
