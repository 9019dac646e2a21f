"""Converts pointers to file, line and column.

Only printed problems need places. The first request for a place in a text parses that text again
with marks, which serve all later requests.
"""

from __future__ import annotations

from urllib.parse import unquote

from specloom.description import json_text, yaml_text
from specloom.description.document import Document, Source
from specloom.description.source_text import Lines, Mark, index_in
from specloom.description.tree import child, split, step
from specloom.errors import Location, Problems, SpecError


class Places:
    """The places of a document's values in its files; the `Locator` of `Problems`."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._lines: dict[str, Lines] = {}
        self._marks: dict[str, Mark] = {}

    def locate(self, pointer: str) -> Location:
        """The place of the value at `pointer`, or of the nearest value around it."""
        uri, tokens = split(origin_of(self.document, pointer))
        source = self.document.sources.get(uri)
        if source is None:
            return Location(unquote(uri))
        if uri not in self._marks:
            self._marks[uri] = mark(source)
        index = index_in(self._marks[uri], tokens)
        return place_in(source.file, self._lines_of(source), index)

    def line(self, location: Location) -> str | None:
        """The text of the line at `location`; None if no source has it."""
        for source in self.document.sources.values():
            if source.file == location.file:
                return self._lines_of(source).line(location.line)
        return None

    def _lines_of(self, source: Source) -> Lines:
        if source.uri not in self._lines:
            self._lines[source.uri] = Lines(source.text)
        return self._lines[source.uri]


def place_in(file: str, lines: Lines, index: int) -> Location:
    """The place of the character at `index` of a file."""
    return Location(file, *lines.place(index))


def mark(source: Source) -> Mark:
    """The marks of `source`: the places of its keys and items."""
    return json_text.mark(source.text) if source.is_json else yaml_text.mark(source.text)


def origin_of(document: Document, pointer: str) -> str:
    """The pointer to the place where the value at `pointer` was written.

    It differs from `pointer` for a value that an overlay added: that value was written in the
    overlay, or at the source of `copy`.
    """
    uri, tokens = split(pointer)
    if uri != document.entry or not document.origins:
        return pointer
    value, found = document.root, f"{uri}#"
    for token in tokens:
        key = int(token) if isinstance(value, list) and token.isdigit() else token
        found = document.origins.get((id(value), key)) or child(found, token)
        try:
            value = step(value, token)
        except KeyError:
            value = None
    return found


def refusal(code: str, message: str, document: Document, pointer: str, hint: str) -> SpecError:
    """A SpecError with one problem, for a value that ends the run."""
    problems = Problems()
    problems.locator = Places(document)
    problems.error(code, message, pointer, hint)
    return SpecError(problems)
