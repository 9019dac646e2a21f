"""What shapes a build besides the description."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """Overlay files in the order they apply, folders of templates laid over ours, and whether
    ``$ref``s to http and https addresses may be read."""

    overlays: tuple[Path, ...] = ()
    templates: tuple[Path, ...] = ()
    allow_remote: bool = False
