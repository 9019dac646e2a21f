"""A configuration file in YAML, with the lines of its keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from specloom.adoption.surface import Place
from specloom.description.document import Document
from specloom.description.load import read_source
from specloom.description.places import Places
from specloom.description.tree import child
from specloom.errors import Problems, SpecError


@dataclass(frozen=True, slots=True)
class Config:
    """The file; ``root`` is empty if it is not a mapping."""

    file: str
    root: dict[str, Any]
    places: Places

    def place(self, *path: str) -> Place:
        """The place of a key, or of the nearest key around it."""
        return Place(self.file, self.places.locate(child(f"{self.file}#", *path)).line)

    def at(self, *path: str) -> Any:
        """The value of a key, or None."""
        value: Any = self.root
        for one in path:
            if isinstance(value, list) and one.isdigit() and int(one) < len(value):
                value = value[int(one)]
            else:
                value = value.get(one) if isinstance(value, dict) else None
        return value

    def text(self, *path: str) -> str:
        """A text or number; empty for anything else."""
        value = self.at(*path)
        is_text = isinstance(value, str | int) and not isinstance(value, bool)
        return str(value) if is_text else ""

    def mapping(self, *path: str) -> dict[str, Any]:
        """A mapping, empty for anything else."""
        value = self.at(*path)
        return {str(key): one for key, one in value.items()} if isinstance(value, dict) else {}

    def items(self, *path: str) -> list[Any]:
        """A list, empty for anything else."""
        value = self.at(*path)
        return value if isinstance(value, list) else []


def config_of(file: str, text: str) -> Config:
    """The configuration in a text. Raises SpecError if it is not YAML."""
    problems = Problems()
    source = read_source(text.encode(), file, file, problems)
    if source.broken:
        raise SpecError(problems)
    document = Document(file, "", {file: source}, source.root)
    root = source.root if isinstance(source.root, dict) else {}
    return Config(file, root, Places(document))
