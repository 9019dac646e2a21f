"""A description in memory: its files, what a `$ref` leads to, and where things stand."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache, partial
from urllib.parse import quote, unquote, urljoin

from specloom.description import json_text, yaml_text
from specloom.description.near_places import LARGE, JsonPlaces, NearPlaces, YamlPlaces
from specloom.description.source_text import Lines, Marked
from specloom.description.suggest import Suggestions
from specloom.description.tree import Token, Value, child, escape, split, step, unescape, uri_of
from specloom.description.walk import Visit, walk
from specloom.errors import Location

REMOTE = ("http://", "https://")

MAX_HOPS = 50
"""How many references one may lead through. Published descriptions need four; without an end, a
chain of ten thousand would be followed from each of its links, a hundred million steps in all."""


class RefError(LookupError):
    """A `$ref` leads to nothing that can be used. `code` is one of `specloom.errors.CODES`."""

    def __init__(self, code: str, message: str, hint: Callable[[], str] = str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self._hint = hint

    @property
    def hint(self) -> str:
        """What to write instead. Looked for only now: most of these errors are never shown."""
        return self._hint()


@dataclass(frozen=True)
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

    @cached_property
    def lines(self) -> Lines:
        """Lines and columns of `text`."""
        return Lines(self.text)

    @cached_property
    def marked(self) -> Marked:
        """`text` read a second time, for places. Only errors need it."""
        return json_text.mark(self.text) if self.is_json else yaml_text.mark(self.text)

    @cached_property
    def _near(self) -> NearPlaces:
        return JsonPlaces(self.text) if self.is_json else YamlPlaces(self.text, self.root)

    def index(self, tokens: list[str]) -> int:
        """Where in `text` the key or item at `tokens` begins, or the nearest thing around it."""
        near = self._near.index(tokens) if len(self.text) > LARGE else None
        return self.marked.index(tokens) if near is None else near

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What this file names: `$anchor`s as "#name", `$id`s, and 3.2's `$self` → pointers."""
        if not any(key in self.text for key in _NAMING_KEYS):
            return {}
        return dict(_names(f"{self.uri}#", self.root))


