"""Removes parts of a description. All other parts keep their pointers and places."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from specloom.description.document import Document
from specloom.description.tree import Token, Value, split, step


def without(document: Document, pointers: Iterable[str]) -> Document:
    """A copy of `document` without the mapping keys in `pointers`."""
    copy = Copies(document)
    # What stands inside of something goes before it.
    for pointer in sorted(set(pointers), reverse=True):
        uri, tokens = split(pointer)
        holder = copy.down_to(uri, tokens[:-1])
        if isinstance(holder, dict):
            holder.pop(tokens[-1], None)
    return copy.document()


@dataclass
class Copies:
    """Copies the path to the removed parts and shares everything else."""

    source: Document
    roots: dict[str, Value] = field(default_factory=dict[str, Value])
    copied: dict[int, Value] = field(default_factory=dict[int, Value])
    """Copies by the `id` of their originals."""
    own: set[int] = field(default_factory=set[int])

    def down_to(self, uri: str, tokens: list[str]) -> Value:
        """A copy of the value at a place, with copies of all its parents."""
        value = self.roots[uri] = self._own(self.roots.get(uri, self.source.root_of(uri)))
        for token in tokens:
            inner = self._own(step(value, token))
            if isinstance(value, dict):
                value[token] = inner
            elif isinstance(value, list):
                value[int(token)] = inner
            value = inner
        return value

    def document(self) -> Document:
        """The description with the copies."""
        sources = dict(self.source.sources)
        for uri, root in self.roots.items():
            sources[uri] = replace(sources[uri], root=root)
        root = self.roots.get(self.source.entry, self.source.root)
        return replace(self.source, sources=sources, root=root, origins=self._origins())

    def _own(self, value: Value) -> Value:
        if id(value) in self.own or not isinstance(value, dict | list):
            return value
        copy = value.copy()
        self.own.add(id(copy))
        self.copied[id(value)] = copy
        return copy

    def _origins(self) -> dict[tuple[int, Token], str]:
        """Values that overlays put into a container are also from the overlay in its copy.

        A container has one copy: after an overlay nothing stands at two places.
        """
        return {
            (id(self.copied[container]) if container in self.copied else container, key): place
            for (container, key), place in self.source.origins.items()
        }
