"""A configuration file in YAML, with the lines of its keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from specloom.adoption.surface import Place, Unread
from specloom.description.document import Document
from specloom.description.load import read_source
from specloom.description.places import Places
from specloom.description.tree import child
from specloom.errors import Problems, SpecError


@dataclass(frozen=True, slots=True)
class Config:
    """The file. ``root`` is empty if it is not a mapping. ``taken`` are the read keys."""

    file: str
    root: dict[str, Any]
    places: Places
    taken: set[tuple[str, ...]] = field(default_factory=set[tuple[str, ...]])

    def place(self, *path: str) -> Place:
        """The place of a key, or of the nearest key around it."""
        return Place(self.file, self.places.locate(child(f"{self.file}#", *path)).line)

    def at(self, *path: str) -> Any:
        """The value of a key, or None. It counts as read."""
        self.taken.add(path)
        return self._value(path)

    def text(self, *path: str) -> str:
        """A text or number; empty for anything else."""
        value = self.at(*path)
        is_text = isinstance(value, str | int) and not isinstance(value, bool)
        return str(value) if is_text else ""

    def mapping(self, *path: str) -> dict[str, Any]:
        """A mapping, empty for anything else. Its keys do not count as read."""
        value = self._value(path)
        return {str(key): one for key, one in value.items()} if isinstance(value, dict) else {}

    def texts(self, *path: str) -> dict[str, str]:
        """The texts in a mapping, by their keys."""
        found = {key: one for key, one in self.mapping(*path).items() if isinstance(one, str)}
        self.taken.update((*path, key) for key in found)
        return found

    def items(self, *path: str) -> list[Any]:
        """A list, empty for anything else. Its items do not count as read."""
        value = self._value(path)
        return value if isinstance(value, list) else []

    def _value(self, path: tuple[str, ...]) -> Any:
        value: Any = self.root
        for one in path:
            if isinstance(value, list) and one.isdigit() and int(one) < len(value):
                value = value[int(one)]
            else:
                value = value.get(one) if isinstance(value, dict) else None
        return value

    def unread(self) -> Iterator[Unread]:
        """The unread keys. A mapping without any read key counts as one unread key."""
        around = {path[:length] for path in self.taken for length in range(len(path))}
        waiting: list[tuple[str, ...]] = [(key,) for key in reversed(self.mapping())]
        while waiting:
            path = waiting.pop()
            if path in self.taken:
                continue
            value = self._value(path)
            if path in around and isinstance(value, dict | list):
                keys = value if isinstance(value, dict) else range(len(value))
                waiting += [(*path, str(key)) for key in reversed(keys)]
            else:
                yield Unread(self.place(*path), f"{'.'.join(path)}: specloom does not read it")


def config_of(file: str, text: str) -> Config:
    """The configuration in a text. Raises SpecError if it is not YAML."""
    problems = Problems()
    source = read_source(text.encode(), file, file, problems)
    if source.broken:
        raise SpecError(problems)
    document = Document(file, "", {file: source}, source.root)
    root = source.root if isinstance(source.root, dict) else {}
    return Config(file, root, Places(document))
