"""A description in memory: its files and the plain values that they hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from specloom.description.tree import Token, Value, split, step

REMOTE = ("http://", "https://")


@dataclass(frozen=True, eq=False)
class Source:
    """One file: `uri` names it relative to the entry document's folder, `file` as a user would.

    `is_json` says which of the two readers made `root` of `text`. A `broken` file could not be read
    as either; it is kept to show its lines.
    """

    uri: str
    file: str
    text: str
    root: Value
    is_json: bool
    broken: bool = False


@dataclass(frozen=True, eq=False)
class Document:
    """A description: the entry file and all that its references lead to.

    `folder` is the entry file's, as the user wrote it; every uri is relative to it. `origins`: what
    an overlay has put at a key or index of a container (by its `id`) → the pointer it came from.
    Two documents are equal only if they are one: `references` and `walk` remember what they found.
    """

    entry: str
    folder: str
    sources: Mapping[str, Source]
    root: Value
    origins: Mapping[tuple[int, Token], str] = field(default_factory=dict[tuple[int, Token], str])

    @property
    def version(self) -> str:
        """The OpenAPI version of the entry document, as "3.1"."""
        text = str(self.root.get("openapi", "")) if isinstance(self.root, dict) else ""
        return ".".join(text.split(".")[:2])

    def files_beside(self, is_given: bool) -> list[Path] | None:
        """The files that it was read from; None if one came over the network.

        ``is_given``: the entry document's text was given, and is no file.
        """
        sources = [one for uri, one in self.sources.items() if not is_given or uri != self.entry]
        if any(source.file.startswith(REMOTE) for source in sources):
            return None
        return [Path(source.file) for source in sources]

    def root_of(self, uri: str) -> Value:
        """The root value of one file, with overlays applied. Raises KeyError."""
        return self.root if uri == self.entry else self.sources[uri].root

    def at(self, pointer: str) -> Value:
        """The value at a pointer. Raises KeyError where nothing is."""
        uri, tokens = split(pointer)
        value = self.root_of(uri)
        for token in tokens:
            value = step(value, token)
        return value

    def with_source(self, source: Source) -> Document:
        """The description with one more file, to which nothing in it refers."""
        return replace(self, sources={**self.sources, source.uri: source})