@dataclass(frozen=True)
class Document:
    """A description: the entry file and all that its references lead to.

    `folder` is the entry file's, as the user wrote it; every uri is relative to it. `origins`: what
    an overlay has put at a key or index of a container (by its `id`) → the pointer it came from.
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

    @property
    def is_remote(self) -> bool:
        """Whether a part of it came over the network, so that it may be another one tomorrow."""
        return any(source.file.startswith(REMOTE) for source in self.sources.values())

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

    def uri(self, ref: str, base: str) -> str:
        """The address of the file that `ref`, written in `base`, names. Raises RefError."""
        path = ref.partition("#")[0]
        base = uri_of(base)
        if not path:
            return base
        if base.startswith(REMOTE):
            path = urljoin(base, path)
        if path.startswith(REMOTE):
            return path
        if ":" in path.partition("/")[0]:
            message = f"{ref!r} is an address of a kind that is not read"
            raise RefError("bad-ref", message, _relative)
        if unquote(path).startswith(("/", "\\")):
            raise RefError("bad-ref", f"{ref!r} is an absolute path, not read", _relative)
        return _local_uri(self.folder, posixpath.dirname(unquote(base)), unquote(path))

    def find(self, ref: str, base: str) -> tuple[str, Value]:
        """What `ref`, written in the file (or at the pointer) `base`, leads to: pointer and value.

        A JSON pointer may lead through other references. A plain name is a `$anchor`; an address
        may be a `$id` or `$self` of the same file or of the entry document. What is found may be a
        reference itself. Raises RefError.
        """
        uri = uri_of(base)
        found = self._found.get((ref, uri))
        if found is None:
            try:
                found = self._found[ref, uri] = self._find(ref, uri, iter(range(MAX_HOPS)))
            except _MissingError as error:
                hint = partial(error.hint, self.suggestions)
                raise RefError("undefined-ref", f"{ref!r} leads to nothing", hint) from None
        return found

    def with_source(self, source: Source) -> Document:
        """The description with one more file, that nothing in it refers to."""
        return replace(self, sources={**self.sources, source.uri: source})

    def find_or_none(self, ref: str, base: str) -> tuple[str, Value] | None:
        """What `find` finds; None where that is nothing."""
        try:
            return self.find(ref, base)
        except RefError:
            return None

    @cached_property
    def _found(self) -> dict[tuple[str, str], tuple[str, Value]]:
        """What references have led to so far, by their text and file: some are very frequent."""
        return {}

    def _find(self, ref: str, base: str, hops: Iterator[int]) -> tuple[str, Value]:
        path, _, fragment = ref.partition("#")
        start = self._named(path, base) or f"{self.uri(ref, base)}#"
        uri = uri_of(start)
        if uri not in self.sources or self.sources[uri].broken:
            raise RefError("missing-file", f"{unquote(uri)!r} was not read")
        if fragment and not fragment.startswith("/"):
            anchor = self.sources[uri].names.get(f"#{fragment}")
            if anchor is None:
                raise _MissingError(start, None, fragment)
            return anchor, self.at(anchor)
        return self._walk(start, fragment.split("/")[1:], hops)

    def _named(self, path: str, base: str) -> str | None:
        """The place that says of itself that it is `path`."""
        known = (self.sources[uri].names for uri in (base, self.entry) if uri in self.sources)
        return next((names[path] for names in known if path in names), None) if path else None

    def _walk(self, pointer: str, path: list[str], hops: Iterator[int]) -> tuple[str, Value]:
        value = self.at(pointer)
        for raw in path:
            token = _token_in(value, raw)
            ref = value.get("$ref") if isinstance(value, dict) else None
            if token is not None:
                pointer, value = child(pointer, token), step(value, token)
            elif isinstance(ref, str) and next(hops, None) is not None:
                target, _ = self._find(ref, uri_of(pointer), hops)
                pointer, value = self._walk(target, [raw], hops)
            else:
                raise _MissingError(pointer, value, unescape(unquote(raw)))
        return pointer, value

    @cached_property
    def suggestions(self) -> Suggestions:
        """Finds what a wrong name was meant to be."""
        return Suggestions()

    @cached_property
    def visits(self) -> tuple[Visit, ...]:
        """Everything that OpenAPI gives a meaning, in text order; broken references end there."""
        return tuple(walk([Visit("openapi", f"{self.entry}#", self.root)], self.find_or_none))

    def origin(self, pointer: str) -> str:
        """Where in the files what now stands at `pointer` was written: itself without overlays."""
        uri, tokens = split(pointer)
        if uri != self.entry or not self.origins:
            return pointer
        value, origin = self.root, f"{uri}#"
        for token in tokens:
            key = int(token) if isinstance(value, list) and token.isdigit() else token
            origin = self.origins.get((id(value), key)) or child(origin, token)
            try:
                value = step(value, token)
            except KeyError:
                value = None
        return origin

    def locate(self, pointer: str) -> Location:
        """The place of what stands at `pointer`, or of the nearest thing around it."""
        uri, tokens = split(self.origin(pointer))
        source = self.sources.get(uri)
        if source is None:
            return Location(unquote(uri), 1, 1)
        return Location(source.file, *source.lines.place(source.index(tokens)))

    def line(self, location: Location) -> str | None:
        """The text of the line at `location`, None if no source has it."""
        for source in self.sources.values():
            if source.file == location.file:
                return source.lines.line(location.line)
        return None


def follow(document: Document, pointer: str, value: Value) -> tuple[str, Value]:
    """Where the references that `value` at `pointer` begins end: itself where it is none.

    A chain that is broken or bites its tail ends where it does, one of more than `MAX_HOPS` there:
    with the last reference.
    """
    seen: set[str] = set()
    while isinstance(value, dict) and isinstance(value.get("$ref"), str) and pointer not in seen:
        if len(seen) > MAX_HOPS:
            break
        seen.add(pointer)
        try:
            pointer, value = document.find(str(value["$ref"]), pointer)
        except RefError:
            break
    return pointer, value


def _relative() -> str:
    return "write the path relative to this file, with forward slashes"


class _MissingError(LookupError):
    def __init__(self, pointer: str, value: Value, token: str) -> None:
        super().__init__(pointer, token)
        self.pointer, self.value, self.token = pointer, value, token

    def hint(self, suggestions: Suggestions) -> str:
        """What may have been meant, or where it would have to be declared."""
        keys = list(self.value) if isinstance(self.value, dict) else []
        place = self.pointer.partition("#")[2]
        close = suggestions.closest(self.token, keys)
        if close is not None:
            return f"did you mean '#{place}/{escape(close)}'?"
        return f"declare {self.token!r} under '#{place}', or correct the reference"


def _token_in(value: Value, raw: str) -> str | None:
    """The token of `value` that `raw` stands for: percent-decoded, or as it is."""
    for token in (unescape(unquote(raw)), unescape(raw)):
        try:
            step(value, token)
        except KeyError:
            continue
        return token
    return None


@lru_cache(maxsize=4096)
def _local_uri(folder: str, base: str, path: str) -> str:
    # By way of the disk's names: a file has one uri, whatever way leads to it.
    path = os.path.join(folder, base, path)
    try:
        path = os.path.relpath(path, folder or ".")
    except ValueError:  # on another drive
        path = os.path.abspath(path)
    return quote(path.replace(os.sep, "/"))


_NAMING_KEYS = ("$id", "$anchor", "$dynamicAnchor", "$self")


def _names(pointer: str, root: Value) -> Iterator[tuple[str, str]]:
    stack = [(pointer, root)]
    while stack:
        pointer, value = stack.pop()
        if isinstance(value, dict):
            for key in _NAMING_KEYS:
                name = value.get(key)
                if isinstance(name, str):
                    yield (f"#{name}" if "nchor" in key else name.rstrip("#")), pointer
            stack.extend((child(pointer, key), inner) for key, inner in value.items())
        elif isinstance(value, list):
            stack.extend((child(pointer, index), inner) for index, inner in enumerate(value))
