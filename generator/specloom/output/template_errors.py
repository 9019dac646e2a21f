"""Reports template errors as problems with a place in the template file."""

from __future__ import annotations

import traceback
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jinja2 import TemplateError, TemplateSyntaxError, UndefinedError

from specloom.errors import Location, Problems, SpecError
from specloom.output.format import FormatError


@contextmanager
def as_problem(
    template: str, folders: Sequence[Path], context: Mapping[str, Any]
) -> Generator[None]:
    """Raise errors in templates of a user's `folders` as SpecError.

    A template can do whatever an expression can, so that anything may go wrong in it. What goes
    wrong in ours is a defect of specloom, and is raised as it is.
    """
    try:
        yield
    except Exception as error:
        place = _place(error, template, folders)
        if place is None:
            raise
        problems = Problems()
        problems.locator = _Lines(place.file)
        hint = f"it is given: {', '.join(sorted(context))}" if _is_undefined(error) else ""
        problems.error("bad-template", _message(error), hint=hint, location=place)
        raise SpecError(problems) from error


def _place(error: Exception, template: str, folders: Sequence[Path]) -> Location | None:
    """The line of a user's template; Jinja puts templates into tracebacks."""
    lines = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, TemplateSyntaxError) and error.filename:
        lines.append((error.filename, error.lineno))
    for file, line in reversed(lines):
        if any(Path(file).is_relative_to(folder) for folder in folders):
            return Location(file, line or 1, 1)
    found = (folder / template for folder in folders if (folder / template).is_file())
    return next((Location(str(file), 1, 1) for file in found), None)


def _is_undefined(error: Exception) -> bool:
    return isinstance(error, UndefinedError) and str(error).endswith("is undefined")


def _message(error: Exception) -> str:
    if isinstance(error, FormatError):
        return f"it gives {error.path}, which is no valid Python: {error.reason}"
    if isinstance(error, TemplateError):
        return error.message or type(error).__name__
    return f"{type(error).__name__}: {error}"


class _Lines:
    """A ``Locator`` of one template file, for problems that show their line."""

    def __init__(self, file: str) -> None:
        self._file = file

    def locate(self, pointer: str) -> Location:  # noqa: ARG002 - as Locator has it
        """The file: no JSON pointer leads into a template."""
        return Location(self._file, 1, 1)

    def line(self, location: Location) -> str | None:
        """The line at ``location``; None where it cannot be read."""
        try:
            text = Path(self._file).read_text(encoding="utf-8", errors="replace")
        except OSError:
            return None
        return dict(enumerate(text.split("\n"), 1)).get(location.line)
