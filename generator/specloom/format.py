"""black, in process: the one who decides how generated Python looks."""

from __future__ import annotations

from specloom.docstrings import WIDTH


class FormatError(Exception):
    """A rendered file is no Python. That is a defect of a template; names it and the file."""

    def __init__(self, path: str, template: str, cause: Exception) -> None:
        super().__init__(f"the template {template} made {path}, which is no valid Python: {cause}")
        self.path = path
        self.template = template


def format_python(text: str, path: str, template: str) -> str:
    """The text as black writes it. Raises FormatError where it cannot be parsed."""
    # Imported here: slow to import, and not needed where nothing changed.
    from black import Mode, format_str
    from black.mode import TargetVersion
    from black.parsing import InvalidInput

    mode = Mode(line_length=WIDTH, target_versions={TargetVersion.PY311})
    try:
        return format_str(text, mode=mode)
    except (InvalidInput, ValueError) as cause:
        raise FormatError(path, template, cause) from cause
