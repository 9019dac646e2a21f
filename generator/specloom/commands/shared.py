"""Shared parts of the commands: common options, settings, and the output of problems."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO, TypeVar

import click

from specloom.errors import Problems, SpecError, as_json, as_text

if TYPE_CHECKING:
    from specloom.config import Config
    from specloom.options import BuildOptions
    from specloom.progress import Tell

BAD_INPUT = 2
"""The exit code for bad input, the same as click's for a wrong command line."""

_MOST = 5
"""The number of warnings of one code that are shown without ``--all``."""

FILE = click.Path(path_type=Path)
_Command = TypeVar("_Command", bound=Callable[..., Any])


overlay_option = click.option(
    "--overlay",
    "overlays",
    multiple=True,
    type=FILE,
    help="An OpenAPI Overlay file to apply first; repeatable.",
)
only_option = click.option(
    "--only",
    multiple=True,
    metavar="SELECTOR",
    help="Only the operations with this tag or operationId, or with a path that matches this"
    " pattern ('/users/*'); repeatable.",
)
remote_option = click.option(
    "--allow-remote", is_flag=True, help="Read $refs to http and https addresses."
)
partial_option = click.option(
    "--allow-partial", is_flag=True, help="Leave out operations that have errors."
)
spec_option = click.option(
    "--spec", type=FILE, help="The description, if pyproject.toml names none."
)
output_option = click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="The file to write."
)
quiet_option = click.option("-q", "--quiet", is_flag=True, help="Print errors only.")


def reading_options(command: _Command) -> _Command:
    """The argument and the options that select the input."""
    argument = click.argument("spec", required=False)
    for decorate in (remote_option, only_option, overlay_option, argument):
        command = decorate(command)
    return command


def problem_options(command: _Command) -> _Command:
    """The options that control the output of problems."""
    choice = click.Choice(["text", "json"])
    help_text = "Print problems as text, or as one JSON array."
    every = f"Print every warning instead of the first {_MOST} of each code."
    command = click.option("--all", "every", is_flag=True, help=every)(command)
    form = click.option("--format", "form", type=choice, default="text", help=help_text)
    return form(command)


@dataclass(frozen=True, slots=True)
class Style:
    """The output format of problems: text or JSON; all warnings, the first few, or none."""

    is_json: bool = False
    every: bool = False
    quiet: bool = False

    def shown(self, problems: Problems, *, colour: bool = False) -> str:
        """Problems and their count as text, or the problems alone as JSON."""
        problems = _errors_of(problems) if self.quiet else problems
        if self.is_json:
            return f"{as_json(problems)}\n"
        if not len(problems):
            return ""
        text = as_text(problems, colour=colour, most=None if self.every else _MOST)
        advice = f"; {problems.advice}" if problems.advice and problems.has_errors else ""
        return f"{text}\n\n{_count(problems)}{advice}\n"


@contextmanager
def shown_problems(style: Style) -> Generator[None]:
    """Show the problems of a SpecError, and end the program with `BAD_INPUT`."""
    try:
        yield
    except SpecError as error:
        show(error.problems, style)
        raise click.exceptions.Exit(BAD_INPUT) from None


def show(problems: Problems, style: Style, *, err: bool = True) -> None:
    """Print problems and their count to standard error, or to standard output."""
    colour = wants_colour(sys.stderr if err else sys.stdout)
    click.echo(style.shown(problems, colour=colour), err=err, color=colour, nl=False)


def wants_colour(stream: TextIO) -> bool:
    """Whether output to `stream` is coloured.

    NO_COLOR (no-color.org) turns colours off, FORCE_COLOR turns them on, unless they are empty.
    Otherwise terminals get colours.
    """
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or is_terminal(stream)


def is_terminal(stream: TextIO) -> bool:
    """Whether `stream` is a terminal that supports colours and rewriting a line."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


@contextmanager
def progress(*, quiet: bool = False) -> Generator[Tell]:
    """Shows the progress of a long run, if standard error is a terminal and `quiet` is false."""
    # A run with nothing to do does not need these imports.
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
    errors.extend(problem for problem in problems if problem.severity == "error")
    return errors


def _count(problems: Problems) -> str:
    severities = [problem.severity for _, problem in problems.located()]
    counts = (
        (severities.count("error"), "error"),
        (severities.count("warning"), "warning"),
        (severities.count("info"), "note"),
    )
    return ", ".join(counted(count, noun) for count, noun in counts if count)


def counted(count: int, noun: str) -> str:
    """A number with a noun: ``1 file``, ``2 files``."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def write(text: str, file: Path | None) -> None:
    """Write the result of a command to a file, or to standard output if there is none.

    Raises click.UsageError if the file cannot be written.
    """
    if file is None:
        click.echo(text, nl=False)
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
    except OSError as error:
        raise click.UsageError(f"{file} cannot be written: {error.strerror}.") from None


class Chosen(NamedTuple):
    """The description to read, by file or URL, its settings, and its text if that is not in a
    file."""

    spec: Path | str
    config: Config
    text: str | None = None


def chosen_file(spec: Path | None) -> tuple[Path, Config]:
    """The same as `chosen`, for a command that needs a file."""
    found, config, _ = chosen(None if spec is None else str(spec), read=False)
    if not isinstance(found, Path):
        raise click.UsageError(f"This command needs a file, but {found} is not one.")
    return found, config


def chosen(spec: str | None, *, read: bool = True) -> Chosen:
    """The description to read, and its settings.

    Settings apply only to the description they name. Another description is read without them, so
    that its SDK does not overwrite the first one's output.
    """
    from specloom.config import Config, find_config
    from specloom.description.inputs import is_file, read_input

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
    found = read_input(str(named))
    return Chosen(found.spec, settings, found.text)


def chosen_to_read(
    spec: str | None, overlays: tuple[Path, ...], only: tuple[str, ...], allow_remote: bool
) -> tuple[Path | str, BuildOptions]:
    """The description to read, with the options of `reading_options` before its settings."""
    found, config, text = chosen(spec)
    options = replace(
        options_of(config, overlays),
        allow_remote=allow_remote,
        only=only or config.only,
        unsaved=text,
    )
    return found, options


def options_of(config: Config, overlays: tuple[Path, ...] = ()) -> BuildOptions:
    """The options that settings give. ``overlays`` of the command line replace those in them."""
    from specloom.options import BuildOptions

    return BuildOptions(
        overlays=overlays or config.overlays,
        templates=(config.templates,) if config.templates else (),
        include=config.include,
        names_lock=config.names_lock,
    )


def _full(spec: Path | str) -> str:
    from specloom.description.inputs import is_file

    return os.path.abspath(spec) if is_file(str(spec)) else str(spec)
