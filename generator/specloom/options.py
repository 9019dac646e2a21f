"""Options of a build, and the folder of the templates."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

FormatterName = Literal["black", "ruff"]
Compatibility = Literal["stainless"]
"""The generators whose import paths and names an SDK can have besides its own."""


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """Inputs besides the description, and the part of it to generate.

    Overlay files in the order they apply; folders of templates laid over ours; the folder of code
    written by hand that goes into the package; whether ``$ref``s to
    http and https addresses may be read; ``only``: the tags, operationIds and patterns of paths
    that are generated, everything where there are none; whether operations that cannot be
    generated are left out; ``names_lock``: the file with the names that do not change;
    ``unsaved``: the description's text, where its file is yet to get it; ``formatter``: who
    lays out the files of Python; ``compatible_with``: the generator whose import paths the SDK has
    as well; ``former_sdk``: the file that says what code for the old SDK imports and passes.
    """

    overlays: tuple[Path, ...] = ()
    templates: tuple[Path, ...] = ()
    allow_remote: bool = False
    only: tuple[str, ...] = ()
    allow_partial: bool = False
    unsaved: str | None = None
    include: Path | None = None
    names_lock: Path | None = None
    formatter: FormatterName = "black"
    compatible_with: Compatibility | None = None
    former_sdk: Path | None = None


@cache
def templates_folder() -> Path:
    """The folder of the templates: beside the code in a wheel, at the top in a checkout."""
    own = Path(__file__).resolve().parent
    packaged = own / "templates"
    return packaged if packaged.is_dir() else own.parents[1] / "templates"
