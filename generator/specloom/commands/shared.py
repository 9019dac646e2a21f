"""What the commands share: which description is meant, and how problems are shown."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from specloom.errors import Problems, SpecError, as_text

if TYPE_CHECKING:
    from specloom.config import Config

EXIT_CODES = """\b
Exit codes:
  0  everything is as it should be
  1  --check has found the output out of date
  2  the input or the command line is wrong"""

BAD_INPUT = 2
"""The exit code for an input that cannot be used; click's own for a wrong command line."""


@contextmanager
def shown_problems() -> Generator[None]:
    """Show what a SpecError holds, and end the program with `BAD_INPUT`."""
    try:
        yield
    except SpecError as error:
        show(error.problems)
        raise click.exceptions.Exit(BAD_INPUT) from None


def show(problems: Problems) -> None:
    """Print problems, and how many there are, to the error stream."""
    colour = sys.stderr.isatty() and not os.environ.get("NO_COLOR")
    click.echo(shown(problems, colour=colour), err=True, color=colour, nl=False)


def shown(problems: Problems, *, colour: bool = False) -> str:
    """Problems, and how many there are, as text; nothing where there are none."""
    if not len(problems):
        return ""
    return f"{as_text(problems, colour=colour)}\n\n{_count(problems)}\n"


def _count(problems: Problems) -> str:
    severities = [problem.severity for problem in problems]
    counts = ((severities.count(name), name) for name in ("error", "warning"))
    return ", ".join(f"{n} {name}{'s' * (n != 1)}" for n, name in counts if n)


def chosen(spec: Path | None) -> tuple[Path, Config]:
    """The description to read, and the settings that hold for it.

    Settings are about the description they name: another one is read without them, so that it is
    not written over the first one's output.
    """
    from specloom.config import Config, find_config

    config = find_config(Path.cwd())
    if spec is None:
        if config.spec is None:
            raise click.UsageError(
                "Name the description, as in: specloom generate openapi.yaml -o sdk/\n"
                "Or set 'spec' and 'output' in [tool.specloom] of pyproject.toml."
            )
        return config.spec, config
    other = config.spec is not None and os.path.abspath(spec) != os.path.abspath(config.spec)
    return spec, Config() if other else config
