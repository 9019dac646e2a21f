"""A description in memory: its files and their plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from specloom.description.tree import Token, Value, split, step

REMOTE = ("http://", "https://")


@dataclass(frozen=True, eq=False)
class Source:
    """One file.

    `uri` is its address relative to the entry document's folder, `file` its name for users.
    `is_json` tells which reader produced `root` from `text`. A `broken` file could not be parsed;
    it is kept because messages show its lines.
    """

    uri: str
    file: str
    text: str
    root: Value
    is_json: bool
    broken: bool = False


@dataclass(frozen=True, eq=False)
class Document:
    """A description: the entry file and all files that references reach.

    `folder` is the folder of the entry file, as the user wrote it; every uri is relative to it.
    `origins` maps values that an overlay added (by the `id` of the container, then the key or
    index) to the pointers they came from. Documents are compared by identity, because `references`
    and `walk` cache their results by document.
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
        """The local files of the description; None if a file came over the network.

        ``is_given``: the text of the entry document was passed in; it is not a file.
        """
        sources = [one for uri, one in self.sources.items() if not is_given or uri != self.entry]
        if any(source.file.startswith(REMOTE) for source in sources):
            return None
        return [Path(source.file) for source in sources]

    def root_of(self, uri: str) -> Value:
        """The root value of one file, with overlays applied. Raises KeyError."""
        return self.root if uri == self.entry else self.sources[uri].root

    def at(self, pointer: str) -> Value:
        """The value at a pointer. Raises KeyError if there is none."""
        uri, tokens = split(pointer)
        value = self.root_of(uri)
        for token in tokens:
            value = step(value, token)
        return value

    def with_source(self, source: Source) -> Document:
        """The description with one more file that no reference names."""
        return replace(self, sources={**self.sources, source.uri: source})
