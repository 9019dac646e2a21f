"""Changes a description's tree, and remembers where everything new in it was written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from specloom.description.document import Document
from specloom.description.places import origin_of
from specloom.description.tree import Token, Value, child, kind_of, members
from specloom.errors import Problems

Path = tuple[Token, ...]
"""Keys and indices from the root to a value."""


class Patch:
    """Changes a copy of the entry document; `document` is the description as it has become."""

    def __init__(self, document: Document, problems: Problems) -> None:
        self._origins: dict[tuple[int, Token], str] = {}
        self._problems = problems
        # What was removed stays alive: `origins` knows containers by their `id`.
        self._removed: list[Value] = []
        root = _copy(document.root)
        self.document = replace(document, root=root, origins=self._origins)
        self._take_over(document.root, root, document.origins)

    def _take_over(self, old: Value, new: Value, origins: Mapping[tuple[int, Token], str]) -> None:
        """Note the origins that values of `old` have for their copies in `new`."""
        if not origins:
            return
        for (key, before), (_, after) in zip(members(old), members(new), strict=True):
            if (id(old), key) in origins:
                self._origins[id(new), key] = origins[id(old), key]
            self._take_over(before, after, origins)

    def remove(self, paths: Iterable[Path], pointer: str) -> None:
        """Take out what stands at each of `paths`; `pointer` is where that is demanded."""
        doomed: dict[str, set[Token]] = {}
        for path in paths:
            if path:
                doomed.setdefault(self._pointer(path[:-1]), set()).add(path[-1])
            else:
                self._refuse("the whole document cannot be removed", pointer)
        # Found before anything moves: one of them may stand in another.
        parents = [(self.document.at(place), place) for place in doomed]
        origins = {place: origin_of(self.document, place) for place in doomed}
        for parent, place in parents:
            if isinstance(parent, dict):
                for key in doomed[place]:
                    self._removed.append(parent.pop(str(key)))
                    self._origins.pop((id(parent), key), None)
            elif isinstance(parent, list):
                self._remove_items(parent, doomed[place], origins[place])

    def _remove_items(self, items: list[Value], indices: set[Token], origin: str) -> None:
        """Close the gaps in a list; what moves up keeps its origin."""
        where = [
            self._origins.pop((id(items), index), child(origin, index))
            for index in range(len(items))
        ]
        self._removed.extend(items)
        kept = [index for index in range(len(items)) if index not in indices]
        items[:] = [items[index] for index in kept]
        self._origins |= {(id(items), new): where[old] for new, old in enumerate(kept)}

    def update(self, path: Path, value: Value, origin: str) -> None:
        """Bring `value`, written at `origin`, to what stands at `path`.

        Mappings are merged, lists joined, anything else is put at a list's end or replaces text,
        a number or a boolean (Overlay 1.1, Action Object).
        """
        target = self.document.at(self._pointer(path))
        if isinstance(target, dict) and isinstance(value, dict):
            self._merge(target, value, origin)
        elif isinstance(target, list):
            self._append(target, value, origin)
        elif path and not (_is_container(target) or _is_container(value)):
            self._put(self.document.at(self._pointer(path[:-1])), path[-1], value, origin)
        else:
            self._refuse(f"{kind_of(value)} cannot be merged into {kind_of(target)}", origin)

    def _merge(self, target: dict[str, Value], value: dict[str, Value], origin: str) -> None:
        for key, new in value.items():
            old, place = target.get(key), child(origin, key)
            if isinstance(old, dict) and isinstance(new, dict):
                self._merge(old, new, place)
            elif isinstance(old, list) and isinstance(new, list):
                self._append(old, new, place)
            elif old is None or not (_is_container(old) or _is_container(new)):
                self._put(target, key, new, place)
            elif new is not None:  # a key with nothing under it says nothing of a container
                self._refuse(f"{kind_of(new)} cannot be merged into {kind_of(old)}", place)

    def _append(self, target: list[Value], value: Value, origin: str) -> None:
        new = [(value, origin)]
        if isinstance(value, list):
            new = [(item, child(origin, index)) for index, item in enumerate(value)]
        for item, place in new:
            self._origins[id(target), len(target)] = place
            target.append(_copy(item))

    def _put(self, parent: Value, key: Token, value: Value, origin: str) -> None:
        if isinstance(parent, dict):
            self._removed.append(parent.get(str(key)))
            parent[str(key)] = _copy(value)
        elif isinstance(parent, list):
            parent[int(key)] = _copy(value)
        self._origins[id(parent), key] = origin

    def _pointer(self, path: Path) -> str:
        return child(f"{self.document.entry}#", *path)

    def _refuse(self, message: str, pointer: str) -> None:
        self._problems.error("bad-overlay-action", message, pointer)


def _is_container(value: Value) -> bool:
    return isinstance(value, dict | list)


def _copy(value: Value) -> Value:
    """A copy in which nothing stands twice: a YAML alias does, and a change would reach both."""
    if isinstance(value, dict):
        return {key: _copy(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_copy(inner) for inner in value]
    return value
