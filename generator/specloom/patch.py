"""Changes a description's tree, and remembers where everything new in it was written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from specloom.document import Document
from specloom.errors import Problems
from specloom.tree import Token, Value, child, copy_of, kind_of, step

Path = tuple[Token, ...]
"""Keys and indices from the root to a value."""


class Patch:
    """Changes a copy of the entry document. `document` is the description as it has become."""

    def __init__(self, document: Document, problems: Problems) -> None:
        self._origins = dict(document.origins)
        self._problems = problems
        # What was removed stays alive: `origins` knows containers by their `id`.
        self._removed: list[Value] = []
        self.document = replace(document, root=copy_of(document.root), origins=self._origins)

    def remove(self, paths: Iterable[Path], pointer: str) -> None:
        """Take out what stands at each of `paths`; `pointer` is where that is demanded."""
        indices: dict[Path, set[int]] = {}
        keys: list[Path] = []
        for path in paths:
            if not path:
                message = "the whole document cannot be removed"
                self._problems.error("bad-overlay-action", message, pointer)
            elif isinstance(path[-1], int):
                indices.setdefault(path[:-1], set()).add(path[-1])
            else:
                keys.append(path)
        # Deeper lists first: a path through a list holds until that list is cut.
        for path in keys:
            self._remove_key(path)
        for path in sorted(indices, key=len, reverse=True):
            self._remove_items(path, indices[path])
