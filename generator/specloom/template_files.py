"""Where the templates are that ship with specloom."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def templates_folder() -> Path:
    """The folder of the templates: beside the code in a wheel, at the top in a checkout."""
    own = Path(__file__).resolve().parent
    packaged = own / "templates"
    return packaged if packaged.is_dir() else own.parents[1] / "templates"
